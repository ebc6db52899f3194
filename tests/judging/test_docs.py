"""The manual of tagging: its commands run, one after the other, on a small lake."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pingjiang.chain.tree import load
from pingjiang.cli import app
from pingjiang.engine import Lake
from tests.chain.made import chain_text
from tests.judging.test_tagging import Rows, column, edit

MANUAL = (Path(__file__).parents[2] / "docs" / "tagging.md").read_text(encoding="utf-8")


def test_the_commands_of_the_manual_run(lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [example] = re.findall(r"```bash\n(.*?)```", MANUAL, flags=re.DOTALL)
    monkeypatch.setenv("PINGJIANG_WHO", "王芳")
    monkeypatch.chdir(tmp_path)
    commands = [shlex.split(line)[1:] for line in example.splitlines() if line.startswith("pingjiang ")]
    outputs = {}
    for words in commands:
        path = next((tmp_path / word for word in words if word.endswith(".xlsx")), None)
        if path is not None and {"import", "--import"} & set(words):

            def answer(header: list[Any], rows: Rows, name: str = path.stem) -> None:
                for row in rows:
                    said = int(row[2][-3:-1]) % 3 == 0 or (name == "李娜" and int(row[2][-3:-1]) % 5 == 0)
                    row[column(header, "solid")] = "是" if said else "否"

            edit(path, answer)
        found = CliRunner().invoke(app, [str(lake.folder) if word == "DIR" else word for word in words])
        assert found.exit_code == 0, (words, found.output)
        outputs[words[1]] = found.output
    assert "kappa" in outputs["kappa"] and "查准 precision" in outputs["train"] and "0.4000" in outputs["threshold"]


def test_the_rule_of_the_manual_is_a_rule(tmp_path: Path) -> None:
    [rule] = re.findall(r"```text\nrules:\n  - \{symbols: \[H01M\], classifier: (.*)\}\n```", MANUAL)
    path = tmp_path / "chain.yaml"
    path.write_text(chain_text({"leaf": [{"symbols": ["H01M"], "classifier": rule}]}), encoding="utf-8")
    assert load(path).classifiers() == ("固态/solid",)
