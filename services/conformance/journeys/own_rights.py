"""Consent to one purpose, given and taken back; what one asks about one's own data; signing in by a code on the phone."""

import secrets

from services.conformance.world import World, person_of


def consents(world: World) -> None:
    """By oneself, and by the unit for a nominee who signed on paper."""
    notice = world.send(None, "GET", f"/v1/auth/privacy-notices/{world.campaign}").json()
    asked = [each["key"] for each in notice["purposes"] if each["consent"] == "asked"]
    if not asked:
        return
    purpose = {"campaign_key": world.campaign, "purpose": asked[0]}
    text = {"text_sha256": notice["sha256"]}
    world.send("nominee", "POST", "/v1/auth/me/consents", json=purpose | text | {"channel": "mini_program"})
    world.send("nominee", "GET", "/v1/auth/me/consents")
    world.send("nominee", "POST", "/v1/auth/me/consent-withdrawals", json=purpose | {"channel": "web"})
    invited = world.send("unit_clerk", "POST", "/v1/auth/invitations", json={"full_name": "示例签字人"}).json()
    path = f"/v1/auth/persons/{invited['person_id']}"
    signed = purpose | {"signed_on": "2025-02-07", "document_id": invited["id"]}
    world.send("unit_clerk", "POST", f"{path}/consents", json=signed | text)
    world.send("unit_clerk", "GET", f"{path}/consents")
    world.send("unit_clerk", "POST", f"{path}/consent-withdrawals", json=signed)


def rights(world: World) -> None:
    """Everything that is held about a person, who looked at it, and a correction that the county's office answers."""
    for path in (
        "auth/me/data",
        "auth/me/security-events",
        "documents/me/data",
        "documents/me/views",
        "me/data",
        "me/data-accesses",
    ):
        world.send("unit_clerk", "GET", f"/v1/{path}")
    asked = {"kind": "explanation", "about": "account", "text": "请说明本人信息的处理情况"}
    request = world.send("unit_clerk", "POST", "/v1/auth/me/rights-requests", json=asked).json()
    world.send("unit_clerk", "GET", "/v1/auth/me/rights-requests")
    world.send("county_officer", "GET", "/v1/auth/rights-requests")
    decision = {"outcome": "done", "reason": "已书面说明"}
    world.send("county_officer", "POST", f"/v1/auth/rights-requests/{request['id']}/decisions", json=decision)


def text_codes(world: World) -> None:
    """Raises NotHere where text messages cannot be read."""
    phone = f"1380{secrets.randbelow(10**7):07}"
    wanted = {"full_name": "示例经办人", "role": "unit_clerk", "phone": phone}
    invited = world.send("unit_head", "POST", "/v1/auth/invitations", json=wanted).json()
    name, password = f"conformance-{secrets.token_hex(5)}", f"Yanzheng-{secrets.token_hex(8)}"
    redeemed = {"invitation_code": invited["invitation_code"], "username": name, "password": password}
    person_of(world.send(None, "POST", "/v1/auth/invitations/redemptions", json=redeemed).json())
    ticket = world.send(None, "POST", "/v1/auth/sms-codes", json={"phone": phone}).json()["ticket"]
    code = world.text_code(phone)
    world.send(None, "POST", "/v1/auth/sms-sessions", json={"phone": phone, "ticket": ticket, "code": code})
