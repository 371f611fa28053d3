"""The columns of an import workbook, and the way from a cell to an answer and back."""

from services.nominations.domain.import_rows import Cell, Line, rows_of
from services.nominations.domain.import_sheet import MAIN, NUMBER, sheets_of
from tests.domain.the_campaign import the_campaign

CAMPAIGN = the_campaign()
SHEETS = sheets_of(CAMPAIGN.form_of("advanced_individual"), CAMPAIGN.enums)


def line(number: int, **cells: str) -> Line:
    return Line(number, {heading: Cell(text) for heading, text in cells.items()})


def read(main: list[Line], **others: list[Line]):
    return rows_of(SHEETS, {MAIN: main, **others}, CAMPAIGN.enums)


def test_each_list_of_the_form_has_a_sheet_of_its_own():
    assert [(sheet.title, sheet.list_key) for sheet in SHEETS] == [
        (MAIN, None),
        ("个人简历", "resume"),
        ("何时何地受过何种奖励", "awards_received"),
        ("何时何地受过何种处分", "sanctions_received"),
    ]


def test_headings_are_unique_and_no_promise_has_a_column():
    headings = SHEETS[0].headings
    assert len(set(headings)) == len(headings)
    assert [c.heading for c in SHEETS[0].columns if c.field.type == "attestation"] == []


def test_words_become_codes_and_back_they_find_their_cell():
    (row,), loose = read([line(4, 姓名="示例", 性别="女", 学位="无", 是否企业负责人="是", 行政级别="无")])
    assert (row.values, loose) == (
        {
            "full_name": "示例",
            "sex": "female",
            "degree": "none",
            "is_enterprise_head": True,
            "administrative_rank": "无",
        },
        [],
    )
    place = row.place_of("/form/sex")
    assert (place.sheet, place.row, place.heading) == (MAIN, 4, "性别")


def test_a_choice_among_several_is_a_column_of_its_own():
    columns = [column for column in SHEETS[0].columns if column.field.key == "conditions"]
    (row,), _ = read([line(2, **{columns[0].heading: "是", columns[2].heading: "是", columns[1].heading: "否"})])
    assert row.values == {"conditions": [columns[0].choice, columns[2].choice]}


def test_entries_of_a_list_follow_the_number_of_their_nominee():
    entries = [line(2, 序号="2", 单位="示例甲"), line(3, 序号="1", 单位="示例乙"), line(4, 序号="2", 单位="示例丙")]
    rows, loose = read([line(2, 序号="1"), line(3, 序号="2")], 个人简历=entries)
    assert [row.values for row in rows] == [
        {"resume": [{"organisation": "示例乙"}]},
        {"resume": [{"organisation": "示例甲"}, {"organisation": "示例丙"}]},
    ]
    assert [row.faults for row in rows] == [[], []]
    place = rows[1].place_of("/form/resume/1/organisation")
    assert (loose, place.sheet, place.row, place.heading) == ([], "个人简历", 4, "单位")


def test_an_entry_of_nobody_and_a_number_given_twice_are_loose():
    _, loose = read([line(2, 序号="1"), line(3, 序号="1")], 个人简历=[line(2, 序号="9", 单位="示例")])
    assert [(place.sheet, place.row, place.heading) for place, _ in loose] == [
        (MAIN, 3, NUMBER),
        ("个人简历", 2, NUMBER),
    ]


def test_nothing_to_tell_and_an_entry_contradict_each_other():
    rows, _ = read(
        [line(2, 序号="1", 何时何地受过何种奖励="无")], 何时何地受过何种奖励=[line(2, 序号="1", 名称="示例奖")]
    )
    assert [finding.code for _, finding in rows[0].faults] == ["list_contradicts_cell"]


def test_a_formula_and_a_number_that_lost_its_digits_are_no_text():
    cells = {"姓名": Cell("=A1", "formula"), "身份证号": Cell("140922197001010000", "cut_number")}
    (row,), _ = read([Line(2, cells)])
    assert [finding.code for _, finding in row.faults] == ["cell_is_formula", "number_cut"]


def test_nominees_need_no_number_and_an_entry_without_one_belongs_to_nobody():
    rows, loose = read([line(2, 姓名="示例甲"), line(3, 姓名="示例乙")], 个人简历=[line(2, 单位="示例")])
    assert ([row.values for row in rows], [place.sheet for place, _ in loose]) == (
        [{"full_name": "示例甲"}, {"full_name": "示例乙"}],
        ["个人简历"],
    )


def test_an_entry_without_a_number_is_not_given_to_the_only_nominee_without_one():
    (row,), loose = read([line(2, 姓名="示例甲")], 个人简历=[line(2, 单位="示例")])
    assert (row.values, [place.heading for place, _ in loose]) == ({"full_name": "示例甲"}, [NUMBER])


def test_what_is_said_of_a_whole_list_or_of_no_row_that_was_written_stands_with_the_nominee():
    (row,), _ = read([line(2, 序号="1", 性别="女")], 何时何地受过何种奖励=[line(7, 序号="1", 名称="示例奖")])
    pointers = ("awards_received/0/title", "awards_received/1/title", "awards_received", "sex", "of_no_column")
    places = [row.place_of(f"/form/{pointer}") for pointer in pointers]
    assert [(place.sheet, place.row, place.heading) for place in places] == [
        ("何时何地受过何种奖励", 7, "名称"),
        (MAIN, 2, "何时何地受过何种奖励"),
        (MAIN, 2, "何时何地受过何种奖励"),
        (MAIN, 2, "性别"),
        (MAIN, 2, NUMBER),
    ]


def test_a_field_is_answered_with_whatever_stands_in_its_list():
    (row,), _ = read([line(2, 序号="1", 性别="女")], 个人简历=[line(2, 序号="1", 单位="示例")])
    pointers = ("sex", "resume", "resume/0/organisation", "full_name")
    assert [row.is_answered(f"/form/{pointer}") for pointer in pointers] == [True, True, True, False]


def test_yes_is_a_word_where_a_text_is_asked():
    (row,), _ = read([line(2, 姓名="是", 是否企业负责人="也许")])
    assert row.values == {"full_name": "是", "is_enterprise_head": "也许"}


def test_a_choice_is_made_with_yes_and_nothing_else_which_is_said_once():
    first, second, third, *_ = [c.heading for c in SHEETS[0].columns if c.field.key == "conditions"]
    cells = {first: Cell("对"), second: Cell("=A1", "formula"), third: Cell("否")}
    (row,), _ = read([Line(2, cells)])
    assert [(place.heading, finding.code) for place, finding in row.faults] == [
        (first, "not_in_list"),
        (second, "cell_is_formula"),
    ]
    assert row.values == {}


def test_a_list_has_a_cell_with_the_nominee_only_where_there_may_be_nothing_to_tell():
    choices = {column.heading: column.choices for column in SHEETS[0].columns}
    assert ("个人简历" in choices, choices["何时何地受过何种奖励"]) == (False, ("无",))


def test_choices_are_counted_from_one():
    headings = [column.heading for column in SHEETS[0].columns if column.field.key == "conditions"]
    assert headings[0] == "符合的评选条件（1）"
