"""What calls and applications of the synthetic city say: applications whole under 苏知专〔2018〕116号.

All of it is made up and called 示例.
"""

from __future__ import annotations

from typing import Any

GUIDE = """现组织申报本年度产业知识产权运营中心建设项目。本通知为示例，不对应任何真实项目。
一、申报条件
申报产业和运行主体应符合所附规则包的各项条件，填报前可先自查。
二、申报程序
申报单位在线填报，由所在区县审核、盖章、排序后报送市局；逾期不予受理，以服务器时间为准。
三、经费
市级经费每项不超过规则包所列上限，地方配套不少于市级经费。"""
_TEXTS = {
    "high_end": "位于设备与材料环节，处技术中上游，属核心共性环节。",
    "integration": "与三所高校、两家研究院签有共建协议，统筹检索、分析与转化资源。",
    "systematic": "以产业数据库为底座，先导航、后布局、再运营；三年目标与年度任务分解到季度。",
    "cooperative": "联盟理事会每季度议事，规则公开，成员自愿进出。",
    "lasting": "专职人员十二名；第三年起服务收入可覆盖日常运转。",
    "conditions": "办公场地六百平方米，检索系统与数据接口已就绪，专职人员到岗八名。",
    "goals": "建成本产业知识产权大数据中心、联盟与专利池，形成面向全市的服务能力。",
    "plan": "分三年建设：第一年建库成图、组建联盟；第二年运营专利池、对接金融；第三年完善预警与自我运转。",
    "plan_data": "汇集本产业全球专利，按产业链归类，每季度发布产业资源与创新资源地图。",
    "plan_alliance": "吸收链上企业与研究机构，三年内成员六十家，覆盖主要环节。",
    "plan_services": "引入代理、检索、评估机构十二家，培育高峰企业六家。",
    "plan_pool": "围绕关键环节组建专利池两个，推动专利纳入团体标准。",
    "plan_finance": "与银行、保险共建质押与保险产品，三年质押融资三亿元。",
    "plan_protection": "建立专利预警月报，海外纠纷由专家组应对。",
    "risk": "数据源中断：备有两个来源。人才流失：设岗位津贴与股权激励。",
}
_INDICATORS = {
    "data": ("专题数据库专利族数", "项", "2000", "8000", "15000", "20000", "release"),
    "alliance": ("联盟成员数", "家", "0", "25", "45", "60", "contract"),
    "services": ("培育的高峰企业", "家", "0", "2", "4", "6", "certificate"),
    "pool": ("专利池入池专利", "件", "0", "40", "90", "150", "contract"),
    "finance": ("质押融资金额", "万元", "3000", "8000", "18000", "30000", "register"),
    "protection": ("预警报告", "份", "0", "12", "24", "36", "report"),
}
_TASKS = (
    "数据源接入与清洗", "产业链归类与建库", "首版地图与联盟筹备", "联盟成立、年度自评", "专利池规则议定",
    "首批入池与评估", "质押产品上线", "中期检查与调整", "高峰企业培育结对", "标准提案", "预警与海外应对演练",
    "总结与验收准备",
)  # fmt: skip
_LINES = {
    "data": ("150.00", "100.00", "40.00", "数据采购与加工三年，按报价"),
    "navigation": ("110.00", "120.00", "", "导航分析九项"),
    "platform": ("90.00", "120.00", "60.00", "平台开发与运维"), "pool": ("60.00", "60.00", "", "入池评估与管理"),
    "labour": ("50.00", "90.00", "30.00", "专职人员十二名"),
}  # fmt: skip
MATERIALS = (
    ("industry_documents", "产业文件（示例）.pdf"), ("output_statistics", "产值证明（示例）.pdf"),
    ("local_policy", "扶持政策（示例）.pdf"), ("licence", "登记证照（示例）.pdf"),
)  # fmt: skip
LIST = ("body_list", "单位名单（示例）.csv")


