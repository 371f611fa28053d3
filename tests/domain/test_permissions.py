from dataclasses import replace
from datetime import date

import pytest

from services.nominations.domain.facts import Actor, CaseFacts
from services.nominations.domain.permissions import blockers, recusal
from services.nominations.domain.workflow import Action, Role, Status

CASE = CaseFacts(
    stage="unit",
    status=Status.DRAFT,
    unit_id="unit-1",
    quota_unit="140922",
    nominee_person_id="nominee-1",
    today=date(2025, 2, 7),
)
UNDER_COUNTY = replace(CASE, stage="county", status=Status.UNDER_REVIEW)


IN_THE_UNIT = frozenset({Role.NOMINEE, Role.UNIT_CLERK, Role.UNIT_HEAD})


def actor(*roles: Role, person: str = "person-1", bureau: str = "", organisation: str | None = None) -> Actor:
    office = "unit-1" if IN_THE_UNIT & set(roles) else "office-1"
    return Actor(person, organisation or office, "140922", bureau, frozenset(roles))


def codes(action: Action, who: Actor, case: CaseFacts) -> list[str]:
    return [blocker.code for blocker in blockers(action, actor=who, case=case)]


CLERK, HEAD = actor(Role.UNIT_CLERK), actor(Role.UNIT_HEAD)
HRSS = actor(Role.COUNTY_REVIEWER, bureau="hrss")


def test_nothing_stands_against_a_clerk_who_submits_a_draft():
    assert codes(Action.SUBMIT, CLERK, CASE) == []


def test_a_wrong_role_is_named_as_such_and_is_about_the_person():
    (blocker,) = blockers(Action.SUBMIT, actor=HEAD, case=CASE)
    assert (blocker.code, blocker.about_role) == ("role_not_allowed", True)


def test_submitting_after_the_deadline_is_refused_r113():
    assert codes(Action.SUBMIT, CLERK, replace(CASE, materials_closed=True)) == ["deadline_passed"]


def test_handing_over_after_the_deadline_is_refused_r113():
    late = replace(PUBLIC, today=date(2025, 2, 14), materials_closed=True)
    assert codes(Action.SIGN_FOR_UNIT, HEAD, late) == ["deadline_passed"]


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.DRAFT, Status.RETURNED}))
def test_only_a_draft_or_a_returned_case_is_edited(status):
    assert codes(Action.EDIT, CLERK, replace(CASE, status=status)) == ["wrong_status"]


def test_inspection_comes_after_staff_deliberation_r50():
    case = replace(CASE, status=Status.DELIBERATION)
    assert codes(Action.RECORD_INSPECTION, CLERK, case) == ["staff_deliberation_missing"]


def test_the_leadership_decides_after_both_and_every_missing_step_is_named_r52():
    case = replace(CASE, status=Status.DELIBERATION)
    assert codes(Action.RECORD_LEADERSHIP_DECISION, CLERK, case) == ["staff_deliberation_missing", "inspection_missing"]


def test_the_leadership_decides_when_both_are_recorded_r52():
    case = replace(CASE, status=Status.DELIBERATION, records=frozenset({"staff_deliberation", "inspection"}))
    assert codes(Action.RECORD_LEADERSHIP_DECISION, CLERK, case) == []


PUBLIC = replace(
    CASE,
    status=Status.IN_PUBLICITY,
    records=frozenset({"self_review"}),
    publicity_closes_on=date(2025, 2, 13),
)


def test_the_head_signs_on_the_day_after_the_publicity_period_r49():
    assert codes(Action.SIGN_FOR_UNIT, HEAD, replace(PUBLIC, today=date(2025, 2, 14))) == []


def test_on_the_last_day_of_publicity_the_head_waits_and_is_told_until_when_r49():
    (blocker,) = blockers(Action.SIGN_FOR_UNIT, actor=HEAD, case=replace(PUBLIC, today=date(2025, 2, 13)))
    assert (blocker.code, blocker.available_on, blocker.message) == (
        "publicity_running",
        date(2025, 2, 14),
        "公示期至2025年2月13日24时结束，2025年2月14日起方可办理",
    )


