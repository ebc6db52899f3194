"""Commands on the legal state: the state at a date, what is not understood, fees and ends."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from pingjiang import pipeline
from pingjiang.cli.frame import (
    JsonOption,
    LakeOption,
    ReleaseOption,
    app,
    console,
    open_lake,
    print_json,
    require_writable,
    say_stale,
)

legal_app = typer.Typer(help="Legal state: at any date; fees and ends. 法律状态、费用与期限。", no_args_is_help=True)
app.add_typer(legal_app, name="legal")


def _date(text: str) -> date:
    """A day as YYYY-MM-DD."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"日期写作 2026-01-31 · a date is written 2026-01-31, not {text!r}") from None


def _today() -> date:
    return datetime.now(UTC).date()


@legal_app.command("state")
def state(
    number: Annotated[str, typer.Argument(help="Publication or application number 公开号或申请号", show_default=False)],
    lake: LakeOption,
    at: Annotated[
        date | None,
        typer.Option("--at", parser=_date, metavar="DATE", help="Day; else today 状态日", show_default=False),
    ] = None,
    known: Annotated[
        date | None,
        typer.Option(
            "--known-at", parser=_date, metavar="DATE", help="Only what was imported by this day 只计此日前导入的",
            show_default=False,
        ),
    ] = None,
    release: ReleaseOption = None,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """The legal state of an application at a date, and why. 某日的法律状态及依据。"""
    answer = pipeline.legal_state(open_lake(lake), number, at or _today(), known=known, release=release)
    if answer["stale"]:
        say_stale(answer["release"])
    if as_json:
        print_json(answer)
        return
    for each in answer.get("applications", [answer]):
        _show_state(each, answer)


def _show_state(told: dict[str, Any], answer: dict[str, Any]) -> None:
    from pingjiang.legal.vocabulary import load_kinds
    from pingjiang.legal.words import OVERLAY_WORDS, STATE_WORDS

    def show(text: str) -> None:
        console.print(text, highlight=False)

    show(f"[bold]{escape(told['application'] or answer['number'])}[/bold]  {told['at']}")
    if not answer["found"]:
        show("  数据湖中没有 · not in this lake")
    computed = "（计算 computed）" if told["computed"] else ""
    show(f"  状态 state  [bold]{' '.join(STATE_WORDS[told['state']])}[/bold]{computed}")
    if told["last_known"]:
        last = told["last_known"]
        show(f"  最后已知 last known  {' '.join(STATE_WORDS[last['state']])}  {last['since'] or ''}")
    if told["overlays"]:
        show(f"  附加 overlays  {'；'.join(' '.join(OVERLAY_WORDS[name]) for name in told['overlays'])}")
    kinds = load_kinds()
    for each in told["because"]:
        kind = kinds[each["event"]]
        show(f"  依据 because  {each['date']}  {kind.zh} {kind.en}  {escape(each['source'])}")
    if told["undated"]:
        show(f"  无日期、未计入 undated, not counted: {len(told['undated'])}")
    if told["term"]:
        term = told["term"]
        later = f"（最迟 at the latest {term['latest_date']}）" if term["latest_date"] != term["ends_date"] else ""
        show(f"  期满 term over  {term['ends_date']}{later}  规则可信度 rule: {term['confidence']}")
    show(f"  得知日 known at  {told['known_at'] or '—'}   数据版本 release  {answer['release']}")
    show(f"  {told['disclaimer_zh']}{told['disclaimer_en']}")


@legal_app.command("unknown-codes")
def unknown_codes(lake: LakeOption, as_json: JsonOption = False) -> None:
    """Codes of events and words for states that are not understood, counted. 未识别的事件代码与状态词。"""
    answer = pipeline.legal_unknown(open_lake(lake))
    if as_json:
        print_json(answer)
        return
    if not answer["unknown"]:
        console.print("全部识别 · all are understood")
    for row in answer["unknown"]:
        told = "  ".join(str(row[name]) for name in ("format", "authority", "code") if row[name])
        console.print(f"{row['told']:>9,}  {escape(told)}  {escape(str(row['example'] or ''))}", highlight=False)


@legal_app.command("calendar")
def calendar(
    lake: LakeOption,
    out: Annotated[Path, typer.Option("--out", help=".xlsx or .json", show_default=False)],
    organisation: Annotated[
        str | None, typer.Option("--organisation", help="Only this organisation 只列此机构", show_default=False)
    ] = None,
    first: Annotated[
        date | None, typer.Option("--from", parser=_date, metavar="DATE", help="else today 起", show_default=False)
    ] = None,
    last: Annotated[
        date | None,
        typer.Option("--to", parser=_date, metavar="DATE", help="else a year later 止", show_default=False),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write the calendar of fees and ends. 生成费用与期限日历。"""
    from pingjiang.legal.terms import years_after

    begin = first or _today()
    end = last or years_after(begin, 1)
    if end < begin:
        raise typer.BadParameter("止日早于起日 · --to is before --from")
    require_writable(out.parent)
    told = pipeline.legal_calendar(open_lake(lake), out, begin, end, organisation=organisation)
    if as_json:
        print_json(told)
        return
    console.print(f"{escape(told['file'])}  {told['entries']:,} 项 entries", highlight=False)
