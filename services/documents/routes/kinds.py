"""Kinds of documents and photo profiles: public, so that a front end knows every limit before it fails."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.common.answers.strict_json import StrictRoute
from services.common.problem_schema import answers
from services.documents.campaign_rules import DocumentRules
from services.documents.file_check import LARGEST_UPLOAD
from services.documents.problems import CampaignUnknown
from services.documents.resources import TheResources
from services.documents.schemas.kinds import DocumentKindAnswer, DocumentKindsAnswer, UploadLimitsAnswer
from services.documents.schemas.uploads import LARGEST_CHUNK
from services.documents.settings import DocumentsSettings

routes = APIRouter(tags=["kinds"], route_class=StrictRoute)


@routes.get("/v1/documents/kinds", response_model=DocumentKindsAnswer, responses=answers(CampaignUnknown))
async def list_document_kinds(
    resources: TheResources,
    campaign_key: Annotated[str | None, Query(max_length=80, description="Default: the latest campaign")] = None,
) -> Response:
    """材料种类和要求。What may be uploaded in a campaign, and what a portrait must be."""
    rules = resources.rules.of_asked(campaign_key)
    return resources.made_once.answer(rules.campaign_key, lambda: _kinds(rules, resources.settings))


def _kinds(rules: DocumentRules, settings: DocumentsSettings) -> DocumentKindsAnswer:
    return DocumentKindsAnswer(
        campaign_key=rules.campaign_key,
        uploads=UploadLimitsAnswer(
            max_bytes=LARGEST_UPLOAD,
            max_chunk_bytes=LARGEST_CHUNK,
            open_uploads_per_person=settings.open_uploads_per_person,
            upload_hours=settings.upload_hours,
        ),
        kinds={
            key: DocumentKindAnswer.of(kind, rules.notice, store_is_reachable=bool(settings.s3_public_url))
            for key, kind in rules.kinds.items()
        },
        photo_profiles=dict(rules.photo_profiles),
    )