def test_a_provisional_period_never_ends_by_itself_r49():
    case = replace(PUBLIC, publicity_provisional=True, today=date(2025, 3, 1))
    assert codes(Action.SIGN_FOR_UNIT, HEAD, case) == ["publicity_provisional"]


def test_without_a_notice_the_head_cannot_sign_r47():
    case = replace(PUBLIC, publicity_closes_on=None)
    assert codes(Action.SIGN_FOR_UNIT, HEAD, case) == ["publicity_missing"]


def test_without_its_own_review_of_the_four_gates_a_unit_hands_nothing_up_r77_r78():
    case = replace(PUBLIC, records=frozenset(), today=date(2025, 2, 14))
    assert codes(Action.SIGN_FOR_UNIT, HEAD, case) == ["self_review_missing"]


PARTS = frozenset({"nominee", "unit"})


def test_a_clerk_submits_what_the_nominee_has_confirmed_a30():
    case = replace(CASE, asked_parts=PARTS, confirmed_parts=frozenset({"nominee"}))
    assert codes(Action.SUBMIT, CLERK, case) == []


def test_a_clerk_does_not_submit_over_the_nominees_head_r79():
    assert codes(Action.SUBMIT, CLERK, replace(CASE, asked_parts=PARTS)) == ["nominee_part_unconfirmed"]


def test_a_nominee_does_not_submit_over_the_units_head_r79():
    nominee = actor(Role.NOMINEE, person="nominee-1")
    assert codes(Action.SUBMIT, nominee, replace(CASE, asked_parts=PARTS)) == ["unit_part_unconfirmed"]


def test_after_a_declared_zero_nomination_nothing_is_submitted_r13():
    assert codes(Action.SUBMIT, CLERK, replace(CASE, zero_declared=True)) == ["zero_declared"]


@pytest.mark.parametrize(
    ("action", "who", "case"),
    [(Action.SUBMIT, CLERK, CASE), (Action.SIGN_FOR_UNIT, HEAD, PUBLIC), (Action.ENDORSE, HRSS, UNDER_COUNTY)],
)
def test_whatever_bars_a_firm_stops_every_step_forward_r83(action, who, case):
    barred = replace(case, disqualifiers=("未按规定缴纳社会保险费",), today=date(2025, 2, 14))
    assert [b.message for b in blockers(action, actor=who, case=barred)] == ["有不予推荐的情形：未按规定缴纳社会保险费"]


def test_nobody_ends_a_case_whose_disqualification_is_proposed_to_save_its_seat_r98_r99():
    proposed = replace(UNDER_COUNTY, removal_pending=True)
    assert codes(Action.WITHDRAW, CLERK, proposed) == ["removal_pending"]
    assert codes(Action.REJECT, HRSS, proposed) == ["removal_pending"]
    assert codes(Action.DISQUALIFY, HRSS, proposed) == []


def test_a_barred_case_can_still_be_withdrawn_r83():
    assert codes(Action.WITHDRAW, CLERK, replace(CASE, disqualifiers=("群体性事件",))) == []


def test_a_bureau_signs_once_r4():
    case = replace(UNDER_COUNTY, signed_bureaus=frozenset({"hrss"}))
    assert codes(Action.ENDORSE, HRSS, case) == ["already_signed"]


def test_the_other_bureau_still_signs_r4():
    case = replace(UNDER_COUNTY, signed_bureaus=frozenset({"iit"}))
    assert codes(Action.ENDORSE, HRSS, case) == []


def test_a_reviewer_without_a_bureau_cannot_sign_r4():
    assert codes(Action.ENDORSE, actor(Role.COUNTY_REVIEWER), UNDER_COUNTY) == ["bureau_required"]


