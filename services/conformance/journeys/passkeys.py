"""A passkey made, named, signed in with and removed, by an authenticator in software."""

import secrets
from typing import Any
from urllib.parse import urlsplit

from services.conformance.authenticator import SoftwareAuthenticator
from services.conformance.journeys.accounts import invited
from services.conformance.world import NotHere, World, person_of

_EMBEDDED_PORT = 8400


def passkeys(world: World) -> None:
    """For somebody new, whom nothing but a passkey signs in then. Raises NotHere where passkeys are off."""
    asked = world.recorder.send("POST", "/v1/auth/passkeys/options")
    if asked.status_code == 503:
        raise NotHere("passkeys")
    somebody = invited(world, "unit_head", role="unit_clerk")
    own = "/v1/auth/me/passkeys"
    options = world.send(None, "POST", f"{own}/options", token=somebody.token, json={}).json()["public_key"]
    device = SoftwareAuthenticator(origin=_origin(world, options["rp"]["id"]), domain=options["rp"]["id"])
    made = {"name": f"conformance-{secrets.token_hex(3)}", "credential": device.create(options)}
    passkey = world.send(None, "POST", own, token=somebody.token, json=made).json()["id"]
    world.send(None, "GET", own, token=somebody.token)
    world.send(None, "PUT", f"{own}/{passkey}", token=somebody.token, json={"name": "窗口电脑"})
    options = world.send(None, "POST", "/v1/auth/passkeys/options").json()["public_key"]
    opened = world.send(None, "POST", "/v1/auth/passkeys/sessions", json={"credential": device.sign(options)})
    signed_in = person_of(opened.json())
    _require_the_same(world, signed_in.id, somebody.id)
    world.send(None, "POST", f"{own}/{passkey}/removals", token=signed_in.token, json={})


def _origin(world: World, domain: str) -> str:
    """The page that the passkey is made on: the server's own where it stands under the passkeys' domain."""
    url = urlsplit(str(world.recorder.http.base_url))
    if url.hostname == domain or (url.hostname or "").endswith(f".{domain}"):
        return f"{url.scheme}://{url.netloc}"
    return f"http://localhost:{_EMBEDDED_PORT}" if domain == "localhost" else f"https://{domain}"


def _require_the_same(world: World, signed_in: str, somebody: Any) -> None:
    operation = world.recorder.contract.operation("POST", "/v1/auth/passkeys/sessions")
    world.recorder.require(signed_in == somebody, operation, "a_passkey_is_its_owners", "somebody else signed in")
