"""Everything that stands against submission, at once: the dry run and the submission ask the same function (R69, R128)."""

from collections.abc import Iterable
from typing import Any

from services.common.problems import FieldError
from services.nominations.case_facts import Case
from services.nominations.content import as_field_errors, opened_form
from services.nominations.documents_client import HeldDocument
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.eligibility import eligibility_findings
from services.nominations.domain.form import check_form
from services.nominations.domain.form_definition import Finding
from services.nominations.sealing import IdentitySeal


def check_case(
    case: Case, seal: IdentitySeal, held: Iterable[HeldDocument]
) -> tuple[list[FieldError], list[FieldError]]:
    """Errors and warnings of the form, of eligibility and of the documents."""
    nomination, campaign = case.nomination, case.campaign
    values = opened_form(nomination, seal)
    findings = [
        *check_form(campaign.form_of(nomination.category), values, today=case.today),
        *eligibility_findings(campaign, values, today=case.today),
        *_missing_documents(campaign, nomination.category, values, held),
    ]
    errors = as_field_errors([finding for finding in findings if finding.severity == "error"])
    warnings = as_field_errors([finding for finding in findings if finding.severity == "warning"])
    return errors, warnings


def _missing_documents(
    campaign: Campaign, category: str, values: dict[str, Any], held: Iterable[HeldDocument]
) -> list[Finding]:
    kinds = {document.kind for document in held}
    return [
        Finding(f"/documents/{need.kind}", "document_missing", f"请上传{need.label}", need.requirement, "error")
        for need in campaign.documents_required(category, values)
        if need.kind not in kinds
    ]
