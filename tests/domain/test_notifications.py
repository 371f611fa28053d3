"""Who is told of what, in which words, and on which mornings."""

import string
from datetime import UTC, date, datetime

import pytest

from services.nominations.domain.notifications import (
    _SENTENCES,
    Audience,
    Reminder,
    Told,
    digest,
    is_told,
    sentence,
    told_of,
)
from services.nominations.domain.reminders import county_reminders, drafts_are_reminded, last_day
from services.nominations.domain.webhooks import Scope, scope_of, wait_before_next
from services.nominations.domain.workflow import Event

CONTACT_FORM_DUE, MATERIALS_DUE = date(2025, 2, 8), date(2025, 2, 28)
FACTS = {"count": 3, "due": "2025年2月28日", "days": 5}


def due(today: date, *, contact_form: bool = False, report: bool = False):
    return county_reminders(
        today=today,
        contact_form_due=CONTACT_FORM_DUE,
        contact_form_missing=contact_form,
        materials_due=MATERIALS_DUE,
        report_missing=report,
    )


@pytest.mark.parametrize("event", [event for event in Event if event is not Event.OBJECTION_RECEIVED])
def test_every_event_that_somebody_is_told_of_has_its_sentence(event):
    assert bool(told_of(event)) == (event in _SENTENCES)


@pytest.mark.parametrize(
    ("audience", "at_once", "events"),
    [
        (
            Audience.NOMINEE,
            True,
            {
                Event.WITHDRAWN, Event.PUBLICITY_CORRECTED, Event.REVIEW_RETURNED, Event.REVIEW_REJECTED, Event.AWARDED,
                Event.REVOKED, Event.DISQUALIFIED,
            },
        ),
        (
            Audience.NOMINEE,
            False,
            {
                Event.CONFIRMED, Event.SUBMITTED, Event.LEADERSHIP_DECISION_RECORDED, Event.PUBLICITY_OPENED,
                Event.PUBLICITY_SETTLED, Event.UNIT_SIGNED, Event.REVIEW_ENDORSED, Event.REPORTED,
                Event.CITY_PUBLICITY_OPENED, Event.NOT_AWARDED, Event.STORY_PUBLISHED,
            },
        ),
        (
            Audience.UNIT,
            True,
            {Event.REVIEW_RETURNED, Event.REVIEW_REJECTED, Event.REVOKED, Event.DISQUALIFIED},
        ),
        (
            Audience.UNIT,
            False,
            {
                Event.NOMINEE_JOINED, Event.CONFIRMED, Event.SUBMITTED, Event.WITHDRAWN, Event.PUBLICITY_SETTLED,
                Event.UNIT_SIGNED, Event.REVIEW_ENDORSED, Event.REPORTED, Event.CITY_PUBLICITY_OPENED, Event.AWARDED,
                Event.NOT_AWARDED, Event.OBJECTION_CONCLUDED, Event.STORY_PUBLISHED,
            },
        ),
        (
            Audience.UNIT_HEAD,
            False,
            {
                Event.PUBLICITY_OPENED, Event.PUBLICITY_CORRECTED, Event.PUBLICITY_SETTLED, Event.AWARDED,
                Event.NOT_AWARDED, Event.REVOKED, Event.DISQUALIFIED,
            },
        ),
        (
            Audience.COUNTY,
            False,
            {
                Event.WITHDRAWN, Event.UNIT_SIGNED, Event.OPINION_RECORDED, Event.RANK_APPROVED, Event.LISTED,
                Event.UNLISTED, Event.CITY_PUBLICITY_OPENED, Event.REPORTED_TO_PROVINCE, Event.AWARDED,
                Event.NOT_AWARDED, Event.REVOKED, Event.DISQUALIFIED, Event.DISQUALIFIER_LIFTING_PROPOSED,
                Event.DISQUALIFIER_LIFTED,
            },
        ),
        (
            Audience.CITY,
            False,
            {
                Event.RANK_APPROVAL_PROPOSED, Event.REPORTED, Event.DISQUALIFIER_LIFTING_PROPOSED,
                Event.DISQUALIFIER_LIFTED, Event.AWARDED, Event.NOT_AWARDED, Event.REVOKED, Event.DISQUALIFIED,
            },
        ),
    ],
)  # fmt: skip
def test_everybody_hears_of_what_concerns_them_and_of_what_cannot_wait_at_once(audience, at_once, events):
    told = {event for event in set(Event) - {Event.OBJECTION_RECEIVED} if Told(audience, at_once) in told_of(event)}
    assert told == events


@pytest.mark.parametrize("kind", sorted(_SENTENCES))
def test_a_sentence_is_whole_once_its_facts_are_filled_in(kind):
    assert not set("{}").intersection(sentence(kind, FACTS))


@pytest.mark.parametrize("kind", sorted(_SENTENCES))
def test_a_sentence_has_no_place_for_a_name(kind):
    named = {name for _, name, _, _ in string.Formatter().parse(_SENTENCES[kind]) if name}
    assert named <= set(FACTS)


