"""Schemathesis over a running server, with the roles of real people: right and wrong data made from the contract itself.

Nothing may answer “our fault”, with a status that the contract does not name, or with a body that it does not describe.
"""

import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import AcceptedNegativeData, Failure, FailureGroup
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from services.embedded.demo_people import PASSWORD

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
]
PEOPLE = ("wutai-clerk", "wutai-head", "wutai-hrss", "wutai-office", "city-hrss", "city-office", "admin", "security")
ROLES = {
    "wutai-clerk": "unit_clerk",
    "wutai-head": "unit_head",
    "wutai-hrss": "county_reviewer",
    "wutai-office": "county_officer",
    "city-hrss": "city_reviewer",
    "city-office": "city_officer",
    "admin": "system_admin",
    "security": "security_admin",
}
PHOTO = Path("services/demo/pictures/good.jpg")
CAMPAIGN = "shanxi-manufacturing-2025"
_STREAMS = {"stream_work_items"}
"""Before OpenAPI 3.2 their schema is that of the whole text; schemathesis takes it for that of each event."""
_ENDS_ITS_OWN_SESSION = {"end_session", "end_sessions", "revoke_session"}


@dataclass
class Fuzz:
    """One run. `examples` is how many requests each operation gets, `until` when the run stops early."""

    url: str
    contract: dict[str, Any]
    examples: int
    until: float = float("inf")
    seed: int = 0
    sent: int = 0
    reached: set[str] = field(default_factory=set)
    failures: dict[tuple[str, str], str] = field(default_factory=dict)
    made: dict[str, list[str]] = field(default_factory=dict)
    """Ids that answers told, by the path parameter that they fill: later requests go on with what earlier ones made."""
    continued: set[str] = field(default_factory=set)
    """Operations that succeeded on something that the run itself had made."""

    def __post_init__(self) -> None:
        self.parents = _parents_of(self.contract)
        self.http = requests.Session()
        self.tokens = {name: self._sign_in(name) for name in PEOPLE}
        self.known = self._known_ids()

    def run(self) -> dict[tuple[str, str], str]:
        """What broke, by operation and kind of fault, with the request that showed it."""
        for operation in self._operations():
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                if time.monotonic() < self.until:
                    self._send_all(operation, mode)
        return self.failures

    def _operations(self) -> Iterator[APIOperation[Any, Any, Any, Any]]:
        schema = schemathesis.openapi.from_dict(self.contract)
        for result in schema.get_all_operations():
            yield result.ok()

    def _send_all(self, operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode) -> None:
        name = operation.definition.raw["operationId"]
        audience = operation.definition.raw["x-audience"]["roles"]
        number = 0

        @seed(self.seed + zlib.crc32(name.encode()))
        @settings(
            max_examples=self.examples,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            verbosity=Verbosity.quiet,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def send(case: schemathesis.Case) -> None:
            nonlocal number
            number += 1
            if time.monotonic() < self.until:
                known = self._to_go_on_with(number) if mode is GenerationMode.POSITIVE and number % 2 else {}
                fitting = [person for person in PEOPLE if ROLES[person] in audience] if known else []
                people = fitting or PEOPLE
                self._send(name, case, people[number % len(people)], known)

        with suppress(Unsatisfiable):  # nothing can be wrong about an operation without parameters and body
            send()

    def _send(self, name: str, case: schemathesis.Case, person: str, known: dict[str, str]) -> None:
        if known:
            case.path_parameters = _with_known(case.path_parameters or {}, known)
            if known.keys() & (case.query or {}).keys():
                case.query = _with_known(case.query, known)
            if (
                case.media_type == "application/json"
                and isinstance(case.body, dict)
                and known.keys() & case.body.keys()
            ):
                case.body = _with_known(case.body, known)
        headers = {"Authorization": f"Bearer {self.tokens[person]}"}
        response = case.call(base_url=self.url, session=self.http, headers=headers, timeout=30)
        self.sent += 1
        if response.status_code < 400:
            self.reached.add(name)
            if any(value in self.made.get(key, ()) for key, value in (case.path_parameters or {}).items()):
                self.continued.add(name)
            self._keep(case.operation.path, response)
        if name in _ENDS_ITS_OWN_SESSION and response.status_code < 400:
            self.tokens[person] = self._sign_in(person)
        try:
            described = [check for check in CHECKS if check is not response_schema_conformance or name not in _STREAMS]
            case.validate_response(response, checks=described)
        except FailureGroup as group:
            for failure in group.exceptions:
                if isinstance(failure, AcceptedNegativeData) and _harmless(case, response.status_code):
                    continue
                self._note(name, failure, case, response)

    def _to_go_on_with(self, number: int) -> dict[str, str]:
        """What is known from the start, and in its turn one of each kind that was made since."""
        return self.known | {key: ids[number % len(ids)] for key, ids in self.made.items()}

    def _keep(self, path: str, response: Any) -> None:
        """An `id` fills the parameter that follows the address; a member named like a parameter fills that one.

        Not the key of a campaign: none is made by a request, and the others' are closed by no run.
        """
        if not any(each.startswith("application/json") for each in response.headers.get("content-type", ())):
            return
        body = response.json()
        items = body.get("items", [body]) if isinstance(body, dict) else body
        for item in items[:3]:
            told = item if isinstance(item, dict) else {}
            named = {key: value for key, value in told.items() if key in self.parents.values()}
            if path in self.parents and "id" in told:
                named[self.parents[path]] = told["id"]
            for key in named.keys() - {"key", "campaign_key"}:
                value = named[key]
                if isinstance(value, str) and value not in self.made.setdefault(key, []):
                    self.made[key].append(value)

    def _note(self, name: str, failure: Failure, case: schemathesis.Case, response: Any) -> None:
        told = f"{response.status_code} to {case.as_curl_command()[:600]}\n{failure.message[:600]}\n{response.content[:300]!r}"
        self.failures.setdefault((name, f"{type(failure).__name__} {response.status_code}"), told)

    def _sign_in(self, username: str) -> str:
        body = {"username": username, "password": PASSWORD}
        answer = self.http.post(f"{self.url}/v1/auth/sessions", json=body, timeout=30)
        token: str = answer.json()["access_token"]
        return token

    def _known_ids(self) -> dict[str, str]:
        """A case with a document and a report, so that half of the requests reach something."""
        body = {"campaign_key": CAMPAIGN, "category": "advanced_individual", "form": {"full_name": "示例"}}
        headers = {"Authorization": f"Bearer {self.tokens['wutai-clerk']}"}
        case = self.http.post(f"{self.url}/v1/nominations", json=body, headers=headers, timeout=30).json()["id"]
        fields = {"kind": "portrait", "bundle_id": case}
        photo = {"file": ("a.jpg", PHOTO.read_bytes(), "image/jpeg")}
        sent = self.http.post(f"{self.url}/v1/documents", data=fields, files=photo, headers=headers, timeout=30)
        begun = {"bundle_id": case, "kind": "sealed_scan", "bytes": 1000, "chunk_bytes": 262144}
        upload = self.http.post(f"{self.url}/v1/documents/uploads", json=begun, headers=headers, timeout=30).json()
        return {
            "nomination_id": case,
            "bundle_id": case,
            "document_id": sent.json()["id"],
            "upload_id": upload.get("id", case),
            "key": CAMPAIGN,
            "campaign_key": CAMPAIGN,
            "category": "advanced_individual",
            "form": "attachment_6",
            "authority": "tax",
            "event": "case_closed",
        }


def _parents_of(contract: dict[str, Any]) -> dict[str, str]:
    """Collection address → the path parameter of its members."""
    found = {}
    for path in contract["paths"]:
        parts = path.split("/")
        for place, part in enumerate(parts):
            if part.startswith("{"):
                found["/".join(parts[:place])] = part.strip("{}")
    return found


def _with_known(members: Any, known: dict[str, str]) -> dict[str, Any]:
    return {key: known.get(key, value) if isinstance(value, str) else value for key, value in members.items()}


def _harmless(case: schemathesis.Case, status: int) -> bool:
    """What is taken, or refused by another word, on purpose.

    An If-Match that is no version is refused as one of yesterday is (412), a forged link as an old one (410); parameters
    that an address does not have are passed over; null says what absence says.
    """
    if status in {410, 412} or not isinstance(case.body, dict):
        return True
    return any(value is None for value in case.body.values())