def test_a_city_reviewer_does_not_review_at_the_county_r45():
    assert codes(Action.ENDORSE, actor(Role.CITY_REVIEWER, bureau="hrss"), UNDER_COUNTY) == ["not_this_stage"]


def test_nobody_reviews_their_own_case_r97():
    reviewer = actor(Role.COUNTY_REVIEWER, person="nominee-1", bureau="iit")
    assert codes(Action.ENDORSE, reviewer, UNDER_COUNTY) == ["own_case"]


def test_a_nominee_edits_their_own_case():
    assert codes(Action.EDIT, actor(Role.NOMINEE, person="nominee-1"), CASE) == []


OFFICER = actor(Role.COUNTY_OFFICER)
ENDORSED = replace(CASE, stage="county", status=Status.ENDORSED)


def test_a_report_waits_for_every_opinion_and_names_each_r58():
    case = replace(ENDORSED, missing_opinions=("公安部门", "税务部门"))
    messages = [blocker.message for blocker in blockers(Action.REPORT, actor=OFFICER, case=case)]
    assert messages == ["尚缺公安部门的意见", "尚缺税务部门的意见"]


def test_an_adverse_opinion_bars_the_report_r83():
    assert codes(Action.REPORT, OFFICER, replace(ENDORSED, adverse_opinions=("税务部门",))) == ["opinion_adverse"]


def test_a_report_needs_both_signatures_first():
    assert codes(Action.REPORT, OFFICER, UNDER_COUNTY) == ["wrong_status"]


def test_the_city_office_does_not_report_for_the_county_r45():
    assert codes(Action.RECORD_OPINION, actor(Role.CITY_OFFICER), UNDER_COUNTY) == ["not_this_stage"]


CITY_OFFICE = actor(Role.CITY_OFFICER)
AT_CITY = replace(CASE, stage="city", status=Status.ENDORSED)
SHOWN = replace(AT_CITY, status=Status.IN_CITY_PUBLICITY, city_publicity_closes_on=date(2025, 2, 28))


def test_the_city_lists_only_what_has_reached_it_r45():
    assert codes(Action.LIST, CITY_OFFICE, ENDORSED) == ["not_this_stage"]


def test_the_citys_ranking_waits_for_its_own_publicity_r62():
    assert codes(Action.RANK, CITY_OFFICE, replace(SHOWN, city_publicity_closes_on=None)) == ["city_publicity_missing"]


@pytest.mark.parametrize(("today", "against"), [(date(2025, 2, 28), ["publicity_running"]), (date(2025, 3, 1), [])])
def test_the_citys_publicity_ends_with_its_last_day_r62(today, against):
    assert codes(Action.RANK, CITY_OFFICE, replace(SHOWN, today=today)) == against


@pytest.mark.parametrize(
    ("action", "status"),
    [
        (Action.LIST, Status.ENDORSED),
        (Action.OPEN_CITY_PUBLICITY, Status.LISTED),
        (Action.RANK, Status.IN_CITY_PUBLICITY),
        (Action.REPORT_TO_PROVINCE, Status.RANKED),
    ],
)
def test_an_open_objection_freezes_every_step_to_the_province_r63_r96(action, status):
    case = replace(SHOWN, status=status, today=date(2025, 3, 1), open_objections=2)
    assert [b.message for b in blockers(action, actor=CITY_OFFICE, case=case)] == ["有2件异议尚未处理完毕"]


@pytest.mark.parametrize("status", [Status.REPORTED, Status.RANKED, Status.ENDORSED])
def test_fraud_is_punished_however_far_a_case_has_come_r98(status):
    assert codes(Action.DISQUALIFY, CITY_OFFICE, replace(AT_CITY, status=status)) == []


def test_a_reviewer_does_not_judge_a_case_of_their_own_unit_r97():
    reviewer = actor(Role.COUNTY_REVIEWER, bureau="hrss", organisation="unit-1")
    assert codes(Action.ENDORSE, reviewer, UNDER_COUNTY) == ["own_unit"]


