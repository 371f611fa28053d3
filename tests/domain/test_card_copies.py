"""ID card copies against the form: differences warn at their field, expiry on the day of the procedure."""

from datetime import date

import pytest

from services.nominations.domain.card_copies import ComparedCard, card_findings

TODAY = date(2025, 2, 7)
FRONT = ComparedCard("id_card_front", "same", "same", None, no_expiry=False)


def back(until: str | None, *, no_expiry: bool = False) -> ComparedCard:
    return ComparedCard("id_card_back", "not_read", "not_read", until, no_expiry)


def told(card: ComparedCard, **values: str) -> list[tuple[str, str, str, str]]:
    return [(f.pointer, f.code, f.requirement, f.severity) for f in card_findings([card], values, today=TODAY)]


def test_a_copy_that_agrees_says_nothing():
    assert told(FRONT) == told(back("2035-05-07"), id_card_valid_until="2035-05-07") == []


def test_r184_each_mismatch_warns_at_its_field():
    card = ComparedCard("id_card_front", "differs", "differs", None, no_expiry=False)
    assert told(card) == [
        ("/form/resident_id_number", "id_card_number_differs", "R184", "warning"),
        ("/form/full_name", "id_card_name_differs", "R184", "warning"),
    ]


def test_what_was_not_read_is_left_to_a_person_without_a_warning():
    assert told(back(None), id_card_valid_until="2035-05-07") == []


@pytest.mark.parametrize(("until", "expired"), [("2025-02-06", True), ("2025-02-07", False), ("2035-05-07", False)])
def test_r193_a_card_is_valid_through_its_last_day(until, expired):
    assert [code for _, code, _, _ in told(back(until))] == (["id_card_copy_expired"] if expired else [])


@pytest.mark.parametrize(
    ("card", "typed", "differs"),
    [
        (back("2035-05-07"), "2035-05-08", True),
        (back("2035-05-07"), "长期", True),
        (back(None, no_expiry=True), "长期", False),
        (back(None, no_expiry=True), "2035-05-07", True),
        (back("2035-05-07"), "", False),
    ],
)
def test_r193_the_validity_of_the_form_is_that_of_the_card(card, typed, differs):
    codes = [code for _, code, _, _ in told(card, id_card_valid_until=typed)]
    assert codes == (["id_card_validity_differs"] if differs else [])


def test_no_message_says_what_was_read():
    card = ComparedCard("id_card_front", "differs", "differs", "2024-01-01", no_expiry=False)
    findings = card_findings([card], {"full_name": "示例甲", "id_card_valid_until": "2030-01-01"}, today=TODAY)
    assert not any("2024" in finding.message or "示例" in finding.message for finding in findings)
