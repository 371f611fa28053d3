"""`xianjin campaign publish` and `diff` against the configured database."""

import asyncio
import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from services.__main__ import main
from services.nominations.campaigns.campaign_publication import SeatsTakenBack, publish_folder
from services.nominations.context import Context
from services.nominations.tables import QuotaAccount, QuotaEntry
from tests.factories import Office

SAMPLE = Path("services/sandbox/campaigns/sample-craft-2026")


class Draft:
    """A campaign of its own for each test, its files to be changed."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.key = folder, folder.name

    def change(self, file: str, old: str, new: str) -> None:
        text = (self.folder / file).read_text("utf-8")
        assert old in text
        (self.folder / file).write_text(text.replace(old, new, 1), "utf-8")

    async def run(self, action: str, *more: str) -> int:
        """In a thread: the command has an event loop of its own."""
        return await asyncio.to_thread(main, ["campaign", action, str(self.folder), *more])


@pytest.fixture
def draft(prepared: None, tmp_path: Path, request: pytest.FixtureRequest) -> Draft:
    key = f"sample-{abs(hash(request.node.name))}"
    draft = Draft(Path(shutil.copytree(SAMPLE, tmp_path / key)))
    draft.change("campaign.yaml", f"key: {SAMPLE.name}", f"key: {key}")
    return draft


async def seats(context: Context, key: str) -> tuple[dict[str, int], list[int]]:
    """What each quota unit has, and the grants of the ledger."""
    async with context.database.reading() as session:
        accounts = (await session.scalars(select(QuotaAccount).where(QuotaAccount.campaign_key == key))).all()
        entries = (await session.scalars(select(QuotaEntry.seats).where(QuotaEntry.campaign_key == key))).all()
    return {account.quota_unit: account.granted for account in accounts}, sorted(entries)


async def test_a_folder_is_published_once_and_again_without_effect(draft: Draft, capsys):
    codes = [await draft.run("publish"), await draft.run("publish")]
    said = capsys.readouterr().out
    assert (codes, "第1版已发布" in said, "内容相同，没有改动" in said) == ([0, 0], True, True)


async def test_a_folder_with_a_fault_is_not_published_and_the_fault_has_file_and_line(draft: Draft, capsys):
    draft.change("campaign.yaml", "paper_copies: 1", "paper_copies: many")
    code = await draft.run("publish")
    assert (code, capsys.readouterr().err.splitlines()[0]) == (
        1,
        "campaign.yaml:32  paper_copies  应为整数 must be a whole number",
    )


async def test_a_published_version_is_refused_with_what_changed(draft: Draft, capsys):
    await draft.run("publish")
    draft.change("campaign.yaml", "2026-05-20 17:30", "2026-05-22 12:00")
    code = await draft.run("publish")
    said = capsys.readouterr().err
    assert (code, "请提高 version" in said, "～ materials_deadline: 2026-05-20 17:30 → 2026-05-22 12:00" in said) == (
        1,
        True,
        True,
    )


async def test_a_new_version_is_told_in_groups_before_it_is_published(draft: Draft, capsys):
    await draft.run("publish")
    draft.change("campaign.yaml", "version: 1", "version: 2")
    draft.change("quotas.csv", "示例西区,1", "示例西区,3")
    draft.change("forms/star_form.yaml", "max_count: 800", "max_count: 900")
    draft.change("campaign.yaml", "deeds_limit: 800", "deeds_limit: 900")
    capsys.readouterr()
    assert (await draft.run("diff"), capsys.readouterr().out.splitlines()) == (
        0,
        [
            f"{draft.key}: 文件夹第2版，对照已发布的第1版",
            "",
            "【名额】",
            "  ～ quotas.990202 示例西区.seats.star_artisan: 1 → 3",
            "",
            "【表格】",
            "  ～ forms.star_form.fields.story 匠心故事.max_count: 800 → 900",
            "",
            "【基本信息】",
            "  ～ version: 1 → 2",
            "  ～ deeds_limit: 800 → 900",
            "",
            "没有在办推荐",
        ],
    )


async def test_cases_under_way_are_counted_by_version_stage_and_status(office: Office, capsys):
    await office.draft()
    folder = Path("campaigns/shanxi-manufacturing-2025")
    case = await office.draft(campaign=folder.name)
    assert case.is_success
    await asyncio.to_thread(main, ["campaign", "diff", str(folder)])
    said = capsys.readouterr().out
    assert ("内容相同" in said, "均按开始时的版本办理" in said, "第1版 单位 草稿: " in said) == (True, True, True)


async def test_a_version_that_was_never_published_cannot_be_compared_with(draft: Draft, capsys):
    await draft.run("publish")
    assert (await draft.run("diff", "--against", "7"), capsys.readouterr().err) == (
        1,
        f"{draft.key} has no published version 7\n",
    )


async def test_a_campaign_that_was_never_published_has_nothing_to_compare_with(draft: Draft, capsys):
    assert (await draft.run("diff"), capsys.readouterr().out) == (0, f"{draft.key}: 尚未发布，第1版是第一版\n")


async def test_a_new_version_grants_the_seats_that_it_adds(draft: Draft, context: Context):
    await publish_folder(context.database, draft.folder)
    draft.change("campaign.yaml", "version: 1", "version: 2")
    draft.change("quotas.csv", "示例西区,1", "示例西区,3")
    await publish_folder(context.database, draft.folder)
    assert await seats(context, draft.key) == ({"990201": 2, "990202": 3, "990203": 0}, [1, 2, 2])


async def test_a_new_version_takes_no_seat_back(draft: Draft, context: Context):
    await publish_folder(context.database, draft.folder)
    draft.change("campaign.yaml", "version: 1", "version: 2")
    draft.change("quotas.csv", "示例东区,2", "示例东区,1")
    with pytest.raises(SeatsTakenBack, match=r"990201 star_artisan: 2 → 1"):
        await publish_folder(context.database, draft.folder)
    assert await seats(context, draft.key) == ({"990201": 2, "990202": 1, "990203": 0}, [1, 2])


async def test_the_difference_warns_of_seats_taken_back_and_publish_refuses_them(draft: Draft, capsys):
    await draft.run("publish")
    draft.change("campaign.yaml", "version: 1", "version: 2")
    draft.change("quotas.csv", "示例东区,2", "示例东区,1")
    codes = [await draft.run("diff"), await draft.run("publish")]
    said = capsys.readouterr()
    assert (codes, "990201 star_artisan: 已发放 2，本文件夹 1" in said.out, "不能发布" in said.err) == (
        [0, 1],
        True,
        True,
    )


async def test_without_a_database_the_missing_settings_are_named(draft: Draft, monkeypatch, capsys):
    monkeypatch.delenv("NOMINATIONS_DATABASE_URL")
    assert (await draft.run("publish"), "NOMINATIONS_DATABASE_URL" in capsys.readouterr().err) == (1, True)


async def test_a_database_that_does_not_answer_is_a_sentence(draft: Draft, monkeypatch, capsys):
    monkeypatch.setenv("NOMINATIONS_DATABASE_URL", "postgresql+asyncpg://nobody@127.0.0.1:1/nothing")
    assert (await draft.run("diff"), "数据库没有应答" in capsys.readouterr().err) == (1, True)


@pytest.mark.parametrize(
    ("more", "first"), [((), "2026年4月20日（周一）"), (("--from", "2026-05-06"), "2026年5月6日（周三）")]
)
async def test_the_calendar_is_played_from_the_day_of_issue_or_the_day_given(draft: Draft, capsys, more, first):
    code = await draft.run("simulate", "--calendars", "campaigns/calendars", *more)
    assert (code, capsys.readouterr().out.splitlines()[1].partition("至")[0]) == (0, first)


async def test_without_a_calendar_the_play_is_provisional(draft: Draft, tmp_path: Path, capsys):
    (tmp_path / "calendars").mkdir()
    await draft.run("simulate")
    assert "2026年放假安排尚未载入" in capsys.readouterr().out


async def test_migrate_names_a_campaign_that_it_cannot_publish(draft: Draft, monkeypatch, capsys):
    monkeypatch.setenv("XIANJIN_CAMPAIGNS_FOLDER", str(draft.folder.parent))
    draft.change("campaign.yaml", "paper_copies: 1", "paper_copies: many")
    code = await asyncio.to_thread(main, ["migrate", "--only", "nominations"])
    assert (code, "paper_copies: must be a whole number" in capsys.readouterr().err) == (1, True)
