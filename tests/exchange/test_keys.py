"""Keys: one of one's own, made once and read by nobody else; senders that are believed, and no longer."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from pingjiang.config import Settings
from pingjiang.errors import DefinitionError
from pingjiang.exchange.keys import Keys, PublicKey, read_key

# RFC 8032, 7.1, test 3: public key, message, signature.
RFC_KEY = "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"
RFC_SIGNATURE = (
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
    "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
)


def test_the_own_key_is_made_once_and_nobody_else_reads_it(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "a" / "keys")
    assert keys.find(PublicKey(b"\0" * 32)) is None and not (tmp_path / "a").exists(), "asking makes nothing"
    own = keys.own()
    assert Keys(tmp_path / "a" / "keys").own() == own
    assert (tmp_path / "a" / "keys").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "a" / "keys" / "own.pem").stat().st_mode & 0o777 == 0o600
    found = keys.find(own)
    assert found is not None and found.own


def test_a_signature_is_one_by_the_standard(tmp_path: Path) -> None:
    key = PublicKey(bytes.fromhex(RFC_KEY))
    assert key.verifies(bytes.fromhex(RFC_SIGNATURE), b"\xaf\x82")
    assert not key.verifies(bytes.fromhex(RFC_SIGNATURE), b"\xaf\x83")
    assert not key.verifies(b"", b"\xaf\x82") and not PublicKey(b"x").verifies(b"\0" * 64, b"")
    keys = Keys(tmp_path)
    Ed25519PublicKey.from_public_bytes(keys.own().raw).verify(keys.sign(b"m"), b"m")


def _make(folder: str, queue: multiprocessing.Queue[str]) -> None:
    queue.put(Keys(Path(folder)).own().text)


def test_two_processes_make_one_key(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    queue: multiprocessing.Queue[str] = context.Queue()
    makers = [context.Process(target=_make, args=(str(tmp_path / "keys"), queue)) for _ in range(4)]
    for maker in makers:
        maker.start()
    assert len({queue.get(timeout=30) for _ in makers}) == 1
    for maker in makers:
        maker.join()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_that_others_can_read_is_not_used(tmp_path: Path, mode: int) -> None:
    keys = Keys(tmp_path)
    keys.own()
    (tmp_path / "own.pem").chmod(mode)
    with pytest.raises(DefinitionError, match=r"私钥可被他人读取.*chmod 600"):
        keys.sign(b"x")


@pytest.mark.parametrize("content", [b"", b"nonsense", b"-----BEGIN PRIVATE KEY-----\nMAo=\n-----END PRIVATE KEY-----"])
def test_a_damaged_key_is_named_and_never_replaced(tmp_path: Path, content: bytes) -> None:
    keys = Keys(tmp_path)
    keys.own()
    (tmp_path / "own.pem").write_bytes(content)
    with pytest.raises(DefinitionError, match=r"own\.pem"):
        keys.own()
    assert (tmp_path / "own.pem").read_bytes() == content


def test_senders_are_trusted_by_name_until_they_are_not(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "keys")
    key = Keys(tmp_path / "theirs").own()
    assert keys.trust(key).name == key.fingerprint
    assert keys.trust(key, "市局 “内网”").name == "市局 “内网”"
    assert keys.trust(key).name == "市局 “内网”", "trusted once more, a name stays"
    assert [(s.key, s.name) for s in Keys(tmp_path / "keys").trusted()] == [(key, "市局 “内网”")]
    keys.distrust(key.text)
    assert keys.trusted() == [] and keys.find(key) is None
    with pytest.raises(DefinitionError, match="没有信任过"):
        keys.distrust(key.fingerprint)


def test_a_file_of_a_sender_stands_for_its_own_key_alone(tmp_path: Path) -> None:
    keys, first, second = Keys(tmp_path), PublicKey(b"1" * 32), PublicKey(b"2" * 32)
    keys.trust(first)
    folder = tmp_path / "trusted"
    (folder / f"{second.fingerprint}.json").write_bytes((folder / f"{first.fingerprint}.json").read_bytes())
    with pytest.raises(DefinitionError, match="密钥文件"):
        keys.find(second)


def test_a_key_is_read_from_text_or_from_a_file_that_holds_one(tmp_path: Path) -> None:
    key, other = PublicKey(b"1" * 32), PublicKey(b"2" * 32)
    (tmp_path / "one.txt").write_text(f"公钥 public key   {key.text}\n指纹 fingerprint  {key.fingerprint}\n", "utf-8")
    (tmp_path / "two.txt").write_text(f"{key.text} {other.text}")
    (tmp_path / "binary").write_bytes(b"\xff\x00" * 99)
    assert read_key(key.text) == read_key(str(tmp_path / "one.txt")) == key
    for text in ("two.txt", "binary", "none", "."):
        with pytest.raises(DefinitionError, match=r"不是公钥.*no public key"):
            read_key(str(tmp_path / text))
    for text in ("", "ed25519:12", f"ed25519:{'g' * 64}", f"{key.text}0", "x" * 5_000, "a\0b"):
        with pytest.raises(DefinitionError):
            read_key(text)


def test_where_keys_lie_is_told_by_the_environment(tmp_path: Path) -> None:
    def folder(**environment: str) -> Path | None:
        return Settings.from_environment(environment).keys_folder

    assert folder(PINGJIANG_KEYS="/k", HOME="/h") == Path("/k")
    assert folder(XDG_CONFIG_HOME="/x", HOME="/h") == Path("/x/pingjiang/keys")
    assert folder(HOME="/h") == Path("/h/.config/pingjiang/keys")
    with pytest.raises(DefinitionError, match=r"密钥放在哪里.*PINGJIANG_KEYS"):
        Keys.of(Settings.from_environment({}))
    (tmp_path / "file").write_text("x")
    with pytest.raises(DefinitionError, match="PINGJIANG_KEYS"):
        folder(PINGJIANG_KEYS=str(tmp_path / "file"))
