"""An address as a QR code (ISO/IEC 18004): drawn by segno, as SVG for typst and as PNG for Word."""

from __future__ import annotations

import io

import segno

_QUIET = 2  # modules of white around; the paper is white beyond
_LEVEL = "m"  # 15 % may be dirty


def as_svg(text: str) -> str:
    """The code as an SVG text, in black, without a ground."""
    out = io.BytesIO()
    _code(text).save(out, kind="svg", border=_QUIET, xmldecl=False, svgclass=None, lineclass=None)
    return out.getvalue().decode()


def as_png(text: str) -> bytes:
    """The code as a PNG, eight pixels a module."""
    out = io.BytesIO()
    _code(text).save(out, kind="png", border=_QUIET, scale=8)
    return out.getvalue()


def _code(text: str) -> segno.QRCode:
    return segno.make_qr(text, error=_LEVEL)
