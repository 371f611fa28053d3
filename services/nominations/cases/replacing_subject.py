"""A returned case that names another person or firm: the unit votes and inspects anew, the authorities are asked anew."""

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from services.nominations.cases.case_facts import Case
from services.nominations.domain.subject import Subject, entity_code
from services.nominations.procedure_tables import Opinion, Story, UnitRecord
from services.nominations.tables import Nomination


def subject_of(nomination: Nomination) -> Subject:
    entity = entity_code(nomination.credit_code, nomination.form)
    return Subject(nomination.identity_index, nomination.credit_code, entity, nomination.collective_key)


async def supersede_what_was_said(session: AsyncSession, case: Case) -> None:
    """The unit's records and the authorities' opinions, kept with the case and no longer in force (R50–R52, R77, R80–R82).

    With them goes every reason why the case goes on in spite of a warning (R97), and the consent to a story, which is told no
    more (R106). That the one before was reported in time does not make the next one so (R113).
    """
    case.nomination.explanations = []
    case.nomination.replaced_at = case.now
    for kind in (UnitRecord, Opinion):
        await session.execute(
            update(kind)
            .where(kind.nomination_id == case.nomination.id, kind.superseded_at.is_(None))
            .values(superseded_at=case.now)
        )
    await session.execute(
        update(Story)
        .where(Story.nomination_id == case.nomination.id)
        .values(consented_by=None, consented_at=None, published_at=None)
    )
