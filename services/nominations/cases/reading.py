"""A case as its readers see it: content, progress, what the reader may do now and what stands against it."""

from services.common.callers.tokens import Caller
from services.common.problem_schema import FieldErrorBody
from services.nominations.cases.case_facts import Case, actor_of
from services.nominations.cases.checking import eligibility_of, unexplained
from services.nominations.domain.form_definition import Finding
from services.nominations.domain.permissions import blockers
from services.nominations.domain.text import count_characters
from services.nominations.domain.withheld import reads_opinions
from services.nominations.domain.workflow import Status, transitions_of
from services.nominations.labels import ACTION, STATUS
from services.nominations.procedure_tables import Opinion
from services.nominations.schemas.nomination import (
    ActionState,
    BlockerBody,
    CharacterCount,
    CheckResult,
    CriterionBody,
    ExplanationBody,
    NominationBody,
    OpinionBody,
    PartState,
    PublicityState,
    ReplacedOpinion,
    RequiredOpinionBody,
    ReturnState,
    SignatureBody,
    UnitRecordBody,
    WarningBody,
)


def nomination_body(case: Case, caller: Caller) -> NominationBody:
    """The whole answer; authorities' opinions for those who read them."""
    nomination = case.nomination
    with_opinions = reads_opinions(caller.roles)
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
        name=nomination.name,
        nominee_joined=nomination.nominee_person_id is not None,
        form=nomination.form,
        parts=_parts(case),
        character_counts=_character_counts(case),
        explanations=[ExplanationBody(**each) for each in nomination.explanations],
        actions=_actions(case, caller),
        records=[UnitRecordBody(kind=r.kind, held_on=r.held_on, details=r.details) for r in case.records],
        publicity=_publicity(case),
        returned=ReturnState.model_validate(case.returned, from_attributes=True) if case.returned else None,
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
            RequiredOpinionBody(authority=need.authority, label=need.label, reason=need.reason, sheet=need.sheet)
            for need in case.required
            if with_opinions
        ],
        opinions=[_opinion(opinion) for opinion in case.opinions if with_opinions],
        created_at=nomination.created_at,
        saved_at=nomination.saved_at,
        submitted_at=nomination.submitted_at,
    )


def _opinion(opinion: Opinion) -> OpinionBody:
    body = OpinionBody.model_validate(opinion, from_attributes=True)
    if opinion.replaces_source is not None:
        body.replaces = ReplacedOpinion(
            source=opinion.replaces_source,
            result=opinion.replaces_result or "",
            reason=opinion.replacement_reason,
        )
    return body


def check_body(case: Case, findings: list[Finding]) -> CheckResult:
    """Every finding under its kind; a warning comes with the reason that was given for it."""
    given = {(each["pointer"], each["code"]): each["reason"] for each in case.nomination.explanations}
    errors = [_finding(f) for f in findings if f.severity == "error"]
    return CheckResult(
        ready=not errors and not unexplained(case, findings),
        errors=errors,
        warnings=[
            WarningBody(**_finding(f).model_dump(), reason=given.get((f.pointer, f.code)))
            for f in findings
            if f.severity == "warning"
        ],
        notices=[_finding(f) for f in findings if f.severity == "notice"],
        eligibility=[
            CriterionBody(
                key=c.key, label=c.label, requirement=c.requirement, outcome=c.outcome, explanation=c.explanation
            )
            for c in eligibility_of(case, findings)
        ],
    )


def _finding(finding: Finding) -> FieldErrorBody:
    return FieldErrorBody(
        pointer=finding.pointer, code=finding.code, message=finding.message, requirement=finding.requirement
    )


def _parts(case: Case) -> list[PartState]:
    by_part = {confirmation.part: confirmation for confirmation in case.confirmations}
    states = []
    for part, progress in case.parts.items():
        state = PartState(
            part=part,
            percent=progress.percent,
            missing=list(progress.missing),
            confirmed=part.value in case.facts.confirmed_parts,
        )
        confirmation = by_part.get(part.value)
        if confirmation is not None and state.confirmed:
            state.confirmed_by = confirmation.person_name
            state.confirmed_at = confirmation.confirmed_at
            state.on_behalf = confirmation.on_behalf
        states.append(state)
    return states


def _character_counts(case: Case) -> dict[str, CharacterCount]:
    counted = {}
    for definition in case.campaign.form_of(case.nomination.category).fields:
        if definition.max_count is not None:
            counts = count_characters(str(case.nomination.form.get(definition.key) or ""))
            counted[definition.key] = CharacterCount(
                count=counts.count, code_points=counts.code_points, limit=definition.max_count
            )
    return counted


def _publicity(case: Case) -> PublicityState | None:
    notice = case.publicity
    if notice is None:
        return None
    return PublicityState(
        id=notice.id, opened_on=notice.opened_on, closes_on=notice.closes_on, provisional=notice.provisional
    )


def _actions(case: Case, caller: Caller) -> list[ActionState]:
    """The actions that exist at this stage for a person of this caller's roles, allowed or not."""
    actor, states = actor_of(caller), []
    for row in transitions_of(caller.roles, case.nomination.stage):
        against = blockers(row.action, actor=actor, case=case.facts)
        states.append(
            ActionState(
                action=row.action.value,
                label=ACTION[row.action],
                allowed=not against,
                blockers=[
                    BlockerBody(code=b.code, message=b.message, requirement=b.requirement, available_on=b.available_on)
                    for b in against
                ],
            )
        )
    return states
