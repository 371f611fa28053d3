"""What a privacy notice must say (PIPL 第十七、三十条), how consent holds, and how requests are answered."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from services.auth.domain.consents import Act, in_force, may_agree_for
from services.auth.domain.rights_requests import (
    Decision,
    RightsAbout,
    RightsHandler,
    RightsKind,
    RightsOutcome,
    due_on,
    handler_of,
)
from services.auth.domain.rights_requests import faults_of as faults_of_decision
from services.auth.domain.roles import Role
from services.common.china_time import china_day
from services.privacy.notice import LegalBasis, faults_of, sha256_of, text_of
from services.privacy.notice_files import NoticeFileBroken, read_notice

FILE = Path("campaigns/shanxi-manufacturing-2025/privacy-notice.yaml")
NOTICE = read_notice(FILE)
CARDS = next(each for each in NOTICE.purposes if each.key == "id_card_copies")
NOW = datetime(2025, 2, 7, 17, tzinfo=UTC)


def with_purpose(**changes):
    return replace(NOTICE, purposes=(replace(CARDS, **changes),))


def test_the_campaigns_notice_says_everything_the_law_asks_for():
    assert list(faults_of(NOTICE)) == []


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"handlers": ()}, "handlers"),
        ({"rights": ()}, "rights"),
        ({"purposes": ()}, "purposes"),
        ({"complaints": " "}, "complaints"),
        ({"effective_on": "26.1.2025"}, "effective_on"),
        ({"version": 0}, "version"),
    ],
)
def test_a_notice_that_leaves_something_out_is_told_where(changes, path):
    assert [fault[0] for fault in faults_of(replace(NOTICE, **changes))] == [path]


@pytest.mark.parametrize(
    "member", ["necessity", "effect", "statement", "without_consent", "withdrawal", "retention", "why"]
)
def test_a_sensitive_purpose_under_consent_says_why_what_for_and_what_follows(member):
    assert list(faults_of(with_purpose(**{member: ""}))) == [(f"purposes[0].{member}", "is empty")]


def test_a_duty_by_law_asks_for_no_consent():
    duty = with_purpose(basis=LegalBasis.STATUTORY_DUTY, statement="", without_consent="", withdrawal="")
    assert list(faults_of(duty)) == []


def test_a_purpose_stands_once():
    twice = replace(NOTICE, purposes=(CARDS, CARDS))
    assert list(faults_of(twice)) == [("purposes[1].key", "id_card_copies stands twice")]


def test_every_word_that_somebody_agrees_to_is_in_the_text_that_is_hashed():
    text = text_of(NOTICE)
    words = [
        word
        for each in NOTICE.purposes
        for word in (each.why, each.statement, each.withdrawal, each.retention, each.ground)
    ]
    assert [word for word in words if word not in text] == []
    assert sha256_of(text_of(with_purpose(retention="永久"))) != sha256_of(text_of(with_purpose()))


def test_only_what_rests_on_consent_is_asked():
    # R106: each story by itself; what the notice itself orders needs nobody's consent.
    asked = {each.key for each in NOTICE.purposes if each.basis is LegalBasis.SEPARATE_CONSENT}
    assert asked == {"id_card_copies", "story"}


def test_a_file_that_is_no_notice_is_named(tmp_path):
    broken = tmp_path / "privacy-notice.yaml"
    broken.write_text(FILE.read_text("utf-8").replace("basis: separate_consent", "basis: because", 1), "utf-8")
    with pytest.raises(NoticeFileBroken, match=r"privacy-notice\.yaml"):
        read_notice(broken)


def test_a_file_that_leaves_something_out_is_not_published(tmp_path):
    broken = tmp_path / "privacy-notice.yaml"
    broken.write_text(FILE.read_text("utf-8").replace("version: 1", "version: 0", 1), "utf-8")
    with pytest.raises(NoticeFileBroken, match="version"):
        read_notice(broken)


def test_the_latest_act_is_what_holds():
    given = Act("a", "id_card_copies", True, NOW)
    withdrawn = replace(given, given=False, at=NOW + timedelta(days=1))
    for acts in ([withdrawn, given], [given, withdrawn]):
        assert in_force(acts) == {("a", "id_card_copies"): False}
    assert in_force([given, replace(given, campaign_key="b", given=False)]) == {
        ("a", "id_card_copies"): True,
        ("b", "id_card_copies"): False,
    }


@pytest.mark.parametrize(
    ("role", "own", "may"),
    [(Role.NOMINEE, False, True), (Role.NOMINEE, True, False), (Role.UNIT_HEAD, False, False)],
)
def test_a_unit_enters_what_its_nominees_signed_and_nobody_elses_word(role, own, may):
    assert may_agree_for(role, own=own) is may


def test_a_request_is_answered_within_fifteen_days_of_the_day_in_china():
    assert due_on(china_day(NOW)) == date(2025, 2, 23)  # 17:00 UTC is the next day there


@pytest.mark.parametrize(
    ("under_county", "itself", "handler"),
    [(True, False, RightsHandler.COUNTY), (True, True, RightsHandler.CITY), (False, False, RightsHandler.CITY)],
)
def test_a_county_answers_its_people_and_the_city_the_county(under_county, itself, handler):
    assert handler_of(under_county=under_county, of_the_office_itself=itself) is handler


@pytest.mark.parametrize(
    ("decision", "kind", "codes"),
    [
        (Decision(RightsOutcome.DONE, "已删除"), RightsKind.ERASURE, []),
        (Decision(RightsOutcome.RESTRICTED, "档案", "《档案法》"), RightsKind.ERASURE, []),
        (Decision(RightsOutcome.RESTRICTED, "档案"), RightsKind.ERASURE, ["required"]),
        (Decision(RightsOutcome.RESTRICTED, "档案", "《档案法》"), RightsKind.CORRECTION, ["outcome_not_possible"]),
        (Decision(RightsOutcome.REFUSED, "无误", "《档案法》"), RightsKind.CORRECTION, ["not_asked"]),
        (Decision(RightsOutcome.DONE, "已改", full_name="示例甲"), RightsKind.CORRECTION, []),
        (Decision(RightsOutcome.DONE, "已改", full_name="示例甲"), RightsKind.ERASURE, ["not_asked"]),
        (Decision(RightsOutcome.REFUSED, "无误", full_name="示例甲"), RightsKind.CORRECTION, ["not_asked"]),
    ],
)
def test_data_is_kept_only_under_a_law_that_is_named(decision, kind, codes):
    assert [code for _, code, _ in faults_of_decision(decision, kind=kind, about=RightsAbout.ACCOUNT)] == codes


@pytest.mark.parametrize("about", [RightsAbout.DOCUMENTS, RightsAbout.NOMINATION])
def test_a_name_is_put_right_in_the_account_only(about):
    decision = Decision(RightsOutcome.DONE, "已改", full_name="示例甲")
    faults = faults_of_decision(decision, kind=RightsKind.CORRECTION, about=about)
    assert [(pointer, code) for pointer, code, _ in faults] == [("/full_name", "not_asked")]
