"""`xianjin campaign check`: every fault of a folder at once, each with its file, its line and its path."""

import json
import shutil
from pathlib import Path

import pytest

from services.__main__ import main
from services.campaign_tools.chinese import in_chinese
from services.campaign_tools.folder_check import check_folder

NOTICE = Path("campaigns/shanxi-manufacturing-2025")
WHOLE = ("body", "photo_profiles.two_inch_blue", "document_kinds")
"""Faults between values: told at the record that holds them, not at one of them."""
SAMPLE = Path("services/sandbox/campaigns/sample-craft-2026")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(NOTICE, tmp_path / NOTICE.name))


def change(folder: Path, file: str, old: str, new: str) -> int:
    """Gives the line on which the change begins."""
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def told(folder: Path) -> list[tuple[str, int, str, str]]:
    return [(fault.file, fault.line, fault.path, fault.message) for fault in check_folder(folder)]


@pytest.mark.parametrize("campaign", [NOTICE, SAMPLE], ids=lambda path: path.name)
def test_the_campaigns_of_the_repository_have_no_fault(campaign: Path):
    assert told(campaign) == []


def test_faults_in_every_file_are_told_in_one_go_in_their_order(folder: Path):
    lines = [
        change(folder, "campaign.yaml", "paper_copies: 3", "paper_copies: many"),
        change(folder, "consultation.yaml", "public_security: 公安部门", "police: 公安部门"),
        change(folder, "documents.yaml", "refuse_below: 50000", "refuse_below: soon"),
        change(folder, "forms/attachment_6.print.yaml", "margin_top: 25", "margin_top: wide"),
        change(folder, "forms/attachment_6.yaml", "enum: sex,", "enum: sexes,"),
        change(folder, "organisations.yaml", "kind: province", "kind: planet"),
        change(folder, "quotas.csv", "五台县,1,1", "五台县,1,x"),
    ]
    found = check_folder(folder)
    asked_there = {"consultation.yaml", *(fault.file for fault in found if ".boxes." in fault.path)}
    assert {fault.file for fault in found} - asked_there | {"consultation.yaml"} == {
        "campaign.yaml", "consultation.yaml", "documents.yaml", "forms/attachment_6.print.yaml", "forms/attachment_6.yaml",
        "organisations.yaml", "quotas.csv",
    }  # fmt: skip
    exact = [(fault.file, fault.line) for fault in found if fault.file not in asked_there]
    assert exact == [
        ("campaign.yaml", lines[0]), ("documents.yaml", lines[2]), ("forms/attachment_6.print.yaml", lines[3]),
        ("forms/attachment_6.yaml", lines[4]), ("organisations.yaml", lines[5]), ("quotas.csv", lines[6]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "path", "message"),
    [
        ("campaign.yaml", "paper_copies: 3", "paper_copys: 3", "paper_copys", "is not known here"),
        ("campaign.yaml", "final_quota: 4", "final_quota: four", "categories[1].final_quota", "must be a whole number"),
        ("campaign.yaml", "key: shanxi-manufacturing-2025", "key: other", "key",
         "must be the folder's name, shanxi-manufacturing-2025: documents.yaml is found by it"),
        ("campaign.yaml", "or_else: [professional_title_certificate, degree", "or_else: [professional_title_certificate, degre",
         "document_needs[4].or_else[1]", "no kind degre_certificate in documents.yaml"),
        ("campaign.yaml", "kind: portrait, ", "kind: portrat, ", "document_needs[0].kind", "no kind portrat in documents.yaml"),
        ("campaign.yaml", "disclosure: 主动公开", "title: 主动公开", "title", "stands twice"),
        ("campaign.yaml", "disclosure: 主动公开", "no: 主动公开", "", "key 'no' is not a text: put it in quotes"),
        ("campaign.yaml", "  office: 忻州市工业和信息化局投资科", "  <<: {office: 科}", "contact.<<",
         "`<<` is not read here: write the keys out"),
        ("forms/attachment_6.yaml", "max_items: 60", "max_itms: 60", "forms.attachment_6.fields[21].max_itms",
         "is not known here"),
        ("forms/attachment_6.yaml", "key: resident_id_number", "key: id_number", "forms.attachment_6.id_number",
         "must be called resident_id_number: no other number is sealed and masked"),
        ("forms/attachment_6.print.yaml", "fields: [employer_name]}\n    - {label: 推荐单位",
         "fields: [employer]}\n    - {label: 推荐单位", "cover.items[1].fields", "no field employer"),
        ("forms/attachment_6.print.yaml", "form: attachment_6", "form: attachment_5", "form",
         "must be attachment_6, as the file is named"),
        ("forms/attachment_6.print.yaml", "kind: long_text", "kind: long_txt", "body[6].kind",
         ("must be one of grid, text, long_text, opinion, opinions, paste_page, "
         "list, title, line, notes, prose, closing, page_break")),
        ("forms/attachment_6.print.yaml", "rowspan: 4", "rowspan: 5", "body", "row 5 fills 6 of 5 columns"),
        ("documents.yaml", "photo_profile: two_inch_blue", "photo_profile: one_inch",
         "document_kinds.portrait.photo_profile", "no profile one_inch"),
        ("documents.yaml", "readers: [unit_clerk, unit_head, county_officer", "readers: [unit_clark, unit_head, county_officer",
         "document_kinds.portrait.readers", "no role unit_clark"),
        ("documents.yaml", "opinion_sheet: ", "opinion_sheets: ", "document_kinds", "no kind opinion_sheet in documents.yaml"),
        ("documents.yaml", "readers: [county_officer, county_reviewer, city_officer, city_reviewer]\n  meeting_minutes",
         "readers: [county_officer, unit_head]\n  meeting_minutes", "document_kinds.opinion_sheet.readers",
         "unit_head is not told what authorities say"),
        ("documents.yaml", "max_scans: 100", "max_scans: 100\n      extra: 1", "photo_profiles.two_inch_blue.pixels.extra",
         "is not known here"),
        ("documents.yaml", "warn_above: 500000 ", "warn_above: 5 ", "photo_profiles.two_inch_blue",
         "bytes must rise from refuse_below over warn_below and warn_above to refuse_above"),
        ("forms/attachment_6.yaml", "key: organisation, label: 单位, type: text",
         "key: organisation, label: 单位, type: resident_id",
         "forms.attachment_6.resume.organisation", "is too much for a row: single values without conditions only"),
        ("organisations.yaml", '"{county}公安部门"', '"{town}公安部门"', "each_county[3].name",
         "must hold {county}, and no other brace"),
        ("organisations.yaml", "kind: city_office,", "kind: city_bureau,", "bodies[2].bureau",
         "is what a bureau has, and only a bureau"),
        ("quotas.csv", "繁峙县,1,1", "繁峙县,1", "", "has 3 cells for 4 columns"),
        ("quotas.csv", "140924,繁峙县", "140923,繁峙县", "quotas.140923", "stands twice"),
        ("quotas.csv", "140924,繁峙县", ",繁峙县", "", "quota_unit is empty"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_file_line_and_path(folder: Path, file, old, new, path, message):  # noqa: PLR0917
    line = change(folder, file, old, new)
    found = [each for each in told(folder) if each[0] == file]
    assert (path, message) in [(fault_path, words) for _, _, fault_path, words in found]
    assert in_chinese(message) != ""
    near = [number for _, number, fault_path, words in found if (fault_path, words) == (path, message)]
    assert [number for number in near if not line - 1 <= number <= line + 1 and path not in WHOLE] == []


@pytest.mark.parametrize(
    ("file", "text", "line", "message"),
    [
        ("campaign.yaml", "key: a\ntitle: [\n", 3,
         "while parsing a flow node expected the node content, but found '<stream end>'"),
        ("campaign.yaml", "", 1, "is empty"),
        ("campaign.yaml", "key: &a [*a]\n", 1, "stands inside itself"),
        ("campaign.yaml", "key: !!python/name:os.system\n", 1,
         "could not determine a constructor for the tag 'tag:yaml.org,2002:python/name:os.system'"),
        ("campaign.yaml", "- a\n", 1, "must be a mapping"),
        ("quotas.csv", "quota_unit,name,advanced_individual,advanced_individual\n", 1, "column advanced_individual stands twice"),
        ("quotas.csv", "unit,name,advanced_individual\n", 1, "column quota_unit is missing"),
        ("quotas.csv", "quota_unit,name,\n", 1, "a column has no name"),
        ("quotas.csv", 'quota_unit,name\n"a,b\n', 2, "unexpected end of data"),
        ("documents.yaml", "photo_profiles: {}\n", 1, "is missing"),
        ("organisations.yaml", "bodies: []\neach_county: []\ncounties: {}\n", 1, "has no city_office"),
        ("forms/attachment_7.print.yaml", "form: attachment_7\n", 1, "is for no form of this campaign"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_such_file_is_told_with_its_line(folder: Path, file, text, line, message):
    (folder / file).write_text(text, "utf-8")
    assert (file, line, message) in [(name, number, words) for name, number, _, words in told(folder)]


@pytest.mark.parametrize(
    "file", ["campaign.yaml", "consultation.yaml", "documents.yaml", "organisations.yaml", "quotas.csv"]
)
def test_a_file_that_is_not_there_or_not_utf8_is_the_only_fault(folder: Path, file: str):
    (folder / file).unlink()
    missing = told(folder)
    (folder / file).write_bytes("名额".encode("gb18030"))
    garbled = told(folder)
    assert ([each[0] for each in missing if each[3] == "is missing"], {each[0] for each in garbled} - {file}) == (
        [file],
        set(),
    )


def test_a_county_without_bodies_is_told_beside_its_quota_row(folder: Path):
    line = change(folder, "quotas.csv", "140932,偏关县", "140999,示例县")
    assert [each for each in told(folder) if each[0] == "quotas.csv"] == [
        ("quotas.csv", line, "quotas.140999", "organisations.yaml has no county_bureau hrss"),
        ("quotas.csv", line, "quotas.140999", "organisations.yaml has no county_bureau iit"),
        ("quotas.csv", line, "quotas.140999", "organisations.yaml has no county_office"),
    ]


def test_a_body_that_stands_twice_is_told(folder: Path):
    row = '  - {jurisdiction: "140900", kind: city_office, name: 市工作专班办公室（市工信局投资科）}\n'
    line = change(folder, "organisations.yaml", row, row + row)
    assert told(folder) == [
        ("organisations.yaml", line + 1, "bodies[3]", "市工作专班办公室（市工信局投资科） stands twice")
    ]


def test_a_key_that_stands_in_both_files_is_told(folder: Path):
    change(folder, "consultation.yaml", "authorities:", "title: 又一个\nauthorities:")
    assert [fault[2:] for fault in told(folder)] == [("title", "stands in campaign.yaml too")]


def test_documents_may_merge_their_kinds(folder: Path):
    change(folder, "documents.yaml", "    <<: *id_card\n", "    <<: [*id_card]\n")
    assert ("document_kinds.id_card_back", "`<<` takes one mapping") in [fault[2:] for fault in told(folder)]


def test_the_command_prints_a_line_for_each_fault_and_ends_with_1(folder: Path, capsys):
    line = change(folder, "campaign.yaml", "paper_copies: 3", "paper_copies: many")
    assert main(["campaign", "check", str(folder)]) == 1
    assert (
        capsys.readouterr().err.splitlines()[0]
        == f"campaign.yaml:{line}  paper_copies  应为整数 must be a whole number"
    )


def test_the_command_speaks_json_to_tools(folder: Path, capsys):
    line = change(folder, "campaign.yaml", "paper_copies: 3", "paper_copies: many")
    main(["campaign", "check", "--json", str(folder)])
    assert json.loads(capsys.readouterr().out) == [
        {
            "file": "campaign.yaml",
            "line": line,
            "path": "paper_copies",
            "message": "must be a whole number",
            "chinese": "应为整数",
        }
    ]


def test_a_folder_with_faults_is_not_played_through(folder: Path, capsys):
    line = change(folder, "campaign.yaml", "paper_copies: 3", "paper_copies: many")
    assert main(["campaign", "simulate", str(folder)]) == 1
    assert capsys.readouterr().err.startswith(f"campaign.yaml:{line}  paper_copies")


def test_a_calendar_that_cannot_be_read_is_named(folder: Path, capsys):
    (folder.parent / "calendars").mkdir()
    (folder.parent / "calendars" / "china-2025.yaml").write_text("year: soon\n", "utf-8")
    assert main(["campaign", "simulate", str(folder)]) == 1
    assert "china-2025.yaml" in capsys.readouterr().err


def test_the_command_ends_with_0_where_there_is_no_fault(capsys):
    assert main(["campaign", "check", str(NOTICE)]) == 0


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("no enum field nature", "没有单选字段“nature”"),
        ("no scope bakery", "没有评选范围“bakery”"),
        ("no column remarks", "没有列“remarks”"),
        ("tell of a word that is not renamed: 社会团体", "“社会团体”没有改写，不能附注"),
        ("no seats for star_artisan", "没有该类别的名额“star_artisan”"),
        ("no form attachment_9", "没有表格“attachment_9”"),
        ("employer_nature never holds 'x'", "字段 employer_nature 不会有 'x' 这个值"),
        ("nobody is asked about star_artisan, school", "没有任何部门就此征求意见：star_artisan, school"),
        ("must be one of P0, P1", "应为其中之一：P0, P1"),
        ("must be whole numbers by category", "应为按类别填写的整数"),
        ("must hold {county}, and no other brace", "名称里要有 {county}，不能有其他花括号"),
        ("must be something new", ""),
        ("a fault of another library", ""),
    ],
)
def test_a_fault_is_told_in_chinese_where_somebody_wrote_the_sentence(message: str, words: str):
    assert in_chinese(message) == words
