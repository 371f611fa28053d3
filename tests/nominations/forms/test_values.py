"""Values as the form writes them."""

from datetime import date
from typing import Any

import pytest

from services.nominations.forms.print_specs import (
    ItemSpec,
    ValueFormat,
    ValueSpec,
)
from services.nominations.forms.values import Vocabulary, plain, printed

WORDS = Vocabulary({"level": {"national": "国家级"}, "sex": {"female": "女"}}, {"sex": "sex", "awards.level": "level"})
AWARD = ItemSpec("{level}奖励：{year}年{month}月，被{authority}授予“{title}”")
RESUME = ItemSpec(
    "{from}—{to}  {organisation}  {post}", formats={"from": "year_month", "to": "year_month"}, absent={"to": "至今"}
)


def _printed(spec: ValueSpec, **values: Any) -> str:
    return printed(spec, values, WORDS)


@pytest.mark.parametrize(
    ("wanted", "value", "expected"),
    [
        ("date", "2025-02-28", "2025年2月28日"),
        ("date", date(2025, 2, 8), "2025年2月8日"),
        ("date", "二月", "二月"),
        ("year_month", "1985-03", "1985年3月"),
        ("year_month", "1985年春", "1985年春"),
        ("boolean", True, "是"),
        ("boolean", False, "否"),
        ("text", 17, "17"),
        ("text", 0, "0"),
        ("text", "无", "无"),
        ("text", None, ""),
    ],
)
def test_a_value_is_written_the_chinese_way(wanted: ValueFormat, value: Any, expected: str) -> None:
    assert _printed(ValueSpec(("x",), format=wanted), x=value) == expected


def test_a_code_is_printed_as_its_word_and_another_word_stays() -> None:
    assert [_printed(ValueSpec(("sex",)), sex=value) for value in ("female", "无")] == ["女", "无"]


def test_parts_are_joined_and_a_missing_one_leaves_no_separator() -> None:
    spec = ValueSpec(("education", "degree"), separator=" / ")
    assert _printed(spec, education="大学本科", degree="学士") == "大学本科 / 学士"
    assert _printed(spec, education="大学本科") == "大学本科"


def test_the_postcode_stands_in_brackets_only_when_given() -> None:
    spec = ValueSpec(("address", "postcode"), pattern="{address}（{postcode}）")
    assert _printed(spec, address="山西省忻州市", postcode="034000") == "山西省忻州市（034000）"
    assert _printed(spec, address="山西省忻州市") == "山西省忻州市"


def test_awards_follow_the_pattern_of_the_notice_r182() -> None:
    award = {"level": "national", "year": 2019, "month": 4, "authority": "国务院", "title": "某某奖"}
    expected = "国家级奖励：2019年4月，被国务院授予“某某奖”"
    assert _printed(ValueSpec(("awards",), item=AWARD), awards=[award, award]) == f"{expected}\n{expected}"


def test_a_resume_without_an_end_lasts_until_now_r190() -> None:
    items = [
        {"from": "2008-07", "to": "2015-06", "organisation": "甲厂", "post": "技术员"},
        {"from": "2015-07", "organisation": "乙厂", "post": "厂长"},
    ]
    assert _printed(ValueSpec(("resume",), item=RESUME), resume=items) == (
        "2008年7月—2015年6月  甲厂  技术员\n2015年7月—至今  乙厂  厂长"
    )


def test_nothing_to_tell_stays_the_word_of_the_form_r171() -> None:
    assert _printed(ValueSpec(("awards",), item=AWARD), awards="无") == "无"


def test_an_item_without_any_answer_prints_no_line() -> None:
    assert _printed(ValueSpec(("resume",), item=RESUME), resume=[{"from": None, "to": ""}]) == ""


def test_braces_in_a_value_are_text() -> None:
    spec = ValueSpec(("a", "b"), pattern="{a}（{b}）")
    assert _printed(spec, a="{b}{0}", b="%s") == "{b}{0}（%s）"


def test_characters_that_no_paper_shows_are_left_out() -> None:
    assert plain("甲\u202e乙\x00\x0b\ud800丙\ufffe\r\n丁\t戊") == "甲乙丙\n丁 戊"
