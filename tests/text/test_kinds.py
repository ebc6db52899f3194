"""Kinds of organisation by words of their names; unknown where nothing says."""

from __future__ import annotations

import pytest

from pingjiang.text import KINDS, read_name

CASES: dict[str | None, str] = {
    "company": """
        苏州大学科技园有限公司; Toyota Motor Corp; 比亚迪股份有限公司; Robert Bosch GmbH; 삼성전자주식회사;
        トヨタ自動車株式会社; Hospital Products Inc; University Games Ltd; 上海第一机床厂; Volvo Group;
        LG Chemicals; Abbott Laboratories; 研究社株式会社; ООО Ромашка; 中科院科技服务有限公司;
        大学出版社有限公司
    """,
    "university": """
        苏州大学; 東吳大學; University of Cambridge; Univ Tsinghua; Technische Universität München;
        École Polytechnique; The Regents of the University of California; 苏州职业技术学院; 山东省实验中学;
        한양대학교; 国立大学法人東京大学; Massachusetts Institute of Technology; Tokyo Daigaku; ETH Zürich;
        KAIST; Politecnico di Milano; President and Fellows of Harvard College; 한국과학기술원
    """,
    "institute": """
        中国科学院苏州纳米技术与纳米仿生研究所; 江苏省农科院; Fraunhofer-Gesellschaft e.V.; RIKEN; CNRS;
        한국전자통신연구원; Industrial Technology Research Institute;
        National Institute of Advanced Industrial Science and Technology; 国立研究開発法人理化学研究所;
        Commissariat à l'énergie atomique; 中国电力科学研究院; 清华大学深圳研究院
    """,
    "hospital": """
        苏州大学附属第一医院; Mayo Clinic; Massachusetts General Hospital; 서울대학교병원;
        Universitätsklinikum Freiburg Hospital; 北京大学第三医院; Universitaet Krankenhaus Köln
    """,
    "government": """
        苏州市人民政府; 国家知识产权局;
        The United States of America as represented by the Secretary of the Navy; U.S. Department of Energy;
        Ministry of Defence; 中华人民共和国南京海关; 中国人民解放军63921部队
    """,
    "individual": """
        王小明; 欧阳娜娜; 刘博; 김동원; 山本 太郎; Müller, Hans; Dr. Erika Mustermann; Иванов Иван Иванович;
        弗朗西斯科·瑞奇; KOSTKIN MIKHAIL DMITRIEVICH; 司马相如
    """,
    None: """
        Siemens; 华为; Battery Street; Smith John; 123; 万达; Mann
    """,
}


@pytest.mark.parametrize("kind", CASES)
def test_kind(kind: str | None) -> None:
    assert kind is None or kind in KINDS
    names = [name.strip() for name in CASES[kind].split(";")]
    assert [(name, read_name(name).kind) for name in names] == [(name, kind) for name in names]
