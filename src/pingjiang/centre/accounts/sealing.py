"""Small secrets at rest: sealed by a key that follows from the site's secret, so that a copy of the database has none.

Fernet of `cryptography` (AES-128-CBC with HMAC-SHA-256), its key by HKDF (RFC 5869) of SECRET_KEY. Under another secret
of the site nothing opens again: what was sealed must be made anew.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def _box(purpose: str) -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=f"pingjiang {purpose}".encode()).derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(key))


def seal(text: str, purpose: str) -> str:
    """A text, sealed for one purpose. The same text is sealed differently each time."""
    return _box(purpose).encrypt(text.encode()).decode()


def opened(sealed: str, purpose: str) -> str | None:
    """The text again; None where it was changed, is of another purpose, or the site has another secret now."""
    try:
        return _box(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None
