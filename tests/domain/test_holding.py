"""Which papers are shown to nobody any more (个人信息保护法 第十三、十五、四十七条)."""

from itertools import product

import pytest

from services.documents.domain.holding import HeldFor, held_for


@pytest.mark.parametrize(("reason", "worked_on", "by_consent"), [*product(HeldFor, (None, False, True), (False, True))])
def test_a_paper_that_is_held_for_itself_stays_held(reason: HeldFor, worked_on: bool | None, by_consent: bool) -> None:
    assert held_for(itself=reason, case_worked_on=worked_on, by_consent=by_consent) is reason


@pytest.mark.parametrize(
    ("worked_on", "by_consent", "why"),
    [
        (None, False, None),
        (None, True, None),
        (True, False, None),
        (True, True, HeldFor.RESTRICTED),
        (False, False, HeldFor.RESTRICTED),
        (False, True, HeldFor.RESTRICTED),
    ],
)
def test_of_a_restricted_case_only_what_its_procedure_needs_is_shown(
    worked_on: bool | None, by_consent: bool, why: HeldFor | None
) -> None:
    assert held_for(itself=None, case_worked_on=worked_on, by_consent=by_consent) is why
