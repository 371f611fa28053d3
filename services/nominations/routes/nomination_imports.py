"""Many nominees by one workbook: the template, and what comes of it filled in."""

import base64
import hashlib
from typing import Annotated, Any, Literal

from fastapi import Depends, Form, Header, Query, Response

from services.common.answers.caching import PUBLIC
from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import Caller, caller_with
from services.common.db import Reading
from services.common.problem_schema import SIGNED_IN, DeclaringRouter, answers
from services.common.problems import (
    MalformedMultipart,
    PayloadTooLarge,
    Unavailable,
    Unprocessable,
    UnsupportedMediaType,
)
from services.nominations.context import InContext
from services.nominations.domain.import_sheet import template_title
from services.nominations.domain.workflow import Role
from services.nominations.imports.nomination_importing import import_nominations
from services.nominations.prints.rendering import XLSX
from services.nominations.problems import (
    ActionForbidden,
    CampaignClosed,
    CampaignNotFound,
    CampaignNotOpen,
    CategoryUnknown,
    ImportRowsLoose,
    ImportSheetsChanged,
    ImportTooLong,
    ImportUnreadable,
    NoSeatGranted,
)
from services.nominations.routes.downloads import download
from services.nominations.schemas.imports import ImportForm, ImportResult

nomination_import_routes = DeclaringRouter(
    route_class=StrictRoute, tags=["nominations"], responses=answers(Unprocessable, Unavailable, CampaignNotFound)
)
Clerk = Annotated[Caller, caller_with(Role.UNIT_CLERK)]
_WORKBOOK: dict[int | str, dict[str, Any]] = {
    200: {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}
}


async def _require_multipart(content_type: Annotated[str, Header(include_in_schema=False)] = "") -> None:
    if content_type.partition(";")[0].strip().lower() != "multipart/form-data":
        raise UnsupportedMediaType


@nomination_import_routes.get(
    "/v1/campaigns/{key}/import-templates/{category}",
    response_class=Response,
    responses=answers(CategoryUnknown) | _WORKBOOK,
)
async def get_import_template(
    key: str,
    category: str,
    context: InContext,
    session: Reading,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """批量导入推荐对象的模板。The empty workbook of a category: the form's fields as columns, words to pick from, help."""
    campaign = await context.campaigns.latest(session, key)
    if category not in campaign.category_keys:
        raise CategoryUnknown
    content = await context.blank_forms.import_template(campaign, category)
    answer = download(content, f"{template_title(campaign, category)}.xlsx", XLSX)
    answer.headers.update({"Cache-Control": PUBLIC, "ETag": f'"{hashlib.sha256(content).hexdigest()}"'})
    if if_none_match == answer.headers["ETag"]:
        return Response(status_code=304, headers={name: answer.headers[name] for name in ("Cache-Control", "ETag")})
    return answer


@nomination_import_routes.post(
    "/v1/nomination-imports",
    dependencies=[Depends(_require_multipart)],
    response_model=ImportResult,
    responses=_WORKBOOK
    | SIGNED_IN
    | answers(
        MalformedMultipart,
        UnsupportedMediaType,
        PayloadTooLarge,
        ActionForbidden,
        CampaignClosed,
        CampaignNotOpen,
        CategoryUnknown,
        NoSeatGranted,
        ImportUnreadable,
        ImportTooLong,
        ImportSheetsChanged,
        ImportRowsLoose,
    ),
)
async def import_nominations_from_workbook(
    form: Annotated[ImportForm, Form(media_type="multipart/form-data")],
    caller: Clerk,
    context: InContext,
    answer_format: Annotated[
        Literal["json", "xlsx"], Query(alias="format", description="`xlsx` answers the marked copy alone")
    ] = "json",
) -> Response:
    """批量导入推荐对象（可先试办，dry_run）。

    Right rows become drafts, wrong ones are told cell by cell and in a marked copy. The same workbook again makes nothing twice.
    """
    answer, marked = await import_nominations(
        context,
        caller,
        await form.file.read(),
        campaign_key=form.campaign_key,
        category=form.category,
        dry_run=form.dry_run,
    )
    if answer_format == "xlsx":
        return download(marked, "导入结果.xlsx", XLSX)
    body = ImportResult(**answer.model_dump(), marked_base64=base64.b64encode(marked).decode())
    return Response(body.model_dump_json(), media_type="application/json")
