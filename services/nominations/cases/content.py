"""The content of a case on its way in and out: normalised, the identity number sealed, and masked wherever it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.common.problems import FieldError, Unprocessable
from services.nominations.domain.campaign import Campaign, Category
from services.nominations.domain.form import accept_draft, still_asked
from services.nominations.domain.form_definition import FieldType, Finding, FormDefinition, Part
from services.nominations.domain.identity import mask_resident_id
from services.nominations.domain.parts import foreign_findings, part_hash, progress
from services.nominations.domain.subject import collective_key, entity_code
from services.nominations.personal_data.sealing import IdentitySeal
from services.nominations.tables import Nomination


def identity_field(form: FormDefinition) -> str | None:
    """The field that holds an identity number; None where the form asks for none."""
    definition = form.of_type(FieldType.RESIDENT_ID)
    return definition.key if definition is not None else None


@dataclass(frozen=True, slots=True)
class AcceptedContent:
    """What is stored of a form: values without the number (its mask stands in), and the number sealed."""

    form: dict[str, Any]
    identity_sealed: bytes | None
    identity_index: bytes | None


def as_field_errors(findings: list[Finding]) -> list[FieldError]:
    return [FieldError(f.pointer, f.code, f.message, requirement=f.requirement) for f in findings]


def require_own_part(form: FormDefinition, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Raises Unprocessable naming what a nominee changed in the unit's part (A30)."""
    foreign = foreign_findings(form, before, after)
    if foreign:
        raise Unprocessable(errors=as_field_errors(foreign))


def hash_of_part(form: FormDefinition, nomination: Nomination, part: Part) -> str:
    """SHA-256 of what a part of a stored case says, its whole identity number included by its index."""
    key = identity_field(form)
    values = dict(nomination.form)
    if key is not None and nomination.identity_index is not None:
        values[key] = nomination.identity_index.hex()
    return part_hash(form, values, part)


def write_content(nomination: Nomination, campaign: Campaign, content: AcceptedContent) -> None:
    """Stores the values, and beside them what lists, searches and rules read without opening the form."""
    category = campaign.category(nomination.category)
    form = campaign.forms[category.form]
    nomination.form = content.form
    nomination.identity_sealed = content.identity_sealed
    nomination.identity_index = content.identity_index
    nomination.name = campaign.name_of(category.key, content.form)
    asked = still_asked(form, content.form)
    code = form.of_type(FieldType.CREDIT_CODE)
    nomination.credit_code = asked.get(code.key) if code is not None else None
    know_collective(nomination, category, asked)
    nomination.for_enterprise = campaign.is_enterprise(category.key, asked)
    parts = progress(form, content.form)
    nomination.percent_nominee = parts[Part.NOMINEE].percent if Part.NOMINEE in parts else 100
    nomination.percent_unit = parts[Part.UNIT].percent if Part.UNIT in parts else 100
    nomination.missing_answers = sum(len(part.missing) for part in parts.values())


def know_collective(nomination: Nomination, category: Category, asked: Mapping[str, Any]) -> None:
    """By what a collective is known again: its name, and its code where it is the legal entity itself."""
    collective = category.subject == "collective"
    nomination.collective_key = collective_key(nomination.name) if collective else None
    nomination.entity_code = entity_code(nomination.credit_code, asked) if collective else None


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
    key = identity_field(form)
    unchanged = (
        stored is not None
        and key is not None
        and stored.identity_sealed is not None
        and incoming.get(key) == stored.form.get(key)
    )
    if unchanged:
        del incoming[key or ""]
    accepted, findings = accept_draft(form, incoming, campaign.enums)
    if findings:
        raise Unprocessable(errors=as_field_errors(findings))
    if unchanged and stored is not None and key is not None:
        accepted[key] = stored.form[key]
        return AcceptedContent(accepted, stored.identity_sealed, stored.identity_index)
    number = accepted.get(key or "")
    if key is None or not isinstance(number, str) or not number:
        return AcceptedContent(accepted, None, None)
    accepted[key] = mask_resident_id(number)
    if stored is not None and stored.identity_index in seal.indexes(number):  # typed anew, under whichever key
        return AcceptedContent(accepted, seal.seal(number, bound_to=str(nomination_id)), stored.identity_index)
    return AcceptedContent(accepted, seal.seal(number, bound_to=str(nomination_id)), seal.index(number))


def opened_form(nomination: Nomination, form: FormDefinition, seal: IdentitySeal) -> dict[str, Any]:
    """The values with the whole number, for checks and for printing. It leaves the process in a form only."""
    key = identity_field(form)
    if nomination.identity_sealed is None or key is None:
        return dict(nomination.form)
    number = seal.open(nomination.identity_sealed, bound_to=str(nomination.id))
    return {**nomination.form, key: number}
