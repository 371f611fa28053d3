"""Every SELECT of the documents service. Rows outside the caller's scope do not exist for them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    any_,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from services.common.callers.tokens import Caller
from services.common.db import Database
from services.common.prepared import Slot, Statements, prepare
from services.common.problems import NotFound
from services.documents.campaign_rules import CampaignRules
from services.documents.life_tables import DocumentLinkRow
from services.documents.tables import BundleRow, DocumentRow, DocumentViewRow, StoredObjectRow

_OFFICE_ROLES = frozenset({"county_officer", "county_reviewer", "city_officer", "city_reviewer"})
_UNIT_ROLES = frozenset({"unit_clerk", "unit_head"})
_COUNTY_ROLES = frozenset({"county_officer", "county_reviewer"})
_CITY_ROLES = frozenset({"city_officer", "city_reviewer"})
_FILING_OFFICIALS = frozenset({"county_officer", "city_officer"})
CASE_SIDE = "unit_clerk"
"""The nominee reads and adds what their unit's clerk does: so they never see, say, who objected to them."""

DocumentFacts = tuple[DocumentRow, StoredObjectRow, BundleRow]


async def readable_document(
    session: AsyncSession, document_id: UUID, *, caller: Caller, rules: CampaignRules
) -> DocumentFacts:
    """Raises NotFound."""
    found = await session.execute(_documents(caller, rules).where(DocumentRow.id == document_id))
    row = found.one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1], row[2]


async def readable_bundle(
    session: AsyncSession, bundle_id: UUID, *, caller: Caller, rules: CampaignRules, replaced: bool
) -> Sequence[DocumentFacts]:
    """The documents in force, oldest first; with `replaced` also those that no longer are.

    Raises NotFound when the bundle itself is out of the caller's scope.
    """
    await bundle_in_scope(session, bundle_id, caller=caller)
    found = await session.execute(
        _documents(caller, rules)
        .where(DocumentRow.bundle_id == bundle_id, true() if replaced else DocumentRow.replaced_at.is_(None))
        .order_by(DocumentRow.id)
    )
    return [(row[0], row[1], row[2]) for row in found]


async def bundle_in_scope(session: AsyncSession, bundle_id: UUID, *, caller: Caller) -> None:
    """Raises NotFound outside the caller's scope."""
    visible = or_(false(), *(scope for scope, _ in _standings(caller)))
    if await session.scalar(select(BundleRow.id).where(BundleRow.id == bundle_id, visible)) is None:
        raise NotFound


async def bundle_is_frozen(session: AsyncSession, bundle_id: UUID) -> bool:
    return bool(await session.scalar(select(BundleRow.frozen).where(BundleRow.id == bundle_id)))


class Closed(NamedTuple):
    """`frozen`: only kinds that come into being after submission are added. `kept`: nothing is, by a restriction."""

    frozen: bool
    kept: bool


class BundleToFill(NamedTuple):
    """`own_side`: the caller stands on the case's own side."""

    campaign_key: str
    owner_person_id: UUID | None
    own_side: bool
    frozen: bool
    kept: bool

    @property
    def closed(self) -> Closed:
        return Closed(self.frozen, self.kept)


async def bundle_to_fill(database: Database, bundle_id: UUID, *, caller: Caller) -> BundleToFill:
    """Raises NotFound for everybody who may add nothing to it."""
    statement = _TO_FILL.of(caller)
    found = await database.fetch(statement.text, *statement.filled(caller, {"bundle_id": bundle_id}))
    if not found:
        raise NotFound
    return BundleToFill(*found[0])


async def lock_bundle(session: AsyncSession, bundle_id: UUID) -> Closed:
    """Uploads into one bundle are counted and replaced one after the other. Tells what it is closed to."""
    connection = await session.connection()
    found = await connection.exec_driver_sql(_LOCKED.text, (bundle_id,))
    row: Any = found.one()
    return Closed(*row)


def next_ordinal(bundle_id: UUID | Slot, kind: str | Slot) -> ScalarSelect[int]:
    """Counts what was replaced or erased too. Right while the bundle is locked."""
    last = select(func.max(DocumentRow.ordinal)).where(DocumentRow.bundle_id == bundle_id, DocumentRow.kind == kind)
    return select(func.coalesce(last.scalar_subquery(), 0) + 1).scalar_subquery()


