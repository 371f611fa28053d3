"""What a PDF is made of: whole, open, without anything that acts by itself. Nothing of it is drawn or run."""

import io
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader, apply_configuration
from pypdf.errors import LimitReachedError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from services.documents.domain.photo_measures import FileFault
from services.documents.inspection.file_tail import foreign_tail

_END = b"%%EOF"
_END_WITHIN = 1024  # readers look for the end mark this far from the end
_MAX_OBJECTS = 20_000  # a scan of fifty pages has a few hundred
_MAX_NESTING = 50
_MAX_PACKED = 100  # object streams hold a hundred objects each, and pypdf keeps what it unpacked
_MAX_UNPACKED = 2_000_000  # bytes of one of them; pages and pictures are never unpacked here
_PADDING = re.compile(rb"[\x00\r\n\t ]*")
# Keys and values that make a reader run, fetch, send or unpack something (ISO 32000-2, 12.6 and 7.11).
_ACTIVE_KEYS = frozenset(("/JS", "/JavaScript", "/XFA", "/RichMedia", "/EmbeddedFiles", "/EF", "/AF"))
_ACTIVE_KINDS = frozenset(
    (
        "/JavaScript",
        "/Launch",
        "/ImportData",
        "/SubmitForm",
        "/GoToE",
        "/RichMedia",
        "/RichMediaExecute",
        "/FileAttachment",
    )
)

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it finds odd is a finding of ours, not a line in the log


@dataclass(frozen=True, slots=True)
class PdfStructure:
    """`active` names the first thing that acts by itself; `tail` what stands behind the end."""

    fault: FileFault | None = None
    pages: int | None = None
    encrypted: bool = False
    active: str | None = None
    too_complex: bool = False
    tail: str | None = None


def read_pdf_structure(content: bytes) -> PdfStructure:
    """Expects bytes that start as a PDF. Never raises."""
    end = content.rfind(_END)
    if end < 0:
        return PdfStructure(FileFault.TRUNCATED)
    tail = _tail(content, end + len(_END))
    if tail is None and end < len(content) - _END_WITHIN:
        return PdfStructure(FileFault.TRUNCATED)
    if tail is not None:
        return PdfStructure(tail=tail)
    try:
        with apply_configuration(
            zlib_maximum_output_length=_MAX_UNPACKED,
            lzw_maximum_output_length=_MAX_UNPACKED,
            run_length_maximum_output_length=_MAX_UNPACKED,
        ):
            return _read(content)
    except LimitReachedError:
        return PdfStructure(too_complex=True)
    except Exception:  # noqa: BLE001  the parser meets hostile bytes: whatever it stumbles over, the file is not sound
        return PdfStructure(FileFault.CORRUPT)


def _tail(content: bytes, start: int) -> str | None:
    """Padding is nothing; anything else behind the end does not belong there."""
    padding = _PADDING.match(content, start)
    rest = content[padding.end() if padding else start :]
    return (foreign_tail(rest) or "unknown") if rest else None


def _read(content: bytes) -> PdfStructure:
    reader = PdfReader(io.BytesIO(content), strict=False, xref_stream_maximum_entries=4 * _MAX_OBJECTS)
    if reader.is_encrypted:
        return PdfStructure(encrypted=True)
    numbers = [(number, generation) for generation, known in reader.xref.items() for number in known]
    numbers += [(number, 0) for number in reader.xref_objStm]
    packed = {stream for stream, _ in reader.xref_objStm.values()}
    if len(numbers) > _MAX_OBJECTS or len(packed) > _MAX_PACKED:
        return PdfStructure(too_complex=True)
    active = next((name for number in numbers for name in _active(reader, *number)), None)
    return PdfStructure(
        FileFault.CORRUPT if not active and len(reader.pages) == 0 else None,
        pages=None if active else len(reader.pages),
        active=active,
    )


def _active(reader: PdfReader, number: int, generation: int) -> Iterator[str]:
    """Looks into one object, not beyond it: what it points to is an object of its own."""
    waiting: list[tuple[Any, int]] = [(reader.get_object(IndirectObject(number, generation, reader)), 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > _MAX_NESTING:
            raise ValueError("nested too deeply")
        if isinstance(value, DictionaryObject):
            yield from _named(value)
            waiting.extend((value.raw_get(key), depth + 1) for key in value)
        elif isinstance(value, ArrayObject):
            waiting.extend((item, depth + 1) for item in list.__iter__(value))


def _named(dictionary: DictionaryObject) -> Iterator[str]:
    for key in dictionary:
        if key in _ACTIVE_KEYS:
            yield key.removeprefix("/")
    for key in ("/S", "/Subtype"):
        if key in dictionary and str(dictionary.raw_get(key)) in _ACTIVE_KINDS:
            yield str(dictionary.raw_get(key)).removeprefix("/")