def test_a_reviewer_does_not_judge_a_case_of_a_unit_that_their_body_took_in_r97():
    reviewer = replace(HRSS, predecessors=frozenset({"unit-1"}))
    assert codes(Action.ENDORSE, reviewer, UNDER_COUNTY) == ["own_unit"]


def test_an_officer_does_not_record_opinions_on_a_case_of_their_own_unit_r97():
    officer = actor(Role.COUNTY_OFFICER, organisation="unit-1")
    assert codes(Action.RECORD_OPINION, officer, UNDER_COUNTY) == ["own_unit"]


def test_whoever_signed_for_the_unit_does_not_sign_for_the_county_r97():
    assert codes(Action.ENDORSE, HRSS, replace(UNDER_COUNTY, signers=frozenset({"person-1"}))) == ["signed_elsewhere"]


def test_a_county_that_has_not_said_who_answers_for_it_reviews_nothing_r40():
    assert codes(Action.ENDORSE, HRSS, replace(UNDER_COUNTY, office_set_up=False)) == ["office_not_set_up"]


def test_a_second_signature_of_the_same_bureau_is_told_as_such_r4():
    case = replace(UNDER_COUNTY, signers=frozenset({"person-1"}), signed_bureaus=frozenset({"hrss"}))
    assert codes(Action.ENDORSE, HRSS, case) == ["already_signed"]


RANKED_HIGH = replace(AT_CITY, rank_awaits_approval=True)


def test_a_high_rank_stands_on_no_list_before_the_city_has_agreed_r74():
    assert codes(Action.LIST, CITY_OFFICE, RANKED_HIGH) == ["rank_not_approved"]


def test_a_reviewer_of_the_city_agrees_to_a_high_rank_r74():
    assert codes(Action.APPROVE_RANK, actor(Role.CITY_REVIEWER, bureau="iit"), RANKED_HIGH) == []


def test_where_no_rank_is_in_question_there_is_nothing_to_agree_to_r74():
    assert codes(Action.APPROVE_RANK, actor(Role.CITY_REVIEWER), AT_CITY) == ["rank_not_in_question"]


def test_a_high_rank_is_agreed_to_by_two_people_r97():
    proposed = replace(RANKED_HIGH, rank_proposed_by="person-1")
    another = actor(Role.CITY_REVIEWER, person="person-2", bureau="hrss")
    assert codes(Action.SECOND_RANK, another, RANKED_HIGH) == ["rank_approval_not_proposed"]
    assert codes(Action.SECOND_RANK, actor(Role.CITY_REVIEWER, bureau="iit"), proposed) == ["own_proposal"]
    assert codes(Action.SECOND_RANK, another, proposed) == []
    assert codes(Action.APPROVE_RANK, another, proposed) == ["rank_approval_proposed"]
    assert codes(Action.LIST, CITY_OFFICE, proposed) == ["rank_not_approved"]


def test_the_rank_is_the_citys_to_agree_to_and_not_the_countys_r74():
    case = replace(RANKED_HIGH, stage="county")
    assert codes(Action.APPROVE_RANK, HRSS, case) == ["role_not_allowed"]


def test_in_a_closed_campaign_nothing_moves_r43():
    assert codes(Action.SUBMIT, CLERK, replace(CASE, campaign_closed=True)) == ["campaign_closed"]


def test_an_award_is_revoked_also_after_the_campaign_is_closed_r43_r103():
    awarded = replace(AT_CITY, status=Status.AWARDED, campaign_closed=True)
    assert codes(Action.REVOKE, CITY_OFFICE, awarded) == []


@pytest.mark.parametrize("action", [Action.ENDORSE, Action.REPORT])
def test_what_was_found_true_stops_a_case_until_it_is_put_right_r96(action):
    who = HRSS if action is Action.ENDORSE else actor(Role.COUNTY_OFFICER)
    status = Status.UNDER_REVIEW if action is Action.ENDORSE else Status.ENDORSED
    case = replace(UNDER_COUNTY, status=status, objections_upheld=1)
    assert codes(action, who, case) == ["objection_upheld"]


