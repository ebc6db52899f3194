"""Commands on who is who: review, accept, undo, list, restore."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.markup import escape

from pingjiang.cli.frame import JsonOption, LakeOption, app, console, open_lake, print_json, say_torn
from pingjiang.errors import DefinitionError
from pingjiang.judgements import Conflict, Judgement

if TYPE_CHECKING:  # the other commands begin sooner without this room
    from pingjiang.judging import Desk, Pair, SheetReceipt

identities_app = typer.Typer(
    name="identities", help="Who is who: review, accept, undo, list. 谁是谁：人工判断。", no_args_is_help=True
)
app.add_typer(identities_app)

Subject = Literal["organisation", "group", "inventor"]
Verdict = Literal["same", "different", "unsure"]
WhoOption = Annotated[
    str | None,
    typer.Option("--who", help="Who judges; else PINGJIANG_WHO, else the account 判断人", show_default=False),
]
WhyOption = Annotated[str | None, typer.Option("--why", help="Reason, in one line 理由", show_default=False)]
_VERDICTS = {
    "same": "同 same", "different": "异 different", "yes": "是 yes", "no": "否 no", "unsure": "不确定 unsure",
    None: "撤销 undoes",
}  # fmt: skip
_BUILD = "下次 pingjiang build 后生效 · takes effect with the next `pingjiang build`"


def _desk(lake: Path) -> Desk:
    from pingjiang.judging import Desk

    return Desk(open_lake(lake))


@identities_app.command("review")
def review(
    lake: LakeOption,
    export: Annotated[
        Path | None, typer.Option("--export", help="Write the pairs as .xlsx 导出为表格", show_default=False)
    ] = None,
    import_: Annotated[
        Path | None, typer.Option("--import", help="Take the answers of a sheet 导入填好的表格", show_default=False)
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Only the first pairs 只要前几对")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an earlier export 替换以前的导出")] = False,
    who: WhoOption = None,
    as_json: JsonOption = False,
) -> None:
    """Doubtful pairs, those on which most hangs first: answer here, or by a spreadsheet. 复核存疑的机构对。"""
    desk = _desk(lake)
    if export is not None and import_ is not None:
        raise DefinitionError(
            "--export 与 --import 只能用一个。",
            "--export and --import exclude each other.",
            remedy=("请分两次运行。", "run the command twice."),
        )
    if import_ is not None:
        _show_receipt(desk.take(import_, who=who), as_json)
    elif export is not None:
        release, count = desk.export(export, limit=limit, overwrite=overwrite)
        if as_json:
            print_json({"release": release, "file": str(export), "pairs": count})
        else:
            console.print(f"{escape(str(export))}\n  {count:,} 对 pairs · {release}", highlight=False)
    else:
        interactive = sys.stdin.isatty() and sys.stdout.isatty() and not as_json
        release, pairs, total = desk.pairs(limit if limit or as_json or interactive else 20)
        if as_json:
            print_json({"release": release, "total": total, "pairs": [pair.as_dict() for pair in pairs]})
        elif interactive:
            _Sitting(desk, desk.who(who)).run(pairs)
        else:
            _list(release, pairs, total)


def _list(release: str, pairs: Sequence[Pair], total: int) -> None:
    for pair in pairs:
        _show_pair(pair)
    console.print(
        f"共 {total:,} 对待判断，列出 {len(pairs):,} 对 · {total:,} pairs to judge · {release}", highlight=False
    )


def _show_pair(pair: Pair, place: str = "") -> None:
    console.print(
        f"{place}[bold]{escape(pair.name_a)}[/bold]  ？  [bold]{escape(pair.name_b)}[/bold]　{pair.row_id}",
        highlight=False,
    )
    reasons = "；".join(pair.reasons)
    console.print(
        f"  {pair.level} · 涉及同族 families {pair.families:,} · 相似度 score {pair.score:.2f} · {escape(reasons)}",
        highlight=False,
    )
    for name, examples in (("甲 A", pair.examples_a), ("乙 B", pair.examples_b)):
        for each in examples:
            told = [each[column] for column in ("publication_id", "publication_date", "title", "address")]
            console.print(f"    {name}  {escape('  '.join(str(cell) for cell in told if cell))}", highlight=False)


# -- answers on a terminal ---------------------------------------------------------------------------

_KEYS = "同 s · 异 d · 不确定 u · 跳过 Enter · 撤销上一个 z · 退出 q"
_ANSWERS = {
    **dict.fromkeys(("s", "同", "same"), "same"),
    **dict.fromkeys(("d", "异", "different"), "different"),
    **dict.fromkeys(("u", "不确定", "unsure"), "unsure"),
    **dict.fromkeys(("", "跳过", "skip"), "skip"),
    **dict.fromkeys(("z", "撤销", "undo"), "undo"),
    **dict.fromkeys(("q", "退出", "quit"), "quit"),
}


class _Sitting:
    """One person at the desk. Each answer is kept at once: an interruption loses none."""

    def __init__(self, desk: Desk, who: str) -> None:
        self._desk, self._who = desk, who
        self._given: list[tuple[int, list[Judgement]]] = []  # place of the pair, and the rows that were added

    def run(self, pairs: Sequence[Pair]) -> None:
        """Ask of one pair after the other."""
        at = 0
        while 0 <= at < len(pairs):
            _show_pair(pairs[at], f"\\[{at + 1}/{len(pairs)}] ")
            answer = self._ask()
            if answer == "quit":
                break
            if answer == "undo":
                at = self._undo(at)
                continue
            if answer != "skip":
                self._judge(at, pairs[at], answer)
            at += 1
        console.print(f"判断 {len(self._given):,} 对 judged · {self._who}。{_BUILD}", highlight=False)

    def _ask(self) -> str:
        while True:
            try:
                said = console.input(f"{_KEYS} > ").strip().lower()
            except EOFError:
                return "quit"
            if said in _ANSWERS:
                return _ANSWERS[said]

    def _judge(self, at: int, pair: Pair, verdict: str) -> None:
        told = self._desk.accept(pair.name_a, pair.name_b, verdict, subject=pair.level, who=self._who)
        self._given.append((at, told.added))
        _show_conflicts(told.conflicts)

    def _undo(self, at: int) -> int:
        """Take back the last answer of this sitting, and return to its pair."""
        if not self._given:
            console.print("  还没有可撤销的判断 · nothing to undo yet", highlight=False)
            return at
        place, rows = self._given.pop()
        for row in rows:
            self._desk.undo(row.judgement_id, who=self._who)
        return place


# -- one judgement -----------------------------------------------------------------------------------


@identities_app.command("accept")
def accept(
    a: Annotated[str, typer.Argument(help="Name as printed 名称甲", show_default=False, metavar="A")],
    b: Annotated[str, typer.Argument(help="Name as printed 名称乙", show_default=False, metavar="B")],
    lake: LakeOption,
    verdict: Annotated[Verdict, typer.Option("--verdict", help="What you decide 结论", show_default=False)],
    subject: Annotated[
        Subject, typer.Option("--subject", help="Legal entity, ultimate group, or inventor 判断对象")
    ] = "organisation",
    why: WhyOption = None,
    who: WhoOption = None,
    as_json: JsonOption = False,
) -> None:
    """Judge two names: same, different or unsure; above the machine, and undoable. 判断两个名称。"""
    desk = _desk(lake)
    told = desk.accept(a, b, verdict, subject=subject, who=who, why=why)
    dormant = desk.dormant([*told.added, *told.unchanged])
    if as_json:
        print_json({**told.as_dict(), "dormant": dormant})
        return
    for row in told.added:
        console.print(_line(row), highlight=False)
    for row in told.unchanged:
        console.print(f"  已有同样的判断，无变更 · judged so before: nothing changes  {_line(row)}", highlight=False)
    for row in told.replaced:
        console.print(f"  取代本人先前的判断 · replaces one's own earlier judgement  {_line(row)}", highlight=False)
    for name in dormant:
        console.print(
            "  数据中没有此名称，判断保留，待其出现时生效 · not in the data: the judgement waits for it  "
            f"{escape(name)}",
            highlight=False,
        )
    _show_conflicts(told.conflicts)
    if told.added:
        console.print(f"  {_BUILD}", highlight=False)


@identities_app.command("undo")
def undo(
    judgement_id: Annotated[str, typer.Argument(help="Id, or its start 判断编号", show_default=False, metavar="ID")],
    lake: LakeOption,
    why: WhyOption = None,
    who: WhoOption = None,
    as_json: JsonOption = False,
) -> None:
    """Undo a judgement by a further row; an undoing can be undone too. 撤销一条判断。"""
    row = _desk(lake).undo(judgement_id, who=who, why=why)
    if as_json:
        print_json(row.as_dict())
    else:
        console.print(f"{_line(row)}\n  {_BUILD}", highlight=False)


@identities_app.command("list")
def list_(
    lake: LakeOption,
    conflicts: Annotated[bool, typer.Option("--conflicts", help="Only what contradicts 只看冲突")] = False,
    as_json: JsonOption = False,
) -> None:
    """All judgements with who, when and why, and the conflicts among them. 列出全部判断与冲突。"""
    told = _desk(lake).history()
    if as_json:
        print_json(told)
        return
    for row in told["rows"] if not conflicts else ():
        standing = "有冲突 in conflict" if row["in_conflict"] else "" if row["in_force"] else "不生效 not in force"
        if row["in_force"] and row["occurs"] is False:
            standing += " 待名称出现 dormant"
        console.print(f"{_line(_row(row))}  {standing}".rstrip(), highlight=False)
    for conflict in told["conflicts"]:
        console.print(f"冲突 conflict ({conflict['level']})  {escape(conflict['text'])}", highlight=False)
    if told["torn"]:
        say_torn(told["torn"])
    if told["since"]:
        console.print(f"{told['since']:,} 条在上次构建之后 rows since the last build。{_BUILD}", highlight=False)


@identities_app.command("restore")
def restore(lake: LakeOption, as_json: JsonOption = False) -> None:
    """Write a damaged log of judgements anew from what proves itself. 修复损坏的判断记录。"""
    told = _desk(lake).restore()
    if as_json:
        print_json(told)
    elif told["kept"] is None and not told["rows"]:
        console.print("判断记录完好，未改动 · the log is whole: nothing was done", highlight=False)
    else:
        console.print(
            f"判断记录已重写：{told['rows']:,} 条；无法使用的行 {told['lost']:,} · "
            f"written anew: {told['rows']:,} rows; lines that could not be used: {told['lost']:,}",
            highlight=False,
        )
        if told["kept"]:
            console.print(f"  原文件 old file  {escape(told['kept'])}", highlight=False)


# -- words -------------------------------------------------------------------------------------------


def _row(told: dict[str, Any]) -> Judgement:
    return Judgement(**{name: told[name] for name in Judgement.__dataclass_fields__})


def _line(row: Judgement) -> str:
    """A judgement in one line."""
    what = f"{_VERDICTS[row.verdict]}{'' if row.undoes is None else ' ' + row.undoes}"
    words = [row.judgement_id, row.at[:16].replace("T", " "), row.who, what, f"{row.a} | {row.b}", f"({row.subject})"]
    return escape("  ".join([*words, *([row.why] if row.why else []), *([f"← {row.origin}"] if row.origin else [])]))


def _show_conflicts(conflicts: Sequence[Conflict]) -> None:
    for conflict in conflicts:
        console.print(
            f"  冲突：“异”暂时有效，请撤销其中一条 · conflict: 'different' counts until one of these is undone  "
            f"{escape(conflict.text())}",
            highlight=False,
        )


def _show_receipt(receipt: SheetReceipt, as_json: bool) -> None:
    if as_json:
        print_json(receipt.as_dict())
        return
    console.print(f"[bold]{escape(receipt.file)}[/bold]", highlight=False)
    console.print(
        f"  读入 {receipt.read:,} = 采用 {receipt.accepted:,} + 不变 {receipt.unchanged:,} + 退出 {receipt.rejected:,}"
        f"　read = accepted + unchanged + rejected；未填 unanswered {receipt.unanswered:,}",
        highlight=False,
    )
    for each in receipt.rejects:
        value = f"：{each.value}" if each.value else ""
        console.print(f"  退出 第 {each.row} 行 row {each.row}, {escape(f'{each.column}  {each.reason}{value}')}",
                      highlight=False)  # fmt: skip
    if receipt.replaced:
        console.print(f"  取代本人先前的判断 replace one's own earlier ones  {receipt.replaced:,}", highlight=False)
    _show_conflicts(receipt.conflicts)
    if receipt.accepted:
        console.print(f"  {_BUILD}", highlight=False)
