"""The city's choice and its ranking (R18, R46, R64)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.nominations.domain.city_selection import ranking_faults, selection_faults, without_choice
from tests.domain.the_campaign import the_campaign

CAMPAIGN = the_campaign()
COLLECTIVE, INDIVIDUAL = "advanced_collective", "advanced_individual"


def codes(faults):
    return [(fault.pointer, fault.code) for fault in faults]


@pytest.mark.parametrize(("category", "most"), [(COLLECTIVE, 4), (INDIVIDUAL, 8)])
def test_as_many_as_the_province_asked_for_are_listed_and_no_more_r18(category, most):
    assert codes(selection_faults(CAMPAIGN, {category: range(most)})) == []
    assert codes(selection_faults(CAMPAIGN, {category: range(most + 1)})) == [
        (f"/selection/{category}", "above_final_quota")
    ]


def test_the_first_list_is_told_only_how_many_it_may_name_r18():
    assert [fault.message for fault in selection_faults(CAMPAIGN, {COLLECTIVE: range(5)})] == ["最多上报4个"]


def test_what_went_to_the_province_before_counts_r18():
    three_more = {COLLECTIVE: ["a", "b", "c"]}
    assert codes(selection_faults(CAMPAIGN, three_more, reported={COLLECTIVE: 1})) == []
    (fault,) = selection_faults(CAMPAIGN, three_more, reported={COLLECTIVE: 2})
    assert (fault.code, fault.message) == ("above_final_quota", "最多上报4个，此前已上报2个")


@pytest.mark.parametrize("selection", [{}, {COLLECTIVE: []}, {COLLECTIVE: [], INDIVIDUAL: []}])
def test_a_list_names_somebody_r61(selection):
    assert codes(selection_faults(CAMPAIGN, selection)) == [("/selection", "nobody_chosen")]


def test_nobody_is_listed_twice_r61():
    assert codes(selection_faults(CAMPAIGN, {COLLECTIVE: ["a", "a"]})) == [(f"/selection/{COLLECTIVE}", "listed_twice")]


def test_a_category_that_does_not_exist_is_named_r5():
    assert codes(selection_faults(CAMPAIGN, {"best_dog": []})) == [("/selection/best_dog", "category_unknown")]


@pytest.mark.parametrize(("candidates", "without"), [(3, []), (2, [COLLECTIVE]), (0, [COLLECTIVE])])
def test_there_is_a_choice_where_somebody_is_left_out_r46(candidates, without):
    assert without_choice(CAMPAIGN, {COLLECTIVE: candidates}, {COLLECTIVE: ["a", "b"]}) == without


def test_a_category_from_which_nobody_was_chosen_needs_no_choice_r46():
    assert without_choice(CAMPAIGN, {}, {COLLECTIVE: []}) == []


@given(st.permutations(["a", "b", "c"]))
def test_any_order_of_all_of_them_is_a_ranking_r64(order):
    assert ranking_faults({COLLECTIVE: frozenset("abc")}, {COLLECTIVE: order}) == []


@pytest.mark.parametrize(
    ("ranking", "code"),
    [
        ({COLLECTIVE: ["a", "b"]}, "ranking_incomplete"),
        ({COLLECTIVE: ["a", "b", "d"]}, "ranking_incomplete"),
        ({COLLECTIVE: ["a", "b", "c", "c"]}, "ranked_twice"),
        ({}, "ranking_incomplete"),
    ],
)
def test_ties_gaps_and_strangers_are_refused_r64(ranking, code):
    assert codes(ranking_faults({COLLECTIVE: frozenset("abc")}, ranking)) == [(f"/ranking/{COLLECTIVE}", code)]


def test_what_is_wrong_with_each_ranking_is_said_in_the_order_of_the_categories_r64():
    listed = {INDIVIDUAL: frozenset("ab"), COLLECTIVE: frozenset("ab")}
    assert codes(ranking_faults(listed, {})) == [
        (f"/ranking/{COLLECTIVE}", "ranking_incomplete"),
        (f"/ranking/{INDIVIDUAL}", "ranking_incomplete"),
    ]
