"""The only room that knows the query engine: sessions, tables, the lake and its releases."""

from pingjiang.engine.gathered import Gathered
from pingjiang.engine.lake import Draft, Lake, Release
from pingjiang.engine.open_engine import EMBEDDED, open_engine
from pingjiang.engine.session import Session, Table

__all__ = ["EMBEDDED", "Draft", "Gathered", "Lake", "Release", "Session", "Table", "open_engine"]
