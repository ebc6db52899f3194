"""Releases on their way out and in: Excel, JSON lines, Parquet with their schema, and one signed package by file."""

from pingjiang.exchange.export import Exported, export
from pingjiang.exchange.keys import Keys, PublicKey, Sender, read_key
from pingjiang.exchange.package import Package, summary, verify
from pingjiang.exchange.part import Chosen
from pingjiang.exchange.receive import Received, import_package

__all__ = [
    "Chosen",
    "Exported",
    "Keys",
    "Package",
    "PublicKey",
    "Received",
    "Sender",
    "export",
    "import_package",
    "read_key",
    "summary",
    "verify",
]
