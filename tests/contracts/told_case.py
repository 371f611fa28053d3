"""One individual's case from the draft to the city, as unit, nominee and county take it; and what the public sees of it."""

import hashlib
from typing import Any

from services.demo.content import CONTACT_FORM
from services.nominations.domain.identity import check_digit
from tests.contracts.conftest import TOLD
from tests.contracts.telling import Teller
from tests.documents.papers import pdf
from tests.domain.sample_forms import complete_individual_form
from tests.factories import AFTER_PUBLICITY, CATEGORY, ENDORSE, ON_BEHALF, OPENED, PICTURES, SELF_REVIEW

PLACE = "fanshi"
CLERK, HEAD, OFFICE = f"{PLACE}-clerk", f"{PLACE}-head", f"{PLACE}-office"
_DIGITS = "14092219650312999"
"""Sequence code 999 is not given out. Born before all people of the other tests."""
FORM = complete_individual_form() | {
    "full_name": "示例员工",
    "resident_id_number": _DIGITS + check_digit(_DIGITS),
    "birth_month": "1965-03",
    "sex": "male",
}
PHONE = "13800000001"
SECTIONS = dict.fromkeys(("organisation", "process", "consultation", "publicity", "recommendation"), "示例")
_OPINION = {"result": "favourable", "text": "同意", "signer_name": "示例", "signed_on": "2025-02-14"}


def picture(name: str) -> dict[str, Any]:
    return {"file": ("a.jpg", (PICTURES / f"{name}.jpg").read_bytes(), "image/jpeg")}


async def tell_rules(teller: Teller) -> None:
    """What anybody may read before a case is opened."""
    await teller.office.set_clock(OPENED)
    await teller.tell("list_campaigns", None)
    for name in ("get_campaign", "get_campaign_requirements", "get_campaign_quotas"):
        await teller.tell(name, None, key=TOLD)
    await teller.tell("get_campaign_form", None, key=TOLD, form="attachment_6")
    await teller.tell("list_document_kinds", CLERK, params={"campaign_key": TOLD})


async def tell_draft(teller: Teller) -> str:
    body = {"campaign_key": TOLD, "category": CATEGORY, "form": {"full_name": "示例员工", "sex": "male"}}
    headers = {"Idempotency-Key": "8f14e45f-example"}
    opened = await teller.ask("create_nomination", CLERK, json=body, headers=headers)
    case: str = opened.json()["id"]
    of_case: dict[str, Any] = {"nomination_id": case}
    etag = {"If-Match": opened.headers["etag"]}
    without = {key: value for key, value in FORM.items() if key != "administrative_rank"}
    saved = await teller.ask("save_nomination", CLERK, json={"form": without}, headers=etag, **of_case)
    blanks = {"fields": ["administrative_rank"], "confirmed": True}
    await teller.ask(
        "fill_nomination_blanks", CLERK, json=blanks, headers={"If-Match": saved.headers["etag"]}, **of_case
    )
    await teller.tell("count_text", CLERK, json={"text": "他带领班组改进工艺。", "limit": 1500})
    await teller.tell("check_photo", CLERK, files=picture("good"))
    await teller.ask("check_photo", CLERK, files={"file": ("a.jpg", b"no picture", "image/jpeg")})
    await teller.tell("fix_photo", CLERK, files=picture("red_background"), data={"background": "blue"})
    await teller.tell("check_card", CLERK, files=picture("id_card_front"), data={"side": "front"})
    await teller.office.with_documents(case)
    await _tell_files(teller, case)
    await teller.tell("check_nomination", CLERK, **of_case)
    code = await teller.tell("create_hand_over_code", CLERK, **of_case)
    nominee = f"{PLACE}-nominee"
    await teller.tell("take_nomination_over", nominee, json={"code": code["code"]})
    await teller.tell("confirm_nomination_part", nominee, json={"part": "nominee"}, **of_case)
    await teller.tell("reveal_nominee_identity", CLERK, json={"reason": "核对身份证原件"}, **of_case)
    await teller.tell("submit_nomination", CLERK, json={}, **of_case)
    await teller.tell("get_nomination", CLERK, **of_case)
    await teller.ask("get_nomination", "dingxiang-clerk", **of_case)
    return case


async def _tell_files(teller: Teller, case: str) -> None:
    held = await teller.tell("get_bundle", CLERK, bundle_id=case)
    document = held["items"][0]["id"]
    for name in ("get_document", "get_document_content", "get_document_thumbnail", "list_document_views"):
        await teller.tell(name, CLERK, document_id=document)
    link = await teller.tell("create_document_link", CLERK, json={"thumbnail": False}, document_id=document)
    await teller.office.client.get(link["url"])
    scan = pdf()
    begun = {"bundle_id": case, "kind": "sealed_scan", "bytes": len(scan), "chunk_bytes": 262144}
    upload = (await teller.tell("create_upload", CLERK, json=begun))["id"]
    chunk = {"file": ("chunk", scan, "application/octet-stream")}
    await teller.tell("create_upload_chunk", CLERK, upload_id=upload, files=chunk, data={"offset": "0"})
    await teller.tell("get_upload", CLERK, upload_id=upload)
    await teller.tell("list_uploads", CLERK)
    sha256 = hashlib.sha256(scan).hexdigest()
    done = await teller.tell("complete_upload", CLERK, upload_id=upload, json={"sha256": sha256})
    await teller.tell("withdraw_own_document", CLERK, document_id=done["id"])
    dropped = (await teller.tell("create_upload", CLERK, json=begun | {"bytes": 4096}))["id"]
    await teller.tell("abandon_open_upload", CLERK, upload_id=dropped)


