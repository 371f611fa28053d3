"""Operations that a limit charges say on every answer how much of it is left; whoever is put off is told until when."""

from typing import Any

Document = dict[str, Any]
_CHARGED = frozenset({"too_many_requests", "too_many_objections"})
"""The refusals of limits that count requests; other 429 answers bound what lies open."""
_HEADERS = {
    "RateLimit": {
        "description": "各项限额的余量：r为剩余次数，t为恢复满额的秒数 What is left: r units, all of them again in t seconds",
        "schema": {"type": "string"},
        "example": '"sms_by_address";r=59;t=30',
    },
    "RateLimit-Policy": {
        "description": "各项限额：每w秒q次 The limits: q units in w seconds",
        "schema": {"type": "string"},
        "example": '"sms_by_address";q=60;w=1800',
    },
}
_PUT_OFF = ("429", "503")
_WAIT = {
    "Retry-After": {
        "description": "请在这么多秒之后再试 Ask again after so many seconds",
        "schema": {"type": "integer"},
        "example": 3,
    }
}


def declare_waits(operation: Document, components: Document) -> None:
    """Every refusal for the time being, whatever its code."""
    for response in (operation["responses"][status] for status in _PUT_OFF if status in operation["responses"]):
        components.setdefault("headers", {}).update(_WAIT)
        response["headers"] = response.get("headers", {}) | {
            "Retry-After": {"$ref": "#/components/headers/Retry-After"}
        }


def declare_standings(operation: Document, components: Document) -> None:
    """What is refused before it is counted carries neither."""
    refusals = operation["responses"].get("429", {}).get("content", {}).get("application/problem+json", {})
    if _CHARGED.isdisjoint(refusals.get("examples", {})):
        return
    components.setdefault("headers", {}).update(_HEADERS)
    for response in operation["responses"].values():
        named = {name: {"$ref": f"#/components/headers/{name}"} for name in _HEADERS}
        response["headers"] = response.get("headers", {}) | named
