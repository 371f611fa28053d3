"""Signatures in the boxes of the form: the head of the unit, then both bureaus of each stage (R4, R167, R168)."""

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from services.common.callers.tokens import Caller
from services.common.problems import FieldError, Unprocessable
from services.nominations.cases.case_facts import Case
from services.nominations.cases.transition import require_allowed, take
from services.nominations.domain.checklist import dimensions
from services.nominations.domain.permissions import BUREAUS, box_of
from services.nominations.domain.workflow import Action
from services.nominations.procedure_tables import Endorsement
from services.nominations.schemas.procedure import Review


async def sign_for_unit(session: AsyncSession, caller: Caller, case: Case, *, signer_name: str) -> None:
    """The head signs the preset opinion; with it the case goes up to the first reviewing stage."""
    require_allowed(Action.SIGN_FOR_UNIT, caller=caller, case=case)
    if signer_name != caller.name:
        raise Unprocessable(
            errors=[FieldError("/signer_name", "signer_is_not_you", "签字人应为单位负责人本人", requirement="R167")]
        )
    text = case.campaign.unit_opinion_text
    session.add(_signature(caller, case, box="opinion_unit", text=text, bureau=""))
    await take(session, Action.SIGN_FOR_UNIT, caller=caller, case=case)


async def endorse(session: AsyncSession, caller: Caller, case: Case, review: Review) -> None:
    """One bureau signs its box. When both have signed, the stage has endorsed the case (R4). Raises Unprocessable (R75)."""
    require_allowed(Action.ENDORSE, caller=caller, case=case)
    found = {key: each.met for key, each in review.assessment.items()}
    faults = dimensions(case.campaign.review_dimensions).faults(found)
    if faults:
        raise Unprocessable(
            errors=[FieldError(f"/{f.member}", f.code, f.message, requirement=f.requirement) for f in faults]
        )
    box = box_of(case.nomination.stage, caller.bureau)
    signature = _signature(caller, case, box=box, text=review.opinion, bureau=caller.bureau)
    signature.assessment = {key: each.model_dump() for key, each in review.assessment.items()}
    session.add(signature)
    both = case.facts.signed_bureaus | {caller.bureau} >= set(BUREAUS)
    details = {"box": box}
    await take(session, Action.ENDORSE, caller=caller, case=case, details=details, every_box_signed=both)


def _signature(caller: Caller, case: Case, *, box: str, text: str, bureau: str) -> Endorsement:
    return Endorsement(
        id=uuid7(),
        nomination_id=case.nomination.id,
        box=box,
        stage=case.nomination.stage,
        bureau=bureau,
        text=text,
        assessment={},
        signer_person_id=caller.person_id,
        signer_name=caller.name,
        organisation_name=caller.organisation_name,
        signed_on=case.today,
        signed_at=case.now,
    )
