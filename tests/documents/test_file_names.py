"""R127 “命名为“单位+姓名””: literally, as far as phones and computers can store it."""

import pytest

from services.documents.domain.file_names import file_name, file_stem, free_stem


@pytest.mark.parametrize(
    ("unit", "person", "stem"),
    [
        ("示例机械公司", "张三", "示例机械公司+张三"),
        ("示例机械公司", None, "示例机械公司"),
        ("示例(集团)公司", "阿依古丽·买买提", "示例(集团)公司+阿依古丽·买买提"),
        (' 示例/机械\\公司:甲*乙?"丙"<丁>|戊 ', "张\t三", "示例_机械_公司_甲_乙__丙__丁__戊+张_三"),
        ("..", "张三", "张三"),
        ("示" * 100, "例" * 100, "示" * 60 + "+" + "例" * 60),
    ],
)
def test_r127_the_name_is_unit_plus_person_with_a_literal_plus(unit, person, stem):
    assert file_stem(unit, person) == stem


def test_the_longest_name_fits_a_file_system():
    name = file_name(
        stem=free_stem(file_stem("示" * 100, "例" * 10), {"示" * 60 + "+" + "例" * 10}),
        label="学历学位证书",
        ordinal=12,
        is_portrait=False,
        several=True,
        extension="jpg",
    )
    assert len(name.encode()) <= 255


def test_namesakes_are_numbered_by_the_first_number_that_nobody_has():
    assert [free_stem("甲+乙", taken) for taken in (set(), {"甲+乙"}, {"甲+乙", "甲+乙(2)", "甲+乙(4)"})] == [
        "甲+乙",
        "甲+乙(2)",
        "甲+乙(3)",
    ]


@pytest.mark.parametrize(
    ("stem", "portrait", "several", "ordinal", "name"),
    [
        ("甲+乙", True, False, 3, "甲+乙.jpg"),
        ("甲+乙", False, False, 3, "甲+乙-证书.jpg"),
        ("甲+乙", False, True, 1, "甲+乙-证书.jpg"),
        ("甲+乙", False, True, 2, "甲+乙-证书(2).jpg"),
        (None, True, False, 1, "证书.jpg"),
        (None, False, True, 2, "证书(2).jpg"),
    ],
)
def test_only_a_portrait_is_named_by_unit_and_person_alone(stem, portrait, several, ordinal, name):
    assert (
        file_name(stem=stem, label="证书", ordinal=ordinal, is_portrait=portrait, several=several, extension="jpg")
        == name
    )
