"""Whom a returned case is sent to, and for what: a field named is a field of the form, and theirs to change (R57, A30)."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.nominations.domain.form_definition import FormDefinition, Part


@dataclass(frozen=True, slots=True)
class ReturnFault:
    """What is wrong with the n-th field that a return names."""

    position: int
    code: str
    message: str


def faults_of_return(
    form: FormDefinition, document_kinds: frozenset[str], pointers: Sequence[str], *, to_nominee: bool
) -> list[ReturnFault]:
    """Every pointer that leads nowhere, and every one that the nominee could not put right."""
    faults = []
    for position, pointer in enumerate(pointers):
        place, _, rest = pointer.removeprefix("/").partition("/")
        definition = form.get(rest.partition("/")[0]) if place == "form" else None
        if definition is None and not (place == "documents" and rest in document_kinds):
            faults.append(ReturnFault(position, "unknown_field", "表中没有这一栏"))
        elif to_nominee and definition is not None and definition.part is Part.UNIT:
            faults.append(ReturnFault(position, "field_of_the_unit", f"“{definition.label}”由所在单位填写，请退回单位"))
    return faults
