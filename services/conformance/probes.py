"""Wrong requests, to every operation: each must be refused as the contract says, and none may be a 500."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.conformance.contract import Operation
from services.conformance.world import World

_NOBODYS_ID = str(UUID(int=0xFFFFFFFFFFFF4FFF8FFFFFFFFFFFFFFF))
_FORGED = "e30.e30.e30"
_VARIABLE = re.compile(r"\{([^}]+)\}")


def probe(world: World, operation: Operation) -> None:
    """By nobody, by a forged token, with an id that is nobody's, with a broken and with an unknown body."""
    path = _VARIABLE.sub(_NOBODYS_ID, operation.path)
    body = _right_kind_of_body(operation)
    if operation.signed_in:
        _expect(world, operation, "no_token_no_answer", {401}, path, **body)
        _expect(world, operation, "forged_token_refused", {401}, path, token=_FORGED, **body)
    token = world.person("unit_clerk").token if operation.signed_in else None
    if "application/json" in operation.body_types:
        broken: dict[str, Any] = {"content": b'{"a": 1, "a": 2', "headers": {"Content-Type": "application/json"}}
        _expect(world, operation, "broken_json_refused", {400, 403, 404}, path, token=token, **broken)
        unknown = {"json": {"conformance_unknown": True}}
        _expect(world, operation, "unknown_field_refused", {403, 404, 422, 428}, path, token=token, **unknown)
    elif "_id}" in operation.path:
        # A read or a bare command on what is not there.
        _expect(world, operation, "nobodys_id_refused", {401, 403, 404, 410, 422}, path, token=token, **body)
    elif operation.method == "POST" and not operation.signed_in:
        world.recorder.send("POST", path, **body)


def _expect(world: World, operation: Operation, rule: str, statuses: set[int], path: str, **request: Any) -> None:
    answer = world.recorder.send(operation.method, path, **request)
    world.recorder.require(answer.status_code in statuses, operation, rule, str(answer.status_code))


def _right_kind_of_body(operation: Operation) -> Mapping[str, Any]:
    if "application/json" in operation.body_types:
        return {"json": {}}
    if "multipart/form-data" in operation.body_types:
        return {"files": {"file": ("a.txt", b"a", "text/plain")}}
    return {}
