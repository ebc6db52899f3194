"""Uploads on their way in: straight to disk, and refused as soon as they are larger than may be."""

from __future__ import annotations

from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import TemporaryFileUploadHandler

_AROUND = 2**20  # what the fields of a form may take beside its file


class Limited(TemporaryFileUploadHandler):
    """One request carries one file's worth of bytes at most."""

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, Any],  # noqa: N803
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        """Refuse by the stated length, before anything is read."""
        self._left = settings.SITE_MAX_UPLOAD + _AROUND
        if content_length > self._left:
            raise RequestDataTooBig("the upload is larger than SITE_MAX_UPLOAD")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Refuse by what really comes."""
        self._left -= len(raw_data)
        if self._left < 0:
            raise RequestDataTooBig("the upload is larger than SITE_MAX_UPLOAD")
        super().receive_data_chunk(raw_data, start)
