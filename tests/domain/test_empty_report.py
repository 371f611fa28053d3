"""A report that names nobody (R13, R113)."""

from services.nominations.domain.empty_report import against_empty_report


def codes(**facts) -> list[str]:
    return [blocker.code for blocker in against_empty_report(**facts)]


def test_whoever_nominates_nobody_says_so_category_by_category_r13():
    found = against_empty_report(shut=False, undeclared=["先进集体", "先进个人"])
    assert [(blocker.code, "先进个人" in blocker.message) for blocker in found] == [
        ("zero_not_declared", False),
        ("zero_not_declared", True),
    ]


def test_a_report_of_nobody_is_handed_in_once_all_is_declared_and_in_time_r13_r113():
    assert (codes(shut=False, undeclared=[]), codes(shut=True, undeclared=[])) == ([], ["deadline_passed"])
