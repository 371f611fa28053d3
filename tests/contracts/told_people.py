"""Signing in, inviting, standing in, devices, passwords, messages: by people invited for it, whom nobody else needs."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pyotp

from services.demo.cast import APPID
from services.embedded.demo_people import PASSWORD
from tests.contracts.telling import Teller

HEAD, CLERK, COUNTY = "fanshi-head", "fanshi-clerk", "fanshi-office"
JURISDICTION = "140924"
OFFICER = "told-officer"
NEW_PASSWORD = "Another-Sample-2025"


async def wx_code(teller: Teller, user: str) -> str:
    async with httpx.AsyncClient(base_url=teller.office.wechat) as phone:
        code: str = (await phone.post("/fake/login", json={"appid": APPID, "user": user})).json()["code"]
    return code


async def tell_signing_in(teller: Teller) -> None:
    session = await teller.tell("create_session", None, json={"username": HEAD, "password": PASSWORD})
    again = await teller.tell("refresh_session", None, json={"refresh_token": session["refresh_token"]})
    token = again["access_token"]
    await teller.ask("create_session", None, json={"username": HEAD, "password": "wrong"})
    await teller.ask("get_me", None)
    await teller.tell("get_me", HEAD, token=token)
    devices = await teller.tell("list_sessions", HEAD, token=token)
    other = await teller.tell("create_session", None, json={"username": HEAD, "password": PASSWORD})
    await teller.tell("end_session", None, token=other["access_token"])
    acting = {"role_assignment_id": again["acting_as"]["role_assignment_id"]}
    await teller.tell("choose_acting", HEAD, token=token, json=acting)
    third = await teller.tell("create_session", None, json={"username": HEAD, "password": PASSWORD})
    listed = (await teller.tell("list_sessions", None, token=third["access_token"]))["items"]
    gone = next(item["id"] for item in listed if item["id"] == devices["items"][0]["id"])
    await teller.ask("revoke_session", None, token=third["access_token"], session_id=gone)
    await teller.tell("list_ended_sessions", None)
    await teller.tell("get_jwks", None)


async def tell_inviting(teller: Teller) -> None:
    wanted = {"full_name": "示例员工", "phone": "13800000002"}
    made = await teller.tell("create_invitation", CLERK, json=wanted)
    of_invitation = {"invitation_id": made["id"]}
    await teller.tell("list_invitations", CLERK)
    again = await teller.tell("create_invitation_code", CLERK, json={"text_message": False}, **of_invitation)
    phone = {"appid": APPID, "code": await wx_code(teller, "told-phone")}
    await teller.ask("create_wechat_session", None, json=phone)
    bound = phone | {"code": await wx_code(teller, "told-phone"), "invitation_code": again["invitation_code"]}
    session = await teller.tell("create_wechat_session", None, json=bound)
    nominee = session["access_token"]
    templates = await teller.tell("list_message_templates", None, token=nominee, params={"appid": APPID})
    accepted = [item["template_id"] for item in templates["items"]][:1]
    await teller.tell("create_message_consent", None, token=nominee, json={"appid": APPID, "accepted": accepted})
    await teller.tell("unbind_own_wechat", None, token=nominee, appid=APPID)
    person = {"person_id": made["person_id"]}
    fresh = await teller.tell("invite_person_again", CLERK, **person)
    anew = phone | {"code": await wx_code(teller, "told-new-phone"), "invitation_code": fresh["invitation_code"]}
    session = await teller.tell("create_wechat_session", None, json=anew)
    await teller.tell("end_sessions", None, token=session["access_token"])
    await teller.tell("unbind_person_wechat", CLERK, **person)
    spare = await teller.tell("create_invitation", CLERK, json={"full_name": "示例员工丙"})
    await teller.tell("revoke_invitation", CLERK, invitation_id=spare["id"])
    asking = {
        "appid": APPID, "code": await wx_code(teller, "told-stranger"), "full_name": "示例员工丁",
        "jurisdiction": JURISDICTION, "unit_name": (await _unit(teller)),
    }  # fmt: skip
    await teller.tell("create_admission_request", None, json=asking)
    waiting = (await teller.tell("list_admission_requests", CLERK))["items"]
    decision = {"admit": False, "reason": "不是本单位人员"}
    await teller.tell("decide_admission_request", CLERK, json=decision, request_id=waiting[0]["id"])


async def _unit(teller: Teller) -> str:
    me = await teller.tell("get_me", CLERK)
    name: str = me["acting_as"]["organisation"]["name"]
    return name


async def tell_a_new_official(teller: Teller) -> None:
    """Invited, on the web; changes the password, binds a second factor, is suspended and helped."""
    invited = await teller.tell("create_invitation", COUNTY, json={"full_name": "示例经办人", "role": "county_officer"})
    credentials = {"username": OFFICER, "password": PASSWORD}
    redemption = {"invitation_code": invited["invitation_code"], **credentials}
    token = (await teller.tell("redeem_invitation", None, json=redemption))["access_token"]
    colleagues = await teller.tell("list_colleagues", COUNTY)
    until = (datetime.now(UTC) + timedelta(days=7)).isoformat()
    mate = next(item["person_id"] for item in colleagues["items"] if item["person_id"] == invited["person_id"])
    body = {"to_person_id": mate, "ends_at": until, "reason": "休假"}
    made = await teller.tell("create_delegation", COUNTY, json=body)
    await teller.tell("list_delegations", COUNTY)
    await teller.tell("remove_delegation", COUNTY, delegation_id=made["id"])
    factor = await teller.tell("create_second_factor", None, token=token)
    code = {"one_time_code": pyotp.TOTP(factor["secret"]).now()}
    enrolled = await teller.tell("confirm_second_factor", None, token=token, json=code)
    recovery = {"one_time_code": enrolled["recovery_codes"][0]}
    await teller.tell("remove_second_factor", None, token=token, json=recovery)
    factor = await teller.tell("create_second_factor", None, token=token)
    code = {"one_time_code": pyotp.TOTP(factor["secret"]).now()}
    await teller.tell("confirm_second_factor", None, token=token, json=code)
    change = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    await teller.tell("change_own_password", None, token=token, json=change)
    of_person: dict[str, Any] = {"person_id": invited["person_id"]}
    await teller.tell("search_persons", "admin", json={"name_starts": "示例系统"})
    await teller.tell("remove_person_second_factor", "admin", **of_person)
    await teller.tell("suspend_person", "admin", json={"reason": "长期离岗"}, **of_person)
    await teller.tell("reinstate_person", "admin", **of_person)
    await teller.tell("reset_person_password", "admin", **of_person)
    await teller.tell("list_organisations", COUNTY)
    await teller.tell("list_audit_events", "audit", params={"person_id": invited["person_id"]})
    await teller.tell("export_audit_events", "audit")


async def tell_leaving(teller: Teller, successor: str) -> None:
    """The head's role passes on for good: nothing is asked of the head after this."""
    await teller.tell("hand_role_over", HEAD, json={"to_person_id": successor})


async def tell_webhooks(teller: Teller) -> None:
    made = await teller.tell("create_webhook_endpoint", COUNTY, json={"url": "http://127.0.0.1:9/events"})
    await teller.tell("list_webhook_endpoints", COUNTY)
    endpoint = {"endpoint_id": made["id"]}
    await teller.tell("rotate_webhook_secret", COUNTY, **endpoint)
    sent = await teller.tell("send_webhook_test", COUNTY, **endpoint)
    await asyncio.sleep(5)  # by then it was tried once: from here on the answers are the same each time
    await teller.tell("list_webhook_deliveries", COUNTY, **endpoint)
    await teller.tell("redeliver_webhook", COUNTY, delivery_id=sent["id"], **endpoint)
    await teller.tell("remove_webhook_endpoint", COUNTY, **endpoint)