async def tell_unit(teller: Teller, case: str) -> str:
    """The unit's own steps and its notice. Gives the notice."""
    of_case: dict[str, Any] = {"nomination_id": case}
    day = {"held_on": "2025-02-07"}
    await teller.tell(
        "record_staff_deliberation", CLERK, json=day | {"form": "ballot", "present": 9, "in_favour": 8}, **of_case
    )
    await teller.tell(
        "record_inspection", CLERK, json=day | {"inspectors": ["示例甲"], "result": "符合条件"}, **of_case
    )
    decision = day | {"attendance": ["示例甲"], "decision": "同意推荐"}
    await teller.tell("record_leadership_decision", CLERK, json=decision, **of_case)
    await teller.tell("record_self_review", CLERK, json=SELF_REVIEW, **of_case)
    shown = await teller.tell("create_publicity_notice", CLERK, **of_case)
    notice: str = shown["publicity"]["id"]
    for name in ("get_publicity_notice", "read_publicity_page"):
        await teller.tell(name, None, notice_id=notice)
    await teller.tell("list_publicity_notices", None, params={"campaign_key": TOLD})
    read = await teller.ask("get_nomination", CLERK, **of_case)
    etag = {"If-Match": read.headers["etag"]}
    corrected = {"form": read.json()["form"], "reason": "公示期间核对，未变更公示内容"}
    await teller.ask("correct_nomination", CLERK, json=corrected, headers=etag, **of_case)
    return notice


async def tell_objection(teller: Teller, notice: str) -> None:
    words = {"content": "事迹中的数据与实际不符，请核实。", "name": "示例群众", "contact": "13900000009"}
    receipt = await teller.tell("create_objection", None, json=words, notice_id=notice)
    code = receipt["receipt_code"]
    grant = {"grant": receipt["upload"]["grant"]}
    await teller.tell("create_granted_document", None, files=picture("certificate"), data=grant)
    await teller.tell("create_objection_upload_grant", None, json={"receipt_code": code})
    listed = await teller.tell("list_objections", OFFICE, params={"campaign_key": TOLD})
    of_objection = {"objection_id": listed["items"][0]["id"]}
    await teller.tell("read_objection", OFFICE, **of_objection)
    await teller.tell("take_objection_up", OFFICE, **of_objection)
    untrue = {"outcome": "unsubstantiated", "finding": "经核查，数据属实。"}
    await teller.tell("conclude_objection", OFFICE, json=untrue, **of_objection)
    await teller.tell("look_objection_up", None, json={"receipt_code": code})


async def tell_county(teller: Teller, case: str) -> str:
    """Signature, reviews, opinions, and the county's report. Gives the report."""
    of_case: dict[str, Any] = {"nomination_id": case}
    await teller.office.set_clock(AFTER_PUBLICITY)
    await teller.tell("save_contact_form", OFFICE, json={"form": CONTACT_FORM}, key=TOLD)
    sent = {"channel": "email", "sent_on": "2025-02-14"}
    await teller.tell("note_contact_form_dispatch", OFFICE, json=sent, key=TOLD)
    await teller.tell("list_contact_forms", OFFICE, key=TOLD)
    head = (await teller.tell("get_me", HEAD))["person"]["full_name"]
    await teller.tell("sign_nomination_for_unit", HEAD, json={"signer_name": head}, **of_case)
    await teller.tell("list_work_items", f"{PLACE}-hrss", params={"campaign_key": TOLD})
    for bureau in ("hrss", "iit"):
        await teller.tell("review_nomination", f"{PLACE}-{bureau}", json=ENDORSE, **of_case)
    await teller.tell("list_cases_to_ask_about", OFFICE, key=TOLD, params={"authority": "public_security"})
    needs = (await teller.tell("get_nomination", OFFICE, **of_case))["required_opinions"]
    for need in needs:
        await teller.tell("save_opinion", OFFICE, json=_OPINION, authority=need["authority"], **of_case)
    items = [{"nomination_id": case, "result": "favourable"}]
    batch = {
        "campaign_key": TOLD,
        "authority": "public_security",
        "signer_name": "示例",
        "signed_on": "2025-02-14",
        "items": items,
    }
    await teller.tell("record_opinion_batch", OFFICE, json=batch)
    await _tell_sheet(teller, of_case)  # last, for nothing but a sealed sheet takes the place of an own answer
    criteria = {"criteria": ["近三年无安全生产责任事故"]}
    await teller.ask("save_local_criteria", OFFICE, json=criteria, key=TOLD, category=CATEGORY)
    await teller.tell("list_local_criteria", OFFICE, key=TOLD)
    for name in ("propose_county_report", "list_quota_accounts"):
        await teller.tell(name, OFFICE, key=TOLD)
    body = {"campaign_key": TOLD, "sections": SECTIONS, "ranking": {CATEGORY: [case]}}
    first = await teller.tell("create_county_report", OFFICE, json=body)
    await teller.tell("discard_county_report", OFFICE, report_id=first["id"])
    report: str = (await teller.tell("create_county_report", OFFICE, json=body))["id"]
    rewritten = {"sections": SECTIONS, "ranking": {CATEGORY: [case]}}
    etag = {"If-Match": (await teller.ask("get_county_report", OFFICE, report_id=report)).headers["etag"]}
    await teller.ask("save_county_report", OFFICE, json=rewritten, headers=etag, report_id=report)
    await teller.tell("list_county_reports", OFFICE, params={"campaign_key": TOLD})
    for name in ("get_county_report", "get_county_report_gates", "plan_package"):
        await teller.tell(name, OFFICE, report_id=report)
    await teller.tell("get_county_report_table", OFFICE, report_id=report, form="attachment_4")
    await teller.tell("submit_county_report", OFFICE, report_id=report)
    await teller.tell("list_material_receipts", "city-office", report_id=report)
    ticked = {"paper_copies": 3, "electronic": True}
    item = "recommendation_report"
    await teller.ask("note_material_receipt", "city-office", json=ticked, report_id=report, item=item)
    return report