def content(bodies: int = 132, output: str = "213", year: int = 2026) -> dict[str, dict[str, Any]]:
    """Section → what it says, in a year. `bodies` and `output` (hundred million yuan) decide what two rules say."""
    found: dict[str, dict[str, Any]] = {name: {"text": text} for name, text in _TEXTS.items()}
    document = {"title": f"示例规划〔{year}〕5号", "issuer": "江城市人民政府（示例）", "issued_on": f"{year}-03-01"}
    found["unit"] = {
        "operator_type": "carrier", "not_blacklisted": "yes", "legal_person": "示例法人",
        "established_on": "2016-05-18",
        "capital": "5000.00", "staff": "86", "ip_staff": "12", "revenue": "6200.00",
        "address": "江城市北岸区示例路 8 号",
        "contact": "示例联系人", "phone": "000-00000000", "about": "产业载体型发展公司，服务链上企业（示例）。",
    }  # fmt: skip
    found["strategic"] = {
        "text": "列入本市重点产业与先导产业，规划、政策、举措文件齐备。", "industry_lists": ["key", "pilot"],
        "layout_plan": dict(document), "industry_policy": dict(document), "key_measures": dict(document),
    }  # fmt: skip
    found["leading"] = {
        "text": "龙头企业与研究机构均在本市，有效发明专利居省内前列。",
        "leading_firms": "示例龙头企业甲\n示例龙头企业乙",
        "research_bodies": "示例研究院", "provincial_rank": "2",
    }  # fmt: skip
    found["clustered"] = {"text": "单位名单附后。", "bodies": str(bodies), "location_quotient": "1.6"}
    found["size"] = {"text": "近三年持续增长。", "output": output, "output_growth": "11.8"}
    found["district_service"] = {"text": "面向全市同产业企业开放服务。", "serves_whole_city": "yes"}
    found["evidence"] = {"text": "数据待市局公开版本后引用。"}
    found["indicators"] = {"f": {name: [_indicator(*row)] for name, row in _INDICATORS.items()}}
    found["schedule"] = {"start": f"{year + 1}-01", "months": "36"} | {
        f"q{number}": {"task": task, "output": f"{task}的成果清单"} for number, task in enumerate(_TASKS, start=1)
    }
    found["team"] = {"people": [_member(number) for number in range(1, 5)]}
    found["budget"] = _budget(document)
    return found


def _indicator(*row: str) -> dict[str, str]:
    names = ("name", "unit", "baseline", "year1", "year2", "year3", "evidence")
    return dict(zip(names, row, strict=True))


def _member(number: int) -> dict[str, str]:
    fields = ("知识产权", "产业分析", "数据工程", "金融")
    return {
        "name": f"示例成员{number}", "employer": "示例单位", "title": "高级工程师", "field": fields[number - 1],
        "task": f"{fields[number - 1]}方向负责", "months": "24",
    }  # fmt: skip


def _budget(document: dict[str, str]) -> dict[str, Any]:
    amounts = {
        line: {name: value for name, value in zip(("municipal", "local", "own"), row[:3], strict=True) if value}
        for line, row in _LINES.items()
    }
    return {
        "amount": amounts, "basis": {line: row[3] for line, row in _LINES.items()}, "local_policy": dict(document),
        "note": "地方配套列入区级财政预算，分三年每年六月底前到位（示例）。",
    }  # fmt: skip


def listed(bodies: int) -> bytes:
    """A list of so many firms and institutes, as it is handed in."""
    rows = (f"示例企业{number:03d},（示例）" for number in range(1, bodies + 1))
    return "\n".join(["名称,统一社会信用代码", *rows, ""]).encode()


def sheet() -> bytes:
    """A PDF of one page that says that it is made up: what the synthetic city hands in as a scan or a letter."""
    drawn = b"BT /F1 20 Tf 72 720 Td (SYNTHETIC - a sample file of the demo) Tj ET"
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]  # fmt: skip
    made, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(made))
        made += b"%d 0 obj%s\nendobj\n" % (number, part)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, len(made))
    return made + head + rows + end
