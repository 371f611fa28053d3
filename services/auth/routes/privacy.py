"""What people are told about their data, and what they agree to."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.domain.roles import Role
from services.auth.personal_data.consenting import (
    consent_of_oneself,
    consent_on_paper,
    notice_for,
    require_own_nominee,
    withdraw_of_oneself,
    withdrawal_on_paper,
)
from services.auth.personal_data.privacy_queries import acts_of, versions_of
from services.auth.personal_data.privacy_tables import ConsentRow
from services.auth.personal_data.rights_problems import (
    ConsentAskedElsewhere,
    ConsentNotAsked,
    ConsentNotGiven,
    NoticeOutdated,
    PurposeUnknown,
)
from services.auth.schemas import privacy as schemas
from services.auth.sessions.origin import TheOrigin
from services.common.answers.caching import FOR_ANYBODY
from services.common.answers.strict_json import StrictRoute
from services.common.callers.tokens import Caller, CurrentCaller, caller_with
from services.common.db import Reading, Transaction
from services.common.problem_schema import GATED, answers
from services.common.problems import (
    MalformedJson,
    NotFound,
    Unavailable,
    Unprocessable,
)
from services.privacy.notice_files import notice_of

routes = APIRouter(tags=["privacy"], route_class=StrictRoute)
_GIVING = answers(
    MalformedJson, *GATED, NotFound, PurposeUnknown, ConsentNotAsked, ConsentAskedElsewhere, NoticeOutdated
)
_WITHDRAWING = answers(MalformedJson, *GATED, NotFound, ConsentNotGiven)
Clerk = Annotated[Caller, caller_with(Role.UNIT_CLERK, Role.UNIT_HEAD)]
Reader = Annotated[Caller, caller_with(Role.UNIT_CLERK, Role.UNIT_HEAD, Role.SERVICE)]
Campaign = Annotated[str | None, Query(max_length=80, description="One campaign's only")]


@routes.get(
    "/v1/auth/privacy-notices/{campaign_key}",
    responses=answers(NotFound, Unprocessable, Unavailable),
    dependencies=[FOR_ANYBODY],
)
async def get_privacy_notice(
    campaign_key: Annotated[str, Path(max_length=80)],
    session: Reading,
    version: Annotated[int | None, Query(ge=1, le=100_000, description="An earlier one; default: the newest")] = None,
) -> schemas.PrivacyNoticeAnswer:
    """个人信息处理告知书。The campaign's privacy notice: text, hash, and each purpose with its basis."""
    row = await notice_for(session, campaign_key, version)
    versions = [
        schemas.NoticeVersion.model_validate(each, from_attributes=True)
        for each in await versions_of(session, campaign_key)
    ]
    return schemas.PrivacyNoticeAnswer.of(row, notice_of(row.content), versions)


@routes.get("/v1/auth/me/consents", responses=answers(*GATED))
async def list_own_consents(caller: CurrentCaller, session: Reading, campaign_key: Campaign = None) -> schemas.Consents:
    """本人的同意和撤回记录。What one agreed to, and every act that led there."""
    return schemas.Consents.of(list(await acts_of(session, caller.person_id, campaign_key=campaign_key)))


@routes.post("/v1/auth/me/consents", status_code=201, responses=_GIVING)
async def give_consent(
    wanted: schemas.NewConsent, caller: CurrentCaller, session: Transaction, origin: TheOrigin
) -> schemas.ConsentAct:
    """单独同意一项处理目的。Agree to one purpose, under the text that was read. Twice is once."""
    return _act(await consent_of_oneself(session, caller, wanted.wanted(), origin=origin))


@routes.post("/v1/auth/me/consent-withdrawals", status_code=201, responses=_WITHDRAWING)
async def withdraw_consent(
    wanted: schemas.ConsentWithdrawal, caller: CurrentCaller, session: Transaction, origin: TheOrigin
) -> schemas.Withdrawn:
    """撤回同意。What was done before stays lawful; what was kept under it is to be erased, by a request opened with it."""
    return await _withdrawn(session, await withdraw_of_oneself(session, caller, wanted.wanted(), origin=origin))


@routes.get("/v1/auth/persons/{person_id}/consents", responses=answers(*GATED, NotFound))
async def list_consents_of_person(
    person_id: UUID, caller: Reader, session: Reading, campaign_key: Campaign = None
) -> schemas.Consents:
    """本单位推荐对象的同意情况。For the unit of a nominee, and for the services that ask before they take a file."""
    if Role.SERVICE not in caller.roles:
        await require_own_nominee(session, caller, person_id)
    return schemas.Consents.of(list(await acts_of(session, person_id, campaign_key=campaign_key)))


@routes.post("/v1/auth/persons/{person_id}/consents", status_code=201, responses=_GIVING)
async def enter_paper_consent(
    person_id: UUID, wanted: schemas.PaperConsent, caller: Clerk, session: Transaction, origin: TheOrigin
) -> schemas.ConsentAct:
    """登记推荐对象签字的书面同意。The unit enters what its nominee signed on paper."""
    return _act(await consent_on_paper(session, caller, person_id, wanted.wanted(), origin=origin))


@routes.post("/v1/auth/persons/{person_id}/consent-withdrawals", status_code=201, responses=_WITHDRAWING)
async def enter_paper_withdrawal(
    person_id: UUID, wanted: schemas.PaperWithdrawal, caller: Clerk, session: Transaction, origin: TheOrigin
) -> schemas.Withdrawn:
    """登记推荐对象书面撤回同意。The unit enters a withdrawal that its nominee signed on paper."""
    row = await withdrawal_on_paper(session, caller, person_id, wanted.wanted(), origin=origin)
    return await _withdrawn(session, row)


def _act(row: ConsentRow) -> schemas.ConsentAct:
    return schemas.ConsentAct.model_validate(row, from_attributes=True)


async def _withdrawn(session: AsyncSession, row: ConsentRow) -> schemas.Withdrawn:
    notice = notice_of((await notice_for(session, row.campaign_key, row.notice_version)).content)
    purpose = notice.purpose(row.purpose)
    return schemas.Withdrawn(**_act(row).model_dump(), meaning=purpose.withdrawal if purpose else "")
