import pytest

from services.nominations.domain.text import DeedsCount, count_characters


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("中国", 2),
        ("他说：“好。”", 7),
        ("使用PLC控制", 5),
        ("2025年2月28日", 6),
        ("hello world", 2),
        ("废品率由3.2%降至0.9%", 10),
        ("第一行\r\n第二行", 6),
        ("  两端空白  ", 4),
        ("喆垚犇龑祎", 5),
        ("𠅤㛃", 2),
        ("１５００字", 2),
    ],
)
def test_han_and_cjk_punctuation_count_one_each_and_a_latin_run_counts_one_r131(text, count):
    assert count_characters(text).count == count


def test_code_points_are_told_beside_the_count():
    assert count_characters("使用PLC") == DeedsCount(count=3, code_points=5)


@pytest.mark.parametrize(("typed", "stored"), [("  事迹\r\n", 2), ("事\r\n迹", 3), ("e\u0301tude", 5)])
def test_code_points_are_those_of_the_text_as_it_is_stored(typed, stored):
    assert count_characters(typed).code_points == stored


def test_fifteen_hundred_han_characters_count_fifteen_hundred():
    assert count_characters("事" * 1500).count == 1500
