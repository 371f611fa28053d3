"""The content of a case on its way in and out: normalised, the identity number sealed, and masked wherever it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.common.problems import FieldError, Unprocessable
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.form import accept_draft
from services.nominations.domain.form_definition import Finding, FormDefinition
from services.nominations.domain.identity import mask_resident_id
from services.nominations.sealing import IdentitySeal
from services.nominations.tables import Nomination

IDENTITY_FIELD = "resident_id_number"


@dataclass(frozen=True, slots=True)
class AcceptedContent:
    """What is stored of a form: values without the number (its mask stands in), and the number sealed."""

    form: dict[str, Any]
    identity_sealed: bytes | None
    identity_index: bytes | None


def as_field_errors(findings: list[Finding]) -> list[FieldError]:
    return [FieldError(f.pointer, f.code, f.message, requirement=f.requirement) for f in findings]


def accepted_content(
    form: FormDefinition,
    values: Mapping[str, Any],
    campaign: Campaign,
    *,
    seal: IdentitySeal,
    nomination_id: UUID,
    stored: Nomination | None = None,
) -> AcceptedContent:
    """Accepts whatever is well-formed, complete or not. Raises Unprocessable naming every field that is not.

    The mask that was read, sent back, keeps the stored number: a client never needs to hold the number to save a form.
    """
    incoming = dict(values)
    unchanged = (
        stored is not None
        and stored.identity_sealed is not None
        and incoming.get(IDENTITY_FIELD) == stored.form.get(IDENTITY_FIELD)
    )
    if unchanged:
        del incoming[IDENTITY_FIELD]
    accepted, findings = accept_draft(form, incoming, campaign.enums)
    if findings:
        raise Unprocessable(errors=as_field_errors(findings))
    if unchanged:
        assert stored is not None
        accepted[IDENTITY_FIELD] = stored.form[IDENTITY_FIELD]
        return AcceptedContent(accepted, stored.identity_sealed, stored.identity_index)
    number = accepted.get(IDENTITY_FIELD)
    if not isinstance(number, str) or not number:
        return AcceptedContent(accepted, None, None)
    accepted[IDENTITY_FIELD] = mask_resident_id(number)
    return AcceptedContent(accepted, seal.seal(number, bound_to=str(nomination_id)), seal.index(number))


def opened_form(nomination: Nomination, seal: IdentitySeal) -> dict[str, Any]:
    """The values with the whole number, for checks and for printing. It leaves the process in a form only."""
    if nomination.identity_sealed is None:
        return dict(nomination.form)
    number = seal.open(nomination.identity_sealed, bound_to=str(nomination.id))
    return {**nomination.form, IDENTITY_FIELD: number}
