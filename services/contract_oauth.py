"""OAuth 2.0 in the contract: another way to the same access tokens, for machines and for the Authorize button."""

from collections.abc import Mapping
from typing import Any

from services.common.callers.scopes import MEANINGS

_TOKENS = "/v1/auth/token"


def declare_oauth(document: dict[str, Any]) -> None:
    """Beside each `access_token`: the scheme, and for the routes that machines may call their scope."""
    schemes = document.get("components", {}).get("securitySchemes", {})
    if "access_token" not in schemes:
        return
    scopes = {str(scope): meaning for scope, meaning in MEANINGS.items()}
    schemes["oauth2"] = {
        "type": "oauth2",
        "flows": {
            "clientCredentials": {"tokenUrl": _TOKENS, "scopes": scopes},
            "password": {"tokenUrl": _TOKENS, "scopes": {}},
        },
    }
    for item in document.get("paths", {}).values():
        for operation in item.values():
            if operation.get("security"):
                operation["security"] = [*operation["security"], {"oauth2": _scopes_of(operation)}]


def _scopes_of(operation: Mapping[str, Any]) -> list[str]:
    scope = operation.get("x-audience", {}).get("scope")
    return [scope] if scope else []
