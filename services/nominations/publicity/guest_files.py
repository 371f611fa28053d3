"""Files from people without an account: attachments of an objection (R95), an authority's sealed sheet (R58).

The words count without the files: when documents is away, the objection stands, and the grant is asked for again later.
"""

from datetime import timedelta
from uuid import UUID

from services.common.problems import FieldError, Unavailable, Unprocessable
from services.nominations.city_tables import Objection
from services.nominations.consultation.consultation_tables import Consultation
from services.nominations.context import Context
from services.nominations.documents_client import BundleOwner, HeldDocument, UploadGrant
from services.nominations.domain.consultation_links import SHEET_HOLDS
from services.nominations.domain.scan_match import OPINION_SHEET
from services.nominations.tables import Nomination

_ATTACHMENTS, _SCANS = 5, 3
_OBJECTOR_HAS = timedelta(hours=2)


async def grant_for_objection(context: Context, objection: Objection) -> UploadGrant | None:
    """Into a bundle of the objection's own, which the office that handles it reads and nobody else. None: try again later."""
    try:
        await keep_attachments_apart(context, objection)
        return await context.documents.grant_upload(
            objection.id,
            kind="objection_attachment",
            subject_id=objection.id,
            max_count=_ATTACHMENTS,
            minutes=_minutes(_OBJECTOR_HAS),
        )
    except Unavailable:
        return None


async def keep_attachments_apart(context: Context, objection: Objection, *, joining: UUID | None = None) -> None:
    """回避 (R95, R97): in no office does whom it is about read them, nor their unit. Safe to repeat. Raises Unavailable.

    `joining` is about to become the nominee.
    """
    async with context.database.reading() as session:
        nomination = await session.get_one(Nomination, objection.nomination_id)
    about = (nomination.unit_id, nomination.nominee_person_id, joining)
    owner = BundleOwner(
        person_id=None,
        unit_id=objection.id,  # no organisation's: the unit objected to must not read it
        quota_unit=objection.quota_unit,
        campaign_key=objection.campaign_key,
        open_to=(objection.office,),
        kept_from=tuple(each for each in about if each is not None),
    )
    await context.documents.register_bundle(objection.id, owner)


async def grant_for_sheet(context: Context, consultation: Consultation) -> UploadGrant | None:
    """Into the case's own bundle, as a kind that only offices read (R58).

    None: the opinion can be given without it, or the sheet opened again.
    """
    try:
        return await context.documents.grant_upload(
            consultation.nomination_id,
            kind=OPINION_SHEET,
            subject_id=consultation.id,
            max_count=_SCANS,
            minutes=_minutes(SHEET_HOLDS),
        )
    except Unavailable:
        return None


async def require_held(
    context: Context, nomination_id: UUID, document_id: UUID | None, *, kind: str, pointer: str
) -> HeldDocument | None:
    """A document that is named must lie with the case. Asked before the transaction. Raises Unprocessable, Unavailable."""
    if document_id is None:
        return None
    for held in await context.documents.held(nomination_id):
        if (held.id, held.kind) == (document_id, kind):
            return held
    message = "没有在本件推荐的材料中找到这份文件，请先上传"
    raise Unprocessable(errors=[FieldError(pointer, "document_unknown", message, requirement="R130")])


def _minutes(period: timedelta) -> int:
    return int(period.total_seconds() // 60)
