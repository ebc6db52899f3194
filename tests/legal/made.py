"""A made-up export with lists of legal events in a cell, as Patentics has it; synthetic from beginning to end."""

from __future__ import annotations

from pathlib import Path

from tests.made import write_csv

HEADER = ["公开号", "申请号", "专利局", "专利度", "标题", "申请人", "申请日", "公开/公告日", "专利类型", "国际分类",
          "法律状态", "法律描述"]  # fmt: skip
LICENSED = """6  2012.05.02 公开 公开

2012.06.13 实质审查的生效 实质审查的生效
IPC(主分类)=H01L 21/768
申请日=2011.11.08

2014.03.05 授权 授权

2016.08.10 专利实施许可合同备案的生效 专利实施许可合同备案的生效
合同备案号=2016320000001
登记生效日=2016.07.20

2018.12.28 未缴年费专利权终止 未缴年费专利权终止
终止日期=2017.11.08

2019.09.03 专利权的恢复 专利权的恢复"""
REJECTED = """3  2013.01.02 公开 公开

2013.02.06 实质审查的生效 实质审查的生效

2016.04.06 发明专利申请公布后的驳回 发明专利申请公布后的驳回"""
ODD = """2  2014.01.01 公开 公开

2015.01.07 某种新公告 某种新公告"""


def row(publication: str, application: str, events: str, status: str, **cells: str) -> list[str]:
    told = {
        "公开号": publication, "申请号": application, "专利局": "中国", "专利度": "5",
        "标题": f"合成器件 {application}",
        "申请人": "合成公司甲", "申请日": "2011.11.08", "公开/公告日": "2012.05.02", "专利类型": "发明",
        "国际分类": "H01L21/768",
        "法律状态": status, "法律描述": events, **cells,
    }  # fmt: skip
    return [told[name] for name in HEADER]


def first_export(path: Path) -> Path:
    """Three applications, one with all its events up to a grant and a licence, in an export that reaches to 2014."""
    until_then = LICENSED.partition("\n\n2018.12.28")[0]
    rows = [
        row("CN102437001A", "CN201110350001.4", until_then, "有效"),
        row("CN102437001B", "CN201110350001.4", until_then, "有效", **{"公开/公告日": "2014.03.05"}),
        row("CN102437002A", "CN201110350002.9", REJECTED, "驳回", **{"公开/公告日": "2013.01.02"}),
        row("CN102437003A", "CN201110350003.3", ODD, "某种新状态",
            **{"公开/公告日": "2014.01.01", "申请人": "合成公司乙"}),
    ]  # fmt: skip
    return write_csv(path, HEADER, rows)


def later_export(path: Path) -> Path:
    """The first of them again, with its lapse and its restoration, in an export that reaches to 2020."""
    rows = [
        row("CN102437001B", "CN201110350001.4", LICENSED, "有效", **{"公开/公告日": "2014.03.05"}),
        row("CN109999999A", "CN201810000001.X", "1  2020.01.03 公开 公开", "公开",
            **{"公开/公告日": "2020.01.03", "申请日": "2018.01.02"}),
    ]  # fmt: skip
    return write_csv(path, HEADER, rows)
