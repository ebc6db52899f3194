"""Reading the packs, and asking for one by version or by day.

A pack is a file `rulebook/packs/policies/*.yaml`, or a folder there whose files together are one pack: each of its
keys stands in one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from pingjiang import definitions
from pingjiang.errors import DefinitionError
from pingjiang.rulebook.policies.model import Pack
from pingjiang.rulebook.policies.shapes import Misshapen, plain, read
from pingjiang.rulebook.policies.validation import faults

_FOLDER = "rulebook/packs/policies"
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


@cache
def load_policies() -> Mapping[str, Sequence[Pack]]:
    """All packs by id, each with its versions, oldest first. DefinitionError names file, rule and remedy."""
    entries = sorted((resources.files("pingjiang.rulebook") / "packs" / "policies").iterdir(), key=lambda e: e.name)
    return by_id([_read_entry(entry) for entry in entries if entry.is_dir() or entry.name.endswith(".yaml")])


def by_id(packs: Iterable[Pack]) -> dict[str, list[Pack]]:
    """Packs by id, the versions of each by the day from which they are valid."""
    found: dict[str, list[Pack]] = {}
    for pack in packs:
        if pack.version in {other.version for other in found.get(pack.id, [])}:
            raise DefinitionError(
                f"version {pack.version} of {pack.id} stands twice", file=_FOLDER, remedy="number versions upwards"
            )
        found.setdefault(pack.id, []).append(pack)
    for name, versions in found.items():
        versions.sort(key=lambda pack: (pack.valid_from or date.min, pack.version))
        days = [pack.valid_from for pack in versions]
        if len(days) > 1 and (None in days or len(set(days)) < len(days)):
            raise DefinitionError(
                f"versions of {name} are not valid from different days",
                file=_FOLDER,
                remedy="give each its own valid_from: that from which new cases go by it",
            )
    return found


def _read_entry(entry: Traversable) -> Pack:
    if not entry.is_dir():
        return parse_pack({f"{_FOLDER}/{entry.name}": entry.read_text(encoding="utf-8")})
    files = sorted((each for each in entry.iterdir() if each.name.endswith(".yaml")), key=lambda each: each.name)
    return parse_pack({f"{_FOLDER}/{entry.name}/{each.name}": each.read_text(encoding="utf-8") for each in files})


def parse_pack(texts: Mapping[str, str]) -> Pack:
    """A pack from its files, by name. DefinitionError names the file, the rule or part, and the remedy."""
    merged: dict[str, Any] = {}
    where: dict[str, str] = {}
    for file, text in texts.items():
        for key, value in _mapping(file, text).items():
            if key in merged:
                raise DefinitionError(
                    f"{key} stands in {where[key]} too", file=file, remedy="keep each key of a pack in one file"
                )
            merged[key], where[key] = value, file
    usual = next(iter(texts), _FOLDER)
    try:
        pack = read(Pack, merged, "pack")
    except Misshapen as error:
        raise DefinitionError(str(error), file=_file_of(error.place, where, usual), remedy=error.remedy) from error
    for part, thing, fault, remedy in faults(pack):
        raise DefinitionError(f"{part} {thing}: {fault}", file=where.get(part, usual), remedy=remedy)
    return pack


def _mapping(file: str, text: str) -> Mapping[str, Any]:
    try:
        data = definitions.parse(text)
    except yaml.YAMLError as error:
        raise DefinitionError(f"is no YAML: {error}", file=file, remedy="mend the line that is named") from error
    if not isinstance(data, Mapping):
        raise DefinitionError("holds no keys", file=file, remedy="write the keys of a pack")
    return data


def _file_of(place: str, where: Mapping[str, str], usual: str) -> str:
    """The file that holds a place such as 'pack suzhou, rules bodies, test'."""
    parts = place.split(", ")
    return where.get(parts[1].split(" ")[0], usual) if len(parts) > 1 else usual


def dump_pack(pack: Pack) -> str:
    """A pack as YAML from which `parse_pack` makes the same again."""
    return dump(plain(pack))


def dump(data: object) -> str:
    """Plain data as YAML, keys in their order."""
    return yaml.dump(data, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=110)


def policy(name: str, version: str | None = None, on: date | None = None) -> Pack:
    """A version of a policy: the one that is named, or the one that is valid on a day (today unless given).

    A case keeps the version that it began with, so a named version is given on whatever day. DefinitionError where
    there is no such policy or version, or none on that day: a policy is never guessed.
    """
    packs = load_policies()
    if name not in packs:
        raise _unknown(f"没有政策包“{name}”。", f"There is no policy {name!r}.", packs)
    versions = packs[name]
    if version is not None:
        found = [pack for pack in versions if pack.version == version]
        if not found:
            known = [pack.version for pack in versions]
            raise _unknown(f"政策包 {name} 没有版本“{version}”。", f"Policy {name} has no version {version!r}.", known)
        return found[0]
    day = on or date.today()
    valid = [pack for pack in versions if pack.valid_from is not None and pack.valid_from <= day]
    if not valid:
        days = [f"{pack.version}（{pack.valid_from or '?'}）" for pack in versions]
        raise _unknown(f"政策包 {name} 在 {day} 没有适用的版本。", f"No version of {name} is valid on {day}.", days)
    return valid[-1]


def _unknown(zh: str, en: str, known: Iterable[str]) -> DefinitionError:
    return DefinitionError(zh, en, remedy=(f"可用：{'、'.join(known)}。", f"Use one of: {', '.join(known)}."))