@pytest.mark.parametrize("office", ["county", "city"])
def test_an_objection_is_told_to_the_office_that_handles_it_and_to_nobody_else_r95(office):
    assert told_of(Event.OBJECTION_RECEIVED, handled_by=office) == (Told(Audience(office), urgent=True),)


@pytest.mark.parametrize("event", [Event.AWARDED, Event.NOT_AWARDED, Event.REVOKED, Event.DISQUALIFIED])
def test_whoever_signed_for_a_case_at_any_level_hears_its_result(event):
    signers = {Audience.UNIT_HEAD, Audience.COUNTY, Audience.CITY}
    assert signers <= {told.audience for told in told_of(event)}


@pytest.mark.parametrize(("stage", "hears", "not_there"), [("county", "county", "city"), ("city", "city", "county")])
@pytest.mark.parametrize("event", [Event.UNIT_SIGNED, Event.OPINION_RECORDED])
def test_the_office_where_a_case_stands_hears_that_it_came_and_that_an_authority_answered_r58_a13(
    event, stage, hears, not_there
):
    audiences = {told.audience for told in told_of(event, stage=stage)}
    assert (Audience(hears) in audiences, Audience(not_there) in audiences) == (True, False)


def test_nobody_hears_of_a_rank_before_the_province_has_decided():
    assert told_of(Event.RANKED) == ()


@pytest.mark.parametrize(
    ("today", "kinds"),
    [
        (date(2025, 2, 4), []),
        (date(2025, 2, 5), [Reminder.CONTACT_FORM_DUE]),
        (date(2025, 2, 7), [Reminder.CONTACT_FORM_DUE]),
        (date(2025, 2, 8), [Reminder.CONTACT_FORM_DUE]),
        (date(2025, 2, 9), []),
    ],
)
def test_a_county_is_reminded_of_its_contact_form_three_days_and_one_day_before_and_on_the_day_r41(today, kinds):
    assert [kind for kind, _ in due(today, contact_form=True)] == kinds


@pytest.mark.parametrize(
    ("today", "kinds"),
    [
        (date(2025, 2, 21), [Reminder.MATERIALS_DUE]),
        (date(2025, 2, 22), []),
        (date(2025, 2, 28), [Reminder.MATERIALS_DUE]),
        (date(2025, 3, 1), [Reminder.ABANDONED]),
        (date(2025, 3, 2), []),
    ],
)
def test_a_county_without_a_report_is_reminded_and_told_once_that_it_is_too_late_r60(today, kinds):
    assert [kind for kind, _ in due(today, report=True)] == kinds


def test_who_has_done_everything_is_left_alone():
    assert [due(date(2025, 2, day)) for day in range(1, 29)] == [[]] * 28


def test_who_has_reported_is_not_told_that_it_is_too_late_r60():
    assert due(date(2025, 3, 1), contact_form=True) == []


def test_units_are_reminded_of_drafts_on_the_same_days():
    days = [day for day in range(1, 29) if drafts_are_reminded(date(2025, 2, day), MATERIALS_DUE)]
    assert days == [21, 25, 27, 28]


def test_an_event_is_told_where_somebody_may_hear_of_it():
    told = {event for event in Event if is_told(event)}
    assert told == {event for event in Event if told_of(event, handled_by="city")}


def test_a_digest_says_the_same_once_with_its_number():
    ended, opinions = (Reminder.PUBLICITY_ENDED, {}), (Reminder.OPINION_OVERDUE, {"count": 3, "days": 5})
    assert digest([ended, opinions, ended]) == ("公示期已满，可以签署单位意见（2件）\n有3项部门意见超过5个工作日未回复")


def test_the_longest_digest_is_one_that_auth_takes():
    """Auth takes 300 characters: every reminder there is, each for thousands of cases, stays below."""
    facts = {"count": 99_999, "days": 30, "due": "2025年12月31日"}
    assert len(digest([(kind, facts) for kind in Reminder for _ in range(10_000)])) <= 300


@pytest.mark.parametrize(
    ("deadline", "last"), [((2025, 3, 1, 0), date(2025, 2, 28)), ((2025, 2, 28, 18), date(2025, 2, 28))]
)
def test_a_deadline_at_midnight_belongs_to_the_day_before(deadline, last):
    assert last_day(datetime(*deadline, tzinfo=UTC)) == last


def test_a_delivery_is_tried_for_72_hours_and_no_longer():
    waits = []
    while (wait := wait_before_next(len(waits) + 1)) is not None:
        waits.append(wait.total_seconds())
    assert (len(waits), waits == sorted(waits), 66 < sum(waits) / 3600 <= 72) == (12, True, True)


@pytest.mark.parametrize(
    ("roles", "scope"),
    [
        ({"unit_clerk"}, Scope.UNIT),
        ({"county_officer", "county_reviewer"}, Scope.COUNTY),
        ({"city_officer", "county_officer"}, Scope.CITY),
    ],
)
def test_an_endpoint_hears_of_what_its_people_see(roles, scope):
    assert scope_of(frozenset(roles)) == scope


def test_reviewers_alone_have_no_endpoint():
    with pytest.raises(ValueError, match="no cases of a body"):
        scope_of(frozenset({"county_reviewer"}))
