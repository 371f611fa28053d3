"""May this person add a file of this kind to this bundle, now?"""

from dataclasses import dataclass
from uuid import UUID

from services.common.callers.tokens import Caller
from services.common.text import Bilingual
from services.documents.domain.consent import Consent
from services.documents.domain.document_kind import DocumentKind
from services.documents.domain.photo_profile import PhotoProfile
from services.documents.problems import BundleFrozen, KindNotYours
from services.documents.queries import CASE_SIDE, Closed, DocumentInForce, bundle_to_fill
from services.documents.resources import Resources
from services.documents.tables import DocumentRow


@dataclass(frozen=True, slots=True)
class Admission:
    """Somebody may add a file of a kind to a bundle, as long as it is not frozen meanwhile."""

    bundle_id: UUID
    kind_key: str
    kind: DocumentKind
    profile: PhotoProfile | None
    person_id: UUID
    own_side: bool
    campaign_key: str
    owner_person_id: UUID | None = None
    """Whose papers they are; None for a collective's, and where the person has no account yet."""
    consent: Consent | None = None

    @property
    def own_papers(self) -> bool:
        """Whoever adds is the person whose papers they are."""
        return self.owner_person_id == self.person_id

    def may_close(self, document: DocumentRow | DocumentInForce) -> bool:
        """People take back what they sent; the case's own side also what the nominee or clerk filed before submission."""
        return document.uploaded_by == self.person_id or (self.own_side and not self.kind.after_submission)


async def admit(resources: Resources, caller: Caller, *, bundle_id: UUID, kind_key: str) -> Admission:
    """Raises NotFound, DocumentKindUnknown, KindNotYours, BundleFrozen, Forbidden for a service."""
    person_id = caller.person_id
    bundle = await bundle_to_fill(resources.database, bundle_id, caller=caller)
    rules = resources.rules.of(bundle.campaign_key)
    kind = rules.kind(kind_key)
    if not may_add(kind, own_side=bundle.own_side, caller=caller):
        raise KindNotYours
    refuse_frozen(kind, bundle.closed)
    profile = rules.photo_profile(kind.photo_profile) if kind.photo_profile else None
    campaign, owner = bundle.campaign_key, bundle.owner_person_id
    return Admission(bundle_id, kind_key, kind, profile, person_id, bundle.own_side, campaign, owner)


def may_add(kind: DocumentKind, *, own_side: bool, caller: Caller) -> bool:
    """The case's own side adds what its clerk reads. An official files what they read, and replaces nothing."""
    if own_side:
        return CASE_SIDE in kind.readers
    return kind.max_count > 1 and not caller.roles.isdisjoint(kind.readers)


def refuse_frozen(kind: DocumentKind, closed: Closed) -> None:
    """Raises BundleFrozen. What only comes into being after submission is added to a frozen bundle too."""
    if closed.kept:
        raise BundleFrozen(_KEPT)
    if closed.frozen and not kind.after_submission:
        raise BundleFrozen


_KEPT = Bilingual(
    "依法限制处理，这件推荐的材料只保存，不再增加、更换或者撤回",
    "Processing is restricted: the papers are kept, and none is added, replaced or taken back",
)
