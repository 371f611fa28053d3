"""“数字统一使用阿拉伯数字”: what phones type is understood in fields for numbers (R150, R170)."""

import pytest

from services.nominations.domain.numerals import plain_day, plain_phone, plain_year_month, whole_number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("15", 15), (" １５ ", 15), ("零", 0), ("〇", 0), ("五", 5), ("两", 2), ("十", 10), ("十五", 15), ("二十", 20),
        ("九十九", 99), ("007", 7), ("999999999", 999_999_999),
    ],
)  # fmt: skip
def test_a_number_is_understood_however_it_is_typed_r150(typed, number):
    assert whole_number(typed) == number


@pytest.mark.parametrize("typed", ["", "十几", "1.5", "-5", "1e3", "百", "一百", "五十五十", "1000000000", "15年", "٣"])
def test_what_is_no_whole_number_is_left_to_be_refused_r150(typed):
    assert whole_number(typed) is None


@pytest.mark.parametrize(
    "typed",
    ["2021-05", "2021-5", "2021年5月", "2021年05月", "2021.5", "2021/05", "２０２１年５月", "202105", " 2021年5月 "],
)
def test_a_month_is_understood_however_it_is_typed_r150(typed):
    assert plain_year_month(typed) == "2021-05"


@pytest.mark.parametrize("typed", ["", "2021", "今年5月", "05-2021", "2021-05-01"])
def test_what_is_no_month_stays_as_it_is_and_is_named_later_r150(typed):
    assert plain_year_month(typed) == typed


@pytest.mark.parametrize(
    "typed",
    ["2021-05-01", "2021年5月1日", "2021.5.1", "2021/05/01", "20210501", "２０２１年５月１日", " 2021年5月1日 "],
)
def test_a_day_is_understood_however_it_is_typed_r150(typed):
    assert plain_day(typed) == "2021-05-01"


@pytest.mark.parametrize("typed", ["", "2021-05", "1.5.2021", "长期"])
def test_what_is_no_day_stays_as_it_is_r150(typed):
    assert plain_day(typed) == typed


@pytest.mark.parametrize(
    "typed",
    [
        "13803501234",
        "138 0350 1234",
        "+8613803501234",
        "+86 138-0350-1234",
        "0086 13803501234",
        "１３８０３５０１２３４",
    ],
)
def test_a_mobile_number_is_understood_however_it_is_typed_r150(typed):
    assert plain_phone(typed) == "13803501234"


@pytest.mark.parametrize("typed", ["0350-3334026", "（0350）3334026", "0350—3334026", "0350 333 4026", "0350－3334026"])
def test_a_land_line_is_understood_however_it_is_typed_r150_r205(typed):
    assert plain_phone(typed) == "0350-3334026"


@pytest.mark.parametrize("typed", ["0350-3334026-801", "(0350)3334026转801", "0350 3334026 801"])
def test_an_extension_stays_with_its_land_line_r150(typed):
    assert plain_phone(typed) == "0350-3334026-801"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "3334026",
        "03503334026",
        "0350",
        "110",
        "1380350123",
        "无",
        "-",
        "+44 20 7946 0000",
        " 3334026 ",
        "350 3334026",
        "0350 333 801",
        "0350 3334026 8011234",
        "0350 3334026 801 802",
    ],
)
def test_what_is_no_number_of_ours_stays_as_it_is_r150(typed):
    assert plain_phone(typed) == typed
