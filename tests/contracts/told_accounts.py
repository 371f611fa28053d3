"""One's own account: passkeys, codes by text message, an e-mail address, consents, and what one may ask about one's data."""

import asyncio
import email
from email.policy import default
from typing import Any

from services.conformance.authenticator import SoftwareAuthenticator
from services.embedded.demo_people import PASSWORD
from tests.contracts.conftest import TOLD
from tests.contracts.telling import Teller
from tests.contracts.told_people import CLERK, COUNTY, HEAD
from tests.mailbox import code_in

PHONE, ADDRESS = "13800000021", "told-desk@example.org"
PURPOSE = {"campaign_key": TOLD, "purpose": "id_card_copies"}


async def a_desk(teller: Teller) -> tuple[str, str]:
    """Somebody at a desk, whom the unit's head invited. Gives the access token and the person."""
    wanted = {"full_name": "示例经办人乙", "role": "unit_clerk", "phone": PHONE}
    invited = await teller.tell("create_invitation", HEAD, json=wanted)
    redemption = {"invitation_code": invited["invitation_code"], "username": "told-desk", "password": PASSWORD}
    session = await teller.tell("redeem_invitation", None, json=redemption)
    return session["access_token"], invited["person_id"]


async def tell_passkeys(teller: Teller, token: str) -> None:
    authenticator = SoftwareAuthenticator()
    asked = await teller.tell("create_passkey_options", None, token=token, json={})
    made = {"name": "办公室电脑", "credential": authenticator.create(asked["public_key"])}
    await teller.tell("create_passkey", None, token=token, json=made)
    passkey = {"passkey_id": (await teller.tell("list_passkeys", None, token=token))["items"][0]["id"]}
    await teller.tell("rename_passkey", None, token=token, json={"name": "窗口电脑"}, **passkey)
    asked = await teller.tell("create_passkey_sign_in_options", None)
    await teller.tell("create_passkey_session", None, json={"credential": authenticator.sign(asked["public_key"])})
    await teller.tell("remove_passkey", None, token=token, json={}, **passkey)


async def tell_text_codes(teller: Teller) -> None:
    asked = await teller.tell("create_sms_code", None, json={"phone": PHONE})
    for _ in range(50):  # sent after the answer, so that its time tells nothing
        code = teller.code_sent_to(PHONE, template="sign_in_code")
        if code:
            break
        await asyncio.sleep(0.1)
    await teller.tell("create_sms_session", None, json={"phone": PHONE, "ticket": asked["ticket"], "code": code})


async def tell_email(teller: Teller, token: str) -> None:
    await teller.tell("save_own_email_address", None, token=token, json={"address": ADDRESS})
    mails = sorted((teller.text_messages.parent / "mail").glob("*.eml"))
    written = [email.message_from_bytes(file.read_bytes(), policy=default) for file in mails]
    mail: Any = next(each for each in reversed(written) if each["To"] == ADDRESS)
    await teller.tell("confirm_own_email_address", None, token=token, json={"code": code_in(mail)})
    await teller.tell("get_own_email_address", None, token=token)
    await teller.tell("remove_own_email_address", None, token=token)


async def tell_consents(teller: Teller, token: str, person: str) -> None:
    notice = await teller.tell("get_privacy_notice", None, campaign_key=TOLD)
    text = {"text_sha256": notice["sha256"]}
    await teller.tell("give_consent", None, token=token, json=PURPOSE | text | {"channel": "mini_program"})
    await teller.tell("list_own_consents", None, token=token)
    await teller.tell("withdraw_consent", None, token=token, json=PURPOSE | {"channel": "web"})
    nominee = await teller.tell("create_invitation", CLERK, json={"full_name": "示例员工戊"})
    of_nominee = {"person_id": nominee["person_id"]}
    signed = PURPOSE | {"signed_on": "2025-02-07", "document_id": person}
    await teller.tell("enter_paper_consent", CLERK, json=signed | text, **of_nominee)
    await teller.tell("list_consents_of_person", CLERK, **of_nominee)
    await teller.tell("enter_paper_withdrawal", CLERK, json=signed, **of_nominee)


async def tell_own_data(teller: Teller, token: str) -> None:
    for name in (
        "get_own_data",
        "list_own_security_events",
        "list_own_papers",
        "list_views_of_own_papers",
        "list_own_cases",
        "list_data_accesses",
    ):
        await teller.tell(name, None, token=token)
    asked = {"kind": "correction", "about": "account", "text": "姓名写错了，应为示例经办人丙"}
    request = await teller.tell("ask_about_own_data", None, token=token, json=asked)
    await teller.tell("list_own_rights_requests", None, token=token)
    await teller.tell("list_rights_requests", COUNTY)
    decision = {"outcome": "done", "reason": "经核实，已更正", "full_name": "示例经办人丙"}
    await teller.tell("decide_rights_request", COUNTY, json=decision, request_id=request["id"])


async def tell_erasure(teller: Teller, case: str) -> None:
    """All papers of a nominee are erased at their request: what is left of them, as data and on paper."""
    nominee, of_case = "fanshi-nominee", {"nomination_id": case}
    asked = {"kind": "erasure", "about": "documents", "text": "请删除我的材料", "campaign_key": TOLD}
    request = (await teller.ask("ask_about_own_data", nominee, json=asked)).json()
    decision = {"outcome": "done", "reason": "评选已结束，同意删除"}
    await teller.ask("decide_rights_request", COUNTY, json=decision, request_id=request["id"])
    for _ in range(150):  # documents hears of it every few seconds
        if (await teller.ask("list_erased_papers", nominee, bundle_id=case)).json()["items"]:
            break
        await asyncio.sleep(0.2)
    del teller.told["list_erased_papers"]  # the first of them said that nothing is erased
    await teller.tell("list_erased_papers", nominee, bundle_id=case)
    await teller.tell("get_erasure_certificate", nominee, **of_case)
