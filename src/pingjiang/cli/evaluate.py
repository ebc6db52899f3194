"""The command that measures accuracy on labelled data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

import pingjiang
from pingjiang.cli.frame import JsonOption, app, console, errors, print_json
from pingjiang.config import Settings

_DOCS = Path("docs")


@app.command()
def evaluate(
    name: Annotated[str, typer.Argument(help="What to measure, or 'all' 评测名称，或 all", show_default=False)],
    truth: Annotated[
        Path | None, typer.Argument(help="Labelled file; else that of the samples 标注文件", show_default=False)
    ] = None,
    bars: Annotated[
        Path | None, typer.Option("--bars", help="Bars; else docs/accuracy.yaml 下限文件", show_default=False)
    ] = None,
    page: Annotated[
        Path | None, typer.Option("--page", help="Page of 'all'; else docs/accuracy.md 结果页", show_default=False)
    ] = None,
    granted_before: Annotated[
        str | None,
        typer.Option(
            "--granted-before", help="inventors: mentions granted before this day 只计此日前授权的", show_default=False
        ),
    ] = None,
    main_only: Annotated[
        bool, typer.Option("--main-only", help="sei: know the main symbol alone 只用主分类号")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Measure accuracy on labelled data, beside a plain baseline; 3 where a bar is missed. 在标注数据上评测准确度。"""
    from pingjiang import evaluate as measuring  # what it measures with takes time to load

    settings = Settings.from_environment()
    options: dict[str, Any] = {} if granted_before is None else {"granted_before": granted_before}
    options |= {"main_only": True} if main_only else {}
    set_bars = measuring.load_bars(bars or _documents() / "accuracy.yaml")
    if main_only:  # bars are set for all symbols
        set_bars = [bar for bar in set_bars if bar.task != "sei"]
    if name == "all":
        answers, text = measuring.evaluate_all(settings, set_bars)
        out = page or _documents() / "accuracy.md"
        out.write_text(text, encoding="utf-8")
    else:
        measured = measuring.task(name)
        answers = [measuring.run(measured, truth or measured.path(settings), settings, set_bars, options)]
    if as_json:
        print_json({"evaluations": answers} if name == "all" else answers[0])
    else:
        for answer in answers:
            _show(answer)
    missed = measuring.bars_missed(answers)
    if missed is not None:
        errors.print(str(missed), highlight=False, markup=False)
        raise typer.Exit(missed.exit_code)


def _documents() -> Path:
    """The folder docs/ of where we are, or else of the source tree that runs."""
    here = Path.cwd() / _DOCS
    return here if (here / "accuracy.yaml").is_file() else Path(pingjiang.__file__).parents[2] / _DOCS


def _show(answer: dict[str, Any]) -> None:
    """The figures of an answer, a score a line: precision, recall, F1."""
    from pingjiang.evaluate import cells, task

    file = answer["file"]
    console.print(f"[bold]{answer['task']}[/bold]  {escape(file['name'])}  {file['sha256']}", highlight=False)
    if answer.get("incomplete"):
        console.print("  [bold]不完整 incomplete[/bold]  只知主分类号 only the main symbol is known", highlight=False)
    for line in task(answer["task"]).lines:
        words, *figures, baseline, n = cells(line, answer)
        told = "  ".join(f"{figure:<22}" for figure in figures)
        console.print(f"  {told}  基线 {baseline:<24}  n {n:>9}  {words}", highlight=False, markup=False)
    if "candidates" in answer.get("strict", {}):
        console.print(
            f"  严格模式的候选 candidates in mode strict  {answer['strict']['candidates']:,}", highlight=False
        )
