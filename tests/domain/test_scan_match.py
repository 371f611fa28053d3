"""A sealed scan shows the print that the system made last, or says what it shows instead (R129, R148)."""

import pytest

from services.nominations.domain.scan_match import MESSAGES, ScanFault, SeenPrint, matched

NOW, OLD, OTHER_FORM, OTHER_CASE, UNKNOWN = ("a" * 64, "b" * 64, "c" * 64, "d" * 64, "e" * 64)
SEEN = [
    SeenPrint(OLD, own=True, form="attachment_6"),
    SeenPrint(OTHER_FORM, own=True, form="attachment_8_1"),
    SeenPrint(OTHER_CASE, own=False, form="attachment_6"),
]


@pytest.mark.parametrize(
    ("codes", "found"),
    [
        ([NOW], NOW),
        ([OTHER_CASE, OLD, NOW], NOW),
        ([OLD], ScanFault.OLDER_VERSION),
        ([OTHER_FORM], ScanFault.ANOTHER_FORM),
        ([OTHER_FORM, OLD], ScanFault.OLDER_VERSION),
        ([OTHER_CASE], ScanFault.ANOTHER_CASE),
        ([UNKNOWN], ScanFault.UNKNOWN_PRINT),
        ([], ScanFault.WITHOUT_CODE),
    ],
)
def test_a_scan_is_what_its_codes_say_r148(codes, found):
    assert matched(codes, SEEN, form="attachment_6", current=NOW) == found


def test_while_the_form_is_a_draft_no_print_of_it_is_the_newest_r148():
    assert matched([OLD], SEEN, form="attachment_6", current=None) is ScanFault.OLDER_VERSION


def test_every_fault_has_its_words_r148():
    assert MESSAGES.keys() == set(ScanFault)
