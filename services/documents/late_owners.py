"""A person takes over papers that their unit sent before they had an account: the consents on paper are theirs from now on."""

from uuid import UUID

from sqlalchemy import select

from services.common.china_time import china_day
from services.documents.auth_client import SentConsent
from services.documents.problems import ConsentTextChanged
from services.documents.resources import Resources
from services.documents.tables import DocumentRow


async def pass_consents_on(resources: Resources, bundle_id: UUID, *, campaign_key: str, owner: UUID) -> None:
    """Enters them at auth, so that the person sees them there and can withdraw them. May be repeated. Raises Unavailable."""
    async with resources.database.reading() as session:
        found = await session.scalars(
            select(DocumentRow)
            .where(
                DocumentRow.bundle_id == bundle_id,
                DocumentRow.replaced_at.is_(None),
                DocumentRow.consent_text_sha256.is_not(None),
                DocumentRow.uploaded_by != owner,
            )
            .order_by(DocumentRow.id)
        )
        papers = found.all()
    rules = resources.rules.of(campaign_key)
    for purpose, paper in {rules.kind(each.kind).consent_purpose: each for each in papers}.items():
        if purpose is not None:
            await _enter(resources, paper, purpose=purpose, campaign_key=campaign_key, owner=owner)


async def _enter(resources: Resources, paper: DocumentRow, *, purpose: str, campaign_key: str, owner: UUID) -> None:
    """Words that changed since stay with the file alone."""
    given_at = paper.consent_at or paper.uploaded_at
    sent = SentConsent(
        person_id=owner,
        sent_by=paper.uploaded_by,
        campaign_key=campaign_key,
        purpose=purpose,
        text_sha256=paper.consent_text_sha256,
        in_wechat=False,
        signed_on=china_day(given_at),
    )
    try:
        await resources.auth.note_consent(sent)
    except ConsentTextChanged:
        return
