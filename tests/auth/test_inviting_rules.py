"""Who invites whom, what a row of a sheet must hold, whom a phone number names: rules that need nothing."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from services.auth.domain.acting import Organisation
from services.auth.domain.binding import Candidate, PhoneMatch, match_phone
from services.auth.domain.invitation_sheet import COLUMNS, BadRow, SheetRow, missing_columns, read_row
from services.auth.domain.inviting import Inviter, may_invite
from services.auth.domain.roles import OrganisationKind, Role
from services.auth.invitations.inviting import invitation_message

OWN, OTHER = uuid4(), uuid4()
KINDS = {
    Role.NOMINEE: OrganisationKind.UNIT,
    Role.UNIT_CLERK: OrganisationKind.UNIT,
    Role.UNIT_HEAD: OrganisationKind.UNIT,
    Role.COUNTY_OFFICER: OrganisationKind.COUNTY_OFFICE,
    Role.COUNTY_REVIEWER: OrganisationKind.COUNTY_BUREAU,
    Role.CITY_OFFICER: OrganisationKind.CITY_OFFICE,
    Role.CITY_REVIEWER: OrganisationKind.CITY_BUREAU,
}


def body(kind: OrganisationKind, *, body_id: UUID = OTHER, jurisdiction: str = "140922") -> Organisation:
    return Organisation(body_id, "示例机构", kind, jurisdiction, None)


@pytest.mark.parametrize(
    ("role", "invites"),
    [
        (Role.CITY_OFFICER, {Role.CITY_REVIEWER, Role.COUNTY_OFFICER, Role.COUNTY_REVIEWER}),
        (Role.COUNTY_OFFICER, {Role.COUNTY_REVIEWER, Role.UNIT_CLERK, Role.UNIT_HEAD}),
        (Role.UNIT_HEAD, set()),
        (Role.UNIT_CLERK, set()),
        (Role.COUNTY_REVIEWER, set()),
        (Role.SYSTEM_ADMIN, set()),
    ],
)
def test_each_level_invites_the_one_below_it(role: Role, invites: set[Role]) -> None:
    inviter = Inviter(role, OWN, "140922")
    assert {each for each, kind in KINDS.items() if may_invite(inviter, each, body(kind), under_county=True)} == invites


def test_a_county_invites_nobody_in_another_county() -> None:
    inviter = Inviter(Role.COUNTY_OFFICER, OWN, "140922")
    elsewhere = {role: body(kind, jurisdiction="140923") for role, kind in KINDS.items()}
    assert [role for role, at in elsewhere.items() if may_invite(inviter, role, at, under_county=True)] == []


def test_the_city_invites_the_units_that_stand_under_no_county() -> None:
    inviter = Inviter(Role.CITY_OFFICER, OWN, "140900")
    unit = body(OrganisationKind.UNIT, jurisdiction="city_direct")
    assert {role for role in KINDS if may_invite(inviter, role, unit, under_county=False)} == {
        Role.UNIT_CLERK,
        Role.UNIT_HEAD,
    }


def test_a_unit_invites_its_nominees_and_its_head_the_clerk() -> None:
    own = body(OrganisationKind.UNIT, body_id=OWN)
    invited = {
        inviter: {role for role in KINDS if may_invite(Inviter(inviter, OWN, "140922"), role, own, under_county=True)}
        for inviter in (Role.UNIT_HEAD, Role.UNIT_CLERK)
    }
    assert invited == {Role.UNIT_HEAD: {Role.NOMINEE, Role.UNIT_CLERK}, Role.UNIT_CLERK: {Role.NOMINEE}}


@pytest.mark.parametrize(
    ("role", "kind"),
    [(Role.CITY_OFFICER, OrganisationKind.CITY_OFFICE), (Role.COUNTY_OFFICER, OrganisationKind.COUNTY_OFFICE)],
)
def test_an_office_invites_its_own_colleagues(role: Role, kind: OrganisationKind) -> None:
    inviter = Inviter(role, OWN, "140922")
    assert may_invite(inviter, role, body(kind, body_id=OWN), under_county=True)


def test_no_role_is_given_at_a_body_where_it_is_not_held() -> None:
    inviter = Inviter(Role.CITY_OFFICER, OWN, "140900")
    assert not may_invite(inviter, Role.COUNTY_OFFICER, body(OrganisationKind.COUNTY_BUREAU), under_county=True)


def row(**cells: str) -> SheetRow | BadRow:
    good = {"单位名称": "示例公司", "姓名": "示例甲", "手机号": "13800000000", "岗位": "单位经办人"}
    return read_row(2, good | cells, default_unit="本单位")


def test_a_good_row_is_read() -> None:
    assert row() == SheetRow(2, "示例公司", None, "示例甲", "13800000000", Role.UNIT_CLERK)


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("推荐对象", Role.NOMINEE),
        ("单位经办人", Role.UNIT_CLERK),
        ("单位负责人", Role.UNIT_HEAD),
        ("县级评选机构经办人", Role.COUNTY_OFFICER),
        ("县级审核人", Role.COUNTY_REVIEWER),
        ("市级审核人", Role.CITY_REVIEWER),
    ],
)
def test_a_role_is_named_in_chinese(word: str, role: Role) -> None:
    assert row(岗位=word) == SheetRow(2, "示例公司", None, "示例甲", "13800000000", role)


@pytest.mark.parametrize("letter", ["\x07", "\u202e", "\ud800", "\ue000", "\u0378"])
def test_a_name_holds_no_letter_that_cannot_be_read(letter: str) -> None:
    read = row(姓名=f"示例{letter}甲")
    assert isinstance(read, BadRow)
    assert [(fault.column, fault.code) for fault in read.faults] == [("姓名", "text_not_clean")]


def test_an_empty_unit_means_ones_own() -> None:
    read = row(单位名称="", 手机号="", 统一社会信用代码="91140900mb1234567e")
    assert read == SheetRow(2, "本单位", "91140900MB1234567E", "示例甲", None, Role.UNIT_CLERK)


@pytest.mark.parametrize(
    ("cells", "faults"),
    [
        ({"姓名": " "}, [("姓名", "required")]),
        ({"姓名": "示" * 65}, [("姓名", "too_long")]),
        ({"单位名称": "示" * 101}, [("单位名称", "too_long")]),
        ({"姓名": "示例\u202e甲"}, [("姓名", "text_not_clean")]),
        ({"手机号": "0350-3000000"}, [("手机号", "invalid_value")]),
        ({"统一社会信用代码": "123"}, [("统一社会信用代码", "invalid_value")]),
        ({"岗位": "超级管理员", "姓名": ""}, [("姓名", "required"), ("岗位", "role_unknown")]),
    ],
)
def test_every_fault_of_a_row_is_told(cells: dict[str, str], faults: list[tuple[str, str]]) -> None:
    read = row(**cells)
    assert isinstance(read, BadRow)
    assert [(fault.column, fault.code) for fault in read.faults] == faults


def test_names_as_long_as_a_sheet_takes_are_read_in_one_way_of_writing() -> None:
    read = row(单位名称="示" * 100, 姓名="e\u0301" + "示" * 63)
    assert read == SheetRow(2, "示" * 100, None, "é" + "示" * 63, "13800000000", Role.UNIT_CLERK)


def test_a_row_without_a_body_is_asked_for_one_where_the_inviter_has_none_of_their_own() -> None:
    read = read_row(2, {"姓名": "示例甲", "岗位": "单位经办人"}, default_unit="")
    assert isinstance(read, BadRow)
    assert [(fault.column, fault.code) for fault in read.faults] == [("单位名称", "required")]


def test_missing_columns_are_named() -> None:
    assert missing_columns(["姓名", "岗位", "备注"]) == ["单位名称", "统一社会信用代码", "手机号"]
    assert missing_columns(COLUMNS) == []


ANN, BEN = Candidate(OWN, "示例甲", bound=False), Candidate(OTHER, "示例乙", bound=True)


@pytest.mark.parametrize(
    ("candidates", "full_name", "match"),
    [
        ([], None, (PhoneMatch.NOBODY, None)),
        ([ANN], None, (PhoneMatch.BIND, OWN)),
        ([ANN, BEN], None, (PhoneMatch.SEVERAL, None)),
        ([ANN, BEN], "示例甲", (PhoneMatch.BIND, OWN)),
        ([ANN, BEN], "示例乙", (PhoneMatch.BOUND_ALREADY, None)),
        ([ANN], "示例丙", (PhoneMatch.NOBODY, None)),
    ],
)
def test_a_phone_names_one_person_or_nobody(
    candidates: list[Candidate], full_name: str | None, match: tuple[PhoneMatch, UUID | None]
) -> None:
    assert match_phone(candidates, full_name=full_name) == match


def test_the_text_of_an_invitation_names_its_last_day_in_china_wherever_the_server_stands():
    told = invitation_message("13800000000", "K7Q2M-9XHDR", expires_at=datetime(2025, 3, 1, 20, 0, tzinfo=UTC))
    assert told.parameters == {"code": "K7Q2M-9XHDR", "until": "2025-03-02"}
