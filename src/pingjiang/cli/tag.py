"""Commands on tagging: lists for experts, their sheets, agreement, adjudication, and the classifier of a list."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.markup import escape

from pingjiang.cli.frame import JsonOption, LakeOption, app, console, open_lake, print_json
from pingjiang.cli.identities import WhoOption, WhyOption
from pingjiang.errors import DefinitionError

if TYPE_CHECKING:  # the other commands begin sooner without this room
    from pingjiang.chain.classifier.kept import Kept
    from pingjiang.judging.tag_sheet import TagReceipt
    from pingjiang.judging.tagging import TagDesk

tag_app = typer.Typer(help="Tagging lists, agreement, classifier. 标引：任务、一致性、分类器。", no_args_is_help=True)
app.add_typer(tag_app, name="tag")

NameArgument = Annotated[str, typer.Argument(help="The list 标引任务", show_default=False)]
OverwriteOption = Annotated[bool, typer.Option("--overwrite", help="Replace an earlier file 替换已有的文件")]
Verdict = Literal["yes", "no", "unsure"]
_WORDS = {"yes": "是 yes", "no": "否 no", "unsure": "不确定 unsure"}


def _desk(lake: Path) -> TagDesk:
    from pingjiang.judging.tagging import TagDesk

    return TagDesk(open_lake(lake))


@tag_app.command("create")
def create(
    name: NameArgument,
    lake: LakeOption,
    tag: Annotated[
        list[str], typer.Option("--tag", help="A tag: 'id=中文|English' (may be repeated) 标签", show_default=False)
    ],
    query: Annotated[
        str | None, typer.Option("--query", help="What to tag; else all 检索式，缺省为全部", show_default=False)
    ] = None,
    sample: Annotated[
        int | None, typer.Option("--sample", min=1, help="Only so many, drawn 抽取件数", show_default=False)
    ] = None,
    seed: Annotated[str, typer.Option("--seed", help="Another draw 抽样种子")] = "1",
    expert: Annotated[
        list[str] | None, typer.Option("--expert", help="Who codes (may be repeated) 专家", show_default=False)
    ] = None,
    double: Annotated[
        float, typer.Option("--double", min=0, max=1, help="Share that two experts code 双人标引比例")
    ] = 0.0,
    due: Annotated[
        datetime | None, typer.Option("--due", formats=["%Y-%m-%d"], help="Until when 截止日", show_default=False)
    ] = None,
    exclusive: Annotated[bool, typer.Option("--exclusive", help="One tag at most a publication 标签互斥")] = False,
    who: WhoOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a list: what a query finds, or a sample of it, shared out among experts. 新建标引任务。"""
    from pingjiang.judging.tag_lists import tag_of

    told = _desk(lake).create(
        name, [tag_of(each) for each in tag], query=query, sample=sample, seed=seed, experts=expert or (),
        double=double, due=None if due is None else due.date(), exclusive=exclusive, who=who,
    )  # fmt: skip
    if as_json:
        print_json(told.as_dict())
        return
    twice = sum(len(item.coders) > 1 for item in told.items)
    _say(
        f"[bold]{escape(told.name)}[/bold]  {len(told.items):,} 件 publications "
        f"(符合 matching {told.drawn['matching']:,})  双人标引 coded twice {twice:,}  {told.drawn['release']}"
    )


