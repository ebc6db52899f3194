"""Who reads which lake, and who works on it: rows of the matrix (tests/centre/matrix/table.py)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from tests.centre.evidence.seeding import (
    CENTRE_LAKE,
    CITY_LAKE,
    CITY_WORK,
    EXPERT,
    LAKES,
    MAKER,
    file_of,
    seed,
)  # fmt: skip
from tests.centre.matrix.city import City
from tests.centre.matrix.people import EVERYONE, Who, anywhere
from tests.centre.matrix.table import API, PUBLIC, Answer, Row, Sent, alike

__all__ = ["ROWS", "seed"]
_FOUNDERS = anywhere("centre_manager", "programme_officer")
_HIDDEN = alike(404)  # from the public, who are not asked to sign in there


def _read(url: str, of: str = "city lake", shows: Sequence[str] = ()) -> Row:
    """A page for all who read the lake."""
    return Row(f"evidence-{url}", "GET", of, {200: CITY_LAKE}, shows=shows)


def _work(url: str, of: str = "city lake", answer: Answer = 302, sent: Sent | None = None) -> Row:
    """A request of those who work on the lake; for who only reads it, it is not there."""
    return Row(f"evidence-{url}", "POST", of, {answer: CITY_WORK}, sent=sent or {})


def _ask(url: str, of: str = "city lake", answer: Answer = 302, sent: Sent | None = None) -> Row:
    """A request of all who read the lake: what it makes is the asker's own, or changes nothing of the lake."""
    return Row(f"evidence-{url}", "POST", of, {answer: CITY_LAKE}, sent=sent or {})


_LAKES = [
    Row("evidence", "GET", "", {200: EVERYONE}, shows=LAKES),
    Row("evidence", "GET", "", {200: EVERYONE}, query={"export": "xlsx"}, shows=LAKES),
    *(
        Row(f"evidence-{part}-menu", "GET", "", {302: EVERYONE})
        for part in ("data", "atlas", "search", "identity", "review", "people", "chain", "rosters")
    ),
]

_DATA = [
    Row("evidence-new", "GET", "", {200: _FOUNDERS}),
    Row("evidence-new", "POST", "", {422: _FOUNDERS}, sent={"name_zh": ""}),
    _read("data", shows=("city lake",)),
    Row("evidence-data", "GET", "lake of a centre", {200: CENTRE_LAKE}, shows=("lake of a centre",)),
    Row("evidence-data-settings", "GET", "city lake", {200: CITY_WORK}),
    _work("data-settings", answer=422, sent={"name_zh": ""}),
    _read("data-waiting"),
    _work("data-upload"),
    _work("data-upload", sent=lambda _city: {"files": file_of("甲.csv")}),
    _work("data-format", "upload", sent={"format": "no such"}),
    _work("data-aside", "upload"),
    Row("evidence-data-map", "GET", "upload", {200: CITY_WORK}),
    _work("data-map", "upload", 422, {"title": ""}),
    _work("data-try", "upload", 200),
    _work("data-run", answer=404),
    _work("data-run", sent={"kinds": "index", "request": "3f0a5b76-90a5-4f1c-8d39-0a4e05a0f001"}),
    _read("data-run-page", "run"),
    _read("data-run-page", "failed run"),
    _work("data-run-back", "failed run"),
    Row("evidence-data-run-cancel", "POST", "run", {302: MAKER}),
    _read("data-leftover", "rejected rows"),
    _read("data-changes"),
    _ask("data-changes", sent={"before": "x", "after": "y"}),
    _read("data-sharing"),
    _ask("data-share", sent={"release": "x", "request": "3f0a5b76-90a5-4f1c-8d39-0a4e05a0f002"}),
    _ask("data-withdraw"),
    _read("data-formats", shows=("format",)),
    _work("data-formats", answer=422, sent=lambda _city: {"spec": file_of("甲.yaml")}),
    _read("data-spec", "format"),
]