class DocumentInForce(NamedTuple):
    """Enough of a document to say whether somebody may close it."""

    id: UUID
    uploaded_by: UUID


async def documents_in_force(session: AsyncSession, bundle_id: UUID, kind: str) -> list[DocumentInForce]:
    connection = await session.connection()
    values = tuple(_IN_FORCE.given({"bundle_id": bundle_id, "kind": kind}))
    found: Sequence[Any] = (await connection.exec_driver_sql(_IN_FORCE.text, values)).all()
    return [DocumentInForce(*row) for row in found]


async def hold_object(session: AsyncSession, *, sha256: str, sealed: bool) -> str | None:
    """The key under which these bytes are found; nobody removes their row until the transaction ends."""
    found: str | None = await session.scalar(
        select(StoredObjectRow.object_key)
        .where(StoredObjectRow.sha256 == sha256, StoredObjectRow.sealed == sealed)
        .with_for_update(read=True, key_share=True)
    )
    return found


async def subjects_document(session: AsyncSession, document_id: UUID, *, caller: Caller, rules: CampaignRules) -> None:
    """Raises NotFound for everybody but the person whose paper it is; a collective has its unit's clerk."""
    owner = _owned(caller)
    for_all = and_(BundleRow.owner_person_id.is_(None), BundleRow.organisation_id.in_(caller.organisations))
    mine = or_(owner, for_all) if CASE_SIDE in caller.roles else owner
    found = await session.scalar(
        select(DocumentRow.id)
        .join(BundleRow, BundleRow.id == DocumentRow.bundle_id)
        .where(DocumentRow.id == document_id, mine, of_the_case_itself(rules, _person(caller)))
    )
    if found is None:
        raise NotFound


async def views_of(
    session: AsyncSession, document_id: UUID, *, after: UUID | None, limit: int
) -> Sequence[DocumentViewRow]:
    """Newest first."""
    query = select(DocumentViewRow).where(DocumentViewRow.document_id == document_id)
    if after is not None:
        query = query.where(DocumentViewRow.id < after)
    return (await session.scalars(query.order_by(DocumentViewRow.id.desc()).limit(limit))).all()


async def linked_document(
    session: AsyncSession, link_id: UUID, *, now: datetime
) -> tuple[DocumentLinkRow, DocumentFacts] | None:
    """The scope was asked when the link was made; here only its time, and that the bytes are still there."""
    found = await session.execute(
        select(DocumentLinkRow, DocumentRow, StoredObjectRow, BundleRow)
        .join(DocumentRow, DocumentRow.id == DocumentLinkRow.document_id)
        .join(StoredObjectRow, StoredObjectRow.object_key == DocumentRow.object_key)
        .join(BundleRow, BundleRow.id == DocumentRow.bundle_id)
        .where(DocumentLinkRow.id == link_id, DocumentLinkRow.expires_at > now)
    )
    row = found.one_or_none()
    return None if row is None else (row[0], (row[1], row[2], row[3]))


def _documents(caller: Caller, rules: CampaignRules) -> Select[DocumentRow, StoredObjectRow, BundleRow]:
    return (
        select(DocumentRow, StoredObjectRow, BundleRow)
        .join(StoredObjectRow, StoredObjectRow.object_key == DocumentRow.object_key)
        .join(BundleRow, BundleRow.id == DocumentRow.bundle_id)
        .where(readable_papers(caller, rules))
    )


def readable_papers(caller: Caller, rules: CampaignRules) -> ColumnElement[bool]:
    """Whoever uploaded it, as long as they stand in the case's scope, and every role that the kind names there."""
    mine = _is(DocumentRow.uploaded_by, caller.subject)
    return or_(false(), *(and_(scope, or_(mine, _kinds_of(role, caller, rules))) for scope, role in _standings(caller)))


def of_the_case_itself(rules: CampaignRules, subject: Sequence[UUID]) -> ColumnElement[bool]:
    """Of the papers in a case's bundle those of whom it is about: what its side reads, and whatever `subject` sent.

    The others are what people said of them, which they are not told (R95, R97). Of a kind that the rules no longer name only
    what no office and no stranger can have sent counts: of a kind of one file, or with a consent.
    """
    known = [(campaign, key) for campaign, key, _ in rules.all_kinds()]
    theirs = or_(DocumentRow.single, DocumentRow.consent_text_sha256.is_not(None))
    return or_(
        DocumentRow.uploaded_by.in_(subject),
        _among(rules.kinds_read_by(CASE_SIDE)),
        and_(not_(_among(known)), theirs),
    )


