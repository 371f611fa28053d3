"""Bundles: the papers of a case. The procedure says whose they are and when they are frozen; everybody else reads theirs."""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.common.prepared import Slot, prepare
from services.common.problems import NotFound, Unavailable
from services.documents.document_answers import document_answer
from services.documents.domain.file_names import file_stem, free_stem
from services.documents.late_owners import pass_consents_on
from services.documents.queries import bundle_is_frozen, readable_bundle
from services.documents.resources import Resources
from services.documents.schemas.bundles import (
    BundleAnswer,
    BundleItemsAnswer,
    BundleRequest,
    BundleState,
    Restriction,
)
from services.documents.tables import BundleRow, BundleSubmissionRow

_TRIES = 5
_AT_MOST = timedelta(minutes=1)
"""A submission takes no longer; one that has not said by then how it ended belongs to a process that died."""
_LAST_CHARACTER = "\U0010ffff"
_GIVEN = (*BundleRequest.model_fields, "file_stem")
_MAKE = prepare(
    insert(BundleRow)
    .values(id=Slot("bundle_id"), **{name: Slot(name) for name in _GIVEN})
    .on_conflict_do_nothing()
    .returning(BundleRow.id)
)
# As a range, because a prepared LIKE finds its index only by being planned anew each time.
_NAMESAKES = select(func.array_agg(BundleRow.file_stem)).where(
    BundleRow.campaign_key == Slot("campaign_key"),
    BundleRow.file_stem >= Slot("stem"),
    BundleRow.file_stem <= Slot("last_stem"),
)
_IN_THE_WAY = prepare(select(exists().where(BundleRow.id == Slot("bundle_id")), _NAMESAKES.scalar_subquery()))


async def put_bundle(resources: Resources, bundle_id: UUID, wanted: BundleRequest) -> BundleAnswer:
    """The same request twice leaves one bundle; what is open to a stage, or kept from somebody, stays so.

    Raises CampaignUnknown, Unavailable.
    """
    resources.rules.of(wanted.campaign_key)
    made = await _make(resources, bundle_id, wanted)
    if made is not None:
        return made
    await _pass_consents_on(resources, bundle_id, wanted)
    for _ in range(_TRIES):
        with suppress(IntegrityError):  # a namesake was made at this moment, under the name that was free
            return await _put(resources, bundle_id, wanted)
    raise Unavailable


async def _make(resources: Resources, bundle_id: UUID, wanted: BundleRequest) -> BundleAnswer | None:
    """A new bundle by one short statement, a namesake's by three, without a transaction or a lock: what every case begins with.

    None where it is there already, or where a namesake took its name in between: the constraints of the table say so.
    """
    stem = file_stem(wanted.unit_name, wanted.person_name) if wanted.unit_name is not None else ""
    bundle = BundleAnswer(
        **wanted.model_dump(exclude={"open_to", "kept_from", "person_name"}),
        open_to=sorted(set(wanted.open_to)),
        kept_from=sorted(set(wanted.kept_from)),
        person_name=wanted.person_name if wanted.unit_name is not None else None,
        bundle_id=bundle_id,
        file_stem=stem or None,
    )
    if await _insert(resources, bundle):
        return bundle
    named = {"campaign_key": wanted.campaign_key, "stem": stem, "last_stem": stem + _LAST_CHARACTER}
    given = _IN_THE_WAY.given(named | {"bundle_id": bundle_id})
    ((is_there, namesakes),) = await resources.database.fetch(_IN_THE_WAY.text, *given)
    if is_there:
        return None
    bundle.file_stem = free_stem(stem, frozenset(namesakes or ()))
    return bundle if await _insert(resources, bundle) else None


async def _insert(resources: Resources, bundle: BundleAnswer) -> bool:
    return bool(await resources.database.fetch(_MAKE.text, *_MAKE.given(bundle.model_dump())))


async def _put(resources: Resources, bundle_id: UUID, wanted: BundleRequest) -> BundleAnswer:
    """Says anew whose a bundle is. Raises IntegrityError where another was made under its new name."""
    async with resources.database.transaction() as session:
        values = wanted.model_dump(exclude={"unit_name", "person_name"})
        await session.execute(insert(BundleRow).values(id=bundle_id, **values).on_conflict_do_nothing())
        bundle = await session.get_one(BundleRow, bundle_id, with_for_update=True)
        bundle.owner_person_id = wanted.owner_person_id
        bundle.organisation_id = wanted.organisation_id
        bundle.jurisdiction = wanted.jurisdiction
        bundle.campaign_key = wanted.campaign_key
        bundle.open_to = sorted({*bundle.open_to, *wanted.open_to})
        bundle.kept_from = sorted({*bundle.kept_from, *wanted.kept_from})
        await _name(session, bundle, wanted)
        told = {"bundle_id": bundle_id, "open_to": bundle.open_to, "kept_from": bundle.kept_from}
        names = {"unit_name": bundle.unit_name, "person_name": bundle.person_name, "file_stem": bundle.file_stem}
    return BundleAnswer.model_validate(wanted.model_dump() | told | names)


