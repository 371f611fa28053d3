"""A file is taken in: read whole in its turn, scanned, inspected, kept. What is refused leaves no trace."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from services.documents.admission import Admission
from services.documents.card_checks import look_over_card
from services.documents.card_readings import CardReading, sealed_reading
from services.documents.domain.card_check import CardCheck
from services.documents.file_check import LARGEST_UPLOAD, CheckedFile, check_file
from services.documents.keeping_objects import KeptObject, keep_object
from services.documents.print_codes import print_codes_in
from services.documents.problems import FileTooLarge
from services.documents.resources import Resources
from services.documents.uploaded_bytes import UploadedBytes, digested

Read = Callable[[], Awaitable[UploadedBytes]]


@dataclass(frozen=True, slots=True)
class Accepted:
    """A checked and stored file, ready to be recorded. What is kept need not be what came."""

    admission: Admission
    checked: CheckedFile
    stored: KeptObject
    received_sha256: str
    sha256: str
    byte_count: int
    reading: CardReading | None = None


def refuse_oversized(admission: Admission, byte_count: int) -> None:
    """Before anything is read. A portrait's own limit is for the JPEG that is kept. Raises FileTooLarge."""
    limit = LARGEST_UPLOAD if admission.profile else admission.kind.max_bytes
    if byte_count > limit:
        raise FileTooLarge


async def take_in(resources: Resources, admission: Admission, read: Read) -> Accepted:
    """Raises FileRefused, PhotoRejected, ScannerUnavailable, InspectionsBusy, Unavailable, and what `read` raises."""
    async with resources.gate.in_memory:
        received = await read()
        await resources.scanner.scan(received.content)
        checked = await check_file(
            resources.inspections, received.content, kind=admission.kind, profile=admission.profile
        )
        card = await _looked_over(resources, admission, received, checked)
        if card is not None:
            checked = replace(checked, verdict=card.verdict, findings=card.findings, not_checked=card.not_checked)
        codes = await print_codes_in(resources.inspections, _to_keep(received, checked), admission.kind)
        checked = replace(checked, print_codes=codes)
        kept = received if checked.converted is None else await digested(checked.converted)
        stored = await keep_object(resources, kept, sealed=admission.kind.encrypted, media_type=checked.media_type)
    reading = None if card is None or card.text is None else sealed_reading(resources.cipher, card.text)
    return Accepted(admission, checked, stored, received.sha256, kept.sha256, len(kept.content), reading)


async def _looked_over(
    resources: Resources, admission: Admission, received: UploadedBytes, checked: CheckedFile
) -> CardCheck | None:
    """What looks doubtful on an identity card's copy goes to a person with it; it never refuses (R184, R193)."""
    if admission.kind.card_side is None:
        return None
    return await look_over_card(resources, _to_keep(received, checked), admission.kind.card_side)


def _to_keep(received: UploadedBytes, checked: CheckedFile) -> bytes:
    return received.content if checked.converted is None else checked.converted
