"""Truth about uploaded bytes: every file is inspected in a worker process before anything of it is kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from services.common.problems import FieldError
from services.common.worker_pool import JobTimeout, WorkerCrashed, WorkerPool, WorkerPoolError
from services.documents.domain.document_kind import DocumentKind, FileFormat
from services.documents.domain.image_verdict import FileCode, FileLimits, ImageFacts
from services.documents.domain.photo_findings import CONTENT_NOT_CHECKED, Finding, FindingCode, Severity, Verdict
from services.documents.domain.photo_profile import PhotoProfile
from services.documents.inspection.file_format import real_format
from services.documents.inspection.hidden_archive import hides_archive
from services.documents.inspection.image_file import inspect_image
from services.documents.portrait_facts import PortraitFacts, portrait_facts
from services.documents.problems import (
    FileAnimated,
    FileCarriesMore,
    FileDamaged,
    FileEmpty,
    FileRefused,
    FileTooLarge,
    FileTooManyPixels,
    FileTypeRefused,
    FileUnreadable,
    InspectionsBusy,
    PdfActive,
    PdfEncrypted,
    PdfTooComplex,
    PdfTooManyPages,
    PhotoRejected,
)
from services.documents.schemas.checks import PhotoCheckAnswer

Result = TypeVar("Result")

LARGEST_UPLOAD = 10_000_000
"""What wx.uploadFile carries in one shot, and what chunks add up to at most."""

_REFUSALS: dict[str, type[FileRefused]] = {
    FindingCode.EMPTY: FileEmpty,
    FindingCode.SIZE_ABOVE_MAX: FileTooLarge,
    FindingCode.TOO_MANY_PIXELS: FileTooManyPixels,
    FindingCode.NOT_RGB: FileTypeRefused,
    FindingCode.TRAILING_DATA: FileCarriesMore,
    FileCode.FORMAT_NOT_ACCEPTED: FileTypeRefused,
    FileCode.ANIMATED: FileAnimated,
    FileCode.PDF_ENCRYPTED: PdfEncrypted,
    FileCode.PDF_ACTIVE: PdfActive,
    FileCode.PDF_TOO_MANY_PAGES: PdfTooManyPages,
    FileCode.PDF_TOO_COMPLEX: PdfTooComplex,
}

_REQUIREMENTS: dict[str, str] = {
    FindingCode.NOT_JPEG: "R126",
    FindingCode.SIZE_BELOW_MIN: "R125",
    FindingCode.SIZE_ABOVE_MAX: "R125",
    FindingCode.ASPECT_WRONG: "R124",
    FindingCode.PIXELS_TOO_FEW: "R124",
    FindingCode.BG_NOT_BLUE: "R124",
    FindingCode.BG_UNEVEN: "R124",
    FindingCode.NOT_COLOUR: "R124",
    FindingCode.NO_FACE: "R188",
    FindingCode.MULTIPLE_FACES: "R188",
    FindingCode.FACE_CUT: "R188",
    FindingCode.TILTED: "R188",
    FindingCode.NOT_FRONTAL: "R188",
    FindingCode.EYES_COVERED: "R188",
    FindingCode.MOUTH_COVERED: "R188",
    FindingCode.HEADWEAR: "R188",
}


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """Facts about an acceptable file."""

    media_type: str
    width: int | None
    height: int | None
    verdict: Verdict
    findings: tuple[Finding, ...]
    not_checked: tuple[str, ...]
    pages: int | None = None
    converted: bytes | None = None
    """What is kept instead of the bytes that came."""
    print_codes: tuple[str, ...] | None = None
    """Codes of printed forms that it shows; None where nobody looked."""


async def check_file(
    inspections: WorkerPool, content: bytes, *, kind: DocumentKind, profile: PhotoProfile | None
) -> CheckedFile:
    """Raises PhotoRejected for a portrait, another FileRefused for the rest, InspectionsBusy when too much waits."""
    if profile is None:
        return _accepted_file(
            await inspect_content(inspections, partial(inspect_image, limits=limits_of(kind)), content)
        )
    if hides_archive(content):
        raise FileCarriesMore
    if real_format(content) != "heic" or FileFormat.HEIC not in kind.formats:
        return _accepted_portrait(await inspect_photo(inspections, content, profile))
    photo = _accepted_file(
        await inspect_content(inspections, partial(inspect_image, limits=_as_it_comes(kind)), content)
    )
    assert photo.converted is not None
    checked = _accepted_portrait(await inspect_photo(inspections, photo.converted, profile))
    return replace(checked, converted=checked.converted or photo.converted)


def limits_of(kind: DocumentKind) -> FileLimits:
    return FileLimits(frozenset(kind.formats), kind.max_bytes, kind.max_pixels, kind.max_pages)


def _as_it_comes(kind: DocumentKind) -> FileLimits:
    """A portrait's byte limits are for the JPEG that is kept, not for the HEIC it came as."""
    return replace(limits_of(kind), max_bytes=LARGEST_UPLOAD)


async def inspect_photo(inspections: WorkerPool, content: bytes, profile: PhotoProfile) -> PortraitFacts:
    """Raises FileDamaged for a file that keeps a worker busy beyond its time, InspectionsBusy when too much waits."""
    return await inspect_content(inspections, partial(portrait_facts, profile=profile), content)


async def inspect_content(inspections: WorkerPool, inspect: Callable[[bytes], Result], content: bytes) -> Result:
    """Runs one inspection in a worker process."""
    try:
        return await inspections.run(inspect, content)
    except JobTimeout:
        raise FileDamaged from None
    except WorkerCrashed:  # a decoder written in C met bytes that it cannot bear; only its own process died of it
        raise FileUnreadable from None
    except WorkerPoolError:
        raise InspectionsBusy from None


def _accepted_portrait(facts: PortraitFacts) -> CheckedFile:
    check = facts.check
    if check.verdict is Verdict.REJECT:
        answer = PhotoCheckAnswer.model_validate(check)
        raise PhotoRejected(errors=field_errors(check.findings), extra={"check": answer.model_dump(mode="json")})
    checked = CheckedFile("image/jpeg", facts.width, facts.height, check.verdict, check.findings, check.not_checked)
    return replace(checked, converted=facts.without_place)


def _accepted_file(inspected: ImageFacts | tuple[Finding, ...]) -> CheckedFile:
    if isinstance(inspected, ImageFacts):
        size = (inspected.width, inspected.height)
        checked = CheckedFile(inspected.media_type, *size, Verdict.ACCEPT, (), (CONTENT_NOT_CHECKED,))
        return replace(checked, pages=inspected.pages, converted=inspected.converted)
    raise _REFUSALS.get(inspected[0].code, FileDamaged)(errors=field_errors(inspected))


def field_errors(findings: Sequence[Finding]) -> list[FieldError]:
    """What refuses stands before what only warns."""
    ordered = sorted(findings, key=lambda finding: finding.severity is not Severity.REFUSE)
    return [
        FieldError("/file", finding.code, finding.message, requirement=_REQUIREMENTS.get(finding.code))
        for finding in ordered
    ]
