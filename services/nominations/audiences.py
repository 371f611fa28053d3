"""Who may call each route of the procedure, and which rows they reach. Who acts is read from the transition table."""

from dataclasses import replace

from services.common.audiences import (
    Audience,
    Audiences,
    DataClass,
    as_coded,
    by_procedure,
    held_by,
    public,
    signed_in,
    with_scopes,
)
from services.common.scopes import MachineScope
from services.nominations.domain.workflow import TRANSITIONS, Action, Role

_CASES = (
    "本人、本单位；报到本县、本市后由其人员 own, own unit's; own county's from hand-over, the city's from the report on"
)
_COUNTY = "本县；市级为全部 own county; the city all"
_OWN_COUNTY = "本县 own county"
_CITY = "全市 the whole city"
_OWN_BODY = "本机构 own body's"
_TOLD = "告知本人或其岗位的 what the person or their role is told"
_ASKED_FOR = "本人准备的 what the caller asked for"
_RULES = "活动规则 the campaign's rules"
_OFFICES = (Role.COUNTY_OFFICER, Role.COUNTY_REVIEWER, Role.CITY_OFFICER, Role.CITY_REVIEWER)
_WITH_CASES = (Role.NOMINEE, Role.UNIT_CLERK, Role.UNIT_HEAD, *_OFFICES)


def _read(data: DataClass = "P2", rows: str = _CASES) -> Audience:
    return held_by(*_WITH_CASES, "service", rows=rows, data=data)


def _act(*actions: Action) -> Audience:
    roles = {role for row in TRANSITIONS if row.action in actions for role in row.roles}
    return by_procedure(*roles, rows=_CASES)


def _act_gated(*actions: Action) -> Audience:
    """For calls about many cases: whoever may act on none of them is refused once, not two hundred times."""
    return replace(_act(*actions), gated=True, data="P1")


