"""Who signs and who is believed: this installation's own Ed25519 key, and the senders that people here trust.

    KEYS/
      own.pem               the private key, PKCS #8, readable by its owner alone; made when first needed
      trusted/<fingerprint>.json   a sender: public key, the name given here, since when

A public key is written 'ed25519:' and 64 hexadecimal digits. Its fingerprint is what two people read to each other
on the telephone: the first 128 bits of the SHA-256 of its 32 bytes, in groups of four digits.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from pingjiang.config import Settings
from pingjiang.errors import DefinitionError

_KEY = re.compile(r"ed25519:([0-9a-f]{64})(?![0-9a-f])")
_LONGEST_KEY_FILE = 64 * 1024
_OWN = "own.pem"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public Ed25519 key, by its 32 bytes."""

    raw: bytes

    @classmethod
    def read(cls, text: str) -> PublicKey | None:
        """The one key that a text holds; None where it holds none, or several."""
        found = set(_KEY.findall(text))
        return cls(bytes.fromhex(found.pop())) if len(found) == 1 else None

    @property
    def text(self) -> str:
        """The key as people hand it on."""
        return f"ed25519:{self.raw.hex()}"

    @property
    def fingerprint(self) -> str:
        """Eight groups of four digits."""
        digits = hashlib.sha256(self.raw).hexdigest()
        return "-".join(digits[at : at + 4] for at in range(0, 32, 4))

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Whether the owner of this key signed the message."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except (InvalidSignature, UnsupportedAlgorithm, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Sender:
    """A key with the name that it goes by here. `own`: it is this installation's."""

    key: PublicKey
    name: str
    own: bool = False


class Keys:
    """The folder of keys of this installation. Nothing is made before something is needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def of(cls, settings: Settings) -> Keys:
        """The keys that the settings name. DefinitionError where the environment tells no place for them."""
        if settings.keys_folder is None:
            raise DefinitionError(
                "不知道密钥放在哪里。",
                "There is no place for keys.",
                remedy=("请设环境变量 PINGJIANG_KEYS。", "Set the environment variable PINGJIANG_KEYS."),
            )
        return cls(settings.keys_folder)

    # -- this installation's own -------------------------------------------------------------------

    def sign(self, message: bytes) -> bytes:
        """The signature of a message by the own key: 64 bytes, always the same for the same message."""
        return self._own().sign(message)

    def own(self) -> PublicKey:
        """The public half of the own key, which is made where there is none yet."""
        return PublicKey(self._own().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    def _own(self) -> Ed25519PrivateKey:
        path = self.folder / _OWN
        if not path.exists():
            self._make_own(path)
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise DefinitionError(
                "私钥可被他人读取，不再使用。",
                "The private key can be read by others: it is not used.",
                file=str(path),
                remedy=(
                    f"请运行 chmod 600 {path}；若可能已泄露，删除它并让接收方信任新公钥。",
                    f"Run `chmod 600 {path}`; if it may have leaked, delete it and have receivers trust the new key.",
                ),
            )
        try:
            key = load_pem_private_key(path.read_bytes(), password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise _no_key(path) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise _no_key(path)
        return key

    def _make_own(self, path: Path) -> None:
        """Make the key once: whoever comes second uses what the first has made."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if path.exists():
                return
            pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            _write(path, pem, 0o600)

    # -- others ------------------------------------------------------------------------------------

    def trust(self, key: PublicKey, name: str | None = None) -> Sender:
        """Believe a sender from now on; once more with a name, it goes by that. Returns it."""
        known = self.find(key)
        if known is not None and (known.own or name is None):
            return known
        sender = Sender(key, name or key.fingerprint)
        told = {"key": key.text, "name": sender.name, "since": datetime.now(UTC).isoformat(timespec="seconds")}
        folder = self.folder / "trusted"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(self._trusted(key), (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode(), 0o600)
        return sender

    def distrust(self, fingerprint: str) -> Sender:
        """Believe a sender no longer. DefinitionError where no such sender was trusted."""
        for sender in self.trusted():
            if fingerprint in (sender.key.fingerprint, sender.key.text):
                self._trusted(sender.key).unlink()
                return sender
        raise DefinitionError(
            f"没有信任过 {fingerprint!r}。",
            f"There is no trusted sender {fingerprint!r}.",
            remedy=("用 pingjiang package key 查看已信任的发送方。", "`pingjiang package key` lists those there are."),
        )

    def trusted(self) -> list[Sender]:
        """The senders that are believed, by fingerprint. DefinitionError names a file that is none of ours."""
        folder = self.folder / "trusted"
        return [self._read(path) for path in sorted(folder.glob("*.json"))] if folder.is_dir() else []

    def find(self, key: PublicKey) -> Sender | None:
        """Who signs with this key: the installation itself, or a trusted sender; None for anybody else."""
        if (self.folder / _OWN).exists() and self.own() == key:
            return Sender(key, "本机 this installation", own=True)
        path = self._trusted(key)
        return self._read(path) if path.is_file() else None

    def _trusted(self, key: PublicKey) -> Path:
        return self.folder / "trusted" / f"{key.fingerprint}.json"

    def _read(self, path: Path) -> Sender:
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            key, name = PublicKey.read(told["key"]), str(told["name"])
        except (ValueError, KeyError, TypeError, RecursionError):
            key, name = None, ""
        if key is None or path != self._trusted(key):
            raise _no_key(path)
        return Sender(key, name)


def read_key(text: str) -> PublicKey:
    """The public key that a user names: as text, or by a file that holds it. DefinitionError for anything else."""
    if (key := PublicKey.read(text)) is not None:
        return key
    path = Path(text)
    try:
        if path.is_file():
            with path.open("rb") as handle:
                key = PublicKey.read(handle.read(_LONGEST_KEY_FILE).decode("utf-8", errors="replace"))
    except OSError:
        key = None
    if key is None:
        raise DefinitionError(
            "不是公钥，也不是写有一个公钥的文件。",
            "This is no public key, nor a file with one.",
            file=text,
            remedy=(
                "公钥写作 ed25519: 加 64 位十六进制数；发送方用 pingjiang package key 得到。",
                "A key is 'ed25519:' and 64 hexadecimal digits; the sender gets it by `pingjiang package key`.",
            ),
        )
    return key


def _no_key(path: Path) -> DefinitionError:
    return DefinitionError(
        "不是本程序的密钥文件。",
        "This is no key file of ours.",
        file=str(path),
        remedy=("请从备份恢复，或删除后重来。", "Restore it from a backup, or delete it and start anew."),
    )


def _write(path: Path, content: bytes, mode: int) -> None:
    """Write a file that nobody else ever sees, nor half of it."""
    temporary = path.with_name(f".{path.name}.part")
    temporary.unlink(missing_ok=True)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
