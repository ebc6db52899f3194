"""What the environment says about the site, read once and checked."""

from __future__ import annotations

import contextlib
import datetime
import os
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
_KEPT_OPEN = 60  # seconds that a connection serves: to open one takes as long as several queries


@dataclass(frozen=True)
class Surroundings:
    """Mode, folder, database (a Django database entry), secret, hosts and public address of a site."""

    mode: str
    folder: Path
    database: dict[str, Any]
    secret: str
    hosts: tuple[str, ...]
    address: str
    mail: dict[str, Any]
    max_upload: int
    clamd: str
    digest_at: datetime.time

    @classmethod
    def from_environment(cls, values: Mapping[str, str]) -> Surroundings:
        """DefinitionError names the variable and what it may be."""
        mode = values.get("PINGJIANG_SITE_MODE", "").strip() or "production"
        if mode not in MODES:
            raise _refused("PINGJIANG_SITE_MODE", mode, "应为 production、demo 或 test", "production, demo or test")
        folder = _folder(values)
        database, secret, hosts = _database(values, folder), _secret(values, mode, folder), _hosts(values, mode)
        return cls(
            mode, folder, database, secret, hosts, _address(values, mode, hosts), _mail(values), _max_upload(values),
            _clamd(values), _digest_at(values),
        )  # fmt: skip


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
            "CONN_MAX_AGE": _KEPT_OPEN,
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
        "CONN_MAX_AGE": _KEPT_OPEN,
        # Compiling what an actor sees takes longer than asking it, each time anew.
        "OPTIONS": {"options": "-c jit=off"},
    }


def _mail(values: Mapping[str, str]) -> dict[str, Any]:
    """Django's settings of the mail server; none where the site sends no mail."""
    text = values.get("PINGJIANG_SITE_MAIL", "").strip()
    if not text:
        return {}
    url = urlsplit(text)
    sender = values.get("PINGJIANG_SITE_MAIL_FROM", "").strip()
    if url.scheme not in ("smtp", "smtps", "smtp+starttls") or not url.hostname or "@" not in sender:
        raise _refused(
            "PINGJIANG_SITE_MAIL", re.sub(r"//[^@/]*@", "//…@", text),
            "应为 smtps://用户:密码@主机:端口（或 smtp+starttls、smtp），并以 PINGJIANG_SITE_MAIL_FROM 给出发件地址",
            "smtps://USER:PASSWORD@HOST:PORT (or smtp+starttls, smtp), with the sender's address in "
            "PINGJIANG_SITE_MAIL_FROM",
        )  # fmt: skip
    return {
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": url.port or {"smtp": 25, "smtps": 465, "smtp+starttls": 587}[url.scheme],
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_SSL": url.scheme == "smtps",
        "EMAIL_USE_TLS": url.scheme == "smtp+starttls",
        "DEFAULT_FROM_EMAIL": sender,
    }


def _max_upload(values: Mapping[str, str]) -> int:
    """Megabytes that one upload may have, in bytes."""
    text = values.get("PINGJIANG_SITE_MAX_UPLOAD", "").strip() or "100"
    if not re.fullmatch(r"\d{1,4}", text, re.ASCII) or not 1 <= int(text) <= 2000:
        raise _refused(
            "PINGJIANG_SITE_MAX_UPLOAD", text, "应为 1 到 2000 的整数（MB）", "a whole number from 1 to 2000 (MB)"
        )
    return int(text) * 10**6


def _clamd(values: Mapping[str, str]) -> str:
    """Where the malware scanner listens; '' for its usual socket, if it is there."""
    text = values.get("PINGJIANG_SITE_CLAMD", "").strip()
    if text and not text.startswith("/") and not re.fullmatch(r"[^\s:/]+:\d{1,5}", text, re.ASCII):
        raise _refused("PINGJIANG_SITE_CLAMD", text, "应为套接字路径或 主机:端口", "the path of a socket, or HOST:PORT")
    return text


def _digest_at(values: Mapping[str, str]) -> datetime.time:
    """When the daily digest is written."""
    text = values.get("PINGJIANG_SITE_DIGEST_AT", "").strip() or "08:30"
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text, re.ASCII):
        raise _refused("PINGJIANG_SITE_DIGEST_AT", text, "应为 HH:MM，如 08:30", "HH:MM, as 08:30")
    return datetime.time.fromisoformat(text)


def _secret(values: Mapping[str, str], mode: str, folder: Path) -> str:
    """The key. A demo that names none keeps one in its folder, tests get one that ends with the process."""
    text = values.get("PINGJIANG_SITE_SECRET", "").strip()
    if not text and mode == "demo":
        return _kept_secret(folder / "secret")
    if not text and mode == "test":
        return secrets.token_urlsafe(_LEAST_SECRET)
    if len(text) < _LEAST_SECRET or len(set(text)) < 10:
        raise _refused(
            "PINGJIANG_SITE_SECRET", "…", f"应为至少 {_LEAST_SECRET} 个字符的随机文本",
            f"a random text of {_LEAST_SECRET} characters or more",
        )  # fmt: skip
    return text


def _kept_secret(path: Path) -> str:
    """The key in a file that its owner alone reads: seals and sessions of the demo outlive a restart."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f".{path.name}-{os.getpid()}")
        with os.fdopen(os.open(new, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(_LEAST_SECRET))
        with contextlib.suppress(FileExistsError):  # another process was first: its key it is
            os.link(new, path)
        new.unlink()
    return path.read_text(encoding="ascii").strip()


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


def _address(values: Mapping[str, str], mode: str, hosts: tuple[str, ...]) -> str:
    """Where the site is reached from outside, without a slash at the end: papers and mails name it."""
    text = values.get("PINGJIANG_SITE_ADDRESS", "").strip().rstrip("/")
    if not text:
        return f"https://{hosts[0].lstrip('.')}" if mode == "production" else f"http://{LOOPBACK[0]}:8000"
    url = urlsplit(text)
    name = url.hostname or ""
    fitting = any(name == host.strip("[]") or (host.startswith(".") and f".{name}".endswith(host)) for host in hosts)
    safe = url.scheme == "https" or (url.scheme == "http" and mode != "production")
    if not safe or not fitting or url.path or url.query or url.fragment or url.username:
        raise _refused(
            "PINGJIANG_SITE_ADDRESS", text, "应为 https://网站域名[:端口]，域名列在 PINGJIANG_SITE_HOSTS",
            "https://HOST[:PORT] with a host of PINGJIANG_SITE_HOSTS",
        )  # fmt: skip
    return text
