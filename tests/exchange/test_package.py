"""Packages: what is whole is taken, and whatever was changed is found."""

from __future__ import annotations

import io
import json
import random
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pingjiang.engine import Lake
from pingjiang.engine.lake import SCHEMA_VERSION
from pingjiang.errors import DefinitionError, LakeCorrupt, PackageRefused, SenderUnknown
from pingjiang.exchange.keys import Keys
from pingjiang.exchange.manifest import NAME
from pingjiang.exchange.package import SIGNATURE, contents, verify, write_package
from pingjiang.exchange.part import Chosen
from tests.exchange.conftest import Office
from tests.exchange.made import packed, parts, signed_anew

SLOW_FIXTURE = [HealthCheck.function_scoped_fixture]


@pytest.fixture(scope="module")
def small(office: Office, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A package of one small table: every byte of it can be tried."""
    path = tmp_path_factory.mktemp("small") / "small.pjz"
    write_package(office.lake, path, office.keys, chosen=Chosen(tables=["horizon"]))
    return path.read_bytes()


def refused(path: Path, data: bytes, keys: Keys) -> PackageRefused:
    path.write_bytes(data)
    with pytest.raises(PackageRefused) as caught:
        verify(path, keys)
    assert caught.value.exit_code == 2 and caught.value.file == str(path) and caught.value.remedy
    return caught.value


def test_a_package_holds_the_release_as_it_is(office: Office) -> None:
    package = verify(office.package, office.keys)
    release = office.lake.require_current()
    assert package.sender.own and package.manifest.release == release.id
    assert {t: package.manifest.rows(t) for t in package.manifest.tables} == {
        t: release.rows(t) for t in release.tables
    }
    held = parts(office.package.read_bytes())
    for table, files in release.tables.items():
        for at, file in enumerate(files):
            assert held[f"data/{table}/{at + 1:06}.parquet"] == (office.lake.folder / file.path).read_bytes()
    told = json.loads(held[NAME])
    assert told["schema_version"] == SCHEMA_VERSION and told["info"]["sources"][0]["path"] == "导出.csv"
    assert str(office.lake.folder) not in held[NAME].decode(), "places of this machine stay here"
    assert (
        b"".join(piece for *_, pieces in contents(package, "record") for piece in pieces)
        == held["data/record/000001.parquet"]
    )


def test_the_same_release_is_the_same_package(office: Office, tmp_path: Path) -> None:
    write_package(office.lake, tmp_path / "again.pjz", office.keys)
    assert (tmp_path / "again.pjz").read_bytes() == office.package.read_bytes()


def test_openssl_finds_the_signature_good(office: Office, tmp_path: Path) -> None:
    held = parts(office.package.read_bytes())
    key, signature = held[SIGNATURE].decode().split()
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key.removeprefix("ed25519:")))
    (tmp_path / "key.pem").write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    (tmp_path / "sig").write_bytes(bytes.fromhex(signature))
    (tmp_path / "manifest").write_bytes(held[NAME])
    command = [
        "openssl",
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        "key.pem",
        "-rawin",
        "-in",
        "manifest",
        "-sigfile",
        "sig",
    ]
    if shutil.which("openssl") is None:
        pytest.skip("no openssl here")
    done = subprocess.run([*command, "-sigfile", "sig"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Verified Successfully" in done.stdout, done.stderr


def test_every_single_byte_counts(small: bytes, office: Office, tmp_path: Path) -> None:
    """One bit is flipped in each byte of a whole package in turn: none is harmless, all are found.

    Of the manifest's text, which is one thing to the signature, every twenty-fifth byte is tried.
    """
    path, bits = tmp_path / "a.pjz", random.Random(1)
    path.write_bytes(small)
    assert verify(path, office.keys).sender.own
    text = range(small.index(b"{"), small.index(SIGNATURE.encode()) - 30)
    for at in (at for at in range(len(small)) if at not in text or at % 25 == 0):
        refused(path, small[:at] + bytes([small[at] ^ 1 << bits.randrange(8)]) + small[at + 1 :], office.keys)


def test_it_is_refused_wherever_it_is_cut(small: bytes, office: Office, tmp_path: Path) -> None:
    for at in range(0, len(small), 23):
        refused(tmp_path / "a.pjz", small[:at], office.keys)


@settings(max_examples=150, deadline=None, suppress_health_check=SLOW_FIXTURE)
@given(st.data())
def test_any_edit_is_found(office: Office, tmp_path: Path, data: st.DataObject) -> None:
    """A stretch of bytes anywhere in a real package is replaced, removed, doubled or added."""
    good = office.package.read_bytes()
    start = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(start, min(len(good), start + 5_000)))
    put = data.draw(st.one_of(st.binary(max_size=50), st.just(good[start:end] * 2), st.just(good[:100])))
    changed = good[:start] + put + good[end:]
    if changed != good:
        refused(tmp_path / "a.pjz", changed, office.keys)


def test_members_may_not_be_renamed_added_removed_doubled_or_moved(office: Office, tmp_path: Path) -> None:
    held = parts(office.package.read_bytes())
    assert packed(held) == office.package.read_bytes(), "the helper makes true packages"
    names = list(held)
    data = [name for name in names if name.startswith("data/")]
    forged: list[dict[str, bytes]] = [
        {name + "x" * (name == data[0]): content for name, content in held.items()},
        {**held, "data/more/000001.parquet": b"PAR1"},
        {**held, "../../etc/cron": b"x"},
        {name: content for name, content in held.items() if name != data[-1]},
        {name: held[name] for name in [*names[:2], *reversed(data)]},
        {name: held[name] for name in [SIGNATURE, NAME, *data]},
        {**held, data[0]: held[data[1]], data[1]: held[data[0]]},
        {NAME: held[NAME]},
        {},
    ]
    for each in forged:
        refused(tmp_path / "a.pjz", packed(each), office.keys)
    doubled = packed(held)[: -len(packed({}))]
    refused(tmp_path / "a.pjz", doubled + packed({data[0]: held[data[0]]}), office.keys)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_the_same_members_in_another_zip_are_no_package(office: Office, tmp_path: Path, method: int) -> None:
    """What other programs pack has dates, attributes, or packed contents that might be a bomb."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in parts(office.package.read_bytes()).items():
            archive.writestr(name, content)
        archive.writestr("bomb", b"\0" * 10_000_000)
    refused(tmp_path / "a.pjz", made.getvalue(), office.keys)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, b"%PDF-1.7", b"\0" * 100_000])