_ATLAS = [
    _read("atlas"),
    Row("evidence-atlas", "GET", "lake of a centre", {200: CENTRE_LAKE}),
    _read("atlas-view", "figures by year"),
    _read("atlas-items"),
    _read("atlas-graphml"),
    _read("atlas-saved", shows=("own view", "common view")),
    _ask("atlas-save", sent={"name": "乙", "address": "https://example.org/"}),
    Row("evidence-atlas-drop", "POST", "own view", {302: MAKER}),
    Row("evidence-atlas-drop", "POST", "common view", {302: MAKER}),
    Row("evidence-shared", "GET", "", {200: EVERYONE}),
    Row("evidence-shared-atlas", "GET", "shown to all", {200: EVERYONE}),
    Row("evidence-shared-atlas", "GET", "shown to people", {200: EVERYONE}),
    Row("evidence-shared-atlas", "GET", "shown no more", {404: EVERYONE}),
    Row("evidence-shared-atlas-view", "GET", "shown to all, by year", {200: EVERYONE}),
    Row("evidence-shared-atlas-view", "GET", "shown to all, network", {404: EVERYONE}),
    Row("evidence-shared-atlas-view", "GET", "shown to people, by year", {200: EVERYONE}),
    Row("public-atlases", "GET", "", {200: EVERYONE}, PUBLIC),
    Row("public-atlas", "GET", "shown to all", {200: EVERYONE}, PUBLIC),
    Row("public-atlas", "GET", "shown to people", {404: EVERYONE}, _HIDDEN),
    Row("public-atlas", "GET", "shown no more", {404: EVERYONE}, _HIDDEN),
    Row("public-atlas-view", "GET", "shown to all, by year", {200: EVERYONE}, PUBLIC),
    Row("public-atlas-view", "GET", "shown to all, network", {404: EVERYONE}, _HIDDEN),
    Row("public-atlas-view", "GET", "shown to people, by year", {404: EVERYONE}, _HIDDEN),
]

_SEARCH = [
    _read("search"),
    Row("evidence-search", "GET", "lake of a centre", {200: CENTRE_LAKE}),
    _read("search-reading"),
    _read("search-history", shows=("query", "own set", "common set")),
    _ask("search-keep"),
    Row("evidence-search-drop", "POST", "own set", {302: MAKER}),
    Row("evidence-search-drop", "POST", "common set", {302: MAKER}),
    _read("record", "publication"),
    _read("similar"),
    _ask("similar", answer=200),
    _read("compare"),
    _ask("search-export"),
    _ask("search-export", sent={"q": "TI=(甲)"}),
    Row("evidence-search-work", "GET", "search export", {200: MAKER}),
    _read("search-file", "result file"),
]

_IDENTITY = [
    _read("identity"),
    _read("organisation", "organisation"),
    _read("organisation-rights", "organisation"),
    _read("people"),
    _read("person", "inventor"),
    _read("register"),
    _read("review"),
    _work("review-judge", answer=404),
    _work("review-undo"),
]

# Whoever reads the lake keeps their own; a shared one is filled by who works on the lake, changed by its keeper.
_ROSTERS = [
    _read("rosters", shows=("own roster", "common roster")),
    _ask("roster-make", sent={"name": "a b", "kind": "organisation"}),
    _ask("roster-add", answer=404),
    _ask("roster-add", sent={"kind": "organisation"}),
    Row("evidence-roster", "GET", "own roster", {200: MAKER}),
    Row("evidence-roster", "GET", "own roster", {200: MAKER}, query={"export": "xlsx"}),
    _read("roster", "common roster"),
    Row("evidence-roster-remove", "POST", "own roster", {302: MAKER}),
    _work("roster-remove", "common roster"),
    Row("evidence-roster-change", "POST", "own roster", {302: MAKER}, sent={"what": "keep"}),
    Row("evidence-roster-change", "POST", "common roster", {302: MAKER}, sent={"what": "share"}),
]

_CHAIN = [
    _read("chain"),
    _read("chain-coverage"),
    _work("chain-national"),
    _read("chain-where", "unplaced"),
    _read("chain-node", "node"),
    _read("chain-judge", "node"),
    _work("chain-judge", "node", sent={"verdict": "no such", "publication": "no such"}),
    _work("chain-release", "node"),
    _read("chain-versions"),
    _work("chain-hand-in"),
    _work("chain-hand-in", sent=lambda _city: {"file": file_of("甲.xlsx")}),
    Row("evidence-chain-draft", "GET", "chain draft", {200: CITY_WORK}),
    _work("chain-draft", "chain draft"),
    _read("chain-outline", "chain version"),
    _read("chain-diff", "two chain versions"),
    _work("chain-diff", "two chain versions"),
    _read("chain-strategy"),
    _work("chain-strategy"),
    _read("chain-sample"),
    _work("chain-take"),
    _read("chain-workbook", "strategy"),
    _read("chain-tags", shows=("list", "given list")),
    _work("chain-tags", answer=422, sent={"name": ""}),
]

