"""What changed since a client last asked, for copies kept on phones: every change once, none passed over.

Times would lose changes: a transaction that began earlier may commit later. Changes are numbered by transaction instead,
and told only below the oldest one that still runs: whatever is told is final, whatever is not yet told comes next time.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, literal_column, not_, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.common.lists.paging import in_words, page_token, rows_to_fetch
from services.nominations.domain.workflow import Role, Status
from services.nominations.lists.change_tables import ChangeCounting, NominationChange
from services.nominations.lists.list_queries import ROW
from services.nominations.problems import ChangesTokenOutdated
from services.nominations.queries import not_held
from services.nominations.tables import Nomination

_NO_ID = UUID(int=0)
_HORIZON: ColumnElement[int] = literal_column("pg_snapshot_xmin(pg_current_snapshot())::text::bigint")


@dataclass(frozen=True, slots=True)
class Since:
    """Up to where a client has heard: an epoch of counting, whose eyes, a transaction and the last case of it."""

    epoch: str
    scope: str
    changed_in: int
    nomination_id: UUID

    @property
    def token(self) -> str:
        return page_token(self.epoch, self.scope, self.changed_in, self.nomination_id)


@dataclass(frozen=True, slots=True)
class Changes:
    """Rows of changed cases with `gone` and `revision`, and where to go on; `complete` when there is no more for now."""

    rows: Sequence[Any]
    following: Since
    complete: bool


async def changes_since(
    session: AsyncSession, caller: Caller, *, campaign_key: str, since: Since | None, limit: int
) -> Changes:
    """One page, in the order of change. Raises ChangesTokenOutdated for a token of other eyes or another counting."""
    epoch = str(await session.scalar(select(ChangeCounting.epoch)) or "")
    scope = _fingerprint(caller, campaign_key)
    if since is not None and (since.epoch, since.scope) != (epoch, scope):
        raise ChangesTokenOutdated
    # Asked first: what had ended by now is visible to the statement that follows.
    horizon = (await session.execute(select(_HORIZON))).scalar_one()
    gone = or_(NominationChange.gone, not_(func.coalesce(not_held(caller), True)))
    place = tuple_(NominationChange.changed_in, NominationChange.nomination_id)
    query = (
        select(
            *ROW,
            NominationChange.nomination_id,
            gone.label("gone"),
            NominationChange.changed_in,
        )
        .outerjoin(Nomination, Nomination.id == NominationChange.nomination_id)
        .where(
            NominationChange.campaign_key == campaign_key,
            _heard_by(caller),
            NominationChange.changed_in < horizon,
        )
        .order_by(NominationChange.changed_in, NominationChange.nomination_id)
        .limit(in_words(rows_to_fetch(limit + 1)))
    )
    if since is None:
        query = query.where(not_(gone), Nomination.status != Status.WITHDRAWN)
    else:
        query = query.where(place > (since.changed_in, since.nomination_id))
    rows = (await session.execute(query)).all()
    if len(rows) <= limit:
        return Changes(rows, Since(epoch, scope, horizon, _NO_ID), complete=True)
    last = rows[limit - 1]
    return Changes(rows[:limit], Since(epoch, scope, last.changed_in, last.nomination_id), complete=False)


def _heard_by(caller: Caller) -> ColumnElement[bool]:
    """The scopes of `queries.visible_to`, on the rows that outlive the case."""
    scopes: list[ColumnElement[bool]] = []
    if Role.NOMINEE in caller.roles:
        scopes.append(NominationChange.nominee_person_id == caller.person_id)
    if caller.roles & {Role.UNIT_CLERK, Role.UNIT_HEAD}:
        scopes.append(NominationChange.unit_id.in_(caller.organisations))
    if caller.roles & {Role.COUNTY_OFFICER, Role.COUNTY_REVIEWER}:
        scopes.append(and_(NominationChange.quota_unit == caller.jurisdiction, NominationChange.handed_over))
    if caller.roles & {Role.CITY_OFFICER, Role.CITY_REVIEWER}:
        scopes.append(and_(NominationChange.reported))
    return or_(false(), *scopes)


def _fingerprint(caller: Caller, campaign_key: str) -> str:
    """Whoever sees other rows than before starts over: a change of role is no change of any case."""
    bodies = map(str, caller.organisations)
    seen = (campaign_key, *sorted(caller.roles), *bodies, caller.jurisdiction, str(caller.person_id))
    return hashlib.blake2b("\x1f".join(seen).encode(), digest_size=8).hexdigest()