def _standings(caller: Caller) -> Iterator[tuple[ColumnElement[bool], str]]:
    """In which bundles the caller stands in which role."""
    apart = _apart(caller)
    yield _is(BundleRow.owner_person_id, caller.subject), CASE_SIDE
    for role in sorted(caller.roles):
        if role in _UNIT_ROLES:
            yield BundleRow.organisation_id.in_(caller.organisations), role
        elif role in _COUNTY_ROLES:
            yield and_(BundleRow.jurisdiction == caller.jurisdiction, _handed_to("county"), apart), role
        elif role in _CITY_ROLES:
            yield and_(_handed_to("city"), apart), role
        elif role == "service":
            yield true(), role


def _kinds_of(role: str, caller: Caller, rules: CampaignRules) -> ColumnElement[bool]:
    """回避: in no office does one read of a case of one's own, or of one's unit, what the case's side may not (R95, R97)."""
    if role == "service":
        return true()  # prints forms and checks completeness: reads every kind
    kinds = _among(rules.kinds_read_by(role))
    if role not in _OFFICE_ROLES:
        return kinds
    side = or_(_owned(caller), BundleRow.organisation_id.in_(caller.organisations))
    return and_(kinds, or_(not_(side), _among(rules.kinds_read_by(CASE_SIDE))))


def _among(kinds: Sequence[tuple[str, str]]) -> ColumnElement[bool]:
    return tuple_(BundleRow.campaign_key, DocumentRow.kind).in_(kinds) if kinds else false()


def _own_side(caller: Caller) -> ColumnElement[bool]:
    owner = _owned(caller)
    return or_(owner, BundleRow.organisation_id.in_(caller.organisations)) if CASE_SIDE in caller.roles else owner


def _owned(caller: Caller) -> ColumnElement[bool]:
    return func.coalesce(_is(BundleRow.owner_person_id, caller.subject), false())


def _filing_official(caller: Caller) -> ColumnElement[bool]:
    if "city_officer" in caller.roles:
        return and_(_handed_to("city"), _apart(caller))
    if "county_officer" in caller.roles:
        return and_(BundleRow.jurisdiction == caller.jurisdiction, _handed_to("county"), _apart(caller))
    return false()


def _apart(caller: Caller) -> ColumnElement[bool]:
    """Neither they nor their body, nor one that it took in, is whom the bundle is kept from."""
    named = [*_person(caller), *caller.organisations]
    return not_(or_(false(), *(literal(each) == any_(BundleRow.kept_from) for each in named)))


def _handed_to(stage: str) -> ColumnElement[bool]:
    """An office reads the papers of a case from its hand-over on, never those of a draft."""
    return literal(stage) == any_(BundleRow.open_to)


def _is(column: InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None], text: str) -> ColumnElement[bool]:
    """A service's subject is a name, and some callers act for no organisation: they equal no row, not even a null."""
    try:
        return column == UUID(text)
    except ValueError:
        return false()


def _person(caller: Caller) -> list[UUID]:
    try:
        return [UUID(caller.subject)]
    except ValueError:
        return []


_KEPT: ColumnElement[bool] = BundleRow.case_worked_on.is_(False)


def _to_fill(caller: Caller) -> Select[str, UUID | None, bool, bool, bool]:
    own_side, official = _own_side(caller), _filing_official(caller)
    return select(BundleRow.campaign_key, BundleRow.owner_person_id, own_side, BundleRow.frozen, _KEPT).where(
        BundleRow.id == Slot("bundle_id"), or_(own_side, official)
    )


_TO_FILL = Statements(_to_fill)
_LOCKED = prepare(select(BundleRow.frozen, _KEPT).where(BundleRow.id == Slot("bundle_id")).with_for_update())
_IN_FORCE = prepare(
    select(DocumentRow.id, DocumentRow.uploaded_by).where(
        DocumentRow.bundle_id == Slot("bundle_id"),
        DocumentRow.kind == Slot("kind"),
        DocumentRow.replaced_at.is_(None),
    )
)
