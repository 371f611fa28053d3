"""A machine exchanges its client secret for a short token. It has no session: it asks again."""

import hmac
import secrets
from datetime import UTC, datetime

from services.auth.audit import Action, record
from services.auth.keys.access_tokens import caller_of_machine
from services.auth.limits import MACHINES_BY_ADDRESS
from services.auth.problems import CredentialsWrong
from services.auth.resources import Resources
from services.auth.sessions.origin import Origin


async def sign_in_machine(resources: Resources, *, client_id: str, client_secret: str, origin: Origin) -> str:
    """An access token with the role `service`. Raises CredentialsWrong, the same for a wrong id and a wrong secret.

    Raises TooManyRequests after many wrong secrets from one address.
    """
    charge = MACHINES_BY_ADDRESS.of(origin.address)
    await resources.limiter.take(charge)
    known = resources.settings.service_clients.get(client_id)
    expected = known.get_secret_value() if known else secrets.token_hex()
    if not hmac.compare_digest(expected.encode(), client_secret.encode()):
        await _record(resources, origin, refused=CredentialsWrong.code, machine=client_id if known else None)
        raise CredentialsWrong
    async with resources.database.reading() as session:
        await resources.limiter.give_back(session, charge)
        await resources.access_tokens.ring.keep_up(session)
    await _record(resources, origin, machine=client_id)
    return resources.access_tokens.issue(caller_of_machine(client_id), now=datetime.now(UTC))


async def _record(resources: Resources, origin: Origin, *, machine: str | None, refused: str = "") -> None:
    async with resources.database.transaction() as session:
        await record(session, Action.MACHINE_SIGN_IN, person_id=None, origin=origin, refused=refused, machine=machine)
