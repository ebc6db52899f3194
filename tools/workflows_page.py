"""The page of the programme's workflows: a diagram of each, and who makes which move under which rules."""

from __future__ import annotations

import os

_NAMES = ("call", "application", "panel", "review", "decision", "objection")
_NOTES = {"required": "✓", "optional": "", "none": "—"}
_HEAD = """# 项目管理的流程 · Workflows of the programme

每一步由谁、在哪个状态、满足哪些条件才能办；由定义生成，与系统所执行的是同一份。粗体为正式办理，系统会再问一次。怎样办见 [programme.md](programme.md)。

*Who makes which move, from which state, under which rules: generated from the definitions that the site goes by. Official acts are set in bold, and asked for once more. How it is done: [programme.md](programme.md).*
"""  # noqa: E501


def workflows_page() -> str:
    """Every workflow of the programme."""
    from django.apps import apps

    if not apps.ready:
        os.environ.setdefault("PINGJIANG_SITE_MODE", "test")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pingjiang.centre.settings")
        import django

        django.setup()
    return "\n".join([_HEAD, *map(_one, _NAMES)])


def _one(name: str) -> str:
    from pingjiang.centre.casework import service

    found = service.workflow_named(name)
    parts = [
        f"## {found.label[0]} · {found.label[1]}\n", f"```mermaid\n{found.diagram()}\n```\n",
        "| 办理 move | 状态 from → to | 谁 by | 条件 rules | 意见 reason | 后果 effect |", "|---|---|---|---|---|---|",
    ]  # fmt: skip
    for move in found.moves:
        sources = "、".join(found.state(each).label[0] for each in move.sources)
        people = "、".join(sorted(found.parties[each][0] for each in move.by))
        label = f"**{move.label[0]}** *{move.label[1]}*" if move.official else f"{move.label[0]} *{move.label[1]}*"
        rules = ", ".join(dict.fromkeys(need.name for need in move.needs))
        effect = f"{move.effect[0]} *{move.effect[1]}*" if any(move.effect) else ""
        to = found.state(move.target).label[0]
        parts.append(f"| {label} | {sources} → {to} | {people} | {rules} | {_NOTES[move.note]} | {effect} |")
    return "\n".join(parts) + "\n"
