"""The settable clock. These addresses exist in the embedded default only."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.common.answers.strict_json import StrictRequest, StrictRoute
from services.common.moments import Moment
from services.nominations.clock import keep_clock
from services.nominations.context import InContext

clock_routes = APIRouter(route_class=StrictRoute, prefix="/v1/clock", include_in_schema=False)


class ClockSetting(StrictRequest):
    now: Annotated[Moment, Field(ge=datetime.fromisoformat("2000-01-01T00:00:00+00:00"))]


class ClockBody(BaseModel):
    now: datetime


@clock_routes.get("")
async def get_clock(context: InContext) -> ClockBody:
    return ClockBody(now=context.clock.now())


@clock_routes.put("")
async def put_clock(wanted: ClockSetting, context: InContext) -> ClockBody:
    await keep_clock(context.database, context.clock.set_to(wanted.now))
    return ClockBody(now=context.clock.now())
