"""After a change of keys: every sealed value and every index under the first key, while the service runs."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute

from services.common.db import Database
from services.common.repeats.idempotency import KeptAnswers
from services.nominations.audit import note
from services.nominations.audit_table import ProcedureAction
from services.nominations.campaigns.published import Campaigns
from services.nominations.cases.one_index import change_index, gather_person
from services.nominations.city_tables import Objection
from services.nominations.consultation.consultation_tables import Consultation
from services.nominations.notifications.notification_tables import WebhookEndpoint
from services.nominations.personal_data.sealing import IdentitySeal
from services.nominations.tables import Nomination

_AT_A_TIME = 200
SEALED: tuple[InstrumentedAttribute[Any], ...] = (
    Consultation.phone_sealed,
    Objection.words_sealed,
    WebhookEndpoint.secret_sealed,
    WebhookEndpoint.old_secret_sealed,
)
"""What else is sealed with the same key, each bound to the id of its row."""


@dataclass(frozen=True, slots=True)
class Rewrapped:
    """How many cases and how many other values were moved to the first keys."""

    cases: int
    others: int


async def rewrap(database: Database, campaigns: Campaigns, seal: IdentitySeal, answers: KeptAnswers) -> Rewrapped:
    """Safe to break off, to repeat and to run beside the service.

    Raises SealBrokenError, AnswerSealBrokenError for what no key opens.
    """
    cases = await _rewrap_cases(database, campaigns, seal)
    others = sum([await _reseal(database, seal, column) for column in SEALED]) + await answers.reseal()
    async with database.transaction() as session:
        await note(session, ProcedureAction.KEYS_REWRAPPED, None, cases=cases, others=others)
    return Rewrapped(cases, others)


async def _rewrap_cases(database: Database, campaigns: Campaigns, seal: IdentitySeal) -> int:
    last, done = UUID(int=0), 0
    while True:
        async with database.reading() as session:
            page = select(Nomination.id, Nomination.identity_sealed, Nomination.identity_index)
            page = page.where(Nomination.id > last, Nomination.identity_sealed.is_not(None))
            rows = (await session.execute(page.order_by(Nomination.id).limit(_AT_A_TIME))).all()
        for row in rows:
            number = seal.open(row.identity_sealed, bound_to=str(row.id))
            if row.identity_index != seal.index(number) or seal.resealed(row.identity_sealed, bound_to=str(row.id)):
                await _rewrap_case(database, campaigns, seal, row.id)
                done += 1
        if len(rows) < _AT_A_TIME:
            return done
        last = rows[-1].id


async def _rewrap_case(database: Database, campaigns: Campaigns, seal: IdentitySeal, nomination_id: UUID) -> None:
    """A transaction for each person: nobody who edits waits longer than for that."""
    async with database.transaction() as session:
        nomination = await session.get_one(Nomination, nomination_id, with_for_update=True)
        if nomination.identity_sealed is None:
            return
        bound_to = str(nomination.id)
        number = seal.open(nomination.identity_sealed, bound_to=bound_to)
        nomination.identity_sealed = seal.seal(number, bound_to=bound_to)
        if nomination.identity_index != seal.index(number):
            await change_index(session, campaigns, nomination, seal.index(number))
        await gather_person(session, campaigns, seal, nomination)


async def _reseal(database: Database, seal: IdentitySeal, column: InstrumentedAttribute[Any]) -> int:
    table: Any = column.class_
    last, done = UUID(int=0), 0
    while True:
        async with database.transaction() as session:
            page = select(table.id, column).where(table.id > last, column.is_not(None)).order_by(table.id)
            rows = (await session.execute(page.limit(_AT_A_TIME).with_for_update())).all()
            for row_id, sealed in rows:
                resealed = seal.resealed(sealed, bound_to=str(row_id))
                if resealed is not None:
                    await session.execute(update(table).where(table.id == row_id).values({column.key: resealed}))
                    done += 1
        if len(rows) < _AT_A_TIME:
            return done
        last = rows[-1].id
