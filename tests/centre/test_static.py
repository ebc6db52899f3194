"""Static files as `pingjiang serve` lays them out: with digests, packed twins, and again only where they changed."""

from __future__ import annotations

import gzip
from pathlib import Path

import brotli
import pytest
from django.conf import LazySettings

from pingjiang.centre import commands

PACKED = "whitenoise.storage.CompressedManifestStaticFilesStorage"


@pytest.fixture
def laid_out(tmp_path: Path, settings: LazySettings) -> Path:
    """A few files of a folder, laid out."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "look.css").write_text("a{color:#123456}\n" * 100, encoding="utf-8")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "out"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": PACKED}}
    commands._lay_out_static()
    return tmp_path / "out"


def test_every_file_has_a_digest_in_its_name_and_two_packed_twins(laid_out: Path) -> None:
    (found,) = laid_out.glob("look.*.css")
    assert not (laid_out / "look.css").exists(), "what no page names is not kept"
    content = found.read_bytes()
    assert brotli.decompress(found.with_name(found.name + ".br").read_bytes()) == content
    assert gzip.decompress(found.with_name(found.name + ".gz").read_bytes()) == content
    packed = [found.with_name(f"{found.name}.{ending}").stat().st_size for ending in ("br", "gz")]
    assert packed[0] < packed[1] < len(content)


def test_they_are_laid_out_again_only_where_they_changed(laid_out: Path) -> None:
    (before,) = laid_out.glob("look.*.css")
    before.unlink()
    commands._lay_out_static()
    assert not before.exists(), "the same sources: nothing is done"
    (laid_out.parent / "source" / "look.css").write_text("a{color:#654321}\n" * 100, encoding="utf-8")
    commands._lay_out_static()
    (after,) = laid_out.glob("look.*.css")
    assert after.name != before.name and "#654321" in after.read_text(encoding="utf-8")


def test_what_was_broken_off_is_done_again(laid_out: Path) -> None:
    (found,) = laid_out.glob("look.*.css")
    found.unlink()
    (laid_out / ".laid-out").unlink()
    commands._lay_out_static()
    assert found.exists()
