"""Signing in by password and by WeChat, inviting and admitting people, standing in, second factors, suspension."""

import io
import secrets
from datetime import UTC, datetime, timedelta

import pyotp
from openpyxl import Workbook

from services.conformance.world import NotHere, Person, World, person_of

_ROWS = (("单位名称", "统一社会信用代码", "姓名", "手机号", "岗位"), ("", "", "示例批量邀请", "", "推荐对象"))


def sessions(world: World) -> None:
    """Every way in, every way out."""
    world.send("unit_clerk", "GET", "/v1/auth/me")
    world.send("unit_clerk", "GET", "/v1/auth/sessions")
    world.send(
        None, "POST", "/v1/auth/sessions/refreshes", json={"refresh_token": world.person("unit_clerk").refresh_token}
    )
    world.forget("unit_clerk")
    first, second, _third = (world.sign_in(*world.accounts["unit_clerk"]) for _ in range(3))
    role = world.send(None, "GET", "/v1/auth/me", token=first.token).json()["acting_as"]["role_assignment_id"]
    world.send(None, "POST", "/v1/auth/sessions/acting", token=second.token, json={"role_assignment_id": role})
    listed = world.send(None, "GET", "/v1/auth/sessions", token=first.token).json()["items"]
    other = next(each for each in listed if not each.get("current"))
    world.send(None, "DELETE", f"/v1/auth/sessions/{other['id']}", token=first.token)
    world.send(None, "DELETE", "/v1/auth/sessions/current", token=first.token)
    last = world.sign_in(*world.accounts["unit_clerk"])
    world.send(None, "DELETE", "/v1/auth/sessions", token=last.token)


def own_data(world: World) -> None:
    """What the campaign does with personal data, and what a person reads of their own."""
    world.send(None, "GET", f"/v1/auth/privacy-notices/{world.campaign}")
    for own in ("consents", "passkeys", "rights-requests"):
        world.send("nominee", "GET", f"/v1/auth/me/{own}")


