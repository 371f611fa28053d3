"""“停止除存储和采取必要的安全保护措施之外的处理” (PIPL 第四十七条), and a procedure that rests on a public duty (第十三条)."""

import pytest

from services.nominations.domain.restriction import is_held
from services.nominations.domain.workflow import Status

HELD = {Status.DRAFT, Status.RETURNED, Status.WITHDRAWN, Status.REJECTED, Status.NOT_AWARDED}


@pytest.mark.parametrize("status", list(Status))
def test_a_restricted_case_is_held_where_no_office_has_a_duty_to_it(status):
    assert is_held(restricted=True, status=status, own=False) is (status in HELD)


@pytest.mark.parametrize("status", list(Status))
def test_the_person_reads_their_own_case_whatever_is_restricted(status):
    assert is_held(restricted=True, status=status, own=True) is False


@pytest.mark.parametrize("status", list(Status))
def test_without_a_restriction_nothing_is_held(status):
    assert is_held(restricted=False, status=status, own=False) is False
