"""What was read of an ID card copy is kept so that it can be compared and not read (decision 0050).

Number and name are kept as keyed digests, each reading with a key of its own, which the service's key wraps; the last day
of validity in clear. The procedure asks whether what somebody typed is what was read, and is told same or different.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.problems import NotFound
from services.documents.domain.card_text import CardText, plain_text
from services.documents.encryption import ObjectCipher, SealBrokenError
from services.documents.life_tables import CardReadingRow
from services.documents.resources import Resources
from services.documents.schemas.cards import CardComparisonAnswer, CardComparisonRequest, CardComparisons
from services.documents.tables import BundleRow, DocumentRow

Compared = Literal["same", "differs", "not_read"]


@dataclass(frozen=True, slots=True)
class CardReading:
    """A reading ready to be kept with its document."""

    id: UUID
    key_id: str
    wrapped_key: bytes
    number_digest: bytes | None
    name_digests: tuple[bytes, ...]
    valid_until: date | None
    no_expiry: bool


def sealed_reading(cipher: ObjectCipher, text: CardText) -> CardReading:
    reading_id = uuid7()
    fresh = cipher.fresh_key(place=f"card-readings/{reading_id.hex}")
    return CardReading(
        id=reading_id,
        key_id=fresh.key_id,
        wrapped_key=fresh.wrapped_key,
        number_digest=None if text.number is None else _digest(fresh.key, text.number),
        name_digests=tuple(_digest(fresh.key, name) for name in text.names),
        valid_until=text.valid_until,
        no_expiry=text.no_expiry,
    )


def keep_reading(session: AsyncSession, document_id: UUID, reading: CardReading) -> None:
    session.add(
        CardReadingRow(
            id=reading.id,
            document_id=document_id,
            key_id=reading.key_id,
            wrapped_key=reading.wrapped_key,
            number_digest=reading.number_digest,
            name_digests=list(reading.name_digests),
            valid_until=reading.valid_until,
            no_expiry=reading.no_expiry,
        )
    )


async def drop_readings(session: AsyncSession, document_ids: Iterable[UUID]) -> None:
    """Of what is in force no longer nothing is compared."""
    await session.execute(delete(CardReadingRow).where(CardReadingRow.document_id.in_(list(document_ids))))


async def compare_cards(resources: Resources, bundle_id: UUID, typed: CardComparisonRequest) -> CardComparisons:
    """Of a restricted case nothing is compared. Raises NotFound."""
    async with resources.database.reading() as session:
        bundle = await session.get(BundleRow, bundle_id)
        if bundle is None:
            raise NotFound
        if bundle.restricted_at is not None:
            return CardComparisons(items=[])
        found = await session.execute(
            select(DocumentRow, CardReadingRow)
            .join(CardReadingRow, CardReadingRow.document_id == DocumentRow.id)
            .where(
                DocumentRow.bundle_id == bundle_id, DocumentRow.replaced_at.is_(None), DocumentRow.held_for.is_(None)
            )
            .order_by(DocumentRow.id)
        )
        rows = found.all()
    return CardComparisons(items=[_compared(resources.cipher, row[0], row[1], typed) for row in rows])


def _compared(
    cipher: ObjectCipher, document: DocumentRow, reading: CardReadingRow, typed: CardComparisonRequest
) -> CardComparisonAnswer:
    number, name = _against(cipher, reading, typed)
    return CardComparisonAnswer(
        document_id=document.id,
        kind=document.kind,
        number=number,
        name=name,
        valid_until=reading.valid_until,
        no_expiry=reading.no_expiry,
    )


def _against(cipher: ObjectCipher, reading: CardReadingRow, typed: CardComparisonRequest) -> tuple[Compared, Compared]:
    """A key that is gone leaves the reading unreadable: a person compares."""
    try:
        key = cipher.key_of(reading.key_id, reading.wrapped_key, place=reading.object_key)
    except SealBrokenError:
        return "not_read", "not_read"
    numbers = [reading.number_digest] if reading.number_digest else []
    return _among(numbers, key, typed.resident_id_number), _among(reading.name_digests, key, typed.name)


def _among(digests: Iterable[bytes], key: bytes, typed: str) -> Compared:
    known = list(digests)
    if not known or not typed:
        return "not_read"
    wanted = _digest(key, typed)
    return "same" if any(hmac.compare_digest(wanted, digest) for digest in known) else "differs"


def _digest(key: bytes, text: str) -> bytes:
    return hmac.digest(key, plain_text(text).encode(), "sha256")
