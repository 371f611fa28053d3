"""The rules of signing in, without any server."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.auth.domain import invitation_codes, text_codes
from services.auth.domain.acting import Acting, Assignment, Organisation, choose, running
from services.auth.domain.binding import Binding, Invitation, WechatUser, decide, replaced
from services.auth.domain.refreshing import RefreshToken, Verdict, judge
from services.auth.domain.roles import (
    AT_DESKS,
    OFFICIALS,
    ROLE_HOMES,
    WATCHERS,
    Bureau,
    OrganisationKind,
    Role,
    Scope,
    may_be_held_at,
    scope_of,
)
from services.auth.domain.service_credentials import Credential
from services.auth.domain.session_limits import SessionLimits

NOW = datetime(2025, 2, 5, 9, tzinfo=UTC)
DAY = timedelta(days=1)
BUREAU = Organisation(uuid4(), "五台县人力资源和社会保障局", OrganisationKind.COUNTY_BUREAU, "140922", Bureau.HRSS)


def assignment(starts_at: datetime, ends_at: datetime | None = None) -> Assignment:
    return Assignment(uuid4(), Role.COUNTY_REVIEWER, BUREAU, starts_at, ends_at)


def test_a_role_runs_from_its_first_moment_and_no_longer_at_its_last() -> None:
    # R43
    begins, ends = assignment(NOW), assignment(NOW - DAY, NOW)
    assert running([begins, ends], NOW) == [begins]


def test_a_role_that_ends_later_is_held_until_then() -> None:
    ends = assignment(NOW - DAY, NOW + DAY)
    assert running([ends], NOW) == [ends]


def test_of_roles_that_began_together_the_same_one_always_comes_first() -> None:
    first, second = (replace(assignment(NOW - DAY), id=UUID(int=number)) for number in (1, 2))
    assert (running([first, second], NOW), running([second, first], NOW)) == ([first, second], [first, second])


def test_a_role_that_starts_later_is_not_held_yet() -> None:
    assert running([assignment(NOW + DAY)], NOW) == []


def test_somebody_who_names_no_role_acts_under_the_one_held_longest() -> None:
    newer, older = replace(assignment(NOW - DAY), id=UUID(int=1)), replace(assignment(NOW - 2 * DAY), id=UUID(int=2))
    assert choose(running([newer, older], NOW), None) == Acting(older, (newer,))


def test_somebody_with_several_roles_chooses_for_whom_they_act() -> None:
    newer, older = assignment(NOW - DAY), assignment(NOW - 2 * DAY)
    assert choose([older, newer], newer.id) == Acting(newer, (older,))


def test_nobody_acts_under_a_role_they_do_not_hold() -> None:
    assert choose([assignment(NOW)], uuid4()) is None


def test_every_role_has_a_home() -> None:
    assert ROLE_HOMES.keys() == set(Role)


def test_machines_stand_in_no_organisation() -> None:
    assert not any(may_be_held_at(Role.SERVICE, kind) for kind in OrganisationKind)


def test_a_county_reviewer_stands_in_one_of_the_two_bureaus() -> None:
    # R4
    homes = [kind for kind in OrganisationKind if may_be_held_at(Role.COUNTY_REVIEWER, kind)]
    assert homes == [OrganisationKind.COUNTY_BUREAU]


def test_a_county_sees_its_own_jurisdiction_only() -> None:
    scope = scope_of({"county_reviewer"}, "140922")
    assert (scope, scope.holds("140922"), scope.holds("140923")) == (Scope("140922", whole_city=False), True, False)


@pytest.mark.parametrize("role", [Role.NOMINEE, Role.UNIT_CLERK, Role.UNIT_HEAD, Role.COUNTY_OFFICER])
def test_nobody_below_the_city_sees_another_jurisdiction(role: Role) -> None:
    assert not scope_of({role}, "140923").holds("140922")


def test_whoever_sees_more_than_their_own_affairs_sits_at_a_shared_desk() -> None:
    assert set(Role) - {Role.NOMINEE, Role.UNIT_CLERK, Role.UNIT_HEAD, Role.SERVICE} == AT_DESKS
    assert AT_DESKS - {Role.AUDIT_ADMIN} == OFFICIALS


def test_two_administrators_watch_over_the_third() -> None:
    assert {Role.SECURITY_ADMIN, Role.AUDIT_ADMIN} == WATCHERS


@pytest.mark.parametrize("role", [Role.CITY_OFFICER, Role.CITY_REVIEWER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN])
def test_the_city_sees_every_jurisdiction(role: Role) -> None:
    assert scope_of({role}, "140900").holds("140922")


@pytest.mark.parametrize(
    ("token", "verdict"),
    [
        (None, Verdict.INVALID),
        (RefreshToken(NOW + DAY, None, None), Verdict.ROTATE),
        (RefreshToken(NOW, None, None), Verdict.INVALID),
        (RefreshToken(NOW + DAY, None, NOW - DAY), Verdict.INVALID),
        (RefreshToken(NOW + DAY, NOW, None), Verdict.REUSED),
        (RefreshToken(NOW - DAY, NOW - DAY, NOW - DAY), Verdict.REUSED),
    ],
)
def test_a_refresh_token_rotates_once_and_a_used_one_is_always_reuse(
    token: RefreshToken | None, verdict: Verdict
) -> None:
    assert judge(token, NOW) is verdict


@given(st.integers(0, 2**invitation_codes.BITS - 1))
def test_a_code_typed_as_it_is_spelled_names_itself(number: int) -> None:
    code = invitation_codes.spell(number)
    assert invitation_codes.normalise(code.lower()) == code.replace("-", "")


@pytest.mark.parametrize(
    ("number", "code"),
    [(0, "00000-00000"), (1, "00000-00001"), (32, "00000-00010"), (2**25, "00001-00000"), (2**50 - 1, "ZZZZZ-ZZZZZ")],
)
def test_a_code_is_spelled_five_bits_a_letter_the_highest_first(number: int, code: str) -> None:
    assert invitation_codes.spell(number) == code


def test_letters_that_look_like_digits_are_read_as_digits() -> None:
    assert invitation_codes.normalise("oil0o-1lab c") == "01100" + "11ABC"


@pytest.mark.parametrize("typed", ["", "ABCDE-FGHJ", "ABCDE-FGHJK0", "ABCDE-FGHJU", "邀请码邀请码邀请码码"])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert invitation_codes.normalise(typed) is None


PERSON, OTHER = uuid4(), uuid4()
OPEN = Invitation(PERSON, NOW + DAY, None)
EXPIRED = Invitation(PERSON, NOW, None)
USED = Invitation(PERSON, NOW + DAY, NOW - DAY)
REVOKED = Invitation(PERSON, NOW + DAY, None, revoked_at=NOW - DAY)


@pytest.mark.parametrize(
    ("bound_to", "invited", "invitation", "verdict"),
    [
        (None, False, None, Binding.NOT_BOUND),
        (PERSON, False, None, Binding.SIGN_IN),
        (None, True, OPEN, Binding.BIND),
        (None, True, None, Binding.INVITATION_INVALID),
        (None, True, EXPIRED, Binding.INVITATION_INVALID),
        (None, True, USED, Binding.INVITATION_INVALID),
        (None, True, REVOKED, Binding.INVITATION_INVALID),
        (PERSON, True, USED, Binding.SIGN_IN),
        (OTHER, True, USED, Binding.INVITATION_INVALID),
        (OTHER, True, OPEN, Binding.BOUND_TO_ANOTHER),
    ],
)
def test_an_openid_is_bound_by_an_open_invitation_only(
    bound_to: UUID | None, invited: bool, invitation: Invitation | None, verdict: Binding
) -> None:
    assert decide(bound_to=bound_to, invited=invited, invitation=invitation, now=NOW) is verdict


@pytest.mark.parametrize(("used_after", "ends_after"), [(timedelta(0), DAY), (DAY, 2 * DAY), (2.5 * DAY, 3 * DAY)])
def test_a_session_ends_when_it_is_not_used_and_at_last_although_it_is(
    used_after: timedelta, ends_after: timedelta
) -> None:
    limits = SessionLimits(idle=DAY, absolute=3 * DAY)
    assert limits.ends_at(started_at=NOW, now=NOW + used_after) == NOW + ends_after


def test_a_code_by_text_message_says_how_long_it_holds_and_to_tell_it_to_nobody() -> None:
    assert text_codes.sentence("041907") == (
        "验证码041907，5分钟内有效，用于登录评选表彰系统。任何人向您索要，请勿告知。"
    )


@pytest.mark.parametrize(
    ("credential", "opens"),
    [
        (Credential(NOW + DAY, None), True),
        (Credential(NOW, None), False),
        (Credential(NOW + DAY, NOW - DAY), False),
    ],
)
def test_a_machine_is_let_in_until_its_credential_expires_or_is_ended(credential: Credential, opens: bool) -> None:
    assert credential.opens(NOW) is opens


HERE, THERE = "wx-here", "wx-there"


@pytest.mark.parametrize(
    ("bound", "ends"),
    [
        ([], []),
        ([WechatUser(HERE, "new", "u2")], []),
        ([WechatUser(THERE, "t2", "u2")], []),
        ([WechatUser(THERE, "t1", None)], []),
        ([WechatUser(THERE, "t1", "u1")], ["t1"]),
        ([WechatUser(HERE, "old", None)], ["old"]),
        ([WechatUser(HERE, "old", "u1"), WechatUser(THERE, "t1", "u1")], ["old", "t1"]),
        ([WechatUser(HERE, "old", "u1"), WechatUser(THERE, "t1", None)], ["old", "t1"]),
        ([WechatUser(HERE, "old", "u1"), WechatUser(THERE, "t2", "u2")], ["old"]),
    ],
    ids=[
        "nothing was bound",
        "bound already",
        "the same account elsewhere",
        "perhaps the same account elsewhere",
        "another account elsewhere",
        "another account here",
        "another account here and elsewhere",
        "another account here, perhaps elsewhere",
        "another account here, the same elsewhere",
    ],
)
def test_a_new_wechat_account_ends_what_is_not_surely_itself(bound: list[WechatUser], ends: list[str]) -> None:
    assert [each.openid for each in replaced(bound, WechatUser(HERE, "new", "u2"))] == ends
