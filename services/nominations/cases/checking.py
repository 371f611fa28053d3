"""Everything that stands against submission, at once: the dry run and the submission ask the same function (R69, R128)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from services.common.problems import FieldError
from services.nominations.cases.case_facts import Case
from services.nominations.cases.content import as_field_errors, opened_form
from services.nominations.cases.papers import Papers
from services.nominations.documents_client import HeldDocument
from services.nominations.domain import subject
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.card_copies import card_findings
from services.nominations.domain.eligibility import eligibility_findings
from services.nominations.domain.eligibility_report import Criterion, eligibility_report
from services.nominations.domain.form import check_form, still_asked
from services.nominations.domain.form_definition import FieldType, Finding, FormDefinition
from services.nominations.domain.official_names import name_findings
from services.nominations.domain.rare_characters import character_findings
from services.nominations.personal_data.sealing import IdentitySeal
from services.nominations.problems import NominationIncomplete


def check_case(case: Case, seal: IdentitySeal, papers: Papers, *, beside_entity: bool) -> list[Finding]:
    """Findings of the form, of eligibility and of the documents; errors, warnings and notices as they come.

    `beside_entity` as `stands_beside_its_entity` found it.
    """
    campaign, category = case.campaign, case.nomination.category
    form = campaign.form_of(category)
    values = still_asked(form, opened_form(case.nomination, form, seal))
    return [
        *content_findings(campaign, category, values, quota_unit=case.nomination.quota_unit, today=case.today),
        *([subject.beside_entity(_code_of(form))] if beside_entity else []),
        *_missing_documents(campaign, category, values, papers.held),
        *card_findings(papers.cards, values, today=case.today),
        *_left_to_a_person(papers.held),
    ]


def content_findings(
    campaign: Campaign, category: str, values: Mapping[str, Any], *, quota_unit: str, today: date
) -> list[Finding]:
    """What can be said of the answers alone, before there is a case and before there are papers."""
    form = campaign.form_for(category, quota_unit)
    values = still_asked(form, values)
    return [
        *check_form(form, values, today=today),
        *name_findings(campaign, form, values),
        *character_findings(form, values),
        *eligibility_findings(campaign, category, values, today=today),
    ]


def _code_of(form: FormDefinition) -> str:
    definition = form.of_type(FieldType.CREDIT_CODE)
    assert definition is not None
    return f"/form/{definition.key}"


def eligibility_of(case: Case, findings: list[Finding]) -> list[Criterion]:
    """Each criterion of the notice, and what speaks for or against it."""
    nomination = case.nomination
    return eligibility_report(case.campaign, nomination.category, nomination.form, findings, today=case.today)


def unexplained(case: Case, findings: list[Finding]) -> list[Finding]:
    """Warnings for which nobody has given a reason yet (R97)."""
    given = {(each["pointer"], each["code"]) for each in case.nomination.explanations}
    return [f for f in findings if f.severity == "warning" and (f.pointer, f.code) not in given]


def require_complete(case: Case, findings: list[Finding]) -> None:
    """Raises NominationIncomplete naming every error, and every warning that nobody has explained."""
    errors = as_field_errors([finding for finding in findings if finding.severity == "error"])
    errors += [
        FieldError(f.pointer, "reason_required", f"{f.message}。确无问题的，请说明理由", requirement=f.requirement)
        for f in unexplained(case, findings)
    ]
    if errors:
        raise NominationIncomplete(errors=errors)


def _missing_documents(
    campaign: Campaign, category: str, values: dict[str, Any], held: Iterable[HeldDocument]
) -> list[Finding]:
    kinds = {document.kind for document in held}
    return [
        Finding(f"/documents/{need.kind}", "document_missing", f"请上传{need.label}", need.requirement, "error")
        for need in campaign.documents_required(category, values)
        if not need.is_met_by(kinds)
    ]


def _left_to_a_person(held: Iterable[HeldDocument]) -> list[Finding]:
    """What no machine vouches for is named to whoever reviews: a doubtful portrait, a card that nobody read (R184, R188)."""
    return [
        Finding(
            f"/documents/{kind}",
            "document_for_a_person",
            "这份材料未经机器核对或者有机器不能确定之处，请审核人打开材料对照核对",
            "R184",
            "notice",
        )
        for kind in sorted({document.kind for document in held if document.verdict == "review"})
    ]
