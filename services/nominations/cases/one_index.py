"""While the blind index changes its key: in a campaign, all rows of one person stand under one index at any moment.

The database compares indexes, for one open case a person and for circumstances of R83 to R93. So whoever writes a number
moves the other rows of the same number along, in the same transaction, whichever key the process writes with.
"""

from collections.abc import Collection

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import set_committed_value

from services.nominations.campaigns.published import Campaigns
from services.nominations.cases.case_facts import confirmation_holds
from services.nominations.cases.content import hash_of_part
from services.nominations.domain.form_definition import Part
from services.nominations.personal_data.sealing import IdentitySeal
from services.nominations.procedure_tables import Confirmation, Disqualification
from services.nominations.tables import Nomination

_AS_SAID = {"synchronize_session": False}


async def gather_person(
    session: AsyncSession, campaigns: Campaigns, seal: IdentitySeal, nomination: Nomination
) -> None:
    """Brings the person's other cases and circumstances in this campaign under the index of this case.

    Two processes that write with different keys wait for each other. Two cases of one person that are saved in the same
    moment may deadlock; one of them is then answered 503 and sent again.
    """
    if not seal.changes_index or nomination.identity_index is None or nomination.identity_sealed is None:
        return
    indexes = seal.indexes(seal.open(nomination.identity_sealed, bound_to=str(nomination.id)))
    others = [each for each in indexes if each != nomination.identity_index]
    with session.no_autoflush:  # the others make room first: the case itself is written after them
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(min(indexes).hex(), 11))))
        await _move_cases(session, campaigns, nomination, others)
        await session.execute(
            update(Disqualification)
            .where(
                Disqualification.campaign_key == nomination.campaign_key, Disqualification.identity_index.in_(others)
            )
            .values(identity_index=nomination.identity_index),
            execution_options=_AS_SAID,
        )


async def _move_cases(session: AsyncSession, campaigns: Campaigns, to: Nomination, others: Collection[bytes]) -> None:
    assert to.identity_index is not None
    found = select(Nomination).where(
        Nomination.campaign_key == to.campaign_key, Nomination.identity_index.in_(others), Nomination.id != to.id
    )
    for nomination in (await session.scalars(found.order_by(Nomination.id).with_for_update())).all():
        await change_index(session, campaigns, nomination, to.identity_index)


async def change_index(session: AsyncSession, campaigns: Campaigns, nomination: Nomination, target: bytes) -> None:
    """What was confirmed stays confirmed: the index is part of what a confirmation fixed."""
    campaign = await campaigns.version(session, nomination.campaign_key, nomination.campaign_version)
    form = campaign.form_of(nomination.category)
    confirmed = (await session.scalars(select(Confirmation).where(Confirmation.nomination_id == nomination.id))).all()
    held = [Part(each.part) for each in confirmed if confirmation_holds(form, nomination, each)]
    set_committed_value(nomination, "identity_index", target)
    await session.execute(
        update(Nomination).where(Nomination.id == nomination.id).values(identity_index=target),
        execution_options=_AS_SAID,
    )
    for part in held:
        await session.execute(
            update(Confirmation)
            .where(Confirmation.nomination_id == nomination.id, Confirmation.part == part)
            .values(content_hash=hash_of_part(form, nomination, part)),
            execution_options=_AS_SAID,
        )