# A list is coded by those to whom it was given; by whoever works on its lake where that is nobody.
_TAGGING = [
    Row("evidence-tagging", "GET", "", {200: EVERYONE}, shows=("list", "given list")),
    _read("tagging-list", "list"),
    _read("tagging-list", "given list"),
    *(
        Row(f"evidence-tagging-{part}", "GET", name, {200: whom})
        for part in ("desk", "export") for name, whom in (("list", CITY_WORK), ("given list", EXPERT))
    ),
    _work("tagging-desk", "list", sent={"tag": "no such"}),
    Row("evidence-tagging-desk", "POST", "given list", {302: EXPERT}, sent={"tag": "no such"}),
    Row("evidence-tagging-adjudicate", "GET", "list", {200: CITY_WORK}),
    Row("evidence-tagging-adjudicate", "GET", "given list", {200: CITY_WORK}),
    _work("tagging-adjudicate", "list", sent={"tag": "no such"}),
    _work("tagging-train", "list"),
    _work("tagging-withdraw", "list", 404, {"assignment": "x"}),
    _work("tagging-withdraw", "given list", 404),
]  # fmt: skip


def _api(
    url: str, of: str = "city lake", answer: Answer = 200, *, scope: str = "lakes:read", method: str = "GET",
    whom: Who = CITY_LAKE, sent: Sent | None = None, query: Mapping[str, str] | None = None,
) -> Row:  # fmt: skip
    """An operation of the API, with the same answers as the page."""
    return Row(f"api:{url}", method, of, {answer: whom}, API, scope=scope, sent=sent or {}, query=query or {})


def _api_work(url: str, of: str = "city lake", answer: Answer = 200, *, whom: Who = CITY_WORK,
              sent: Sent | None = None) -> Row:  # fmt: skip
    """One that changes the lake."""
    return _api(url, of, answer, scope="lakes:work", method="POST", whom=whom, sent=sent)


def _index(_city: City) -> Mapping[str, Any]:
    return {"kind": "index", "request": str(uuid.uuid4())}


_FIGURES = "figures:read"
_PROGRAMS = [
    Row("api:lakes", "GET", "", {200: EVERYONE}, API, scope="lakes:read", shows=LAKES),
    _api("lake"),
    _api("lake", "lake of a centre", whom=CENTRE_LAKE),
    _api("lake_releases"),
    _api("lake_sources"),
    _api("lake_leftovers", "rejected rows"),
    _api("uploaded_files"),
    _api("uploaded_file", "upload"),
    _api("lake_runs"),
    _api("lake_run", "run"),
    _api("search_lake", query={"q": "TI=光刻机"}),
    _api("publication", "publication"),
    _api("lake_organisations"),
    _api("lake_organisation", "organisation"),
    _api_work("hand_in_file", sent=lambda _city: {"file": file_of("甲.csv")}),
    _api_work("upload_format", "upload", sent={"format": ""}),
    _api_work("upload_aside", "upload"),
    _api_work("begin_run", sent=_index),
    _api_work("cancel_run", "run", whom=MAKER),
    _api_work("take_back", "failed run"),
    Row("api:indicators", "GET", "", {200: EVERYONE}, API, scope=_FIGURES),
    _api("indicator_rows", "rows of an indicator", scope=_FIGURES),
    _api("lake_figures", "figures by year", scope=_FIGURES),
    Row("api:shared_releases", "GET", "", {200: EVERYONE}, API, scope=_FIGURES),
    _api("shared_figures", "shown to all, by year", scope=_FIGURES, whom=EVERYONE),
    _api("shared_figures", "shown to people, by year", scope=_FIGURES, whom=EVERYONE),
    _api("shared_figures", "shown to all, network", 404, scope=_FIGURES, whom=EVERYONE),
]

ROWS = [*_LAKES, *_DATA, *_ATLAS, *_SEARCH, *_IDENTITY, *_ROSTERS, *_CHAIN, *_TAGGING, *_PROGRAMS]
