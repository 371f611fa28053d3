"""A proposal for a photo that does not satisfy the rules yet. Nothing is stored; the person decides."""

from functools import partial

from services.common.worker_pool import WorkerPool
from services.documents.domain.photo_findings import PhotoCheck
from services.documents.domain.photo_fix import BackgroundChoice, FixedPhoto
from services.documents.domain.photo_profile import PhotoProfile
from services.documents.file_check import field_errors, inspect_content
from services.documents.inspection.photo_fixing import fix_photo
from services.documents.problems import PhotoNotFixable
from services.documents.schemas.checks import PhotoCheckAnswer


async def propose_fix(
    inspections: WorkerPool, content: bytes, *, profile: PhotoProfile, background: BackgroundChoice
) -> FixedPhoto:
    """Raises PhotoNotFixable with the check of what would still be wrong, FileDamaged, InspectionsBusy."""
    fixing = partial(fix_photo, profile=profile, background=background)
    fixed = await inspect_content(inspections, fixing, content)
    if isinstance(fixed, PhotoCheck):
        answer = PhotoCheckAnswer.model_validate(fixed)
        raise PhotoNotFixable(errors=field_errors(fixed.findings), extra={"check": answer.model_dump(mode="json")})
    return fixed
