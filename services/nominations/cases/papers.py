"""The papers of a case as the documents service knows them, asked before a transaction begins."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.common.callers.tokens import Caller
from services.nominations import queries
from services.nominations.cases.content import identity_field, opened_form
from services.nominations.context import Context
from services.nominations.documents_client import HeldDocument
from services.nominations.domain.card_copies import ComparedCard

_MASK = "*"


@dataclass(frozen=True, slots=True)
class Papers:
    """`cards` are the ID card copies that were read, each compared with the form."""

    held: list[HeldDocument]
    cards: list[ComparedCard]


async def papers_of(
    context: Context, caller: Caller, nomination_id: UUID, *, corrected: Mapping[str, Any] | None = None
) -> Papers:
    """`corrected` is the form that is about to take the place of the stored one. Raises NotFound, Unavailable."""
    held = await context.documents.held(nomination_id)
    if not any(document.card_read for document in held):
        return Papers(held, [])
    async with context.database.reading() as session:
        nomination = await queries.get_nomination(session, caller, nomination_id)
        campaign = await context.campaigns.version(session, nomination.campaign_key, nomination.campaign_version)
    form = campaign.form_of(nomination.category)
    stored = opened_form(nomination, form, context.seal)
    typed = {key: value for key, value in (corrected or {}).items() if _MASK not in str(value)}
    values = stored | typed
    cards = await context.documents.compared_cards(
        nomination_id,
        name=str(values.get("full_name") or "")[:80],
        number=str(values.get(identity_field(form) or "") or "")[:40],
    )
    return Papers(held, cards)
