"""A file comes in one piece."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from fastapi import UploadFile
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.common.repeats.idempotency import Answer, Claim
from services.documents.admission import admit
from services.documents.consenting import ConsentGiven, with_consent
from services.documents.intake import Accepted, refuse_oversized, take_in
from services.documents.recording import record_document, recorded
from services.documents.resources import Resources
from services.documents.uploaded_bytes import read_upload


@dataclass(frozen=True, slots=True)
class Upload:
    """What somebody sends, and into which bundle. `replaces` names a document in force of the same kind."""

    bundle_id: UUID
    kind_key: str
    file: UploadFile
    replaces: UUID | None
    consent: ConsentGiven
    idempotency_key: str | None


async def upload_document(resources: Resources, caller: Caller, upload: Upload) -> JSONResponse:
    """Inspects, then stores, then records. What only the record refuses leaves its object noted for the sweep.

    Raises what `admit`, `with_consent`, `take_in` and `record_document` raise.
    """
    admission = await admit(resources, caller, bundle_id=upload.bundle_id, kind_key=upload.kind_key)
    admission = await with_consent(resources, admission, upload.consent)
    refuse_oversized(admission, upload.file.size or 0)
    accepted = await take_in(resources, admission, partial(read_upload, upload.file))
    content = f"{accepted.received_sha256} {upload.bundle_id} {upload.kind_key}"
    content += f" {upload.replaces}" if upload.replaces else ""
    claim = Claim(caller.subject, "upload_document", upload.idempotency_key, content.encode())
    return await resources.answers.once(claim, partial(_record, accepted, upload.replaces))


async def _record(accepted: Accepted, replaces: UUID | None, session: AsyncSession) -> Answer:
    return recorded(await record_document(session, accepted, replaces=replaces), accepted)
