"""What a new version changes, said in the groups that a person thinks in."""

from copy import deepcopy
from typing import Any

import pytest

from services.nominations.domain.campaign_difference import Change, changes_between
from tests.domain.the_campaign import campaign_data, field_data

DATA = campaign_data()
INDIVIDUAL = "advanced_individual 山西省制造业振兴升级先进个人"
COLLECTIVE = "advanced_collective 山西省制造业振兴升级先进集体"
PORTRAIT = "{kind: portrait, label: 2寸蓝底彩色证件照, category: advanced_individual, requirement: R124}"


def after(change: Any) -> list[str]:
    data = deepcopy(DATA)
    change(data)
    return [f"{each.group} {each}" for each in changes_between(DATA, data)]


def test_the_same_again_changes_nothing():
    assert changes_between(DATA, deepcopy(DATA)) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data.update(city_collected=["public_security"]), "征求意见 ＋ city_collected: public_security"),
        (lambda data: data["quotas"][4]["seats"].update(advanced_individual=2),
         "名额 ～ quotas.140922 五台县.seats.advanced_individual: 1 → 2"),
        (lambda data: data["categories"][0].update(final_quota=9), f"名额 ～ categories.{INDIVIDUAL}.final_quota: 8 → 9"),
        (lambda data: data.update(materials_deadline="2025-03-05 18:00"),
         "时限 ～ materials_deadline: 2025-02-28 24:00 → 2025-03-05 18:00"),
        (lambda data: data["publicity"]["unit"].update(count_first_day=True), "公示 ～ publicity.unit.count_first_day: 否 → 是"),
        (lambda data: data["paths"]["city_direct"].insert(1, "county"), "推荐程序 ＋ paths.city_direct: county"),
        (lambda data: data["paths"].update(default=["unit", "city"]), "推荐程序 － paths.default: county"),
        (lambda data: data["categories"][1]["conditions"].pop("other_contribution"),
         f"评选条件 － categories.{COLLECTIVE}.conditions.other_contribution: 在其他方面作出突出贡献的"),
        (lambda data: data["categories"][0]["scopes"].update(employees="全市职工"),
         f"评选范围 ～ categories.{INDIVIDUAL}.scopes.employees: {DATA['categories'][0]['scopes']['employees']} → 全市职工"),
        (lambda data: data["categories"][1]["scope_rules"][0].update(severity="warning"),
         f"评选范围 ～ categories.{COLLECTIVE}.scope_rules.1.severity: error → warning"),
        (lambda data: data["categories"][0].update(title="先进个人"),
         f"奖项 ～ categories.{INDIVIDUAL}.title: 山西省制造业振兴升级先进个人 → 先进个人"),
        (lambda data: data["disqualifiers"][1].update(window_years=3),
         "否决情形 ～ disqualifiers.work_safety_accident 近五年发生过较大及以上安全生产事故.window_years: 5 → 3"),
        (lambda data: data["document_needs"].pop(0),
         f"材料 － document_needs.portrait.advanced_individual 2寸蓝底彩色证件照: {PORTRAIT}"),
        (lambda data: data["consultation"][2]["authorities"].append("taxation"),
         "征求意见 ＋ consultation.3.authorities: taxation"),
        (lambda data: field_data(data, "deeds").update(max_count=1200),
         "表格 ～ forms.attachment_6.fields.deeds 主要先进事迹.max_count: 1500 → 1200"),
        (lambda data: field_data(data, "post").pop("blank_as"), "表格 － forms.attachment_6.fields.post 职务.blank_as: 无"),
        (lambda data: data["enums"]["degree"].update(none="没有"), "选项 ～ enums.degree.none: 无 → 没有"),
        (lambda data: data["print_layouts"]["attachment_6"]["page"].update(duplex=False),
         "打印版式 ～ print_layouts.attachment_6.page.duplex: 是 → 否"),
        (lambda data: data["report_sections"].update(extra="其他"), "推荐报告 ＋ report_sections.extra: 其他"),
        (lambda data: data.update(version=2), "基本信息 ～ version: 1 → 2"),
        (lambda data: data.update(disclosure=["主动公开"]), "基本信息 ～ disclosure: 主动公开 → [主动公开]"),
        (lambda data: data.update(paper_copies=True), "基本信息 ～ paper_copies: 3 → 是"),
    ],
)  # fmt: skip
def test_a_change_is_told_in_its_group_with_before_and_after(change: Any, said: str):
    assert after(change) == [said]


def test_a_list_in_another_order_is_told_by_its_names():
    assert after(lambda data: data["categories"].reverse()) == [
        "奖项 ～ categories.顺序: advanced_individual、advanced_collective → advanced_collective、advanced_individual"
    ]


def test_items_without_names_are_told_by_what_came_and_what_went():
    assert after(lambda data: data.update(issuers=["示例一", "示例二", "示例三"])) == [
        "基本信息 － issuers: 忻州市人力资源和社会保障局",
        "基本信息 － issuers: 忻州市工业和信息化局",
        "基本信息 ＋ issuers: 示例一",
        "基本信息 ＋ issuers: 示例二",
        "基本信息 ＋ issuers: 示例三",
    ]


def test_an_item_that_only_stands_more_often_is_told():
    issuers = DATA["issuers"]
    assert [str(each) for each in changes_between({"issuers": issuers}, {"issuers": [*issuers, issuers[0]]})] == [
        f"～ issuers: [{'、'.join(issuers).replace('、', ', ')}] → [{', '.join([*issuers, issuers[0]])}]"
    ]


def test_items_of_one_name_are_compared_by_their_places():
    row = {"key": "a", "label": "甲"}
    assert changes_between({"disqualifiers": [row, row]}, {"disqualifiers": [row, row | {"label": "乙"}]}) == [
        Change("否决情形", "disqualifiers.2.label", "甲", "乙")
    ]


def test_a_number_written_with_a_point_is_the_same_number():
    assert changes_between({"print_layouts": {"a": {"width": 39}}}, {"print_layouts": {"a": {"width": 39.0}}}) == []


def test_groups_come_in_the_order_of_the_notice():
    def change(data: dict[str, Any]) -> None:
        data["version"] = 2
        field_data(data, "post")["label"] = "岗位"
        data["materials_deadline"] = "2025-03-05 18:00"
        data["quotas"][0]["seats"]["advanced_individual"] = 3

    assert [line.split()[0] for line in after(change)] == ["名额", "时限", "表格", "基本信息"]
