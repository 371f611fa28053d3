"""A campaign is published once per version, whole or not at all."""

import shutil
from pathlib import Path

import pytest

from services.nominations.campaigns.campaign_publication import VersionTaken, publish_folder
from services.nominations.context import Context
from services.nominations.domain.campaign import CampaignInvalid

NOTICE = Path("campaigns/shanxi-manufacturing-2025")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(NOTICE, tmp_path / "campaign"))


def change(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")


async def test_publishing_the_same_again_changes_nothing(office, context: Context):
    campaign = await publish_folder(context.database, NOTICE)
    assert (campaign.key, campaign.version) == ("shanxi-manufacturing-2025", 1)


async def test_a_published_version_never_changes(office, context: Context, folder: Path):
    change(folder / "campaign.yaml", "paper_copies: 3", "paper_copies: 5")
    with pytest.raises(VersionTaken, match="raise `version`"):
        await publish_folder(context.database, folder)


async def test_every_fault_is_named_before_anything_is_published(office, context: Context, folder: Path):
    change(folder / "campaign.yaml", "key: shanxi-manufacturing-2025", "key: tests-broken")
    change(folder / "campaign.yaml", "paper_copies: 3", "paper_copies: many")
    change(folder / "campaign.yaml", "version: 1", "version: 0")
    with pytest.raises(CampaignInvalid) as caught:
        await publish_folder(context.database, folder)
    assert [problem.path for problem in caught.value.problems] == ["version", "paper_copies"]


async def test_a_layout_that_cannot_be_printed_is_refused(office, context: Context, folder: Path):
    change(folder / "campaign.yaml", "key: shanxi-manufacturing-2025", "key: tests-unprintable")
    (folder / "forms" / "attachment_6.print.yaml").write_text("paper: a4", "utf-8")
    (folder / "forms" / "attachment_99.print.yaml").write_text("paper: a4", "utf-8")
    with pytest.raises(CampaignInvalid) as caught:
        await publish_folder(context.database, folder)
    assert {problem.path for problem in caught.value.problems} == {
        "print_layouts.attachment_6",
        "print_layouts.attachment_99",
    }
