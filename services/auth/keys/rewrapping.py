"""After a change of AUTH_KEY_ENCRYPTION_KEY: everything sealed goes under the first key, while the service runs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from services.auth.audit import Action, record
from services.auth.invitations.admission_tables import AdmissionRequestRow
from services.auth.keys.sealing import Vault
from services.auth.keys.vault_tables import VaultKeyRow
from services.auth.messages import email_addresses, phones
from services.auth.messages.email_tables import EmailAddressRow
from services.auth.second_factors import second_factor
from services.auth.second_factors.factor_tables import TotpFactorRow
from services.auth.tables import PersonRow, SigningKeyRow
from services.common.db import Database
from services.common.repeats.idempotency import KeptAnswers

_AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Sealed:
    """A column of sealed values, the key of its rows, and what each of them is bound to."""

    key: InstrumentedAttribute[Any]
    column: InstrumentedAttribute[Any]
    purpose: Callable[[Any], str]


SEALED = (
    Sealed(VaultKeyRow.name, VaultKeyRow.sealed_key, str),
    Sealed(SigningKeyRow.kid, SigningKeyRow.sealed_private_key, str),
    Sealed(PersonRow.id, PersonRow.sealed_phone, lambda _: phones.PURPOSE),
    Sealed(AdmissionRequestRow.id, AdmissionRequestRow.sealed_phone, lambda _: phones.PURPOSE),
    Sealed(EmailAddressRow.person_id, EmailAddressRow.sealed_address, lambda _: email_addresses.PURPOSE),
    Sealed(TotpFactorRow.person_id, TotpFactorRow.sealed_secret, second_factor.purpose_of),
)
"""All that lasts, beside the answers kept for repeated requests."""


async def rewrap(database: Database, vault: Vault, answers: KeptAnswers) -> int:
    """How many values were moved. Safe to break off, to repeat and to run beside the service.

    Raises CannotOpenError, AnswerSealBrokenError for what no key opens.
    """
    moved = sum([await _reseal(database, vault, each) for each in SEALED]) + await answers.reseal()
    if moved:
        async with database.transaction() as session:
            await record(session, Action.SEALING_KEY_CHANGED, person_id=None, origin=None, moved=moved)
    return moved


async def _reseal(database: Database, vault: Vault, sealed: Sealed) -> int:
    last, done = None, 0
    while True:
        async with database.transaction() as session:
            rows = await _page(session, sealed, last)
            for key, value in rows:
                fresh = vault.resealed(value, purpose=sealed.purpose(key))
                if fresh is not None:
                    table: Any = sealed.column.class_
                    values = {sealed.column.key: fresh}
                    await session.execute(update(table).where(sealed.key == key).values(values))
                    done += 1
        if len(rows) < _AT_A_TIME:
            return done
        last = rows[-1][0]


async def _page(session: AsyncSession, sealed: Sealed, last: Any) -> list[tuple[Any, bytes]]:
    query = select(sealed.key, sealed.column).where(sealed.column.is_not(None))
    if last is not None:
        query = query.where(sealed.key > last)
    rows = await session.execute(query.order_by(sealed.key).limit(_AT_A_TIME).with_for_update())
    return [(row[0], row[1]) for row in rows]
