"""A better version of a photo, for the person to accept. For signed-in people only: each costs processor time."""

from typing import Annotated, Literal

import anyio.to_thread
from fastapi import APIRouter, Form, Query, Response

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
from services.documents.photo_fixes import propose_fix
from services.documents.problems import (
    CampaignUnknown,
    FileDamaged,
    InspectionsBusy,
    PhotoNotFixable,
    PhotoProfileUnknown,
)
from services.documents.resources import TheResources
from services.documents.routes.multipart import REQUIRE_MULTIPART
from services.documents.schemas.checks import PhotoFixAnswer, PhotoFixForm

routes = APIRouter(tags=["photo checks"], route_class=StrictRoute)


@routes.post(
    "/v1/documents/photo-fixes",
    dependencies=[REQUIRE_MULTIPART],
    response_model=PhotoFixAnswer,
    responses={
        200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}},
        **answers(
            MalformedMultipart,
            TokenMissing,
            Unauthenticated,
            TokenExpired,
            PayloadTooLarge,
            UnsupportedMediaType,
            Unprocessable,
            PhotoProfileUnknown,
            CampaignUnknown,
            PhotoNotFixable,
            FileDamaged,
            InspectionsBusy,
            Unavailable,
        ),
    },
)
async def fix_photo(
    form: Annotated[PhotoFixForm, Form(media_type="multipart/form-data")],
    resources: TheResources,
    _: CurrentCaller,
    answer_format: Annotated[
        Literal["json", "jpeg"],
        Query(alias="format", description="`jpeg` answers the new file alone, without the checks"),
    ] = "json",
) -> Response:
    """修正证件照。

    Turns, cuts, resizes and rewrites a portrait as the rules want it (R124-R126), and strips what it says of the place.

    A photo that satisfies the rules keeps every pixel. Stores nothing: who accepts the proposal uploads it.
    """
    profile = resources.rules.of_asked(form.campaign_key).photo_profile(form.profile)
    content = await form.file.read()
    fixed = await propose_fix(resources.inspections, content, profile=profile, background=form.background)
    if answer_format == "jpeg":
        return Response(fixed.content, media_type="image/jpeg")
    body = await anyio.to_thread.run_sync(lambda: PhotoFixAnswer.of(fixed).model_dump_json())
    return Response(body, media_type="application/json")
