"""Short-lived links: what wx.previewImage opens, which sends no header. Each is one person's view of one document."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from services.common.callers.tokens import Caller
from services.common.problems import Forbidden
from services.documents.holding import refuse_held
from services.documents.life_tables import DocumentLinkRow
from services.documents.problems import LinkExpired
from services.documents.queries import linked_document
from services.documents.reading import Conditions, Content, readable_facts, show
from services.documents.resources import Resources
from services.documents.schemas.links import LinkAnswer, LinkRequest
from services.documents.upload_queries import database_time
from services.documents.viewer import Viewer, viewer_of
from services.documents.viewing import form_of

LINK_LIFE = timedelta(minutes=10)
_EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}


async def make_link(resources: Resources, caller: Caller, document_id: UUID, wanted: LinkRequest) -> LinkAnswer:
    """For people only: a service sends its token. Raises NotFound, Forbidden, DocumentHeld."""
    if "service" in caller.roles:
        raise Forbidden
    facts = await readable_facts(resources, caller, document_id)
    refuse_held(resources.rules, facts)
    viewer = viewer_of(caller)
    link = DocumentLinkRow(
        id=uuid4(),  # random through and through: it stands in an address
        document_id=document_id,
        thumbnail=wanted.thumbnail,
        viewer=viewer.subject,
        viewer_name=viewer.name,
        viewer_organisation=viewer.organisation,
        viewer_roles=list(viewer.roles),
    )
    async with resources.database.transaction() as session:
        link.expires_at = await database_time(session) + LINK_LIFE
        session.add(link)
    drawn_anew = wanted.thumbnail or form_of(resources, viewer, facts) == "watermarked"
    extension = "jpg" if drawn_anew else _EXTENSIONS[facts[0].media_type]
    address = f"/v1/documents/links/{resources.links.sign(link.id)}/{facts[0].kind}.{extension}"
    return LinkAnswer(url=address, expires_at=link.expires_at)


async def open_link(resources: Resources, token: str, conditions: Conditions) -> Content:
    """Raises LinkExpired for every link that is not or no longer one, and what `show` raises."""
    link_id = resources.links.read(token)
    if link_id is None:
        raise LinkExpired
    async with resources.database.reading() as session:
        now: datetime = await database_time(session)
        found = await linked_document(session, link_id, now=now)
    if found is None:
        raise LinkExpired
    link, facts = found
    viewer = Viewer(link.viewer, link.viewer_name, link.viewer_organisation, tuple(link.viewer_roles))
    return await show(resources, viewer, facts, conditions, thumbnail=link.thumbnail)
