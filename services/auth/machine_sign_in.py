"""A machine exchanges its client secret for a short token. It has no session: it asks again."""

import hmac
import secrets
from datetime import UTC, datetime

from services.auth.access_tokens import caller_of_machine
from services.auth.problems import CredentialsWrong
from services.auth.resources import Resources


def sign_in_machine(resources: Resources, *, client_id: str, client_secret: str) -> str:
    """An access token with the role `service`. Raises CredentialsWrong, the same for a wrong id and a wrong secret."""
    known = resources.settings.service_clients.get(client_id)
    expected = known.get_secret_value() if known else secrets.token_hex()
    if not hmac.compare_digest(expected.encode(), client_secret.encode()):
        raise CredentialsWrong
    return resources.access_tokens.issue(caller_of_machine(client_id), now=datetime.now(UTC))
