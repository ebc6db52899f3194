"""Settings: from the environment only, all of them here. Nonsense is refused, never repaired.

PINGJIANG_MEMORY_LIMIT         memory of the query engine: '70%' of the machine's, '8GB', '512MiB', or bytes
PINGJIANG_THREADS              threads of the query engine; by default one a processor
PINGJIANG_TEMP_DIR             folder for what the engine spills; by default the system's
PINGJIANG_KEEP_RELEASES        how many releases a lake keeps; by default 5
PINGJIANG_MAX_EXPANDED_BYTES   how large a packed file (gz, zip, xlsx) may become; by default 8 GiB
PINGJIANG_MAX_EXPANSION_RATIO  how many times its packed size it may become; by default 250
PINGJIANG_MAX_CELL_CHARS       characters of one cell; by default 16 Mi (a long description with its sequences)
PINGJIANG_MAX_DOCUMENT_BYTES   bytes of one document of an XML or JSON file; by default 64 MiB
PINGJIANG_MAX_COLUMNS          columns of a table; by default 16,384, as in a spreadsheet
PINGJIANG_MAX_SHEET_CELLS      cells in the rectangle that a sheet spans; by default 128 Mi, some 3 GiB in memory
PINGJIANG_VENDOR_NAMES         'off': applicants' names as tools standardised them (标准化申请人) are no evidence of who
                               is who; by default 'on', a weak hint
PINGJIANG_KEYS                 folder of this installation's own key and of the senders it trusts; by default
                               pingjiang/keys in the user's folder of settings (XDG_CONFIG_HOME, else ~/.config)
PINGJIANG_SAMPLES              folder of real sample files with labels, for `evaluate` alone
PINGJIANG_WHO                  the person who judges; by default the name of the account
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pingjiang.errors import DefinitionError

_UNITS = {
    "": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12,
    "kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40,
}  # fmt: skip
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]*)", re.ASCII)
_LEAST_MEMORY = 256 * 2**20
_CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


@dataclass(frozen=True)
class Settings:
    """All settings. `memory_limit` is in the engine's words ('16384MiB'); sizes are bytes or plain counts."""

    memory_limit: str
    threads: int
    temp_dir: Path | None = None
    keep_releases: int = 5
    max_expanded_bytes: int = 8 * 2**30
    max_expansion_ratio: int = 250
    max_cell_chars: int = 16 * 2**20
    max_document_bytes: int = 64 * 2**20
    max_columns: int = 16_384
    max_sheet_cells: int = 128 * 2**20
    vendor_names: bool = True
    keys_folder: Path | None = None
    samples: Path | None = None
    who: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Settings as the environment gives them. DefinitionError names the variable and what it may be."""
        values = os.environ if environment is None else environment
        return cls(
            memory_limit=_memory(values.get("PINGJIANG_MEMORY_LIMIT") or "70%"),
            threads=_count(values, "PINGJIANG_THREADS", os.cpu_count() or 1, most=1024),
            temp_dir=_folder(values, "PINGJIANG_TEMP_DIR"),
            keep_releases=_count(values, "PINGJIANG_KEEP_RELEASES", cls.keep_releases, most=10_000),
            max_expanded_bytes=_size(values, "PINGJIANG_MAX_EXPANDED_BYTES", cls.max_expanded_bytes),
            max_expansion_ratio=_count(values, "PINGJIANG_MAX_EXPANSION_RATIO", cls.max_expansion_ratio),
            max_cell_chars=_count(values, "PINGJIANG_MAX_CELL_CHARS", cls.max_cell_chars),
            max_document_bytes=_size(values, "PINGJIANG_MAX_DOCUMENT_BYTES", cls.max_document_bytes),
            max_columns=_count(values, "PINGJIANG_MAX_COLUMNS", cls.max_columns),
            max_sheet_cells=_count(values, "PINGJIANG_MAX_SHEET_CELLS", cls.max_sheet_cells),
            vendor_names=_switch(values, "PINGJIANG_VENDOR_NAMES", cls.vendor_names),
            keys_folder=_keys_folder(values),
            samples=_samples(values),
            who=values.get("PINGJIANG_WHO", "").strip() or None,
        )


def _refused(name: str, text: str, zh: str, en: str) -> DefinitionError:
    """What a setting must be, and is not."""
    return DefinitionError(
        f"环境变量 {name}={text!r} 不能用：{zh}。",
        f"The environment variable {name}={text!r} is of no use: it must be {en}.",
        remedy=("请改正或去掉它。", "correct it or take it out."),
    )


def _count(values: Mapping[str, str], name: str, default: int, *, most: int = 10**12) -> int:
    """A whole number from 1 to `most`."""
    text = values.get(name, "").strip()
    if not text:
        return default
    if not re.fullmatch(r"\d{1,15}", text, re.ASCII) or not 1 <= int(text) <= most:
        raise _refused(name, text, f"应为 1 到 {most} 的整数", f"a whole number from 1 to {most}")
    return int(text)


def _switch(values: Mapping[str, str], name: str, default: bool) -> bool:
    """'on' or 'off'."""
    text = values.get(name, "").strip().lower()
    if text not in ("", "on", "off"):
        raise _refused(name, values[name], "应为 on 或 off", "'on' or 'off'")
    return default if not text else text == "on"


def _size(values: Mapping[str, str], name: str, default: int) -> int:
    """A number of bytes, with or without a unit."""
    text = values.get(name, "").strip()
    return default if not text else _bytes(text, name)


def _bytes(text: str, name: str) -> int:
    match = _SIZE.fullmatch(text.strip().lower())
    if match is None or match[2] not in _UNITS or float(match[1]) <= 0:
        raise _refused(
            name, text, "应为大小，如 '8GB'、'512MiB' 或字节数", "a size such as '8GB', '512MiB' or a number of bytes"
        )
    return int(float(match[1]) * _UNITS[match[2]])


def _memory(text: str) -> str:
    """A memory limit in the engine's words, from a share of the machine's memory or a size."""
    name = "PINGJIANG_MEMORY_LIMIT"
    share = re.fullmatch(r"\s*(\d{1,3})\s*%\s*", text, re.ASCII)
    if share is not None:
        if not 1 <= int(share[1]) <= 100:
            raise _refused(name, text, "比例应在 1% 到 100% 之间", "a share between 1% and 100%")
        limit = max(machine_memory() * int(share[1]) // 100, _LEAST_MEMORY)
    else:
        limit = _bytes(text, name)
    if limit < _LEAST_MEMORY:
        least = f"{_LEAST_MEMORY // 2**20} MiB"
        raise _refused(name, text, f"至少 {least}", f"{least} at least, less is too little to work with")
    return f"{limit // 2**20}MiB"


def machine_memory() -> int:
    """Bytes of memory that this process may count on: the machine's, or its container's if that is less."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        return min(memory, int(_CGROUP_LIMIT.read_text(encoding="ascii")))
    except (OSError, ValueError):  # no such limit: no file, or the word 'max'
        return memory


