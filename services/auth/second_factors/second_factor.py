"""A second factor: enrolled with an app, confirmed by a code, asked for at every sign-in from then on."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.audit import Action, record
from services.auth.domain import invitation_codes
from services.auth.domain.acting import running
from services.auth.keys.sealing import Vault
from services.auth.problems import SecondFactorEnrolled, SecondFactorRequired, SecondFactorWrong
from services.auth.queries import factor_of
from services.auth.resources import Resources
from services.auth.second_factors.factor_tables import RecoveryCodeRow, TotpFactorRow
from services.auth.second_factors.one_time_codes import address_for_app, new_secret, step_of
from services.auth.second_factors.passkey_problems import PasskeyRequired
from services.auth.second_factors.passkey_queries import has_passkey
from services.auth.second_factors.passkey_tables import PasskeyRow
from services.auth.sessions.assignment_queries import assignments_of
from services.auth.sessions.origin import Origin
from services.auth.sessions.separation import refuse_watcher
from services.common.callers.tokens import Caller
from services.common.problems import NotFound

_RECOVERY_CODES = 10


@dataclass(frozen=True, slots=True)
class Enrolment:
    secret: str
    otpauth_uri: str


async def begin_enrolment(session: AsyncSession, resources: Resources, caller: Caller) -> Enrolment:
    """A new secret, not asked for until it is confirmed. Raises SecondFactorEnrolled."""
    person_id, secret = caller.person_id, new_secret()
    sealed = resources.vault.seal(secret.encode(), purpose=purpose_of(person_id))
    begun = await session.execute(
        insert(TotpFactorRow)
        .values(person_id=person_id, sealed_secret=sealed)
        .on_conflict_do_update(
            index_elements=["person_id"],
            set_={"sealed_secret": sealed, "last_step": 0},
            where=TotpFactorRow.confirmed_at.is_(None),
        )
        .returning(TotpFactorRow.person_id)
    )
    if begun.first() is None:
        raise SecondFactorEnrolled
    uri = address_for_app(secret, username=caller.name, issuer=resources.settings.issuer)
    return Enrolment(secret, uri)


async def confirm_enrolment(
    session: AsyncSession, resources: Resources, caller: Caller, *, code: str, origin: Origin
) -> list[str]:
    """The recovery codes, shown once. Raises NotFound without a begun enrolment, SecondFactorEnrolled, SecondFactorWrong."""
    person_id, now = caller.person_id, datetime.now(UTC)
    factor = await factor_of(session, person_id)
    if factor is None:
        raise NotFound
    if factor.confirmed_at is not None:
        raise SecondFactorEnrolled
    if not await _accept(session, resources.vault, factor, code, now=now):
        raise SecondFactorWrong
    factor.confirmed_at = now
    codes = [invitation_codes.spell(secrets.randbits(invitation_codes.BITS)) for _ in range(_RECOVERY_CODES)]
    await session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.person_id == person_id))
    session.add_all(
        RecoveryCodeRow(person_id=person_id, code_hash=_recovery_hash(resources.vault, person_id, code))
        for code in codes
    )
    await session.flush()
    await record(session, Action.FACTOR_ENROLLED, person_id=person_id, origin=origin)
    return codes


async def pass_second_factor(
    session: AsyncSession, resources: Resources, *, person_id: UUID, code: str | None, origin: Origin
) -> None:
    """Spends the code. Whoever enrolled no factor passes. Raises SecondFactorRequired, SecondFactorWrong."""
    factor = await factor_of(session, person_id)
    if factor is None or factor.confirmed_at is None:
        return
    if code is None:
        raise SecondFactorRequired
    if await _accept(session, resources.vault, factor, code, now=datetime.now(UTC)):
        return
    if not await _spend_recovery_code(session, resources.vault, person_id, code):
        raise SecondFactorWrong
    await record(session, Action.RECOVERY_CODE_USED, person_id=person_id, origin=origin)


async def prove_second_factor(
    session: AsyncSession, resources: Resources, *, person_id: UUID, code: str | None, origin: Origin
) -> None:
    """At a sign-in. Raises SecondFactorRequired, SecondFactorWrong, PasskeyRequired.

    Who has passkeys only signs in otherwise as long as none of their roles needs two factors.
    """
    await pass_second_factor(session, resources, person_id=person_id, code=code, origin=origin)
    needing = resources.settings.roles_with_second_factor
    factor = await factor_of(session, person_id) if needing else None
    if not needing or (factor and factor.confirmed_at) or not await has_passkey(session, person_id):
        return
    held = running(await assignments_of(session, person_id), datetime.now(UTC))
    if not needing.isdisjoint(each.role for each in held):
        raise PasskeyRequired


async def remove_factor(session: AsyncSession, person_id: UUID, *, origin: Origin) -> None:
    """The person's own one-time codes. Raises NotFound for whoever has none."""
    if not await _remove_codes(session, person_id):
        raise NotFound
    await record(session, Action.FACTOR_REMOVED, person_id=person_id, origin=origin)


async def remove_all_factors(session: AsyncSession, person_id: UUID, *, origin: Origin, by: Caller) -> None:
    """One-time codes and passkeys, by the administrator. Raises NotFound for whoever has neither, AdministratorOutOfReach."""
    await refuse_watcher(session, person_id)
    codes = await _remove_codes(session, person_id)
    passkeys = await session.scalars(
        delete(PasskeyRow).where(PasskeyRow.person_id == person_id).returning(PasskeyRow.id)
    )
    count = len(passkeys.all())
    if not codes and not count:
        raise NotFound
    await record(session, Action.FACTOR_REMOVED, person_id=person_id, origin=origin, by=by, passkeys=count)


async def _remove_codes(session: AsyncSession, person_id: UUID) -> bool:
    removed = await session.execute(
        delete(TotpFactorRow).where(TotpFactorRow.person_id == person_id).returning(TotpFactorRow.person_id)
    )
    await session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.person_id == person_id))
    return removed.first() is not None


async def _accept(session: AsyncSession, vault: Vault, factor: TotpFactorRow, code: str, *, now: datetime) -> bool:
    """Each code once: of two requests with one code the second finds its half minute taken."""
    secret = vault.open(factor.sealed_secret, purpose=purpose_of(factor.person_id)).decode()
    step = step_of(secret, code.replace(" ", ""), now=now)
    if step is None:
        return False
    taken = await session.execute(
        update(TotpFactorRow)
        .where(TotpFactorRow.person_id == factor.person_id, TotpFactorRow.last_step < step)
        .values(last_step=step)
        .returning(TotpFactorRow.person_id)
        .execution_options(synchronize_session=False)
    )
    return taken.first() is not None


async def _spend_recovery_code(session: AsyncSession, vault: Vault, person_id: UUID, typed: str) -> bool:
    code = invitation_codes.normalise(typed)
    if code is None:
        return False
    spent = await session.execute(
        update(RecoveryCodeRow)
        .where(RecoveryCodeRow.code_hash == _recovery_hash(vault, person_id, code), RecoveryCodeRow.used_at.is_(None))
        .values(used_at=datetime.now(UTC))
        .returning(RecoveryCodeRow.person_id)
    )
    return spent.first() is not None


def _recovery_hash(vault: Vault, person_id: UUID, code: str) -> bytes:
    return vault.fingerprint(f"recovery {person_id} {code.replace('-', '')}")


def purpose_of(person_id: UUID) -> str:
    return f"totp {person_id}"
