"""Trying a photo before it counts. For signed-in people only: each try costs processor time."""

from typing import Annotated

from fastapi import APIRouter, Form

from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import CurrentCaller
from services.common.problem_schema import answers
from services.common.problems import (
    MalformedMultipart,
    PayloadTooLarge,
    TokenExpired,
    TokenMissing,
    Unauthenticated,
    Unavailable,
    Unprocessable,
    UnsupportedMediaType,
)
from services.documents.file_check import inspect_photo
from services.documents.problems import CampaignUnknown, FileDamaged, InspectionsBusy, PhotoProfileUnknown
from services.documents.resources import TheResources
from services.documents.routes.multipart import REQUIRE_MULTIPART
from services.documents.schemas.checks import PhotoCheckAnswer, PhotoCheckForm

routes = APIRouter(tags=["photo checks"], route_class=StrictRoute)


@routes.post(
    "/v1/documents/photo-checks",
    dependencies=[REQUIRE_MULTIPART],
    responses=answers(
        MalformedMultipart,
        TokenMissing,
        Unauthenticated,
        TokenExpired,
        PayloadTooLarge,
        UnsupportedMediaType,
        Unprocessable,
        PhotoProfileUnknown,
        CampaignUnknown,
        FileDamaged,
        InspectionsBusy,
        Unavailable,
    ),
)
async def check_photo(
    form: Annotated[PhotoCheckForm, Form(media_type="multipart/form-data")],
    resources: TheResources,
    _: CurrentCaller,
) -> PhotoCheckAnswer:
    """检查证件照。Measures a portrait against the campaign's rules (R124-R126, R188). Stores nothing."""
    profile = resources.rules.of_asked(form.campaign_key).photo_profile(form.profile)
    facts = await inspect_photo(resources.inspections, await form.file.read(), profile)
    return PhotoCheckAnswer.model_validate(facts.check)