def test_what_is_no_package(tmp_path: Path, office: Office, data: bytes) -> None:
    refused(tmp_path / "a.pjz", data, office.keys)
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(PackageRefused, match=r"[一-鿿]{2}.*[a-z]{3}"):
            verify(path, office.keys)


def test_who_is_not_trusted_is_named_with_the_command_to_trust(office: Office, tmp_path: Path) -> None:
    other = Keys(tmp_path / "keys")
    with pytest.raises(SenderUnknown) as caught:
        verify(office.package, other)
    own = office.keys.own()
    assert own.fingerprint in caught.value.message and f"package trust {own.text}" in str(caught.value.remedy)
    other.trust(own, "市局")
    package = verify(office.package, other)
    assert (package.sender.name, package.sender.own) == ("市局", False)
    other.distrust(own.fingerprint)
    with pytest.raises(SenderUnknown):
        verify(office.package, other)


def test_one_who_is_not_trusted_and_changed_something_is_told_so(office: Office, tmp_path: Path) -> None:
    data = office.package.read_bytes()
    refusal = refused(tmp_path / "a.pjz", data[:-30] + b"\1" + data[-29:], Keys(tmp_path / "keys"))
    assert not isinstance(refusal, SenderUnknown)


def test_a_stranger_cannot_sign_in_the_name_of_another(office: Office, tmp_path: Path) -> None:
    held, stranger = parts(office.package.read_bytes()), Keys(tmp_path / "stranger")
    forged = signed_anew(held, stranger, lambda told: told.update(release="R2030.01-1"))
    assert isinstance(refused(tmp_path / "a.pjz", forged, office.keys), SenderUnknown)
    theirs = parts(forged)
    mixed = {**theirs, SIGNATURE: held[SIGNATURE].split(b"\n")[0] + b"\n" + theirs[SIGNATURE].split(b"\n")[1] + b"\n"}
    assert "签名" in refused(tmp_path / "a.pjz", packed(mixed), office.keys).message


def first_file(told: dict[str, Any]) -> dict[str, Any]:
    file: dict[str, Any] = told["tables"]["record"]["files"][0]
    return file


def more_rows(told: dict[str, Any]) -> None:
    first_file(told)["rows"] += 1
    told["tables"]["record"]["rows"] += 1


def another_type(told: dict[str, Any]) -> None:
    first_file(told)["columns"][0][1] = "BIGINT"


def unknown_table(told: dict[str, Any]) -> None:
    told["tables"]["../../x"] = told["tables"].pop("record")


