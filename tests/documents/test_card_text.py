"""What the lines of text on an ID card copy say."""

from datetime import date

import pytest

from services.documents.domain.card_rule import CardSide
from services.documents.domain.card_text import CardText, plain_text, read_card
from services.documents.domain.card_text_rule import judge_text

NUMBER = "650102198306079993"
FRONT = (
    "姓名",
    "王晓明",
    "性别",
    "男",
    "民族漢",
    "出生1983年6月7日",
    "住址",
    "市天山区文三路99号27",
    "公民身份号码",
    NUMBER,
)
BACK = ("中华人民共和国", "居民身份证", "签发机关 示例市公安局", "有效期限 2015.05.07-2035.05.07")


def codes(lines: tuple[str, ...], side: CardSide) -> list[str]:
    return [finding.code for finding in judge_text(read_card(lines), side)]


def test_a_front_gives_number_and_name():
    assert read_card(FRONT) == CardText(NUMBER, ("王晓明",), None, no_expiry=False, shows=frozenset({CardSide.FRONT}))


def test_a_name_behind_its_label_is_the_only_one():
    assert read_card(("姓名 欧阳雪", "张伟", NUMBER)).names == ("欧阳雪",)


@pytest.mark.parametrize("name", ["阿依古丽·买买提", "阿依古丽•买买提", "阿依古丽．买买提"])
def test_the_dot_of_a_name_is_one_dot_however_it_is_printed(name):
    assert read_card((f"姓名{name}",)).names == (plain_text(name),) == ("阿依古丽·买买提",)


def test_rare_characters_are_characters_of_names():
    assert read_card(("姓名", "陈䶮")).names == ("陈䶮",)


def test_addresses_labels_and_the_sample_mark_are_no_names():
    lines = ("姓名", "住址", "样本", "新疆维吾尔自治区天山区", "栋572室", "签发机关", "汉")
    assert read_card(lines).names == ()


@pytest.mark.parametrize(
    "lines",
    [
        (NUMBER[:-1] + "4",),  # checksum
        ("3502031009089997",),  # a burnt-out piece
        ("650102198313079991",),  # no such month
        (NUMBER, "350203198203180002"),  # two cards on one sheet
        (f"9{NUMBER}",),
    ],
)
def test_a_number_that_does_not_prove_itself_is_none(lines):
    assert read_card(lines).number is None


def test_a_number_is_read_beside_its_label_with_gaps_and_a_small_x():
    assert read_card(("公民身份号码 110105 19491231 002x",)).number == "11010519491231002X"


@pytest.mark.parametrize(
    ("line", "until", "no_expiry"),
    [
        ("有效期限 2015.05.07-2035.05.07", date(2035, 5, 7), False),
        ("2023.01.08-2033.01.08", date(2033, 1, 8), False),
        ("20230108-20280108", date(2028, 1, 8), False),
        ("有效期限2010.01.01-长期", None, True),
        ("2015.05.07—2035.05.07", date(2035, 5, 7), False),
        ("2015.05.07-2036.05.07", None, False),
        ("2015.05.07-2035.06.07", None, False),
        ("2015.13.07-2035.13.07", None, False),
        ("2015.05.07", None, False),
    ],
)
def test_r193_a_validity_is_a_term_that_cards_have_or_nothing(line, until, no_expiry):
    text = read_card((line,))
    assert (text.valid_until, text.no_expiry) == (until, no_expiry)


def test_a_sheet_with_both_sides_shows_both():
    text = read_card((*FRONT, *BACK))
    assert (text.shows, text.number, text.valid_until) == (frozenset(CardSide), NUMBER, date(2035, 5, 7))


@pytest.mark.parametrize(
    ("lines", "side", "warned"),
    [
        (FRONT, CardSide.FRONT, []),
        (BACK, CardSide.BACK, []),
        (BACK, CardSide.FRONT, ["card_wrong_side"]),
        (FRONT, CardSide.BACK, ["card_wrong_side"]),
        (FRONT[:-1], CardSide.FRONT, ["card_number_unreadable"]),
        (("公民身份号码", NUMBER), CardSide.FRONT, ["card_name_unreadable"]),
        (BACK[:-1], CardSide.BACK, ["card_validity_unreadable"]),
        ((), CardSide.FRONT, ["card_number_unreadable", "card_name_unreadable"]),
    ],
)
def test_r184_what_could_not_be_read_is_warned_of_by_name(lines, side, warned):
    assert codes(lines, side) == warned


def test_no_finding_says_what_was_read():
    findings = [*judge_text(read_card(FRONT), CardSide.BACK), *judge_text(read_card(FRONT[:-2]), CardSide.FRONT)]
    assert findings
    assert not any(secret in str(finding) for finding in findings for secret in ("王晓明", NUMBER, "1983"))
