"""One person, one collective, one legal entity: one open case each. The database says so, the clerk is told of which."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.problems import FieldError
from services.nominations.cases.case_facts import Case
from services.nominations.domain.form_definition import FieldType
from services.nominations.domain.workflow import TERMINAL, Status
from services.nominations.problems import AlreadyNominated
from services.nominations.tables import Nomination

_TOLD = {
    "one_open_nomination_per_person": "此人在本次活动中已有一件推荐",
    "one_open_nomination_per_collective": "此集体在本次活动中已有一件推荐",
    "one_open_nomination_per_legal_entity": (
        "这一统一社会信用代码的单位在本次活动中已有一件推荐；推荐的是其车间、班组、科室等的，请核对“是否内设机构”"
    ),
}
"""By the constraint that refuses."""


@contextmanager
def already_nominated_as_refusal(case: Case) -> Iterator[None]:
    """Raises AlreadyNominated naming the field by which somebody was known again."""
    try:
        yield
    except IntegrityError as error:
        for constraint, message in _TOLD.items():
            if constraint in str(error.orig):
                told = FieldError(f"/form/{_field_of(case, constraint)}", "already_nominated", message)
                raise AlreadyNominated(errors=[told]) from None
        raise


def _field_of(case: Case, constraint: str) -> str:
    category = case.campaign.category(case.nomination.category)
    types = {
        "one_open_nomination_per_person": FieldType.RESIDENT_ID,
        "one_open_nomination_per_legal_entity": FieldType.CREDIT_CODE,
    }
    definition = case.campaign.form_of(category.key).of_type(types[constraint]) if constraint in types else None
    return definition.key if definition is not None else category.name_field


async def stands_beside_its_entity(session: AsyncSession, case: Case) -> bool:
    """Whether the legal entity of an inner office, or another office of it, is put forward too. Drafts do not count."""
    nomination = case.nomination
    if nomination.credit_code is None or case.campaign.category(nomination.category).subject != "collective":
        return False
    found = select(Nomination.id).where(
        Nomination.campaign_key == nomination.campaign_key,
        Nomination.category == nomination.category,
        Nomination.credit_code == nomination.credit_code,
        Nomination.id != nomination.id,
        Nomination.status.not_in([Status.DRAFT, *TERMINAL]),
        *([Nomination.entity_code.is_(None)] if nomination.entity_code else []),  # of two entities one is refused
    )
    return await session.scalar(found.limit(1)) is not None
