"""The strategy of the chain: hits by block, samples out and in, recall of known patents, national tables."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pingjiang.centre.casework import access
from pingjiang.centre.evidence.chain import jobs, shown
from pingjiang.centre.evidence.chain.views import book, chain_frame, marks, page_of
from pingjiang.centre.evidence.framing import on_release
from pingjiang.centre.evidence.models import ChainFinding
from pingjiang.centre.evidence.opening import Opened
from pingjiang.centre.evidence.persons import name_in_log
from pingjiang.centre.pages.requests import ActorRequest
from pingjiang.centre.pages.words import refusal
from pingjiang.errors import PingjiangError
from pingjiang.judging.strategy import StrategyDesk

_SHEETS = (".xlsx", ".xls", ".csv")


def _uploaded(request: ActorRequest) -> tuple[bytes, str] | None:
    upload = request.FILES.get("file")
    if upload is None or Path(upload.name or "").suffix.lower() not in (*_SHEETS, ".json"):
        messages.error(request, _("请选择文件。"))
        return None
    return upload.read(), Path(upload.name or "").name


@on_release
def strategy(request: ActorRequest, at: Opened) -> HttpResponseBase:
    """How leaves stand, and what each block of their rules holds."""
    context, chain = chain_frame(request, at, "strategy"), shown.chain_of(at)
    key = f"{chain.id} {chain.sha256}" if chain else ""
    if request.method == "POST":
        if not context["works"] or chain is None:
            raise Http404
        _ask(request, at, key, shown.source_of(chain))
        return HttpResponseRedirect(page_of(at, "evidence-chain-strategy"))
    findings = ChainFinding.objects.filter(lake=at.row, kind="strategy", key__startswith=key, release=at.built)
    with_recall = next((each for each in findings if each.told["recall"]), None)
    standings = [{"standing": each, **marks(each)} for each in shown.standings(at).values()]
    blocks: dict[str, list[Any]] = {}
    for block in findings[0].told["blocks"] if findings else ():
        blocks.setdefault(block["leaf"], []).append(block)
    return render(
        request, "evidence/chain/strategy.html",
        {
            **context, "chain": chain, "finding": findings[0] if findings else None, "recall": with_recall,
            "standings": standings, "blocks": list(blocks.items()),
            "job": _last_job(at, key),
        },
    )  # fmt: skip


def _ask(request: ActorRequest, at: Opened, key: str, source: str) -> None:
    known, more = "", ""
    if request.POST.get("act") == "recall":
        given = _uploaded(request)
        if given is None:
            return
        known = jobs.kept_file(at.row, "known", given[0], Path(given[1]).suffix.lower())
        more = f" {known[:32]}"
    jobs.ask("chain strategy", at.row, key + more, request.actor, chain=source, known=known)


def _last_job(at: Opened, key: str) -> Any:
    from pingjiang.centre.jobs.models import Job

    found = Job.objects.filter(kind="chain strategy", arguments__lake=at.row.pk).order_by("-pk").first()
    return found if found and str(found.arguments["key"]).startswith(key) else None


@require_GET
@on_release
def workbook(request: ActorRequest, at: Opened, pk: int) -> HttpResponseBase:
    """The workbook of a strategy that was counted."""
    found = access.find(request.actor, ChainFinding, pk=pk, lake=at.row, kind="strategy")
    path = jobs.files_of(at.row, "strategy") / f"{found.pk}.xlsx"
    if not path.is_file():
        raise Http404
    return book(path.read_bytes(), f"strategy-{found.release}.xlsx")


@require_GET
@on_release
def sample(request: ActorRequest, at: Opened) -> HttpResponseBase:
    """Samples to be judged in Excel: of all leaves, or of one."""
    chain = shown.chain_of(at)
    if chain is None:
        raise Http404
    leaf = request.GET.get("leaf")

    def write(path: Path) -> None:
        StrategyDesk(at.lake).export(shown.source_of(chain), path, leaves=[leaf] if leaf else (), again=True)

    return _made(request, at, write, f"sample-{leaf or chain.id}.xlsx")


def _made(request: ActorRequest, at: Opened, write: Callable[[Path], object], name: str) -> HttpResponseBase:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.xlsx"
        try:
            write(path)
        except PingjiangError as error:
            messages.error(request, refusal(error))
            return HttpResponseRedirect(page_of(at, "evidence-chain-strategy"))
        return book(path.read_bytes(), name)


@require_POST
@on_release
def take(request: ActorRequest, at: Opened) -> HttpResponseBase:
    """Take the verdicts of a sheet; the receipt adds up."""
    if not chain_frame(request, at, "strategy")["works"]:
        raise Http404
    given = _uploaded(request)
    if given is not None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / given[1]
            path.write_bytes(given[0])
            try:
                told = StrategyDesk(at.lake).take(path, who=name_in_log(request.actor))
                messages.success(
                    request,
                    _("读入 %(rows)s 行：采用 %(accepted)s，不变 %(unchanged)s，退出 %(rejected)s")
                    % {"rows": told.read, "accepted": told.accepted, "unchanged": told.unchanged,
                       "rejected": told.rejected},
                )  # fmt: skip
            except PingjiangError as error:
                messages.error(request, refusal(error))
    return HttpResponseRedirect(page_of(at, "evidence-chain-strategy"))


@require_POST
@on_release
def national(request: ActorRequest, at: Opened) -> HttpResponseBase:
    """Count by a national table that somebody hands in."""
    if not chain_frame(request, at, "coverage")["works"]:
        raise Http404
    given = _uploaded(request)
    if given is not None:
        table = jobs.kept_file(at.row, "tables", given[0], ".json")
        jobs.ask("chain national", at.row, table, request.actor, table=table, name=given[1])
        messages.success(request, _("已开始，完成后列在本页。"))
    return HttpResponseRedirect(page_of(at, "evidence-chain-coverage"))
