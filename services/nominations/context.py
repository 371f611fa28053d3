"""What every use case of the service works with: the database, the clock, the campaigns, the seal, the documents."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from services.common.answers.made_once import MadeOnce
from services.common.db import Database
from services.common.messages.emails import EmailSender
from services.common.messages.outgoing import OutgoingRequests
from services.common.messages.text_messages import TextMessageSender
from services.common.repeats.idempotency import KeptAnswers
from services.evidence.seals import SealingKey
from services.nominations.auth_client import AuthClient
from services.nominations.campaigns.published import Campaigns
from services.nominations.clock import Clock
from services.nominations.documents_client import DocumentsClient
from services.nominations.notifications.live import LiveFeed
from services.nominations.personal_data.sealing import IdentitySeal
from services.nominations.prints.blank_forms import BlankForms
from services.nominations.prints.rendering import Renderer


@dataclass(frozen=True, slots=True)
class Context:
    """Made once in the lifespan of the application."""

    database: Database
    answers: KeptAnswers
    clock: Clock
    campaigns: Campaigns
    seal: IdentitySeal
    auth: AuthClient
    documents: DocumentsClient
    renderer: Renderer
    blank_forms: BlankForms
    made_once: MadeOnce
    """What a published version says to everybody, as JSON."""
    text_messages: TextMessageSender
    emails: EmailSender
    consultation_url: str
    """The page on which an authority's officer opens a sheet; empty where there is none."""
    sealing_key: SealingKey
    live: LiveFeed
    outgoing: OutgoingRequests
    """The way to addresses that users typed in."""


async def _context(request: Request) -> Context:
    context: Context = request.app.state.context
    return context


InContext = Annotated[Context, Depends(_context)]