def test_a_case_with_an_objection_found_true_may_still_be_sent_back_or_ended_r96():
    case = replace(UNDER_COUNTY, objections_upheld=1)
    assert [codes(action, HRSS, case) for action in (Action.RETURN, Action.REJECT, Action.DISQUALIFY)] == [[], [], []]


@pytest.mark.parametrize(
    ("who", "against"),
    [
        (actor(Role.COUNTY_OFFICER, person="nominee-1"), ["own_case"]),
        (actor(Role.COUNTY_OFFICER, organisation="unit-1"), ["own_unit"]),
        (actor(Role.COUNTY_OFFICER, person="nominee-1", organisation="unit-1"), ["own_case", "own_unit"]),
        (actor(Role.COUNTY_OFFICER), []),
    ],
)
def test_nobody_handles_an_objection_against_themselves_or_their_unit_r95_r97(who, against):
    assert [blocker.code for blocker in recusal(who, UNDER_COUNTY)] == against


@pytest.mark.parametrize("role", [Role.NOMINEE, Role.UNIT_CLERK])
@pytest.mark.parametrize("status", [Status.UNDER_REVIEW, Status.ENDORSED])
def test_a_case_is_taken_back_also_while_the_county_has_it_r13(role, status):
    person = "nominee-1" if role is Role.NOMINEE else "person-1"
    assert codes(Action.WITHDRAW, actor(role, person=person), replace(UNDER_COUNTY, status=status)) == []


def test_what_stands_on_the_citys_list_is_not_taken_back_before_the_city_takes_it_off_r13():
    listed = replace(UNDER_COUNTY, stage="city", status=Status.LISTED)
    assert codes(Action.WITHDRAW, CLERK, listed) == ["wrong_status"]


def test_a_declared_zero_nomination_and_unconfirmed_parts_stop_nothing_but_the_submission_r13_r79():
    case = replace(CASE, zero_declared=True, asked_parts=PARTS)
    assert [codes(action, CLERK, case) for action in (Action.EDIT, Action.CONFIRM, Action.WITHDRAW)] == [[], [], []]


def test_what_was_corrected_is_confirmed_by_everybody_before_the_head_signs_r79():
    case = replace(PUBLIC, today=date(2025, 2, 14), asked_parts=PARTS)
    assert codes(Action.SIGN_FOR_UNIT, HEAD, case) == ["nominee_part_unconfirmed", "unit_part_unconfirmed"]


def test_whoever_signed_another_box_does_not_sign_for_the_unit_r97():
    case = replace(PUBLIC, today=date(2025, 2, 14), signers=frozenset({"person-1"}))
    assert codes(Action.SIGN_FOR_UNIT, HEAD, case) == ["signed_elsewhere"]


def test_whoever_signed_elsewhere_may_still_end_the_case_r97():
    assert codes(Action.REJECT, HRSS, replace(UNDER_COUNTY, signers=frozenset({"person-1"}))) == []


def test_a_bureau_that_has_signed_may_still_send_the_case_back_r57():
    assert codes(Action.RETURN, HRSS, replace(UNDER_COUNTY, signed_bureaus=frozenset({"hrss"}))) == []


def test_a_unit_goes_on_while_its_county_has_not_said_who_answers_for_it_r40():
    assert codes(Action.SUBMIT, CLERK, replace(CASE, office_set_up=False)) == []


def test_an_open_objection_freezes_the_units_signature_r63_r96():
    case = replace(PUBLIC, today=date(2025, 2, 14), open_objections=1)
    assert codes(Action.SIGN_FOR_UNIT, HEAD, case) == ["objection_open"]


