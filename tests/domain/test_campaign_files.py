"""How campaign files are read: strictly, and with the file's name in every complaint."""

from pathlib import Path
from shutil import copytree

import pytest

from services.nominations.campaigns.campaign_files import CampaignFileBroken, read_campaign_folder, read_days, read_yaml
from tests.domain.the_campaign import FOLDER, campaign_data


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(copytree(FOLDER, tmp_path / "campaign"))


def refused(folder: Path) -> str:
    with pytest.raises(CampaignFileBroken) as caught:
        read_campaign_folder(folder)
    return str(caught.value)


def test_a_date_stays_a_text_that_json_can_hold():
    assert campaign_data()["issued_on"] == "2025-01-26"


def test_print_layouts_stand_apart_from_forms():
    data = campaign_data()
    assert ("attachment_6" in data["forms"], "attachment_6.print" in data["forms"]) == (True, False)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("key: a\nkey: b\n", "key 'key' stands twice"),
        ("no: a\n", "key False is not a text"),
        ("[1, 2]: a\n", "is not a text"),
        ("key: [\n", "did not find expected node content"),
        ("key: !!python/name:os.system\n", "could not determine a constructor"),
    ],
)
def test_a_file_that_two_readers_could_read_differently_is_refused(tmp_path, text, reason):
    path = tmp_path / "a.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CampaignFileBroken, match=reason.replace("[", r"\[")):
        read_yaml(path)


def test_a_file_that_is_not_utf8_is_refused(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_bytes("名额".encode("gb18030"))
    with pytest.raises(CampaignFileBroken, match=r"a\.yaml"):
        read_yaml(path)


def test_a_campaign_file_is_a_mapping(folder):
    (folder / "campaign.yaml").write_text("- a\n", encoding="utf-8")
    assert refused(folder).endswith("campaign.yaml: must be a mapping")


def test_a_key_stands_in_one_file_only(folder):
    (folder / "consultation.yaml").write_text("key: other\n", encoding="utf-8")
    assert refused(folder).endswith("consultation.yaml: key 'key' stands in another file too")


def test_a_seat_count_is_a_number(folder):
    (folder / "quotas.csv").write_text("quota_unit,name,advanced_individual\n140922,五台县,一\n", encoding="utf-8")
    assert "quotas.csv" in refused(folder)


@pytest.mark.parametrize("text", ["unit,name\n140922,五台县\n", "quota_unit,name,a\n140922,五台县,1,2\n"])
def test_a_quota_table_has_the_columns_of_its_head(folder, text):
    (folder / "quotas.csv").write_text(text, encoding="utf-8")
    assert "quotas.csv" in refused(folder)


def test_a_quota_table_saved_by_excel_is_read(folder):
    path = folder / "quotas.csv"
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert read_campaign_folder(folder)["quotas"] == campaign_data()["quotas"]


def test_a_missing_file_is_named(folder):
    (folder / "consultation.yaml").unlink()
    with pytest.raises(FileNotFoundError, match=r"consultation\.yaml"):
        read_campaign_folder(folder)


def test_a_range_of_days_holds_both_ends():
    assert sorted(day.isoformat() for day in read_days([["2025-01-31", "2025-02-01"], ["2025-03-01"]])) == [
        "2025-01-31",
        "2025-02-01",
        "2025-03-01",
    ]