def invitations(world: World) -> None:
    """One by one, again, revoked, by a sheet; redeemed by a password."""
    invited = world.send("unit_clerk", "POST", "/v1/auth/invitations", json={"full_name": "示例被邀请人"}).json()
    world.send("unit_clerk", "GET", "/v1/auth/invitations")
    world.send("unit_clerk", "POST", f"/v1/auth/invitations/{invited['id']}/codes", json={})
    world.send("unit_clerk", "POST", f"/v1/auth/persons/{invited['person_id']}/invitations")
    newest = world.send("unit_clerk", "GET", "/v1/auth/invitations").json()["items"][0]
    world.send("unit_clerk", "DELETE", f"/v1/auth/invitations/{newest['id']}")
    world.send("unit_clerk", "GET", "/v1/auth/invitation-batches/template")
    sheet = {"file": ("people.xlsx", _sheet(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")}
    world.send("unit_clerk", "POST", "/v1/auth/invitation-batches", files=sheet)


def colleagues(world: World) -> None:
    """Two new clerks: one stands in for the head, one is locked out and let in again; a role changes hands."""
    first, second = (invited(world, "unit_head", role="unit_clerk") for _ in range(2))
    world.send(None, "GET", "/v1/auth/colleagues", token=first.token)
    until = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    wanted = {"to_person_id": second.id, "ends_at": until, "reason": "休假"}
    given = world.send("unit_head", "POST", "/v1/auth/delegations", json=wanted).json()
    world.send("unit_head", "GET", "/v1/auth/delegations")
    world.send("unit_head", "DELETE", f"/v1/auth/delegations/{given['id']}")
    _second_factor(world, second)
    world.send(
        None, "POST", "/v1/auth/role-hand-overs", token=first.token, json={"to_person_id": second.id}, expect=409
    )
    organisation = world.person("unit_head").organisation_id
    head = invited(world, "county_officer", role="unit_head", organisation_id=organisation)
    world.send(None, "POST", "/v1/auth/role-hand-overs", token=head.token, json={"to_person_id": first.id})
    admin = "system_admin"
    world.send("county_officer", "GET", "/v1/auth/organisations")
    world.send(admin, "PUT", f"/v1/auth/persons/{second.id}/suspension", json={"reason": "账号核查"})
    world.send(admin, "DELETE", f"/v1/auth/persons/{second.id}/suspension")
    world.send(admin, "POST", f"/v1/auth/persons/{second.id}/password-resets")


def phones(world: World) -> None:
    """WeChat: bound by an invitation, unbound by both, asked to be admitted. Raises NotHere without a fake."""
    if not world.wechat_url:
        raise NotHere("a fake WeChat")
    invited = world.send("unit_clerk", "POST", "/v1/auth/invitations", json={"full_name": "示例手机用户"}).json()
    user = f"conformance-{secrets.token_hex(4)}"
    body = {"appid": world.appid, "code": world.phone(user), "invitation_code": invited["invitation_code"]}
    bound = person_of(world.send(None, "POST", "/v1/auth/wechat/sessions", json=body).json())
    templates = world.send(None, "GET", f"/v1/auth/message-templates?appid={world.appid}", token=bound.token).json()
    accepted = {"appid": world.appid, "accepted": [each["template_id"] for each in templates["items"]][:1]}
    world.send(None, "POST", "/v1/auth/message-consents", token=bound.token, json=accepted)
    world.send(None, "DELETE", f"/v1/auth/me/wechat-identities/{world.appid}", token=bound.token)
    world.send("unit_clerk", "DELETE", f"/v1/auth/persons/{bound.id}/wechat-identities")
    me = world.send("unit_clerk", "GET", "/v1/auth/me").json()
    organisation = me["acting_as"]["organisation"]
    asked = {
        "appid": world.appid,
        "code": world.phone(f"{user}-asks"),
        "full_name": "示例申请人",
        "role": "nominee",
        "jurisdiction": organisation["jurisdiction"],
        "unit_name": organisation["name"],
    }
    world.send(None, "POST", "/v1/auth/wechat/admission-requests", json=asked)
    waiting = world.send("unit_clerk", "GET", "/v1/auth/admission-requests").json()["items"]
    path = f"/v1/auth/admission-requests/{waiting[0]['id']}/decisions"
    world.send("unit_clerk", "POST", path, json={"admit": True, "organisation_id": organisation["id"]})


def invited(world: World, by: str, **wanted: str) -> Person:
    """Somebody new, who redeems the invitation, changes the password and signs in with it."""
    wanted |= {"full_name": "示例新同事"}
    invited = world.send(by, "POST", "/v1/auth/invitations", json=wanted).json()
    name, password = f"conformance-{secrets.token_hex(5)}", f"Yanzheng-{secrets.token_hex(8)}"
    redeemed = {"invitation_code": invited["invitation_code"], "username": name, "password": password}
    person = person_of(world.send(None, "POST", "/v1/auth/invitations/redemptions", json=redeemed).json())
    changed = {"current_password": password, "new_password": f"Yanzheng-{secrets.token_hex(9)}"}
    world.send(None, "PUT", "/v1/auth/me/password", token=person.token, json=changed)
    return world.sign_in(name, changed["new_password"])


def _second_factor(world: World, person: Person) -> None:
    """Set up, taken off by oneself; set up again, taken off by the administrator."""
    for taken_off_by in ("oneself", "administrator"):
        secret = world.send(None, "POST", "/v1/auth/me/second-factor", token=person.token).json()["secret"]
        code = pyotp.TOTP(secret)
        path = "/v1/auth/me/second-factor/confirmations"
        confirmed = world.send(None, "POST", path, token=person.token, json={"one_time_code": code.now()}).json()
        if taken_off_by == "administrator":
            world.send("system_admin", "DELETE", f"/v1/auth/persons/{person.id}/second-factor")
        else:
            body = {"one_time_code": confirmed["recovery_codes"][0]}
            world.send(None, "POST", "/v1/auth/me/second-factor/removals", token=person.token, json=body)


def _sheet() -> bytes:
    book = Workbook()
    sheet = book.active
    for row in _ROWS:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