@tag_app.command("status")
def status(lake: LakeOption, name: Annotated[str | None, typer.Argument(help="The list; else all 标引任务")] = None,
           as_json: JsonOption = False) -> None:  # fmt: skip
    """How far each list is, by expert and tag. 各任务的进度。"""
    desk = _desk(lake)
    found: list[dict[str, Any]] = []
    for told in [desk.named(name)] if name is not None else desk.lists():
        made = desk.codings(told)
        labels = made.labels()
        tags = [
            {
                "tag": tag.id, "zh": tag.zh, "en": tag.en, "yes": sum(labels.get(tag.id, {}).values()),
                "no": sum(not held for held in labels.get(tag.id, {}).values()),
                "open": sum(tag.id in of for of in made.open().values()),
            }
            for tag in told.tags
        ]  # fmt: skip
        found.append(
            {
                "list": told.name, "publications": len(told.items), "due": told.due, "drawn": told.drawn,
                "experts": made.progress(told), "tags": tags,
            }
        )  # fmt: skip
    if as_json:
        print_json({"lists": found})
        return
    for each in found:
        due = f"  截止 due {each['due']}" if each["due"] else ""
        _say(f"[bold]{escape(each['list'])}[/bold]  {each['publications']:,} 件 publications{due}")
        for row in each["experts"]:
            _say(
                f"  {escape(row['who'] or '（任何人 anybody）')}  应标 to code {row['to_code']:,}  "
                f"完成 whole {row['whole']:,}  部分 part {row['part']:,}  未标 none {row['none']:,}"
            )
        for row in each["tags"]:
            _say(
                f"  {escape(row['zh'])} {escape(row['en'])}  是 yes {row['yes']:,}  否 no {row['no']:,}  "
                f"待裁定 open {row['open']:,}"
            )


@tag_app.command("export")
def export(
    name: NameArgument,
    out: Annotated[Path, typer.Argument(help="The .xlsx to write 写出的表格", show_default=False)],
    lake: LakeOption,
    expert: Annotated[
        str | None, typer.Option("--expert", help="The share of one expert 某位专家的部分", show_default=False)
    ] = None,
    overwrite: OverwriteOption = False,
) -> None:
    """Write the sheet that an expert fills in. 导出标引表。"""
    rows = _desk(lake).export(name, out, who=expert, overwrite=overwrite)
    _say(f"{escape(str(out))}  {rows:,} 行 rows")


@tag_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A sheet that was filled in 填好的标引表", show_default=False)],
    lake: LakeOption,
    who: WhoOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take the answers of a sheet, as judgements that are only added. 收回标引。"""
    _show_receipt(_desk(lake).take(file, who=who), as_json)


@tag_app.command("say")
def say(
    name: NameArgument,
    publication: Annotated[str, typer.Argument(help="The publication 公开号", show_default=False)],
    tag: Annotated[str, typer.Argument(help="The tag 标签", show_default=False)],
    verdict: Annotated[Verdict, typer.Option("--verdict", help="结论", show_default=False)],
    lake: LakeOption,
    who: WhoOption = None,
    why: WhyOption = None,
) -> None:
    """Code one publication without a sheet. 逐件标引。"""
    _show_said(_desk(lake).say(name, publication, tag, verdict, who=who, why=why))


@tag_app.command("kappa")
def kappa(name: NameArgument, lake: LakeOption, as_json: JsonOption = False) -> None:
    """Cohen's kappa of each tag, of each two who coded the same. 每个标签的一致性。"""
    desk = _desk(lake)
    told = desk.named(name)
    found = desk.codings(told).agreement(told)
    if as_json:
        print_json({"list": name, "agreement": found})
        return
    if not found:
        _say("没有两人标过同一文献 · nobody has coded what somebody else has")
    for row in found:
        value = "— （两人所答全同一种，无法计算 all answers are of one kind）" if row["kappa"] is None else (
            f"{row['kappa']:.3f} ({row['interval'][0]:.3f}–{row['interval'][1]:.3f})"
        )  # fmt: skip
        _say(
            f"  {escape(told.tag(row['tag']).zh)}  {escape(row['one'])} × {escape(row['two'])}  "
            f"n {row['n']:,}  一致 agreed {100 * row['agreed']:.1f} %  kappa {value}"
        )


