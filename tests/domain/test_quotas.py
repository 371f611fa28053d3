import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.nominations.domain.quotas import (
    PUT_FORWARD,
    Movement,
    QuotaAccount,
    QuotaExhausted,
    QuotaMisused,
    SeatUse,
    movements_between,
    replay,
    seat_use,
)
from services.nominations.domain.workflow import TERMINAL, Status

COUNTY_PATH = ("unit", "county", "city")


def test_every_seat_of_the_notice_is_granted_by_an_entry_r14():
    assert replay([Movement.GRANT, Movement.GRANT]) == QuotaAccount(granted=2)


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


def test_a_waived_seat_is_free_again_only_when_the_declaration_is_taken_back_r13():
    waived = QuotaAccount(granted=1).after(Movement.WAIVE)
    assert (waived.available, waived.after(Movement.RESUME).available) == (0, 1)


@pytest.mark.parametrize("account", [QuotaAccount(granted=1, reserved=1), QuotaAccount(granted=0)])
def test_only_a_free_seat_is_waived_r13(account):
    with pytest.raises(QuotaExhausted):
        account.after(Movement.WAIVE)


def test_what_was_not_waived_is_not_resumed_r13():
    with pytest.raises(QuotaMisused):
        QuotaAccount(granted=1).after(Movement.RESUME)


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


def test_a_case_returned_by_the_city_takes_its_seat_back_to_be_reported_again():
    assert QuotaAccount(granted=1, consumed=1).after(Movement.RECALL) == QuotaAccount(granted=1, reserved=1)


def test_only_a_consumed_seat_is_recalled():
    with pytest.raises(QuotaMisused):
        QuotaAccount(granted=1, reserved=1).after(Movement.RECALL)


@pytest.mark.parametrize("status", [Status.DRAFT, Status.WITHDRAWN, Status.REJECTED])
def test_a_draft_and_a_case_at_rest_hold_no_seat_r14(status):
    assert seat_use("county", status, COUNTY_PATH) is SeatUse.NONE


@pytest.mark.parametrize(
    "status", sorted(set(Status) - {Status.DRAFT, Status.WITHDRAWN, Status.REJECTED, Status.DISQUALIFIED})
)
def test_every_other_case_reserves_one_r14(status):
    assert seat_use("unit", status, COUNTY_PATH) is SeatUse.RESERVED


def test_a_reported_case_keeps_its_seat_also_when_the_city_rejects_it():
    assert seat_use("city", Status.REJECTED, COUNTY_PATH) is SeatUse.CONSUMED


def test_a_city_level_unit_has_no_report_so_a_rejection_frees_its_seat_a13():
    assert seat_use("city", Status.REJECTED, ("unit", "city")) is SeatUse.NONE


def test_a_case_that_stays_where_it_is_moves_no_seat():
    assert movements_between(SeatUse.RESERVED, SeatUse.RESERVED) == ()


@given(st.lists(st.tuples(st.sampled_from(["unit", "county", "city"]), st.sampled_from(Status)), max_size=30))
def test_wherever_a_case_goes_its_seat_follows_and_the_ledger_adds_up_r98_r99_r102(places):
    """Withdrawn and revived, returned and resubmitted, disqualified for fraud: whatever happens to one case."""
    account, before = QuotaAccount(granted=1), SeatUse.NONE
    for stage, status in places:
        if before is SeatUse.FORFEITED:
            break
        after = seat_use(stage, status, COUNTY_PATH)
        moves = movements_between(before, after)
        if (before, after) == (SeatUse.NONE, SeatUse.CONSUMED) or (before, after) == (SeatUse.CONSUMED, SeatUse.NONE):
            continue
        for movement in moves:
            account = account.after(movement)
        before = after
    where = {SeatUse.RESERVED: "reserved", SeatUse.CONSUMED: "consumed", SeatUse.FORFEITED: "forfeited"}
    expected = QuotaAccount(granted=1, **({where[before]: 1} if before in where else {}))
    assert account == expected


@pytest.mark.parametrize(
    ("use", "before"),
    [
        (SeatUse.NONE, [Movement.GRANT]),
        (SeatUse.RESERVED, [Movement.GRANT, Movement.RESERVE]),
        (SeatUse.CONSUMED, [Movement.GRANT, Movement.RESERVE, Movement.CONSUME]),
    ],
)
def test_a_disqualified_case_takes_its_seat_with_it_wherever_it_stood_r99_r102(use, before):
    after = replay([*before, *movements_between(use, SeatUse.FORFEITED)])
    assert after == QuotaAccount(granted=1, forfeited=1)


def test_only_a_draft_and_a_case_at_rest_hold_no_seat_in_the_unit_r14():
    seatless = {status for status in Status if seat_use("unit", status, COUNTY_PATH) is SeatUse.NONE}
    assert seatless == {Status.DRAFT, *TERMINAL}


def test_whoever_holds_a_seat_of_their_own_is_put_forward_whatever_the_province_decides_r73_r99_r103():
    assert set(Status) - PUT_FORWARD == {Status.DRAFT, *TERMINAL, Status.DISQUALIFIED}
