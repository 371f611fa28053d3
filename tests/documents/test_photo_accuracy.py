"""The labelled portraits against the rules of the campaign: the confusion table as assertions."""

from collections.abc import Iterator

import pytest

from bench.photos import Judged, confusion, judge_folder, verdicts
from services.documents.domain.photo_findings import FindingCode
from tests.documents.pictures import PHOTOS, labels

ALWAYS_REFUSED = {
    FindingCode.EMPTY,
    FindingCode.NOT_JPEG,
    FindingCode.TRUNCATED,
    FindingCode.CORRUPT,
    FindingCode.TOO_MANY_PIXELS,
    FindingCode.TRAILING_DATA,
    FindingCode.NOT_RGB,
    FindingCode.NOT_COLOUR,
    FindingCode.SIZE_BELOW_MIN,
    FindingCode.SIZE_ABOVE_MAX,
    FindingCode.ASPECT_WRONG,
    FindingCode.PIXELS_TOO_FEW,
}
"""Faults of the file, of sizes and of colour mode: measured exactly, so never left to a person."""


@pytest.fixture(scope="module")
def judged(profile) -> list[Judged]:
    return judge_folder(PHOTOS, profile)


def labelled(judged: list[Judged], verdict: str) -> Iterator[Judged]:
    return (item for item in judged if item.expected == verdict)


def test_no_good_photo_is_refused_or_doubted(judged):
    assert {item.file: set(item.codes) for item in labelled(judged, "accept") if item.codes} == {}


def test_every_bad_photo_is_refused_or_sent_to_a_person(judged):
    assert [item.file for item in labelled(judged, "reject") if item.check.verdict == "accept"] == []


def test_every_bad_photo_hears_its_own_fault(judged):
    assert {item.file: set(item.codes) for item in labelled(judged, "reject") if not item.named} == {}


def test_what_can_be_measured_exactly_is_refused_and_not_doubted(judged):
    exact = [item for item in labelled(judged, "reject") if set().union(*item.reasons) & ALWAYS_REFUSED]
    assert {item.file: item.check.verdict for item in exact if item.check.verdict != "reject"} == {}


def test_only_what_is_a_matter_of_degree_is_left_to_a_person(judged):
    doubted = [item.category for item in labelled(judged, "reject") if item.check.verdict == "review"]
    assert sorted(doubted) == ["headwear", "upscaled"]


def test_no_fault_is_named_that_is_not_there(judged):
    """Dark glasses mislead the mesh about the turn of the head, and a hood shades the eyes."""
    false = {item.category: set(item.unexpected) for item in judged if item.unexpected}
    assert false == {"sunglasses": {"not_frontal"}, "headwear": {"eyes_covered"}}


def test_the_table_counts_every_label_once(judged):
    assert sum(verdicts(judged).values()) == len(labels())
    assert all(missed == 0 for _, _, _, _, _, missed, _ in confusion(judged))
