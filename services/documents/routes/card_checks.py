"""Trying an ID card copy before it counts. For signed-in people only: each try costs processor time."""

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
from services.documents.card_checks import look_over_card
from services.documents.problems import FileDamaged, InspectionsBusy
from services.documents.resources import TheResources
from services.documents.routes.multipart import REQUIRE_MULTIPART
from services.documents.schemas.checks import CardCheckAnswer, CardCheckForm

routes = APIRouter(tags=["photo checks"], route_class=StrictRoute)


@routes.post(
    "/v1/documents/card-checks",
    dependencies=[REQUIRE_MULTIPART],
    responses=answers(
        MalformedMultipart,
        TokenMissing,
        Unauthenticated,
        TokenExpired,
        PayloadTooLarge,
        UnsupportedMediaType,
        Unprocessable,
        FileDamaged,
        InspectionsBusy,
        Unavailable,
    ),
)
async def check_card(
    form: Annotated[CardCheckForm, Form(media_type="multipart/form-data")],
    resources: TheResources,
    _: CurrentCaller,
) -> CardCheckAnswer:
    """检查身份证照片。Looks for glare, blur, a card cut off, too small, turned over or not legible (R184). Stores nothing."""
    return CardCheckAnswer.of(await look_over_card(resources, await form.file.read(), form.side))