def test_a_case_with_an_open_objection_may_still_be_sent_back_or_ended_r96():
    case = replace(UNDER_COUNTY, open_objections=1)
    assert [codes(action, HRSS, case) for action in (Action.RETURN, Action.REJECT, Action.DISQUALIFY)] == [[], [], []]


@pytest.mark.parametrize(
    ("action", "case"),
    [
        (Action.REPORT, ENDORSED),
        (Action.LIST, AT_CITY),
        (Action.OPEN_CITY_PUBLICITY, replace(AT_CITY, status=Status.LISTED)),
        (Action.RANK, SHOWN),
        (Action.REPORT_TO_PROVINCE, replace(SHOWN, status=Status.RANKED)),
    ],
)
def test_whatever_bars_a_firm_stops_its_case_on_the_way_to_the_province_r83(action, case):
    barred = replace(case, disqualifiers=("严重失信",), today=date(2025, 3, 1))
    who = OFFICER if action is Action.REPORT else CITY_OFFICE
    assert codes(action, who, barred) == ["disqualified"]


def test_after_the_deadline_a_county_reports_nothing_more_r113():
    assert codes(Action.REPORT, OFFICER, replace(ENDORSED, materials_closed=True)) == ["deadline_passed"]


def test_after_the_deadline_a_late_case_is_still_edited_and_taken_back_r113():
    late = replace(CASE, materials_closed=True)
    assert [codes(action, CLERK, late) for action in (Action.EDIT, Action.WITHDRAW)] == [[], []]


@pytest.mark.parametrize("today", [date(2025, 2, 28), date(2025, 3, 1)])
def test_nothing_goes_to_the_province_before_the_citys_publicity_is_over_r62(today):
    case = replace(SHOWN, status=Status.RANKED, today=today)
    running = ["publicity_running"] if today == SHOWN.city_publicity_closes_on else []
    assert codes(Action.REPORT_TO_PROVINCE, CITY_OFFICE, case) == running


def test_the_city_lists_nobody_without_every_opinion_or_against_one_r58_r83():
    case = replace(AT_CITY, missing_opinions=("公安部门",), adverse_opinions=("税务部门",))
    assert codes(Action.LIST, CITY_OFFICE, case) == ["opinion_missing", "opinion_adverse"]


def test_where_no_rank_is_in_question_there_is_nothing_to_second_r74():
    assert codes(Action.SECOND_RANK, actor(Role.CITY_REVIEWER), AT_CITY) == ["rank_not_in_question"]


ABOUT_THE_PERSON = [
    (Action.ENDORSE, actor(Role.CITY_REVIEWER, bureau="hrss"), UNDER_COUNTY, "not_this_stage"),
    (Action.ENDORSE, actor(Role.COUNTY_REVIEWER), UNDER_COUNTY, "bureau_required"),
    (Action.RECORD_OPINION, CITY_OFFICE, UNDER_COUNTY, "not_this_stage"),
    (Action.LIST, CITY_OFFICE, ENDORSED, "not_this_stage"),
    (Action.ENDORSE, actor(Role.COUNTY_REVIEWER, person="nominee-1", bureau="iit"), UNDER_COUNTY, "own_case"),
    (Action.ENDORSE, actor(Role.COUNTY_REVIEWER, bureau="iit", organisation="unit-1"), UNDER_COUNTY, "own_unit"),
    (Action.ENDORSE, HRSS, replace(UNDER_COUNTY, signers=frozenset({"person-1"})), "signed_elsewhere"),
    (
        Action.SECOND_RANK,
        actor(Role.CITY_REVIEWER),
        replace(RANKED_HIGH, rank_proposed_by="person-1"),
        "own_proposal",
    ),
]


@pytest.mark.parametrize(("action", "who", "case", "code"), ABOUT_THE_PERSON, ids=[row[3] for row in ABOUT_THE_PERSON])
def test_the_wrong_person_is_told_so_whatever_the_state_of_the_case_r97(action, who, case, code):
    assert [(each.code, each.about_role) for each in blockers(action, actor=who, case=case)] == [(code, True)]
