"""ID card copies: from measured numbers to warnings. Nothing is decoded here."""

from dataclasses import replace

import pytest

from services.documents.domain.card_rule import CardLimits, CardMeasures, CardSide, judge_card

FRONT, BACK = CardSide.FRONT, CardSide.BACK
CARD = CardMeasures(
    share=0.8,
    long_side=1000,
    cut_share=0.0,
    edge_width=0.85,
    glare_share=0.0,
    red_share=0.0003,
    in_colour=True,
    has_face=True,
)
EMBLEM = replace(CARD, red_share=0.03, has_face=False)


def codes(measures, side=FRONT):
    return [str(finding.code) for finding in judge_card(measures, side, CardLimits())]


def test_r184_a_clear_copy_of_the_right_side_has_no_finding():
    assert (codes(CARD, FRONT), codes(EMBLEM, BACK)) == ([], [])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"long_side": 599}, ["card_too_small"]),
        ({"cut_share": 0.3}, ["card_cut_off"]),
        ({"edge_width": 1.5}, ["card_blurred"]),
        ({"glare_share": 0.02}, ["card_glare"]),
        ({"share": 0.2, "edge_width": 9.0}, ["card_not_found"]),
    ],
)
def test_each_fault_has_its_own_warning(changes, expected):
    assert codes(replace(CARD, **changes)) == expected


def test_nothing_about_a_card_is_refused():
    spoilt = replace(CARD, long_side=1, cut_share=1.0, edge_width=9.0, glare_share=1.0)
    assert {finding.severity for finding in judge_card(spoilt, BACK, CardLimits())} == {"warn"}


@pytest.mark.parametrize(
    ("measures", "side", "expected"),
    [
        (EMBLEM, FRONT, ["card_wrong_side"]),
        (CARD, BACK, ["card_wrong_side"]),
        (replace(CARD, has_face=None), BACK, ["card_wrong_side"]),
        (replace(EMBLEM, has_face=None), FRONT, ["card_wrong_side"]),
        (replace(CARD, red_share=0.03), FRONT, []),  # a red pullover beside the face
        (replace(EMBLEM, in_colour=False, red_share=0.0), BACK, []),  # a photocopy has no red to look for
        (replace(EMBLEM, in_colour=False, red_share=0.0), FRONT, []),
    ],
)
def test_r184_a_copy_of_the_other_side_is_told(measures, side, expected):
    assert codes(measures, side) == expected