def _folder(values: Mapping[str, str], name: str) -> Path | None:
    text = values.get(name, "").strip()
    if not text:
        return None
    path = Path(text)
    if not path.is_dir() or not os.access(path, os.W_OK):
        raise _refused(name, text, "应为已存在且可写的目录", "a folder that exists and can be written to")
    return path


def _samples(values: Mapping[str, str]) -> Path | None:
    """Where sample files lie; they are only read."""
    text = values.get("PINGJIANG_SAMPLES", "").strip()
    if text and not Path(text).is_dir():
        raise _refused("PINGJIANG_SAMPLES", text, "应为已存在的目录", "a folder that exists")
    return Path(text) if text else None


def _keys_folder(values: Mapping[str, str]) -> Path | None:
    """Where keys lie; it need not be there yet. None where the environment tells no home."""
    if named := values.get("PINGJIANG_KEYS", "").strip():
        folder = Path(named)
        if folder.exists() and not folder.is_dir():
            raise _refused("PINGJIANG_KEYS", named, "应为目录", "a folder")
        return folder
    if settings := values.get("XDG_CONFIG_HOME", "").strip():
        return Path(settings) / "pingjiang" / "keys"
    home = values.get("HOME", "").strip()
    return Path(home) / ".config" / "pingjiang" / "keys" if home else None
