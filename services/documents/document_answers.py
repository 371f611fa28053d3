"""A document's rows as the answer that clients read."""

from services.documents.campaign_rules import CampaignRules
from services.documents.consenting import consent_of
from services.documents.holding import reason_to_hold
from services.documents.queries import DocumentFacts
from services.documents.schemas.checks import FindingAnswer
from services.documents.schemas.documents import ConsentAnswer, DocumentAnswer
from services.documents.tables import DocumentRow


def document_answer(rules: CampaignRules, facts: DocumentFacts) -> DocumentAnswer:
    """`held_for` tells what holds for everybody who reads it, also where it is the case that is restricted."""
    document, stored, _ = facts
    answer = described(document, sha256=stored.sha256, byte_count=stored.byte_count)
    return answer.model_copy(update={"held_for": reason_to_hold(rules, facts)})


def described(document: DocumentRow, *, sha256: str, byte_count: int) -> DocumentAnswer:
    consent = consent_of(document)
    return DocumentAnswer(
        id=document.id,
        kind=document.kind,
        bundle_id=document.bundle_id,
        ordinal=document.ordinal,
        sha256=sha256,
        received_sha256=document.received_sha256,
        bytes=byte_count,
        media_type=document.media_type,
        width=document.width,
        height=document.height,
        pages=document.pages,
        verdict=document.verdict,
        findings=[FindingAnswer.model_validate(finding) for finding in document.findings],
        not_checked=document.not_checked,
        print_codes=document.print_codes,
        card_read=document.card_read,
        consent=None if consent is None else ConsentAnswer.model_validate(consent),
        uploaded_at=document.uploaded_at,
        replaced_at=document.replaced_at,
        held_for=document.held_for,
    )
