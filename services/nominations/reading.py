"""A case as its readers see it: content, progress, what the reader may do now and what stands against it."""

from services.common.tokens import Caller
from services.nominations.case_facts import Case, actor_of
from services.nominations.domain.form import percent_complete
from services.nominations.domain.permissions import blockers
from services.nominations.domain.text import count_characters
from services.nominations.domain.workflow import Action, Status, transition_for
from services.nominations.labels import ACTION, STATUS
from services.nominations.schemas.nomination import (
    ActionState,
    BlockerBody,
    DeedsCountBody,
    NominationBody,
    OpinionBody,
    PublicityState,
    RequiredOpinionBody,
    SignatureBody,
    UnitRecordBody,
)


def nomination_body(case: Case, caller: Caller) -> NominationBody:
    """The whole answer. Departments' opinions are for the offices that asked, never for the nominee or the unit."""
    nomination = case.nomination
    form = case.campaign.form_of(nomination.category)
    counted = next((field.key for field in form.fields if field.max_count is not None), "")
    deeds = count_characters(str(nomination.form.get(counted) or ""))
    office = caller.roles.isdisjoint({"nominee", "unit_clerk", "unit_head"})
    return NominationBody(
        id=nomination.id,
        campaign_key=nomination.campaign_key,
        campaign_version=nomination.campaign_version,
        category=nomination.category,
        quota_unit=nomination.quota_unit,
        unit_id=nomination.unit_id,
        unit_name=nomination.unit_name,
        stage=nomination.stage,
        status=nomination.status,
        status_label=STATUS[Status(nomination.status)],
        form=nomination.form,
        percent_complete=percent_complete(form, nomination.form),
        deeds_count=DeedsCountBody(count=deeds.count, code_points=deeds.code_points, limit=case.campaign.deeds_limit),
        actions=_actions(case, caller),
        records=[UnitRecordBody(kind=r.kind, held_on=r.held_on, details=r.details) for r in case.records],
        publicity=_publicity(case),
        signatures=[
            SignatureBody(
                box=s.box,
                text=s.text,
                signer_name=s.signer_name,
                organisation_name=s.organisation_name,
                signed_on=s.signed_on,
            )
            for s in case.signatures
        ],
        required_opinions=[
            RequiredOpinionBody(authority=need.authority, label=need.label, reason=need.reason)
            for need in case.required
            if office
        ],
        opinions=[
            OpinionBody(
                authority=o.authority, result=o.result, text=o.text, signer_name=o.signer_name, signed_on=o.signed_on
            )
            for o in case.opinions
            if office
        ],
        created_at=nomination.created_at,
        saved_at=nomination.saved_at,
        submitted_at=nomination.submitted_at,
    )


def _publicity(case: Case) -> PublicityState | None:
    notice = case.publicity
    if notice is None:
        return None
    return PublicityState(
        id=notice.id, opened_on=notice.opened_on, closes_on=notice.closes_on, provisional=notice.provisional
    )


def _actions(case: Case, caller: Caller) -> list[ActionState]:
    """The actions that exist at this stage for a person of this caller's roles, allowed or not."""
    states = []
    for action in Action:
        row = transition_for(action, case.nomination.stage)
        if row is None or caller.roles.isdisjoint(row.roles):
            continue
        against = blockers(action, actor=actor_of(caller), case=case.facts)
        states.append(
            ActionState(
                action=action.value,
                label=ACTION[action],
                allowed=not against,
                blockers=[
                    BlockerBody(code=b.code, message=b.message, requirement=b.requirement, available_on=b.available_on)
                    for b in against
                ],
            )
        )
    return states
