"""What the environment says about the site, read once and checked."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from pingjiang.errors import DefinitionError

MODES = ("production", "demo", "test")
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_LEAST_SECRET = 50


@dataclass(frozen=True)
class Surroundings:
    """Mode, folder, database (a Django database entry), secret and hosts of a site."""

    mode: str
    folder: Path
    database: dict[str, Any]
    secret: str
    hosts: tuple[str, ...]

    @classmethod
    def from_environment(cls, values: Mapping[str, str]) -> Surroundings:
        """DefinitionError names the variable and what it may be."""
        mode = values.get("PINGJIANG_SITE_MODE", "").strip() or "production"
        if mode not in MODES:
            raise _refused("PINGJIANG_SITE_MODE", mode, "应为 production、demo 或 test", "production, demo or test")
        folder = _folder(values)
        return cls(mode, folder, _database(values, folder), _secret(values, mode), _hosts(values, mode))


def _refused(name: str, value: str, zh: str, en: str) -> DefinitionError:
    return DefinitionError(
        f"环境变量 {name}={value!r} 不能用：{zh}。",
        f"The environment variable {name}={value!r} is of no use: it must be {en}.",
        remedy=("请改正或去掉它。", "correct it or take it out."),
    )


def _folder(values: Mapping[str, str]) -> Path:
    """Where database and uploads lie; it need not be there yet."""
    if text := values.get("PINGJIANG_SITE_FOLDER", "").strip():
        folder = Path(text)
        if folder.exists() and not folder.is_dir():
            raise _refused("PINGJIANG_SITE_FOLDER", text, "应为目录", "a folder")
        return folder.absolute()
    data = values.get("XDG_DATA_HOME", "").strip()
    base = Path(data) if data else Path(values.get("HOME", "").strip() or ".") / ".local" / "share"
    return (base / "pingjiang" / "site").absolute()


def _database(values: Mapping[str, str], folder: Path) -> dict[str, Any]:
    """SQLite tuned for many readers and one writer at a time, or PostgreSQL."""
    text = values.get("PINGJIANG_SITE_DATABASE", "").strip()
    if not text:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": folder / "site.sqlite3",
            "OPTIONS": {
                # A writer says so when it begins: two that read first and write later cannot deadlock.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=268435456; "
                    "PRAGMA foreign_keys=ON;"
                ),
            },
        }
    url = urlsplit(text)
    name = url.path.removeprefix("/")
    if url.scheme not in ("postgresql", "postgres") or not name:
        shown = re.sub(r"//[^@/]*@", "//…@", text)  # the password stays unsaid
        raise _refused(
            "PINGJIANG_SITE_DATABASE", shown, "应为 postgresql://用户:密码@主机:端口/库名",
            "postgresql://USER:PASSWORD@HOST:PORT/NAME",
        )  # fmt: skip
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(name),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname or "",
        "PORT": str(url.port or ""),
        "CONN_MAX_AGE": 60,
    }


def _secret(values: Mapping[str, str], mode: str) -> str:
    """The key. Outside production a site that names none gets one that ends with the process."""
    text = values.get("PINGJIANG_SITE_SECRET", "").strip()
    if not text and mode != "production":
        return secrets.token_urlsafe(_LEAST_SECRET)
    if len(text) < _LEAST_SECRET or len(set(text)) < 10:
        raise _refused(
            "PINGJIANG_SITE_SECRET", "…", f"应为至少 {_LEAST_SECRET} 个字符的随机文本",
            f"a random text of {_LEAST_SECRET} characters or more",
        )  # fmt: skip
    return text


def _hosts(values: Mapping[str, str], mode: str) -> tuple[str, ...]:
    text = values.get("PINGJIANG_SITE_HOSTS", "")
    hosts = tuple(part.strip() for part in text.split(",") if part.strip())
    if mode == "demo":
        if wrong := [host for host in hosts if host not in LOOPBACK]:
            raise _refused(
                "PINGJIANG_SITE_HOSTS", ",".join(wrong), "演示只在本机（127.0.0.1、localhost）",
                "of this machine alone (127.0.0.1, localhost) in a demo",
            )  # fmt: skip
        return LOOPBACK
    if mode == "test":
        return hosts or ("testserver", *LOOPBACK)
    if not hosts or "*" in hosts:
        raise _refused("PINGJIANG_SITE_HOSTS", text, "应列出网站的域名", "the names by which the site is reached")
    return hosts