@tag_app.command("adjudicate")
def adjudicate(
    name: NameArgument,
    lake: LakeOption,
    publication: Annotated[str | None, typer.Argument(help="One publication 公开号", show_default=False)] = None,
    tag: Annotated[str | None, typer.Argument(help="Its tag 标签", show_default=False)] = None,
    verdict: Annotated[Literal["yes", "no"] | None, typer.Option("--verdict", help="裁定", show_default=False)] = None,
    out: Annotated[
        Path | None, typer.Option("--export", help="Write what is open as .xlsx 导出待裁定", show_default=False)
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--import", help="Take the decisions of a sheet 收回裁定表", show_default=False)
    ] = None,
    overwrite: OverwriteOption = False,
    who: WhoOption = None,
    why: WhyOption = None,
    as_json: JsonOption = False,
) -> None:
    """Decide where people differ: list it, by a sheet, or one by one. 裁定分歧。"""
    desk = _desk(lake)
    if file is not None:
        _show_receipt(desk.take(file, who=who, adjudication=True), as_json)
    elif out is not None:
        _say(f"{escape(str(out))}  {desk.export_open(name, out, overwrite=overwrite):,} 行 rows")
    elif publication is not None and tag is not None and verdict is not None:
        _show_said(desk.say(name, publication, tag, verdict, adjudication=True, who=who, why=why))
    elif publication is not None:
        raise DefinitionError(
            "裁定一件要写公开号、标签和 --verdict。", "To decide one, name publication, tag and --verdict.",
            remedy=("或用 --export、--import。", "Or use --export and --import."),
        )  # fmt: skip
    else:
        told = desk.named(name)
        found = desk.codings(told).open()
        if as_json:
            print_json({"list": name, "open": found})
            return
        for number, of in found.items():
            for each, said in of.items():
                _say(f"  {escape(number)}  {escape(told.tag(each).zh)}: {escape(said)}")
        _say(f"待裁定 open {sum(map(len, found.values())):,}")


@tag_app.command("train")
def train(name: NameArgument, lake: LakeOption, as_json: JsonOption = False) -> None:
    """Learn the tags from what is agreed or adjudicated. 训练分类器。"""
    made, left = _desk(lake).train(name)
    if as_json:
        print_json({**_told(made), "left_out": left})
        return
    _say(f"[bold]{escape(name)}[/bold]  {made.release}  标注 labels {made.labels[:12]}  模型 model {made.sha256[:12]}")
    for tag, row in made.figures.items():
        found = row["held_out"]
        _say(
            f"  {escape(tag)}  标注 labels {row['labels']:,}（是 yes {row['yes']:,}）  "
            f"门槛 threshold {made.threshold(tag):.4f}"
            f"  留出 held out: 查准 precision {_share(found, 'precision')}  查全 recall {_share(found, 'recall')}"
        )
    for tag, row in left.items():
        _say(f"  {escape(tag)}  标注太少，未学 too few labels, not learnt: 是 yes {row['yes']}  否 no {row['no']}")


@tag_app.command("threshold")
def threshold(
    name: NameArgument,
    tag: Annotated[str, typer.Argument(help="The tag 标签", show_default=False)],
    lake: LakeOption,
    value: Annotated[
        float | None, typer.Option("--set", help="Set it, by a person 设定门槛", show_default=False)
    ] = None,
    who: WhoOption = None,
    why: WhyOption = None,
    as_json: JsonOption = False,
) -> None:
    """What thresholds take of the release and how right that is; or set one. 门槛：件数与查准查全。"""
    desk = _desk(lake)
    if value is not None:
        desk.set_threshold(name, tag, value, who=who, why=why)
    made, rows = desk.thresholds(name, tag)
    if as_json:
        print_json({"list": name, "tag": tag, "release": made.release, "thresholds": rows})
        return
    for row in rows:
        mark = " ← 有效 in force" if row.get("in_force") else ""
        _say(
            f"  ≥ {row['threshold']:8.4f}  {row['documents']:>9,} 件 publications  查准 precision "
            f"{_share(row, 'precision')}  查全 recall {_share(row, 'recall')}{mark}"
        )