_PEOPLE: Audiences = {
    "list_campaigns": public(_RULES),
    "get_campaign": public(_RULES),
    "get_campaign_requirements": public(_RULES),
    "get_campaign_quotas": public(_RULES),
    "get_campaign_form": public(_RULES),
    "get_import_template": public(_RULES),
    "list_local_criteria": public("各地公布的条件 what counties publish"),
    "count_text": public("不保存 nothing is stored"),
    "list_publicity_notices": public("公示内容 what is publicised"),
    "get_publicity_notice": public("公示内容 what is publicised"),
    "read_publicity_page": public("公示内容 what is publicised"),
    "send_sheet_code": public("持链接者 whoever holds the link"),
    "open_opinion_sheet": replace(
        public("持链接和手机者，仅一份意见表 one sheet, to whoever holds link and phone"), data="P1"
    ),
    "answer_opinion_sheet": public("只写 written, not read"),
    "create_objection": public("只写 written, not read"),
    "create_objection_upload_grant": public("持回执号者 whoever holds the receipt"),
    "look_objection_up": public("持回执号者 whoever holds the receipt"),
    "list_awards": public("表彰结果 awards"),
    "list_stories": public("已发布 published ones"),
    "list_quota_accounts": held_by(*_WITH_CASES, rows=_COUNTY),
    "list_nominations": _read(),
    "search_nominations": _read(),
    "get_nomination_counts": _read("P1"),
    "list_work_items": _read(),
    "list_nomination_changes": held_by(*_WITH_CASES, rows=_CASES, data="P2"),
    "wait_for_work_items": held_by(*_WITH_CASES, rows=_CASES),
    "stream_work_items": held_by(*_WITH_CASES, rows=_CASES),
    "get_campaign_balance": _read("P1"),
    "get_campaign_progress": as_coded(_COUNTY),
    "create_nomination": as_coded("本人、本单位 own, own unit's", "P2"),
    "import_nominations_from_workbook": as_coded("本单位 own unit's", "P3"),
    "get_nomination": _read(),
    "save_nomination": _act(Action.EDIT),
    "check_nomination": by_procedure(*_WITH_CASES, rows=_CASES),
    "submit_nomination": _act(Action.SUBMIT),
    "withdraw_nomination": _act(Action.WITHDRAW),
    "list_events": _read(),
    "reveal_nominee_identity": by_procedure(*_WITH_CASES, rows=_CASES, data="P3"),
    "confirm_nomination_part": _act(Action.CONFIRM),
    "fill_nomination_blanks": _act(Action.EDIT),
    "create_hand_over_code": by_procedure(Role.UNIT_CLERK, rows="本单位 own unit's"),
    "take_nomination_over": as_coded("持接手码者 whoever holds the code", "P2"),
    "record_staff_deliberation": _act(Action.RECORD_STAFF_DELIBERATION),
    "record_inspection": _act(Action.RECORD_INSPECTION),
    "record_leadership_decision": _act(Action.RECORD_LEADERSHIP_DECISION),
    "record_self_review": _act(Action.RECORD_SELF_REVIEW),
    "create_publicity_notice": _act(Action.OPEN_PUBLICITY),
    "list_notices_of_nomination": _read(),
    "correct_nomination": _act(Action.CORRECT),
    "sign_nomination_for_unit": _act(Action.SIGN_FOR_UNIT),
    "review_nomination": _act(Action.ENDORSE, Action.RETURN, Action.REJECT),
    "review_nominations": _act_gated(Action.ENDORSE, Action.RETURN, Action.REJECT),
    "sign_nominations_for_unit": _act_gated(Action.SIGN_FOR_UNIT),
    "withdraw_nominations": _act_gated(Action.WITHDRAW),
    "save_opinion": _act(Action.RECORD_OPINION),
    "list_cases_to_ask_about": as_coded(_COUNTY, "P2"),
    "record_opinion_batch": as_coded(_COUNTY),
    "ask_authority": as_coded(_COUNTY, "P2"),
    "list_consultations": as_coded(_COUNTY, "P2"),
    "remind_authority": as_coded(_COUNTY, "P2"),
    "revoke_consultation": as_coded(_COUNTY, "P2"),
    "get_nomination_form": held_by(*_WITH_CASES, "service", rows=_CASES, data="P3"),
    "note_sealed_scan": as_coded(_CASES, "P2"),
    "list_sealed_scans": _read(),
    "note_sealed_scan_of_report": as_coded(_COUNTY, "P2"),
    "list_sealed_scans_of_report": as_coded(_COUNTY, "P2"),
    "list_form_prints": _read(),
    "list_form_prints_of_report": as_coded(_COUNTY, "P2"),
    "create_county_report": as_coded(_OWN_COUNTY, "P2"),
    "get_county_report": held_by(*_OFFICES, rows=_COUNTY, data="P2"),
    "get_county_report_table": held_by(*_OFFICES, rows=_COUNTY, data="P3"),
    "save_county_report": as_coded(_OWN_COUNTY, "P2"),
    "discard_county_report": as_coded(_OWN_COUNTY, "P2"),
    "get_county_report_gates": as_coded(_OWN_COUNTY, "P2"),
    "propose_county_report": as_coded(_OWN_COUNTY, "P2"),
    "submit_county_report": as_coded(_OWN_COUNTY, "P2"),
    "create_zero_declaration": as_coded(_COUNTY),
    "list_zero_declarations": as_coded(_COUNTY),
    "revoke_zero_declaration": as_coded(_COUNTY),
    "create_disqualification": as_coded(_COUNTY, "P2"),
    "list_disqualifications": as_coded(_COUNTY, "P2"),
    "lift_disqualification": as_coded(_COUNTY, "P2"),
    "save_local_criteria": as_coded(_OWN_COUNTY),
    "save_contact_form": as_coded(_OWN_COUNTY, "P2"),
    "note_contact_form_dispatch": as_coded(_OWN_COUNTY, "P2"),
    "create_contact_form_mailing": as_coded(_OWN_COUNTY, "P2"),
    "get_contact_form_file": as_coded(_COUNTY, "P2"),
    "list_contact_forms": as_coded(_COUNTY, "P2"),
    "create_city_list": as_coded(_CITY, "P2"),
    "get_city_list": as_coded(_CITY, "P2"),
    "second_city_list": as_coded(_CITY, "P2"),
    "publish_city_list": as_coded(_CITY, "P2"),
    "rank_city_list": as_coded(_CITY, "P2"),
    "remove_from_city_list": as_coded(_CITY, "P2"),
    "report_city_list": as_coded(_CITY, "P2"),
    "take_objection_up": as_coded("本机构受理的 what the caller's office handles", "P2"),
    "list_objections": as_coded("本机构受理的 what the caller's office handles"),
    "read_objection": as_coded("本机构受理的 what the caller's office handles", "P2"),
    "conclude_objection": as_coded("本机构受理的 what the caller's office handles", "P2"),
    "propose_disqualification": as_coded(_COUNTY, "P2"),
    "second_disqualification": as_coded(_COUNTY, "P2"),
    "get_disqualification": as_coded(_COUNTY, "P2"),
    "create_award": as_coded(_CITY),
    "create_no_award": as_coded(_CITY, "P2"),
    "revoke_award": as_coded(_CITY),
    "recover_grant": as_coded(_CITY),
    "reopen_county": as_coded(_CITY),
    "list_material_receipts": as_coded(_COUNTY, "P2"),
    "note_material_receipt": as_coded(_CITY, "P2"),
    "plan_package": as_coded(_COUNTY),
    "get_city_list_table": as_coded(_CITY, "P3"),
    "plan_city_package": as_coded(_CITY),
    "download_city_package": as_coded(_CITY, "P3"),
    "download_package": as_coded(_COUNTY, "P3"),
    "download_case_file": as_coded(_CASES, "P3"),
    "prepare_report_package": as_coded(_COUNTY),
    "prepare_list_package": as_coded(_CITY),
    "prepare_case_file": as_coded(_CASES),
    "get_package": held_by(Role.COUNTY_OFFICER, Role.CITY_OFFICER, rows=_ASKED_FOR),
    "download_prepared_package": held_by(Role.COUNTY_OFFICER, Role.CITY_OFFICER, rows=_ASKED_FOR, data="P3"),
    "get_nomination_proof": _read("P1"),
    "list_seals": public("只有散列和签名 hashes and signatures only"),
    "list_evidence_keys": public("公钥 public keys"),
    "postpone_deadline": as_coded(_CITY),
    "list_postponements": signed_in(_RULES),
    "close_campaign": as_coded(_CITY),
    "create_rank_approval": _act(Action.APPROVE_RANK),
    "list_reopenings": as_coded(_CITY),
    "create_misconduct_case": as_coded(_CITY, "P2"),
    "list_misconduct_cases": as_coded(_CITY, "P2"),
    "suspend_misconduct_person": as_coded(_CITY, "P2"),
    "conclude_misconduct": as_coded(_CITY, "P2"),
    "list_notifications": held_by(*_WITH_CASES, rows=_TOLD),
    "count_notifications": held_by(*_WITH_CASES, rows=_TOLD),
    "mark_notifications_read": held_by(*_WITH_CASES, rows=_TOLD),
    "list_notifications_of_nomination": _read("P1"),
    "create_webhook_endpoint": as_coded(_OWN_BODY),
    "list_webhook_endpoints": as_coded(_OWN_BODY),
    "rotate_webhook_secret": as_coded(_OWN_BODY),
    "remove_webhook_endpoint": as_coded(_OWN_BODY),
    "send_webhook_test": as_coded(_OWN_BODY),
    "list_webhook_deliveries": as_coded(_OWN_BODY),
    "redeliver_webhook": as_coded(_OWN_BODY),
    "list_own_cases": signed_in("本人 the caller's own", "P2"),
    "list_data_accesses": signed_in("本人 the caller's own", "P2"),
    "get_story": _read(),
    "write_story": as_coded("本单位 own unit's", "P2"),
    "consent_to_story": by_procedure(Role.NOMINEE, Role.UNIT_CLERK, rows=_CASES),
    "publish_typical_story": as_coded(_CITY, "P2"),
    "take_story_down": by_procedure(Role.NOMINEE, Role.UNIT_CLERK, Role.CITY_OFFICER, rows=_CASES),
}

AUDIENCES = with_scopes(
    _PEOPLE,
    {
        MachineScope.NOMINATIONS_READ: (
            "list_nominations",
            "search_nominations",
            "get_nomination_counts",
            "get_nomination",
            "list_events",
            "list_notices_of_nomination",
            "get_nomination_proof",
            "list_quota_accounts",
            "get_campaign_balance",
            "get_campaign_progress",
            "get_county_report",
            "get_city_list",
        ),
        MachineScope.EXPORTS_READ: (
            "get_county_report_table",
            "plan_package",
            "download_package",
            "prepare_report_package",
            "get_package",
            "download_prepared_package",
        ),
        MachineScope.WEBHOOKS_MANAGE: (
            "create_webhook_endpoint",
            "list_webhook_endpoints",
            "rotate_webhook_secret",
            "remove_webhook_endpoint",
            "send_webhook_test",
            "list_webhook_deliveries",
            "redeliver_webhook",
        ),
    },
)
