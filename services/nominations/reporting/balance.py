"""The balance panel: who is being put forward, as facts and never as scores (R16, R70–R73)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, column, func, not_, or_, select, values
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.expression import cast, literal

from services.common.callers.tokens import Caller
from services.nominations.domain.campaign import BalanceFact, Campaign
from services.nominations.domain.form_definition import Condition, FormDefinition
from services.nominations.domain.quotas import PUT_FORWARD
from services.nominations.domain.workflow import Status
from services.nominations.queries import visible_to
from services.nominations.schemas.lists import BalanceFactBody, BalancePanel, BalanceShare
from services.nominations.tables import Nomination

_NOT_PUT_FORWARD = sorted(set(Status) - PUT_FORWARD)
"""Said by what is left out, as the index of seated cases says it."""
_TRUE = "true"
"""As PostgreSQL writes it."""


async def balance_panel(session: AsyncSession, caller: Caller, campaign: Campaign) -> BalancePanel:
    """Every fact of the campaign, counted over the cases that are put forward within the caller's scope, by stage."""
    counted: dict[str, list[Any]] = {fact.key: [] for fact in campaign.balance}
    if counted:
        for row in await session.execute(_count_all(caller, campaign)):
            counted[row.fact].append(row)
    return BalancePanel(campaign_key=campaign.key, facts=[_body(fact, counted[fact.key]) for fact in campaign.balance])


def _count_all(caller: Caller, campaign: Campaign) -> Select[Any]:
    """One pass over the cases: each is asked every fact of its category."""
    asked = (
        values(column("fact", Text), column("category", Text), column("value", Text), name="asked")
        .data([(fact.key, fact.category, _value_of(fact, campaign)) for fact in campaign.balance])
        .lateral()
    )
    by = (asked.c.fact, Nomination.stage, asked.c.value)
    return (
        select(*by, func.count().label("cases"))
        .select_from(Nomination)
        .join(asked, asked.c.category == Nomination.category)
        .where(
            Nomination.campaign_key == campaign.key,
            Nomination.status.not_in(_NOT_PUT_FORWARD),
            visible_to(caller),
        )
        .group_by(*by)
    )


def _value_of(fact: BalanceFact, campaign: Campaign) -> ColumnElement[str]:
    if fact.condition is None:
        answer: ColumnElement[str] = Nomination.form[fact.spread_of].as_string()
        return answer
    return cast(_holds(fact.condition, campaign.form_of(fact.category)), Text)


def _body(fact: BalanceFact, rows: Sequence[Any]) -> BalanceFactBody:
    """A condition is counted where it holds; a spread shows each answer by itself."""
    shares: dict[str, dict[str, int]] = {}
    total: dict[str, int] = {}
    for row in rows:
        total[row.stage] = total.get(row.stage, 0) + row.cases
        if fact.condition is None or row.value == _TRUE:
            name = "" if fact.condition is not None else str(row.value or "")
            by_stage = shares.setdefault(name, {})
            by_stage[row.stage] = by_stage.get(row.stage, 0) + row.cases
    return BalanceFactBody(
        key=fact.key,
        label=fact.label,
        category=fact.category,
        requirement=fact.requirement,
        total=total,
        shares=[BalanceShare(answer=name, cases=cases) for name, cases in sorted(shares.items())],
    )


def _holds(condition: Condition, form: FormDefinition) -> ColumnElement[bool]:
    """`Condition.holds` in SQL, of a question that the form still asks: an answer that a later one has hidden counts nowhere."""
    definition = form.get(condition.field)
    asked_if = definition.required_if if definition is not None else None
    compared = _compared(condition)
    return compared if asked_if is None else and_(compared, _holds(asked_if, form))


def _compared(condition: Condition) -> ColumnElement[bool]:
    if condition.one_of:
        return or_(*(_is(condition.field, value) for value in condition.one_of))
    if condition.equals is not None:
        return _is(condition.field, condition.equals)
    answered = Nomination.form.has_key(condition.field)
    return and_(answered, not_(_is(condition.field, condition.differs_from)))


def _is(field: str, value: object) -> ColumnElement[bool]:
    return Nomination.form.contains(cast(literal({field: value}, JSONB), JSONB))
