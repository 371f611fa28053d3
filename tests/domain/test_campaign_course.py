"""When a campaign is over, by how much its deadline may move, and who is in its working group (R37–R43, R112)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.nominations.domain.campaign_course import OpenWork, against_closing, against_postponing
from services.nominations.domain.campaign_references import loose_references
from tests.domain.the_campaign import the_campaign

DEADLINE = datetime(2025, 3, 1, tzinfo=UTC)
AFTER = DEADLINE + timedelta(days=30)
DONE = OpenWork(deadline=DEADLINE, lists_on_the_way=0, cases_without_result=0, open_objections=0)


def reasons(work: OpenWork, now: datetime = AFTER) -> list[str]:
    return [blocker.code for blocker in against_closing(work, now=now)]


def test_a_campaign_is_closed_when_nothing_is_open_r43():
    assert reasons(DONE) == []


def test_everything_that_is_still_open_is_named_at_once_r43():
    work = replace(DONE, lists_on_the_way=1, cases_without_result=2, open_objections=3)
    early = DEADLINE - timedelta(seconds=1)
    assert reasons(work, early) == ["deadline_ahead", "list_not_reported", "results_missing", "objection_open"]


@pytest.mark.parametrize(
    ("until", "now", "refused"),
    [
        (DEADLINE + timedelta(days=1), DEADLINE - timedelta(days=1), False),
        (DEADLINE + timedelta(days=1), DEADLINE + timedelta(hours=1), False),
        (DEADLINE, DEADLINE - timedelta(days=1), True),
        (DEADLINE - timedelta(days=1), DEADLINE - timedelta(days=2), True),
        (DEADLINE + timedelta(days=1), DEADLINE + timedelta(days=1), True),
    ],
    ids=["later", "later, after it was over", "the same", "earlier", "later than before but not than now"],
)
def test_a_deadline_is_only_ever_put_off_r112(until, now, refused):
    assert (against_postponing(until, deadline=DEADLINE, now=now) is not None) == refused


def test_the_working_group_is_the_one_of_the_notice_r37_r39():
    group = the_campaign().working_group
    assert group is not None
    holders = {position: [m.name for m in group.members if position in m.positions] for position in group.positions}
    assert holders == {
        "leader": ["王卓"],
        "deputy_leader": ["刘志勇", "高文伟"],
        "member": ["刘艾东", "刘强", "郑喆儒", "全雷兵", "王丽婕"],
        "office_director": ["刘强", "全雷兵"],
    }


def faults(**changes) -> list[str]:
    campaign = the_campaign()
    assert campaign.working_group is not None
    group = replace(campaign.working_group, **changes)
    return [problem.message for problem in loose_references(replace(campaign, working_group=group))]


def test_a_working_group_of_one_bureau_is_refused_r37():
    members = the_campaign().working_group.members
    assert faults(members=tuple(m for m in members if m.bureau == "iit")) == ["come from both bureaus"]


def test_a_working_group_without_a_leader_is_refused_r39():
    members = the_campaign().working_group.members
    assert faults(members=tuple(m for m in members if "leader" not in m.positions)) == ["have one leader"]


def test_a_position_that_the_notice_does_not_know_is_refused_r39():
    first, *others = the_campaign().working_group.members
    odd = replace(first, positions=("leader", "chair"))
    assert faults(members=(odd, *others)) == ["holds no known position: chair"]
