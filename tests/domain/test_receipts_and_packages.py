"""A county's report on the city's desk: what came of it, and how it is cut for mail (R121–R123)."""

import pytest

from services.nominations.domain.packages import parts_of
from services.nominations.domain.receipts import Item, Received, ticked

REPORT, CASE = Item("report", "推荐工作报告"), Item("case", "推荐审批表")


def test_three_paper_copies_and_the_file_are_asked_of_every_item_r121_r122():
    received = {"report": Received(paper_copies=3, electronic=True), "case": Received(paper_copies=2)}
    found = ticked([REPORT, CASE], received, copies=3)
    assert [(each.copies_missing, each.electronic_missing, each.complete) for each in found] == [
        (0, False, True),
        (1, True, False),
    ]


@pytest.mark.parametrize("came", [Received(paper_copies=3), Received(paper_copies=2, electronic=True)])
def test_neither_paper_nor_the_file_alone_makes_an_item_complete_r121(came):
    assert [each.complete for each in ticked([REPORT], {"report": came}, copies=3)] == [False]


def test_nothing_that_came_leaves_everything_missing_and_more_than_asked_is_no_fault_r121():
    (nothing,) = ticked([REPORT], {}, copies=3)
    (more,) = ticked([REPORT], {"report": Received(paper_copies=5, electronic=True)}, copies=3)
    assert (nothing.copies_missing, nothing.electronic_missing, more.complete) == (3, True, True)


@pytest.mark.parametrize(
    ("sizes", "limit", "parts"),
    [
        ([], 10, [[]]),
        ([4, 4, 4], None, [[0, 1, 2]]),
        ([4, 4, 4], 8, [[0, 1], [2]]),
        ([4, 6, 1], 10, [[0, 1], [2]]),
        ([11, 3], 10, [[0], [1]]),
        ([6, 5], 10, [[0], [1]]),
        ([10, 5, 5], 10, [[0], [1, 2]]),
        ([10, 6, 5], 10, [[0], [1], [2]]),
        ([3, 11, 3], 10, [[0], [1], [2]]),
    ],
)
def test_a_package_is_cut_between_cases_and_in_rank_order_r123(sizes, limit, parts):
    assert parts_of(sizes, limit=limit) == parts
