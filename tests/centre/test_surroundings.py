"""What the environment says of mail, uploads and the scanner: read, or refused by name."""

from __future__ import annotations

import pytest

from pingjiang.centre.surroundings import Surroundings
from pingjiang.errors import DefinitionError


def read(**values: str) -> Surroundings:
    return Surroundings.from_environment(
        {"PINGJIANG_SITE_MODE": "test", **{f"PINGJIANG_SITE_{name}": value for name, value in values.items()}}
    )


def test_unsaid_no_mail_is_sent_and_a_hundred_megabytes_come_in() -> None:
    around = read()
    assert (around.mail, around.max_upload, around.clamd) == ({}, 100_000_000, "")


@pytest.mark.parametrize(
    ("url", "port", "ssl", "tls"),
    [
        ("smtps://u%40x:p%2Fw@mail.example.org", 465, True, False),
        ("smtp+starttls://u%40x:p%2Fw@mail.example.org", 587, False, True),
        ("smtp://u%40x:p%2Fw@mail.example.org:2525", 2525, False, False),
    ],
)
def test_a_mail_server(url: str, port: int, ssl: bool, tls: bool) -> None:
    mail = read(MAIL=url, MAIL_FROM="centre@example.org").mail
    assert (mail["EMAIL_HOST"], mail["EMAIL_HOST_USER"], mail["EMAIL_HOST_PASSWORD"]) == (
        "mail.example.org",
        "u@x",
        "p/w",
    )
    assert (mail["EMAIL_PORT"], mail["EMAIL_USE_SSL"], mail["EMAIL_USE_TLS"]) == (port, ssl, tls)
    assert mail["DEFAULT_FROM_EMAIL"] == "centre@example.org"


@pytest.mark.parametrize(
    "values",
    [
        {"MAIL": "imap://mail.example.org", "MAIL_FROM": "a@b.c"}, {"MAIL": "smtp://mail.example.org"},
        {"MAIL": "smtp://", "MAIL_FROM": "a@b.c"}, {"MAX_UPLOAD": "0"}, {"MAX_UPLOAD": "12MB"}, {"MAX_UPLOAD": "2001"},
        {"CLAMD": "localhost"}, {"CLAMD": "tcp://localhost:3310"},
    ],
)  # fmt: skip
def test_nonsense_is_refused_by_name(values: dict[str, str]) -> None:
    with pytest.raises(DefinitionError, match=f"PINGJIANG_SITE_{next(iter(values))}"):
        read(**values)


def test_a_password_stays_unsaid() -> None:
    with pytest.raises(DefinitionError) as caught:
        read(MAIL="smtp://user:geheim@mail.example.org")
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("address", ["/run/clamav/clamd.ctl", "127.0.0.1:3310", "scanner.example.org:3310"])
def test_a_scanner(address: str) -> None:
    assert read(CLAMD=address, MAX_UPLOAD="5").clamd == address


PUBLIC = {
    "MODE": "production",
    "SECRET": "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "HOSTS": "ip.example.gov.cn,.example.org",
}


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "https://ip.example.gov.cn"),
        ({"HOSTS": ".example.org"}, "https://example.org"),
        ({"ADDRESS": "https://ip.example.gov.cn:8443/"}, "https://ip.example.gov.cn:8443"),
        ({"ADDRESS": "https://a.example.org"}, "https://a.example.org"),
        ({"MODE": "demo", "HOSTS": "", "ADDRESS": "http://localhost:9000"}, "http://localhost:9000"),
    ],
)
def test_where_the_site_is_reached(given: dict[str, str], address: str) -> None:
    assert read(**{**PUBLIC, **given}).address == address


@pytest.mark.parametrize(
    "address",
    [
        "http://ip.example.gov.cn", "https://elsewhere.org", "https://badexample.org", "https://ip.example.gov.cn/pj",
        "https://u:p@ip.example.gov.cn", "ip.example.gov.cn", "https://ip.example.gov.cn?x=1",
    ],
)  # fmt: skip
def test_an_address_that_is_not_the_sites_is_refused(address: str) -> None:
    with pytest.raises(DefinitionError, match="PINGJIANG_SITE_ADDRESS"):
        read(**PUBLIC, ADDRESS=address)
