"""The conformance run: our own server passes it, a server that breaks one promise is named with the promise."""

import json
from collections.abc import Callable

import httpx
import pytest

from services.__main__ import main
from services.conformance.given import ContractUnreadable, Given
from services.conformance.journeys.open_pages import read_open_pages
from services.conformance.running import run
from services.embedded.demo_people import PASSWORD

PEOPLE = {part: (name, PASSWORD) for part, name in (("unit_clerk", "wutai-clerk"), ("outsider", "dingxiang-clerk"))}
GIVEN = Given(campaign="shanxi-manufacturing-2025", accounts=PEOPLE)
Break = Callable[[httpx.Request, httpx.Response], httpx.Response]


class Proxy(httpx.BaseTransport):
    """Hands everything on, and spoils what comes back."""

    def __init__(self, spoil: Break) -> None:
        self._spoil = spoil
        self._network = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._network.handle_request(request)
        answer.read()
        return self._spoil(request, answer)

    def close(self) -> None:
        self._network.close()


def test_our_own_server_passes_and_nearly_every_operation_was_seen_to_succeed(url, http, tmp_path, capsys):
    http.post("/v1/sandbox/resets").raise_for_status()
    file = tmp_path / "report.json"
    code = main(["conformance", url, "--json", str(file)])
    http.post("/v1/sandbox/resets").raise_for_status()
    report = json.loads(file.read_text(encoding="utf-8"))
    failed = [(each["operation_id"], each["failures"]) for each in report["operations"] if each["failures"]]
    assert (failed, report["journeys_stopped"]) == ([], [])
    assert (code, report["passed"], report["coverage"] > 0.92) == (0, True, True)
    assert report["operations_by_verdict"]["not_exercised"] == 0
    assert "PASSED" in capsys.readouterr().out


def altered(answer: httpx.Response, body: object = None, **headers: str) -> httpx.Response:
    kept = {name: value for name, value in answer.headers.items() if name not in ("content-length", "content-encoding")}
    content = answer.content if body is None else json.dumps(body).encode()
    return httpx.Response(answer.status_code, headers=kept | headers, content=content)


def a_member_lacks(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    if request.url.path != "/v1/campaigns" or answer.status_code != 200:
        return answer
    body = answer.json()
    return altered(answer, {**body, "items": [{k: v for k, v in each.items() if k != "key"} for each in body["items"]]})


def an_unknown_code(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    if request.url.path != "/v1/character-counts" or answer.status_code != 400:
        return answer
    return altered(answer, answer.json() | {"code": "something_else"})


def everybody_may_read(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    if request.url.path != "/v1/webhook-endpoints" or request.method != "GET" or answer.status_code != 401:
        return answer
    return httpx.Response(
        200, json={"items": []}, headers={"x-request-id": "x", "cache-control": "no-store", "etag": '"1"'}
    )


def never_unchanged(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    if not request.url.path.endswith("/quotas") or "if-none-match" not in request.headers:
        return answer
    headers = {"etag": request.headers["if-none-match"], "x-request-id": "x", "cache-control": "no-store"}
    return httpx.Response(200, json={"items": [], "totals": {}}, headers=headers)


def a_bug(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    return (
        httpx.Response(500, text="oops", headers={"x-request-id": "x"}) if request.url.path == "/v1/awards" else answer
    )


SPOILED = {
    ("list_campaigns", "body_matches_schema"): a_member_lacks,
    ("count_text", "codes_are_declared"): an_unknown_code,
    ("list_webhook_endpoints", "no_token_no_answer"): everybody_may_read,
    ("get_campaign_quotas", "unchanged_is_304"): never_unchanged,
    ("list_awards", "no_500"): a_bug,
}


def all_of_them(request: httpx.Request, answer: httpx.Response) -> httpx.Response:
    for spoil in SPOILED.values():
        answer = spoil(request, answer)
    return answer


def test_a_server_that_breaks_promises_is_named_with_each_of_them_and_nothing_else(url):
    with httpx.Client(base_url=url, transport=Proxy(all_of_them), timeout=60) as http:
        report = run(http, GIVEN, (read_open_pages,))
    named = {(failure.operation, failure.rule) for failure in report.recorder.failures}
    assert not report.passed
    assert set(SPOILED) <= named
    assert {operation for operation, _ in named} == {operation for operation, _ in SPOILED}
    assert all(f"{rule}: " in report.as_text() for _, rule in SPOILED)


def test_what_publishes_no_contract_cannot_be_tested():
    nothing = httpx.MockTransport(lambda _: httpx.Response(200, text="<html>"))
    with httpx.Client(base_url="http://nowhere", transport=nothing) as http, pytest.raises(ContractUnreadable):
        run(http, GIVEN)


def test_a_server_that_is_away_is_told_from_one_that_fails(capsys):
    assert main(["conformance", "http://127.0.0.1:9"]) == 2
    assert "does not answer" in capsys.readouterr().err


def test_accounts_of_ones_own_must_be_complete(url, tmp_path, capsys):
    file = tmp_path / "accounts.yaml"
    file.write_text("unit_clerk: {username: a, password: b}\n", encoding="utf-8")
    assert main(["conformance", url, "--accounts", str(file)]) == 2
    assert "city_officer" in capsys.readouterr().err
