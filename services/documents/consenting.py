"""No file of a kind that needs consent is taken without it: asked before the bytes of an upload are looked at."""

from dataclasses import dataclass, replace
from typing import Any

from services.documents.admission import Admission
from services.documents.domain.consent import Consent, FileConsentChannel, text_version
from services.documents.problems import ConsentMissing, ConsentTextChanged
from services.documents.tables import DocumentRow
from services.documents.upload_tables import UploadRow


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """What came with an upload: the version of the words that were shown, and how they were agreed to."""

    text_sha256: str | None
    channel: FileConsentChannel


def with_consent(admission: Admission, given: ConsentGiven) -> Admission:
    """Of a kind that needs no consent nothing is recorded. Raises ConsentMissing, ConsentTextChanged."""
    text = admission.kind.consent_text
    if text is None:
        return admission
    if given.text_sha256 is None:
        raise ConsentMissing
    if given.text_sha256 != text_version(text):
        raise ConsentTextChanged
    consent = Consent(given.text_sha256, given.channel, on_behalf=not admission.own_papers)
    return replace(admission, consent=consent)


def with_earlier_consent(admission: Admission, consent: Consent | None) -> Admission:
    """Given when the upload began; words that changed since were not yet there to agree to. Raises ConsentMissing."""
    if admission.kind.consent_text is not None and consent is None:
        raise ConsentMissing
    return replace(admission, consent=consent)


def consent_columns(consent: Consent | None) -> dict[str, Any]:
    if consent is None:
        return {}
    return {
        "consent_text_sha256": consent.text_sha256,
        "consent_channel": consent.channel.value,
        "consent_on_behalf": consent.on_behalf,
    }


def consent_of(row: DocumentRow | UploadRow) -> Consent | None:
    if row.consent_text_sha256 is None or row.consent_channel is None:
        return None
    return Consent(
        row.consent_text_sha256, FileConsentChannel(row.consent_channel), on_behalf=bool(row.consent_on_behalf)
    )
