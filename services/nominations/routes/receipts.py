"""Receipts: the city ticks what came, the county sees what is missing."""

from typing import Annotated
from uuid import UUID

from fastapi import Path

from services.common.callers.tokens import Caller, caller_with
from services.common.db import Reading
from services.common.problem_schema import SIGNED_IN, DeclaringRouter, answers
from services.common.problems import (
    MalformedJson,
    NotFound,
    Unavailable,
    Unprocessable,
)
from services.nominations.context import InContext
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.receipts import Ticked
from services.nominations.domain.workflow import Role
from services.nominations.lists.list_files import ListingRoute
from services.nominations.problems import ActionForbidden
from services.nominations.reporting.receipts import list_receipts, note_receipt
from services.nominations.schemas.receipts import NewReceipt, ReceiptRow, Receipts

receipt_routes = DeclaringRouter(
    route_class=ListingRoute,
    prefix="/v1/county-reports/{report_id}/receipts",
    tags=["reports"],
    responses=SIGNED_IN | answers(MalformedJson, ActionForbidden, NotFound, Unprocessable, Unavailable),
)
City = Annotated[Caller, caller_with(Role.CITY_OFFICER)]
Office = Annotated[Caller, caller_with(Role.COUNTY_OFFICER, Role.CITY_OFFICER)]


@receipt_routes.get("")
async def list_material_receipts(report_id: UUID, caller: Office, context: InContext, session: Reading) -> Receipts:
    """报送材料收讫情况：纸质版份数和电子版（R121、R122）。Item by item, with what is still missing."""
    return _body(*await list_receipts(session, context, caller, report_id))


@receipt_routes.put("/{item}")
async def note_material_receipt(
    report_id: UUID,
    item: Annotated[str, Path(max_length=80)],
    wanted: NewReceipt,
    caller: City,
    context: InContext,
) -> Receipts:
    """登记收到的材料。Counted again, the later count holds; answers with all items."""
    async with context.database.transaction() as session:
        await note_receipt(session, context, caller, report_id, item, wanted)
        return _body(*await list_receipts(session, context, caller, report_id))


def _body(campaign: Campaign, items: list[Ticked]) -> Receipts:
    rows = [
        ReceiptRow(
            item=each.item.key,
            label=each.item.label,
            paper_copies=each.received.paper_copies,
            electronic=each.received.electronic,
            copies_missing=each.copies_missing,
            complete=each.complete,
        )
        for each in items
    ]
    return Receipts(copies_asked=campaign.paper_copies, complete=all(row.complete for row in rows), items=rows)
