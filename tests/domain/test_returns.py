"""A returned case names fields of its own form, and to the nominee only what the nominee may change (R57, A30)."""

import pytest

from services.nominations.domain.returns import faults_of_return
from tests.domain.the_campaign import the_campaign

CAMPAIGN = the_campaign()
FORM = CAMPAIGN.form_of("advanced_individual")
KINDS = frozenset({"portrait"})


def codes(*pointers: str, to_nominee: bool = True) -> list[tuple[int, str]]:
    faults = faults_of_return(FORM, KINDS, pointers, to_nominee=to_nominee)
    return [(fault.position, fault.code) for fault in faults]


def test_fields_of_the_nominees_part_and_papers_go_back_to_the_nominee():
    assert codes("/form/full_name", "/form/resume/0/organisation", "/documents/portrait") == []


@pytest.mark.parametrize(
    "pointer",
    [
        "/form/no_such_field",
        "/documents/no_such_kind",
        "/documents/full_name",
        "/status/portrait",
        "/status",
        "",
        "/form",
    ],
)
def test_a_pointer_that_leads_nowhere_is_named_by_its_position(pointer):
    assert codes("/form/full_name", pointer) == [(1, "unknown_field")]


def test_a_field_that_the_unit_fills_is_not_sent_to_the_nominee():
    of_the_unit = next(field.key for field in FORM.fields if field.part == "unit")
    assert codes(f"/form/{of_the_unit}") == [(0, "field_of_the_unit")]
    assert codes(f"/form/{of_the_unit}", to_nominee=False) == []
