import pytest

from services.nominations.domain.workflow import (
    NOT_TO_BE_TOLD_OF,
    TERMINAL,
    TRANSITIONS,
    Action,
    Event,
    Move,
    Place,
    Role,
    Status,
    stage_after,
    transition_for,
)
from services.nominations.labels import ACTION, EVENT, ROLE, STATUS

COUNTY_PATH = ("unit", "county", "city")
CITY_DIRECT_PATH = ("unit", "city")


@pytest.mark.parametrize(
    ("labels", "codes"), [(STATUS, Status), (ACTION, Action), (ROLE, Role), (EVENT, Event)], ids=lambda it: str(it)[:12]
)
def test_every_code_has_a_chinese_label(labels, codes):
    assert set(labels) == set(codes)


def test_an_action_stands_once_per_place():
    keys = [(row.action, row.place) for row in TRANSITIONS]
    assert len(keys) == len(set(keys))


def test_every_action_stands_in_the_table():
    assert {row.action for row in TRANSITIONS} == set(Action)


def test_nothing_leads_out_of_a_terminal_status():
    assert {row.action for row in TRANSITIONS if row.sources & TERMINAL} == set()


def test_nobody_is_held_up_as_an_example_who_was_turned_down_or_lost_the_honour_r98_r103_r106():
    assert {*TERMINAL, Status.DISQUALIFIED, Status.REVOKED} == NOT_TO_BE_TOLD_OF


def test_every_status_can_be_reached_from_the_draft():
    reached, frontier = {Status.DRAFT}, {Status.DRAFT}
    while frontier:
        frontier = {row.target for row in TRANSITIONS if row.target and row.sources & frontier} - reached
        reached |= frontier
    assert reached == set(Status)


def test_a_case_moves_up_one_stage_at_a_time_r45():
    assert [stage_after(Move.UP, stage, COUNTY_PATH) for stage in ("unit", "county")] == ["county", "city"]


def test_a_city_level_unit_skips_the_county_a13():
    assert stage_after(Move.UP, "unit", CITY_DIRECT_PATH) == "city"


def test_there_is_no_stage_above_the_last():
    with pytest.raises(ValueError, match="no stage above city"):
        stage_after(Move.UP, "city", COUNTY_PATH)


def test_a_returned_case_goes_back_to_its_unit():
    assert stage_after(Move.TO_UNIT, "city", COUNTY_PATH) == "unit"


def test_an_action_that_moves_nothing_leaves_the_case_at_its_stage():
    assert stage_after(Move.STAY, "county", COUNTY_PATH) == "county"


def test_an_action_that_does_not_exist_at_a_stage_has_no_row():
    assert transition_for(Action.ENDORSE, "unit") is None


def test_both_boxes_are_signed_before_a_stage_has_endorsed_r4():
    assert {row.action for row in TRANSITIONS if row.every_box} == {Action.ENDORSE}


def test_only_the_unit_signs_for_the_unit_r167():
    row = transition_for(Action.SIGN_FOR_UNIT, "unit")
    assert row is not None
    assert (row.roles, row.place) == ({Role.UNIT_HEAD}, Place.UNIT)
