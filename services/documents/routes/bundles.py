"""Bundles: made by the procedure, read by whoever may read the case."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import Caller, CurrentCaller, caller_with
from services.common.db import Reading
from services.common.lists.paging import AfterId, PageSize, page_token
from services.common.problem_schema import answers
from services.common.problems import (
    Forbidden,
    MalformedJson,
    NotFound,
    Unprocessable,
)
from services.documents.bundles import list_bundle, put_bundle, set_state
from services.documents.card_readings import compare_cards
from services.documents.erasure_records import erased_papers_of
from services.documents.granted_uploads import grant_upload
from services.documents.problems import CampaignUnknown, ConsentMissing, DocumentKindUnknown
from services.documents.resources import TheResources
from services.documents.routes.refusals import SIGNED_IN
from services.documents.schemas.bundles import BundleAnswer, BundleItemsAnswer, BundleRequest, BundleState
from services.documents.schemas.cards import CardComparisonRequest, CardComparisons
from services.documents.schemas.erasures import ErasedPaperAnswer, ErasedPapers
from services.documents.schemas.grants import UploadGrantAnswer, UploadGrantRequest

routes = APIRouter(tags=["bundles"], route_class=StrictRoute)


@routes.put(
    "/v1/documents/bundles/{bundle_id}",
    responses=answers(*SIGNED_IN, MalformedJson, Forbidden, Unprocessable, CampaignUnknown),
)
async def register_bundle(
    bundle_id: UUID,
    request: BundleRequest,
    resources: TheResources,
    _: Annotated[Caller, caller_with("service")],
) -> BundleAnswer:
    """登记材料包（仅供服务间调用）。Say whose case a bundle belongs to. For services only; may be sent again."""
    return await put_bundle(resources, bundle_id, request)


@routes.put(
    "/v1/documents/bundles/{bundle_id}/state",
    responses=answers(*SIGNED_IN, MalformedJson, Forbidden, NotFound, Unprocessable),
)
async def set_bundle_state(
    bundle_id: UUID,
    request: BundleState,
    resources: TheResources,
    _: Annotated[Caller, caller_with("service")],
    begins: Annotated[UUID | None, Query(description="A submission that begins here, by a number of its own")] = None,
    ends: Annotated[UUID | None, Query(description="The submission that has ended, however it went")] = None,
) -> BundleState:
    """冻结或开放材料包（仅供服务间调用）。

    Freeze or open a bundle, as of a revision of its case. For services only; may be sent again, and late. A submission
    freezes the papers, reads which they are, and says in the end that it is over: until then, or for a minute, no other news
    of the same revision opens them, and the hashes that it wrote down stay true.
    """
    return await set_state(resources, bundle_id, request, begins=begins, ends=ends)


@routes.post(
    "/v1/documents/bundles/{bundle_id}/upload-grants",
    status_code=201,
    responses=answers(
        *SIGNED_IN, MalformedJson, Forbidden, NotFound, Unprocessable, DocumentKindUnknown, ConsentMissing
    ),
    dependencies=[caller_with("service")],
)
async def create_upload_grant(
    bundle_id: UUID, request: UploadGrantRequest, resources: TheResources
) -> UploadGrantAnswer:
    """发放上传凭证（仅供服务）。Let somebody without an account add a few files of one kind, for a while. For services only."""
    return await grant_upload(resources, bundle_id, request)


@routes.post(
    "/v1/documents/bundles/{bundle_id}/card-comparisons",
    responses=answers(*SIGNED_IN, MalformedJson, Forbidden, NotFound, Unprocessable),
    dependencies=[caller_with("service")],
)
async def compare_card_copies(
    bundle_id: UUID, typed: CardComparisonRequest, resources: TheResources
) -> CardComparisons:
    """核对身份证复印件。Whether what was typed is what was read of the copies in force. For services only; changes nothing."""
    return await compare_cards(resources, bundle_id, typed)


@routes.get("/v1/documents/bundles/{bundle_id}", responses=answers(*SIGNED_IN, NotFound, Unprocessable))
async def get_bundle(
    bundle_id: UUID,
    resources: TheResources,
    caller: CurrentCaller,
    with_replaced: Annotated[bool, Query(description="Also what was replaced or taken back")] = False,
) -> BundleItemsAnswer:
    """一件推荐的材料。The documents in force that the caller may read, oldest first."""
    return await list_bundle(resources, caller, bundle_id, replaced=with_replaced)


@routes.get("/v1/documents/bundles/{bundle_id}/erasures", responses=answers(*SIGNED_IN, NotFound, Unprocessable))
async def list_erased_papers(
    bundle_id: UUID,
    resources: TheResources,
    caller: CurrentCaller,
    session: Reading,
    after: AfterId,
    page_size: PageSize = 50,
) -> ErasedPapers:
    """一件推荐已删除的材料及删除依据。What was erased of a case, why, and what became of the bytes.

    To print: `GET /v1/nominations/{nomination_id}/erasure-certificate`.
    """
    rows = await erased_papers_of(
        session,
        bundle_id,
        caller=caller,
        rules=resources.rules,
        backups_kept_days=resources.settings.backups_kept_days,
        after=after,
        limit=page_size + 1,
    )
    items = [ErasedPaperAnswer.model_validate(row) for row in rows[:page_size]]
    more = len(rows) > page_size
    return ErasedPapers(items=items, next_page_token=page_token(rows[page_size - 1].erasure_id) if more else None)
