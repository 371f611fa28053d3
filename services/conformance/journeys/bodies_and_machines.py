"""Bodies that change their names, systems that sign in for themselves, and the three security logs."""

import secrets

from services.conformance.world import World

_WHY = {"reason": "工商登记变更", "document_number": "示例登字〔2025〕1号"}


def bodies(world: World) -> None:
    """The unit under another name and back, and where it is reached."""
    own = world.person("unit_head").organisation_id
    path = f"/v1/auth/organisations/{own}"
    name = world.send("county_officer", "GET", path).json()["name"]
    for each in (f"{name}（更名）", name):
        world.send("county_officer", "PUT", f"{path}/name", json=_WHY | {"name": each})
    reached = {"contact_name": "示例联系人", "contact_phone": "0350-5520000", "address": "示例街1号"}
    world.send("county_officer", "PUT", f"{path}/details", json=_WHY | reached)


def machines(world: World) -> None:
    """A credential made, used for a token and a read, revoked."""
    wanted = {"name": f"示例平台{secrets.token_hex(3)}", "scopes": ["nominations:read"], "valid_days": 2}
    made = world.send("county_officer", "POST", "/v1/auth/service-credentials", json=wanted).json()
    world.send("county_officer", "GET", "/v1/auth/service-credentials")
    asked = {"grant_type": "client_credentials", "client_id": made["id"], "client_secret": made["client_secret"]}
    token = world.send(None, "POST", "/v1/auth/token", data=asked).json()["access_token"]
    world.send(None, "GET", f"/v1/nominations?campaign_key={world.campaign}", token=token)
    world.send("county_officer", "DELETE", f"/v1/auth/service-credentials/{made['id']}")


def security_logs(world: World) -> None:
    """Of each service: a page, and the whole as lines."""
    for place in ("/v1/auth", "/v1/documents", "/v1"):
        world.send("audit_admin", "GET", f"{place}/audit-events")
        world.send("audit_admin", "GET", f"{place}/audit-events/export")
