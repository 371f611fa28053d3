"""What an author of a campaign may get wrong: each fault by its path or its file and line, all of them at once."""

from pathlib import Path
from shutil import copytree

import pytest

from services.nominations.campaigns.campaign_files import CampaignFileBroken, read_campaign_folder
from services.nominations.domain.campaign import CampaignInvalid
from services.nominations.domain.campaign_parsing import parse_campaign
from tests.domain.the_campaign import FOLDER, campaign_data, field_data

NO_TIME = "must be a local time such as 2025-02-28 24:00, in a known time zone"
ONE_COMPARISON = "takes exactly one of equals, differs_from, one_of"


def faults(data):
    with pytest.raises(CampaignInvalid) as caught:
        parse_campaign(data)
    return [(problem.path, problem.message) for problem in caught.value.problems]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(copytree(FOLDER, tmp_path / "campaign"))


def refused(folder: Path) -> str:
    with pytest.raises(CampaignFileBroken) as caught:
        read_campaign_folder(folder)
    return str(caught.value)


def test_faults_in_every_corner_are_named_in_one_go():
    data = campaign_data()
    del data["title"]
    data["issued_on"] = "2025-02-30"
    data["quotas"][3]["seats"]["advanced_individual"] = "2"
    data["publicity"]["city"]["working_days"] = 0
    data["categories"][1]["colour"] = "red"
    data["consultation"][4]["enterprise_head"] = "yes"
    data["document_needs"][0]["category"] = "best_dog"
    field_data(data, "sex")["enum"] = "genders"
    assert faults(data) == [
        ("categories[1].colour", "is not known here"),
        ("issued_on", "must be a date such as 2025-01-26"),
        ("title", "is missing"),
        ("quotas[3].seats", "must be whole numbers by category"),
        ("publicity.city.working_days", "must be at least 1"),
        ("consultation[4].enterprise_head", "must be true or false"),
        ("quotas.140921", "no seats for advanced_collective"),
        ("quotas.140921", "no seats for advanced_individual"),
        ("document_needs.portrait", "no category best_dog"),
        ("forms.attachment_6.sex.enum", "no enum genders"),
    ]


def test_names_that_lead_to_nothing_are_faults():
    data = campaign_data()
    data["city_collected"] = ["public_security", "customs"]
    data["contact_form"] = "attachment_99"
    assert faults(data) == [
        ("city_collected[1]", "is no authority: customs"),
        ("contact_form", "no form attachment_99"),
    ]


@pytest.mark.parametrize("data", [None, [], "a text", 5])
def test_a_campaign_that_is_no_mapping_is_a_fault_not_a_crash(data):
    assert ("", "must be a mapping") in faults(data)


def test_an_empty_campaign_misses_everything_it_needs():
    assert ("key", "is missing") in faults({})


def test_a_condition_with_an_empty_list_compares_with_nothing():
    data = campaign_data()
    field_data(data, "is_state_owned")["required_if"] = {"field": "employer_nature", "one_of": []}
    assert [message for _, message in faults(data)] == [ONE_COMPARISON]


def test_a_condition_with_two_comparisons_is_ambiguous():
    data = campaign_data()
    condition = {"field": "employer_nature", "equals": "enterprise", "one_of": ["enterprise"]}
    field_data(data, "is_state_owned")["required_if"] = condition
    assert [message for _, message in faults(data)] == [ONE_COMPARISON]


@pytest.mark.parametrize(
    "moment",
    [
        "2025-02-28", "2025-02-28 24:01", "2025-02-28 18:00+00:00", "2025-02-28 18:00Z", "2025-02-28T18:00", "20250228 24:00",
        "2025-02-30 24:00", "9999-12-31 24:00", "",
    ],
)  # fmt: skip
def test_a_deadline_is_a_local_time_without_a_zone_of_its_own_a17(moment):
    assert faults(campaign_data() | {"materials_deadline": moment}) == [("materials_deadline", NO_TIME)]


@pytest.mark.parametrize("day", ["20250126", "2025-W04-7", "26.1.2025", "2025-1-26", ""])
def test_a_day_is_written_one_way_only(day):
    assert faults(campaign_data() | {"reference_date": day}) == [
        ("reference_date", "must be a date such as 2025-01-26")
    ]


@pytest.mark.parametrize("zone", ["", "Moon/Base", "../Asia/Shanghai", "Asia"])
def test_an_unknown_time_zone_is_a_fault(zone):
    assert faults(campaign_data() | {"timezone": zone}) == [("materials_deadline", NO_TIME)]


@pytest.mark.parametrize(
    "seats",
    [None, [], {"advanced_individual": -1}, {"advanced_individual": True}, {"advanced_individual": "1"}, {5: 1}, {None: 1}],
)  # fmt: skip
def test_seats_are_whole_numbers_by_category_r14(seats):
    data = campaign_data()
    data["quotas"][0]["seats"] = seats
    assert ("quotas[0].seats", "must be whole numbers by category") in faults(data)


def test_a_key_that_stands_twice_is_named_with_file_and_line(folder):
    path = folder / "campaign.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, "title: 另一个"]), encoding="utf-8")
    said = refused(folder)
    assert str(path) in said
    assert said.endswith(f"key 'title' stands twice\n  in \"<unicode string>\", line {len(lines) + 1}, column 1")


def test_a_key_that_stands_twice_in_a_form_is_named_with_its_file(folder):
    path = folder / "forms" / "attachment_6.yaml"
    path.write_text("title: a\nfields: []\ntitle: b\n", encoding="utf-8")
    said = refused(folder)
    assert (str(path) in said, "key 'title' stands twice" in said, "line 3" in said) == (True, True, True)


@pytest.mark.parametrize(
    "rows",
    [
        "unit,name,advanced_individual\n140922,五台县,1\n",
        "quota_unit,name,advanced_individual\n140922,五台县\n",
        "quota_unit,name,advanced_individual\n140922,五台县,1,1\n",
        "quota_unit,name,advanced_individual\n140922,五台县,\n",
        "quota_unit,name,advanced_individual\n140922,五台县,1.5\n",
    ],
)
def test_a_broken_quota_table_is_named_by_its_file_r15(folder, rows):
    path = folder / "quotas.csv"
    path.write_text(rows, encoding="utf-8")
    assert refused(folder).startswith(f"{path}: ")


@pytest.mark.parametrize("rows", ["", "quota_unit,name,advanced_collective,advanced_individual\n"])
def test_a_quota_table_without_rows_leaves_paths_that_lead_nowhere(folder, rows):
    (folder / "quotas.csv").write_text(rows, encoding="utf-8")
    assert faults(read_campaign_folder(folder)) == [("paths.city_direct", "no such quota unit")]