async def _pass_consents_on(resources: Resources, bundle_id: UUID, wanted: BundleRequest) -> None:
    """Before the papers become the person's: where auth is away they stay nobody's, and the next request begins again."""
    if wanted.owner_person_id is None:
        return
    async with resources.database.reading() as session:
        is_nobodys = await session.scalar(select(BundleRow.owner_person_id.is_(None)).where(BundleRow.id == bundle_id))
    if is_nobodys:
        await pass_consents_on(resources, bundle_id, campaign_key=wanted.campaign_key, owner=wanted.owner_person_id)


async def _name(session: AsyncSession, bundle: BundleRow, wanted: BundleRequest) -> None:
    """R127 单位+姓名. Namesakes of one campaign are numbered in the order in which they come, and keep their number."""
    if wanted.unit_name is None or (wanted.unit_name, wanted.person_name) == (bundle.unit_name, bundle.person_name):
        return
    lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:campaign, 7))")
    await session.execute(lock, {"campaign": bundle.campaign_key})
    stem = file_stem(wanted.unit_name, wanted.person_name)
    taken = await session.scalars(
        select(BundleRow.file_stem).where(
            BundleRow.campaign_key == bundle.campaign_key,
            BundleRow.id != bundle.id,
            BundleRow.file_stem.startswith(stem, autoescape=True),
        )
    )
    bundle.file_stem = free_stem(stem, {name for name in taken if name}) if stem else None
    bundle.unit_name, bundle.person_name = wanted.unit_name, wanted.person_name
    await session.flush()


async def set_state(
    resources: Resources, bundle_id: UUID, wanted: BundleState, *, begins: UUID | None = None, ends: UUID | None = None
) -> BundleState:
    """News of an older revision of the case changes nothing, nor does what would open papers that are being handed in.

    `begins`, `ends`: the number of a submission. Answers what holds. Raises NotFound.
    """
    async with resources.database.transaction() as session:
        bundle = await session.get(BundleRow, bundle_id, with_for_update=True)
        if bundle is None:
            raise NotFound
        if ends is not None:
            await session.execute(delete(BundleSubmissionRow).where(_over(bundle_id, ends)))
        if begins is not None:
            begun = insert(BundleSubmissionRow).values(bundle_id=bundle_id, id=begins)
            await session.execute(begun.on_conflict_do_nothing())
        opens = bundle.frozen and not wanted.frozen and wanted.case_revision == bundle.case_revision
        stays = opens and await session.scalar(select(exists().where(_under_way(bundle_id))))
        if wanted.case_revision >= bundle.case_revision and not stays:
            _note_restriction(bundle, wanted)
            bundle.case_revision, bundle.frozen = wanted.case_revision, wanted.frozen
        restriction: Restriction = "none"
        if bundle.case_worked_on is not None:
            restriction = "worked_on" if bundle.case_worked_on else "kept"
        return BundleState(case_revision=bundle.case_revision, frozen=bundle.frozen, restriction=restriction)


def _over(bundle_id: UUID, ended: UUID) -> ColumnElement[bool]:
    """With it goes whatever never said how it ended."""
    row = BundleSubmissionRow
    return and_(row.bundle_id == bundle_id, or_(row.id == ended, row.begun_at <= func.now() - _AT_MOST))


def _under_way(bundle_id: UUID) -> ColumnElement[bool]:
    row = BundleSubmissionRow
    return and_(row.bundle_id == bundle_id, row.begun_at > func.now() - _AT_MOST)


def _note_restriction(bundle: BundleRow, wanted: BundleState) -> None:
    """Whoever does not know of the restriction says nothing of it, and what was known of an older revision holds no more."""
    if wanted.restriction != "none":
        bundle.restricted_at = bundle.restricted_at or func.now()
        bundle.case_worked_on = wanted.restriction == "worked_on"
    elif wanted.case_revision > bundle.case_revision and bundle.case_worked_on:
        bundle.case_worked_on = False


async def list_bundle(resources: Resources, caller: Caller, bundle_id: UUID, *, replaced: bool) -> BundleItemsAnswer:
    """Raises NotFound."""
    async with resources.database.reading() as session:
        documents = await readable_bundle(session, bundle_id, caller=caller, rules=resources.rules, replaced=replaced)
        frozen = await bundle_is_frozen(session, bundle_id)
    return BundleItemsAnswer(
        bundle_id=bundle_id, frozen=frozen, items=[document_answer(resources.rules, facts) for facts in documents]
    )
