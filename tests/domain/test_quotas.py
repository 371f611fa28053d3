import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.nominations.domain.quotas import Movement, QuotaAccount, QuotaExhausted, QuotaMisused, replay


def test_a_free_seat_is_reserved_r14():
    assert QuotaAccount(granted=1).after(Movement.RESERVE) == QuotaAccount(granted=1, reserved=1)


def test_no_seat_is_reserved_above_the_quota_r14():
    with pytest.raises(QuotaExhausted):
        QuotaAccount(granted=1, consumed=1).after(Movement.RESERVE)


def test_a_county_without_seats_reserves_none_r15():
    with pytest.raises(QuotaExhausted):
        QuotaAccount(granted=0).after(Movement.RESERVE)


def test_a_released_seat_is_free_again():
    assert QuotaAccount(granted=1, reserved=1).after(Movement.RELEASE).available == 1


def test_a_forfeited_seat_is_never_free_again_r99():
    assert QuotaAccount(granted=1, reserved=1).after(Movement.FORFEIT).available == 0


@pytest.mark.parametrize("movement", [Movement.CONSUME, Movement.RELEASE, Movement.FORFEIT])
def test_only_a_reserved_seat_is_consumed_released_or_forfeited(movement):
    with pytest.raises(QuotaMisused):
        QuotaAccount(granted=1).after(movement)


@given(st.lists(st.sampled_from(Movement)))
def test_replaying_what_was_accepted_gives_the_balance_and_never_less_than_nothing(wanted):
    account, accepted = QuotaAccount(), []
    for movement in wanted:
        try:
            account = account.after(movement)
        except (QuotaExhausted, QuotaMisused):
            continue
        accepted.append(movement)
        assert min(account.available, account.reserved, account.consumed, account.forfeited) >= 0
    assert replay(accepted) == account
