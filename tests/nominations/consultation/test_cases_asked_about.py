"""The list of cases to ask an authority about says what the rule says of each of them (R58, R80–R82, R196, R201)."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.nominations.cases.case_facts import asked_at, opinions_required
from services.nominations.consultation.cases_asked_about import asked_about
from services.nominations.context import Context
from services.nominations.domain.campaign import Campaign, Category
from services.nominations.domain.consultation import ConsultationRow
from services.nominations.tables import Nomination

NOW = datetime(2025, 2, 14, tzinfo=UTC)


def forms_of(campaign: Campaign, category: Category) -> list[dict[str, str | None]]:
    """Every choice of the nature, and every way of not having chosen."""
    definition = campaign.form_of(category.key).get(category.nature_field)
    assert definition is not None
    chosen = [choice.value for choice in campaign.enums[definition.enum or ""]]
    return [{}, *({category.nature_field: nature} for nature in [*chosen, None, "", "of_no_list"])]


def every_case(campaign: Campaign) -> Iterator[Nomination]:
    for category in campaign.categories:
        for form, enterprise in itertools.product(forms_of(campaign, category), (True, False)):
            own = uuid4()
            yield Nomination(
                id=own,
                campaign_key=campaign.key,
                campaign_version=campaign.version,
                category=category.key,
                quota_unit="140922",
                unit_id=own,
                unit_name="示例",
                created_by=own,
                stage="county",
                status="under_review",
                revision=1,
                form=form,
                name="示例",
                for_enterprise=enterprise,
                percent_nominee=100,
                percent_unit=100,
                missing_answers=0,
                explanations=[],
                created_at=NOW,
                saved_at=NOW,
            )


def asked(campaign: Campaign, case: Nomination, authority: str, stage: str) -> bool:
    needs = asked_at(campaign, stage, opinions_required(campaign, case))
    return authority in {need.authority for need in needs}


def overlapping(campaign: Campaign) -> Campaign:
    """Rows that fit the same nominees: the first one decides, also where it is for heads alone or asks nobody."""
    first = [
        ConsultationRow("individual", ("enterprise", "other"), True, ("taxation",), None, "示例"),
        ConsultationRow("individual", ("enterprise",), None, ("environment", "public_security"), None, "示例"),
        ConsultationRow("collective", ("public_institution",), False, (), None, "示例"),
        ConsultationRow("collective", ("public_institution", "other"), None, ("taxation",), None, "示例"),
    ]
    return replace(campaign, consultation=(*first, *campaign.consultation))


VARIANTS = {
    "as_published": lambda campaign: [campaign],
    "city_collects_police": lambda campaign: [replace(campaign, city_collected=("public_security",))],
    "rows_overlap": lambda campaign: [overlapping(campaign)],
    "no_rows": lambda campaign: [replace(campaign, consultation=())],
    "two_versions": lambda campaign: [campaign, replace(overlapping(campaign), version=campaign.version + 1)],
}


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("key", ["shanxi-manufacturing-2025", "sample-craft-2026"])
async def test_the_list_agrees_with_the_rule_on_every_combination_of_facts(
    context: Context, key: str, variant: str
) -> None:
    """Rows of facts that nobody hands in, too: written and taken back, for only the two readings are compared."""
    versions = VARIANTS[variant](await context.campaigns.in_force(context.database, key))
    async with AsyncSession(context.database.engine) as session:
        cases = [(campaign, case) for campaign in versions for case in every_case(campaign)]
        columns = [column.name for column in Nomination.__table__.columns if column.name != "neutral_key"]
        rows = [{name: getattr(case, name) for name in columns} for _, case in cases]
        ids = [row["id"] for row in rows]
        await session.execute(insert(Nomination), rows)
        for authority, stage in itertools.product([*versions[0].authorities, "unknown"], ("county", "city")):
            by_rule = {case.id for campaign, case in cases if asked(campaign, case, authority, stage)}
            query = select(Nomination.id).where(Nomination.id.in_(ids), asked_about(versions, authority, stage))
            by_sql = set((await session.scalars(query)).all())
            assert (authority, stage, by_sql) == (authority, stage, by_rule)
        await session.rollback()


async def test_no_case_is_asked_about_where_nothing_is_published(context: Context) -> None:
    async with context.database.reading() as session:
        query = select(Nomination.id).where(asked_about([], "public_security", "city")).limit(1)
        assert await session.scalar(query) is None