def unknown_empty_table(told: dict[str, Any]) -> None:
    told["tables"]["colours"] = {**told["tables"]["horizon"], "rows": 0, "files": []}


CHANGES: dict[str, tuple[str, Callable[[dict[str, Any]], None]]] = {
    "more rows than there are": ("rows", more_rows),
    "rows that do not add up": ("rule", lambda told: told["tables"]["record"].update(rows=7)),
    "another type": ("source_id", another_type),
    "a column less": ("columns", lambda told: first_file(told)["columns"].pop()),
    "a name that leads outside": ("rule", unknown_table),
    "another name of a member": ("rule", lambda told: first_file(told).update(name="data/record/../x")),
    "another schema": ("schema version", lambda told: told.update(schema_version=SCHEMA_VERSION + 1)),
    "another format": ("version", lambda told: told.update(version=2)),
    "another kind of file": ("none of a package", lambda told: told.update(format="zip")),
    "nothing of it": ("lacks", lambda told: told.pop("tables")),
    "a count that is none": ("rule", lambda told: first_file(told).update(bytes=-1)),
    "another sum": ("changed", lambda told: first_file(told).update(sha256="0" * 64)),
    "tables as a list": ("rule", lambda told: told.update(tables=[])),
    "a table that nobody knows": ("colours", unknown_empty_table),
    "sources as text": ("rule", lambda told: told["info"].update(sources="x")),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_trusted_sender_too_must_tell_what_is_there(office: Office, tmp_path: Path, change: str) -> None:
    """Signed and trusted, and wrong all the same: an old or broken program on the other side."""
    says, how = CHANGES[change]
    forged = signed_anew(parts(office.package.read_bytes()), office.keys, how)
    assert says in str(refused(tmp_path / "a.pjz", forged, office.keys))


def test_what_is_signed_and_no_parquet_is_refused(office: Office, tmp_path: Path) -> None:
    import hashlib
    import zlib

    held = parts(office.package.read_bytes())
    name = "data/record/000001.parquet"
    held[name] = b"PAR1" + b"\xff" * 500 + b"PAR1"

    def change(told: dict[str, Any]) -> None:
        first_file(told).update(
            bytes=len(held[name]), sha256=hashlib.sha256(held[name]).hexdigest(), crc32=f"{zlib.crc32(held[name]):08x}"
        )

    assert "Parquet" in str(refused(tmp_path / "a.pjz", signed_anew(held, office.keys, change), office.keys))


@pytest.mark.parametrize("text", [b"[" * 200_000, b'{"a":' * 100_000, b"\xff\xfe", b"null", b"1" * 5_000, b"{}"])
def test_a_manifest_that_is_none_is_refused_whatever_it_is(office: Office, tmp_path: Path, text: bytes) -> None:
    signature = f"{office.keys.own().text}\n{office.keys.sign(text).hex()}\n".encode()
    refused(tmp_path / "a.pjz", packed({NAME: text, SIGNATURE: signature}), office.keys)


def test_a_package_that_is_changed_behind_its_verification_is_found(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "a.pjz"
    data = office.package.read_bytes()
    path.write_bytes(data)
    package = verify(path, office.keys)
    at = data.index(b"PAR1") + 10
    path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    with pytest.raises(PackageRefused, match="changed"):
        for *_, pieces in contents(package):
            for _ in pieces:
                pass


def test_nothing_is_packed_of_a_lake_whose_files_were_changed(office: Office, tmp_path: Path) -> None:
    shutil.copytree(office.lake.folder, tmp_path / "lake")
    lake = Lake(tmp_path / "lake")
    file = tmp_path / "lake" / lake.require_current().tables["record"][0].path
    content = file.read_bytes()
    file.write_bytes(content[:50] + bytes([content[50] ^ 1]) + content[51:])
    with pytest.raises(LakeCorrupt):
        write_package(lake, tmp_path / "a.pjz", office.keys)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lake"]


def test_rows_cannot_be_chosen_and_tables_can(office: Office, tmp_path: Path, small: bytes) -> None:
    with pytest.raises(DefinitionError, match="整表"):
        write_package(office.lake, tmp_path / "a", office.keys, chosen=Chosen(publications=["CN110000001A"]))
    (tmp_path / "small").write_bytes(small)
    assert list(verify(tmp_path / "small", office.keys).manifest.tables) == ["horizon"]
    assert pq.read_table(io.BytesIO(parts(small)["data/horizon/000001.parquet"])).num_rows == 1
