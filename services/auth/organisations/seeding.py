"""Organisations from campaign data, and the plainly fictional people of the embedded default. Both may run again."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.auth.domain.binding import WechatUser
from services.auth.domain.roles import OrganisationKind, Place
from services.auth.organisations.organisation_queries import names_given_up
from services.auth.organisations.seed_patterns import Body, DemoPerson, bodies_of, demo_people_of, demo_units_of
from services.auth.queries import credential_of, organisation_ids
from services.auth.sessions.passwords import Passwords
from services.auth.tables import OrganisationRow, PasswordCredentialRow, PersonRow, RoleAssignmentRow
from services.auth.wechat.binding_wechat import bind
from services.common.db import Database

_UNDER_THE_COUNTY_OFFICE = {OrganisationKind.COUNTY_BUREAU, OrganisationKind.UNIT, OrganisationKind.AUTHORITY}


async def seed_organisations(database: Database, bodies: Mapping[str, Any]) -> None:
    """`bodies` as in campaigns/*/organisations.yaml. What is there already stays as it is."""
    async with database.transaction() as session:
        await _add_bodies(session, bodies_of(bodies))


async def seed_demo_people(database: Database, people: Mapping[str, Any], password: str) -> None:
    """`people` as in demo_people.yaml: their units, then they themselves.

    One argon2 hash serves all of them: they are for demonstration only. A second run gives everybody its password.
    """
    password_hash = await Passwords().hash(password)
    async with database.transaction() as session:
        await _add_bodies(session, demo_units_of(people))
        places = await organisation_ids(session)
        for person in demo_people_of(people):
            await _add_or_update(session, person, at=places[person.at], password_hash=password_hash)


async def seed_wechat_identities(database: Database, *, appid: str, identities: Mapping[str, tuple[str, str]]) -> None:
    """Binds phones of the fake WeChat, openid and unionid by username, to people who have a password."""
    async with database.transaction() as session:
        for username, (openid, unionid) in identities.items():
            credential = await credential_of(session, username)
            assert credential is not None
            user = WechatUser(appid=appid, openid=openid, unionid=unionid)
            await bind(session, user, credential.person_id, origin=None, now=datetime.now(UTC))


async def _add_bodies(session: AsyncSession, bodies: Iterable[Body]) -> None:
    # Two replicas that seed at once take turns: the second reads the rows of the first.
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtext("auth seeding"))))
    places, given_up = await organisation_ids(session), await names_given_up(session)
    for body in bodies:
        if (body.place, body.name) in given_up:
            continue  # renamed or merged since the file was written
        added = await session.scalar(
            insert(OrganisationRow)
            .values(
                id=uuid7(),
                parent_id=_parent_of(body.place, places),
                kind=body.place.kind,
                name=body.name,
                jurisdiction=body.place.jurisdiction,
                bureau=body.place.bureau,
            )
            .on_conflict_do_nothing(constraint="organisations_one_body_of_a_name_in_a_jurisdiction")
            .returning(OrganisationRow.id)
        )
        if added is not None:
            places.setdefault(body.place, added)


def _parent_of(place: Place, places: Mapping[Place, UUID]) -> UUID | None:
    """A county's bodies stand under its award office (R40), everything else under the city's group, that under the province."""
    office = places.get(Place(place.jurisdiction, OrganisationKind.COUNTY_OFFICE))
    if place.kind in _UNDER_THE_COUNTY_OFFICE and office is not None:
        return office
    if place.kind is OrganisationKind.PROVINCE:
        return None
    above = OrganisationKind.CITY_WORKING_GROUP
    if place.kind is above:
        above = OrganisationKind.PROVINCE
    return next((found for known, found in places.items() if known.kind is above), None)


async def _add_or_update(session: AsyncSession, person: DemoPerson, *, at: UUID, password_hash: str) -> None:
    credential = await credential_of(session, person.username)
    if credential is not None:
        credential.password_hash = password_hash
        credential.changed_at = datetime.now(UTC)
        return
    row = PersonRow(id=uuid7(), full_name=person.full_name)
    session.add(row)
    await session.flush()
    session.add_all(
        [
            PasswordCredentialRow(person_id=row.id, username=person.username, password_hash=password_hash),
            RoleAssignmentRow(person_id=row.id, organisation_id=at, role=person.role, starts_at=datetime.now(UTC)),
        ]
    )
