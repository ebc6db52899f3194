"""The only room that knows the query engine: sessions, tables, the lake and its releases."""

from pingjiang.engine.gathered import Gathered
from pingjiang.engine.lake import Draft, Lake, Release
from pingjiang.engine.session import Session, Table

__all__ = ["Draft", "Gathered", "Lake", "Release", "Session", "Table"]