@tag_app.command("suggest")
def suggest(
    name: NameArgument,
    lake: LakeOption,
    tag: Annotated[str | None, typer.Option("--tag", help="Of one tag alone 只按一个标签", show_default=False)] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many 件数")] = 20,
    cited: Annotated[bool, typer.Option("--cited", help="By citations of what bears the tag instead 改按引证")] = False,
    add: Annotated[bool, typer.Option("--add", help="Put them into the list 加入任务")] = False,
    as_json: JsonOption = False,
) -> None:
    """What to code next: publications that the classifier is least sure of. 建议下一批标引的文献。"""
    desk = _desk(lake)
    if cited and tag is None:
        raise DefinitionError(
            "--cited 要用 --tag 写明标签。", "--cited wants the tag, by --tag.", remedy=("加 --tag。", "Add --tag.")
        )
    found = desk.suggest_cited(name, tag or "", limit) if cited else desk.suggest(name, tag, limit)
    added = None
    if add:
        before = len(desk.named(name).items)
        added = len(desk.extend(name, [row["publication_id"] for row in found]).items) - before
    if as_json:
        print_json({"list": name, "suggested": found, "added": added})
        return
    for row in found:
        if cited:
            _say(
                f"  {escape(row['publication_id'])}  {escape(row['tag'])}  引证 links {row['links']:,}  "
                f"{escape((row['title'] or '')[:60])}"
            )
            continue
        _say(
            f"  {escape(row['publication_id'])}  {escape(row['tag'])} {row['score']:.4f}（门槛 threshold "
            f"{row['threshold']:.4f}）  {escape(row['title'][:60])}  [{escape('、'.join(row['terms']))}]"
        )
    if added is not None:
        _say(f"加入 added {added:,}；再用 tag export 导出 · export them by `tag export`")


def _told(made: Kept) -> dict[str, Any]:
    return {
        "list": made.list, "release": made.release, "labels": made.labels, "sha256": made.sha256,
        "figures": made.figures, "thresholds": {tag: made.threshold(tag) for tag in made.model.tags},
        "chosen": made.chosen,
    }  # fmt: skip


def _share(row: dict[str, Any], name: str) -> str:
    """A share with its interval; a dash where it is undefined."""
    if row[name] is None:
        return "—"
    low, high = row["intervals"][name]
    return f"{row[name]:.3f} ({low:.3f}–{high:.3f})"


def _show_receipt(receipt: TagReceipt, as_json: bool) -> None:
    if as_json:
        print_json(receipt.as_dict())
        return
    _say(
        f"[bold]{escape(receipt.file)}[/bold]  {escape(receipt.of)}\n"
        f"  行 rows {receipt.rows:,} = 采用 taken {receipt.taken:,} + 退出 rejected {receipt.rejected:,}\n"
        f"  结论 answers {receipt.answers:,} = 新增 added {receipt.added:,} + 不变 unchanged {receipt.unchanged:,}；"
        f"取代先前 replaced {receipt.replaced:,}；空着 blank {receipt.blank:,}；"
        f"任务中没有行的文献 publications without a row {receipt.absent:,}"
    )
    if receipt.ignored:
        _say(f"  不认识的列，未读 strange columns, not read: {escape('、'.join(receipt.ignored))}")
    if receipt.missing:
        _say(f"  没有列的标签 tags without a column: {escape('、'.join(receipt.missing))}")
    for each in receipt.rejects:
        value = "" if each.value is None else f" {escape(each.value[:60])!r}"
        _say(f"  第 {each.row} 行 row {each.row}  {escape(each.column)}{value}: {escape(each.reason)}")


def _show_said(decided: Any) -> None:
    for row in decided.added:
        _say(f"{row.judgement_id}  {escape(row.a)}  {escape(row.b)}  {_WORDS[row.verdict]}  {escape(row.who)}")
    for row in decided.unchanged:
        _say(f"{row.judgement_id}  不变 unchanged")


def _say(text: str) -> None:
    console.print(text, highlight=False)