async def _tell_sheet(teller: Teller, of_case: dict[str, Any]) -> None:
    """An officer without an account answers by a link and a code to one phone."""
    asked = {"authority": "public_security", "officer_name": "示例警官", "phone": PHONE}
    mistaken = await teller.tell("ask_authority", OFFICE, json=asked, **of_case)
    await teller.tell("revoke_consultation", OFFICE, consultation_id=mistaken["id"])
    made = await teller.tell("ask_authority", OFFICE, json=asked, **of_case)
    await teller.tell("list_consultations", OFFICE, **of_case)
    link = (await teller.tell("remind_authority", OFFICE, consultation_id=made["id"]))["link_code"]
    await teller.tell("send_sheet_code", None, json={"link_code": link})
    opening = {"link_code": link, "code": teller.code_sent_to(PHONE)}
    sheet = await teller.tell("open_opinion_sheet", None, json=opening)
    answer = {
        "sheet_key": sheet["sheet_key"],
        "result": "favourable",
        "text": "无违法犯罪记录",
        "signer_name": "示例警官",
    }
    await teller.tell("answer_opinion_sheet", None, json=answer)


async def tell_reads(teller: Teller, case: str) -> None:
    """What those who take part read along the way."""
    of_case: dict[str, Any] = {"nomination_id": case}
    await teller.jobs_done()
    for name in (
        "list_events",
        "list_notices_of_nomination",
        "list_notifications_of_nomination",
        "list_disqualifications",
    ):
        await teller.ask(name, OFFICE, **of_case)
    for name in ("list_nominations", "get_nomination_counts"):
        await teller.tell(name, "city-office", params={"campaign_key": TOLD})
    for name in ("get_campaign_balance", "get_campaign_progress"):
        await teller.tell(name, "city-office", key=TOLD)
    search = {"campaign_key": TOLD, "name_starts": "示例"}
    await teller.tell("search_nominations", OFFICE, json=search)
    found = {"disqualifier": "social_insurance_arrears", "finding": "税务部门查明欠缴社会保险费"}
    made = await teller.tell("create_disqualification", "city-office", json=found, **of_case)
    await teller.tell("list_disqualifications", OFFICE, **of_case)
    lifted: dict[str, Any] = {"disqualification_id": made["id"]}
    proposed = await teller.tell("lift_disqualification", "city-office", json={"reason": "已补缴"}, **lifted)
    read = {"proposed_at": proposed["lifting_proposed_at"]}
    await teller.tell("second_lifting", OFFICE, json=read, **lifted)
    await teller.jobs_done()
    inbox = await teller.tell("list_notifications", CLERK)
    await teller.tell("count_notifications", CLERK)
    await teller.tell("mark_notifications_read", CLERK, json={"notification_id": inbox["items"][0]["id"]})
    await teller.tell("get_nomination_form", CLERK, form="attachment_6", params={"format": "pdf"}, **of_case)


async def tell_withdrawal(teller: Teller) -> None:
    case = (await teller.office.draft({"full_name": "示例员工"})).json()["id"]
    await teller.tell("withdraw_nomination", CLERK, json={"reason": "本人放弃"}, nomination_id=case)
    refused = await teller.ask("confirm_nomination_part", CLERK, json=ON_BEHALF, nomination_id=case)
    assert refused.status_code == 409
