"""What is asked of a built release, and what is made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pingjiang.config import Settings
from pingjiang.engine import Lake, open_engine
from pingjiang.errors import DefinitionError, LakeError
from pingjiang.pipeline.progress import Progress, silent
from pingjiang.pipeline.releases import digest_of, reached, require_built
from pingjiang.schema.units import FAMILY_UNITS

if TYPE_CHECKING:  # of all steps only `conclude` needs these rooms, and an import begins sooner without them
    pass


def indicators(
    lake: Lake,
    *,
    names: Sequence[str] | None = None,
    engine: str | None = None,
    release: str | None = None,
    settings: Settings | None = None,
) -> dict[str, Any]:
    """Indicators as plain data: {"release", "updated", "stale", "indicators": [{name, unit, …, rows}]}.

    release: a kept one by its id; else the current. In the answer `release` is the one that was built; `stale` says
    that more was imported since, and `updated` up to which release of these publications and applications count.
    An entry that counts what came since names that release (`release`); the others hang on families, organisations,
    places or the chain and are of the one that was built.
    """
    # What only some commands need is loaded by those: an import should not wait for it.
    from pingjiang.identities import UPDATED_TABLES, updated
    from pingjiang.indicators import load_all, results_as_json, run_all

    found = require_built(lake, release)
    told = reached(found)
    with open_engine(settings or Settings.from_environment(), lake.folder, engine) as session:
        built = found.open(session)
        session.name_tables(built)
        entries = results_as_json(session, run_all(session, names))
        counted = [
            name
            for name, indicator in load_all().items()
            if (not names or name in names) and indicator.tables() <= set(UPDATED_TABLES)
        ]
        if told["updated"] != told["built"] and counted:
            session.name_tables(updated(built, found.open_updates(session)))
            now = {
                (entry["name"], entry["unit"]): {**entry, "release": told["updated"]}
                for entry in results_as_json(session, run_all(session, counted))
                if entry["unit"] not in FAMILY_UNITS
            }
            entries = [now.get((entry["name"], entry["unit"]), entry) for entry in entries]
        return {
            "release": told["built"],
            "updated": told["updated"],
            "stale": told["built"] != found.id,
            "indicators": entries,
        }


def find(
    lake: Lake, texts: Sequence[str], *, release: str | None = None, settings: Settings | None = None
) -> dict[str, Any]:
    """What is known under these numbers: {"release", "updated", "lagging", "numbers": [...]}; see find_numbers.

    `updated` is the release up to which publications and applications are known, `lagging` says of what else was
    built when: {"families", "organisations", "inventors", "places", "chain", "texts"} → release.
    """
    from pingjiang.identities import UPDATED_TABLES, find_numbers, updated

    found = require_built(lake, release)
    told = reached(found)
    with open_engine(settings or Settings.from_environment(), lake.folder) as session:
        tables = updated(found.open(session, *UPDATED_TABLES), found.open_updates(session))
        record = found.open(session, "record")["record"]
        return {
            "release": found.id,
            "updated": told["updated"],
            "lagging": dict.fromkeys(
                ("families", "organisations", "inventors", "places", "chain", "texts"), told["built"]
            ),
            "numbers": find_numbers(session, tables, record, texts),
        }


def legal_state(
    lake: Lake,
    text: str,
    at: date,
    *,
    known: date | None = None,
    release: str | None = None,
    settings: Settings | None = None,
) -> dict[str, Any]:
    """The state at a date of the application that a number means, or that its publication belongs to.

    One application gives what `legal.state_at` does, beside "number", "release" and "found"; several, which one number
    may mean, give {"applications": [...]}. A number that the lake does not hold is unknown; DefinitionError for what
    is none.
    """
    from pingjiang.identities import UPDATED_TABLES, find_numbers, updated
    from pingjiang.legal import state_at, without_kind

    found = require_built(lake, release)
    told = reached(found)
    with open_engine(settings or Settings.from_environment(), lake.folder) as session:
        tables = updated(found.open(session, *UPDATED_TABLES), found.open_updates(session))
        legal = found.open(session, "legal_fact", "legal_term")
        record = found.open(session, "record")["record"]
        number, bare = find_numbers(session, tables, record, [text, without_kind(text)])
        if not (number.get("publications") or number.get("applications")) and "error" not in bare:
            number = bare  # a source may have told the number without its kind
        if "error" in number:
            raise DefinitionError(
                f"{text!r} 不是专利号（{number['error']}）。",
                f"{text!r} is no patent number ({number['error']}).",
                remedy=(
                    "请写公开号或申请号，带国别代码。",
                    "Give a publication or application number with its office.",
                ),
            )
        wanted = sorted({row["application_id"] for part in ("applications", "publications") for row in number[part]})
        states = [state_at(session, legal, application, at, known) for application in wanted]
        common = {"number": text, "release": told["built"], "stale": told["built"] != found.id, "found": bool(states)}
        if len(states) > 1:
            return {**common, "applications": states}
        return {**common, **(states[0] if states else state_at(session, legal, "", at, known))}


def legal_unknown(lake: Lake, *, settings: Settings | None = None) -> dict[str, Any]:
    """Codes of events and words for states that no vocabulary knows: {"release", "unknown": [...]}, commonest first."""
    found = require_built(lake)
    with open_engine(settings or Settings.from_environment(), lake.folder) as session:
        rows = found.open(session, "legal_unknown_code")["legal_unknown_code"]
        return {
            "release": found.info["built"],
            "unknown": rows.dicts(order_by="told desc, what, format, authority, code, text"),
        }


def legal_calendar(
    lake: Lake,
    out: Path,
    first: date,
    last: date,
    *,
    organisation: str | None = None,
    settings: Settings | None = None,
) -> dict[str, Any]:
    """Write the calendar of fees and ends of an organisation, or of all, between two days: .xlsx or .json by its name.

    Returns {"file", "release", "entries", "organisations"}. DefinitionError where there is no such organisation.
    """
    from pingjiang.legal import diary, find_organisations, write_calendar

    found = require_built(lake)
    with open_engine(settings or Settings.from_environment(), lake.folder) as session:
        tables = found.open(session)
        wanted = None if organisation is None else find_organisations(session, tables, organisation)
        entries = list(diary(session, tables, first, last, wanted))
        names = [] if wanted is None else [str(name) for _, name in wanted.rows(order_by="name")]
        write_calendar(out, entries, first, last, release=str(found.info["built"]), organisations=names)
    return {"file": str(out), "release": found.info["built"], "entries": len(entries), "organisations": names}


def chain_nodes(lake: Lake, *, settings: Settings | None = None) -> list[dict[str, Any]]:
    """The nodes of the industry chain of the current release, in order."""
    release = require_built(lake)
    with open_engine(settings or Settings.from_environment(), lake.folder) as session:
        return release.open(session)["chain_node"].dicts(order_by="position")


@dataclass(frozen=True)
class Atlas:
    """Where an atlas lies and of which release it is. `unchanged`: it was written before, of the same."""

    html: Path
    xlsx: Path
    release: str
    unchanged: bool = False


def write_atlas(
    lake: Lake,
    out: Path,
    *,
    about: Mapping[str, Any] | None = None,
    settings: Settings | None = None,
    progress: Progress = silent,
) -> Atlas:
    """Write atlas.html and atlas.xlsx of the current release into `out`, where they do not lie there already.

    `about`: title_zh, title_en, bias_zh, bias_en, synthetic; all optional.
    """
    from pingjiang.atlas.record import is_written, keep_record

    release = require_built(lake)
    # Files of a release bear names of their own: no other release, of no other lake, has the same.
    made_from = digest_of(release.id, release.created_at, release.tables, dict(about or {}))
    atlas = Atlas(out / "atlas.html", out / "atlas.xlsx", str(release.info["built"]))
    if is_written(out, (atlas.html, atlas.xlsx), made_from):
        return replace(atlas, unchanged=True)
    from pingjiang.atlas.gather import gather
    from pingjiang.atlas.publish import write_atlas as publish

    with open_engine(settings or Settings.from_environment(), lake.folder) as session:
        progress("指标 indicators", 0, 2)
        session.name_tables(release.open(session))
        if session.rows("select count(*) from item i where i.filing_year is not null") == [(0,)]:
            raise LakeError(
                f"{lake.folder}：没有一件专利带申请日，无法绘制图谱；请导入带申请日的导出 · "
                "no patent in it has a filing date, there is nothing to draw over years: import an export with dates"
            )
        data = gather(session, release, about or {})
        progress("图谱 atlas", 1, 2)
        keep_record(out, publish(out, data), atlas.release, made_from)
    return atlas
