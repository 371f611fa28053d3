from dataclasses import replace
from datetime import UTC, datetime, timedelta

from services.nominations.domain.consultation_links import LinkFacts, takes_code, wait_for_code, why_over

NOW = datetime(2025, 2, 14, 1, tzinfo=UTC)
FRESH = LinkFacts(NOW + timedelta(days=7), revoked=False, answered=False, codes_sent=0, code_sent_at=None, tries=0)
SENT = replace(FRESH, codes_sent=1, code_sent_at=NOW)


def test_a_fresh_link_is_open():
    assert why_over(FRESH, now=NOW) is None


def test_an_answered_link_says_so():
    assert why_over(replace(FRESH, answered=True), now=NOW) == "意见已经提交，链接不再有效"


def test_a_revoked_link_says_so():
    assert why_over(replace(FRESH, revoked=True), now=NOW) == "征求意见的机构已撤回这份意见表"


def test_a_link_ends_at_its_moment():
    assert why_over(FRESH, now=FRESH.expires_at) == "链接已过期，请与征求意见的机构联系"


def test_a_first_code_is_sent_at_once():
    assert wait_for_code(FRESH, now=NOW) is None


def test_a_second_code_waits_for_the_rest_of_the_minute():
    assert wait_for_code(SENT, now=NOW + timedelta(seconds=20)) == timedelta(seconds=40)


def test_after_a_minute_another_code_may_be_sent():
    assert wait_for_code(SENT, now=NOW + timedelta(seconds=60)) is None


def test_after_ten_codes_the_link_sends_no_more():
    assert wait_for_code(replace(SENT, codes_sent=10), now=NOW + timedelta(hours=1)) == timedelta(days=7, hours=-1)


def test_the_tenth_code_is_still_sent():
    assert wait_for_code(replace(SENT, codes_sent=9), now=NOW + timedelta(seconds=60)) is None


def test_a_link_that_is_about_to_end_is_not_asked_again_within_the_minute():
    spent = replace(SENT, codes_sent=10)
    assert wait_for_code(spent, now=spent.expires_at - timedelta(seconds=1)) == timedelta(seconds=60)


def test_a_fifth_try_is_looked_at():
    assert takes_code(replace(SENT, tries=4), now=NOW)


def test_an_answer_given_before_the_sheet_was_called_back_is_what_the_officer_reads():
    assert why_over(replace(FRESH, answered=True, revoked=True), now=FRESH.expires_at) == "意见已经提交，链接不再有效"


def test_a_fresh_code_is_taken():
    assert takes_code(SENT, now=NOW + timedelta(minutes=9))


def test_a_code_is_not_taken_after_ten_minutes():
    assert not takes_code(SENT, now=NOW + timedelta(minutes=10))


def test_a_code_is_not_taken_after_five_wrong_tries():
    assert not takes_code(replace(SENT, tries=5), now=NOW)


def test_no_code_is_taken_before_one_was_sent():
    assert not takes_code(FRESH, now=NOW)
