"""What holds for every answer, whatever the journey: named rules, each a sentence about a request and its answer."""

import json
from collections.abc import Iterator
from typing import Any

import httpx

from services.conformance.contract import PROBLEM, Contract, Operation

Fault = tuple[str, str]
"""The rule that was broken, and what was seen."""
_PROBLEM_MEMBERS = ("type", "title", "status", "code", "detail", "trace_id")


def faults(contract: Contract, operation: Operation, answer: httpx.Response) -> Iterator[Fault]:
    """Everything that is wrong with one answer."""
    status = answer.status_code
    if status >= 500 and status != 503:
        yield "no_500", f"answered {status}"
    if not answer.headers.get("x-request-id"):
        yield "request_id", "no X-Request-Id"
    declared = operation.response(status)
    if declared is None:
        yield "status_declared", f"{status} is not among {', '.join(operation.said['responses'])}"
        return
    if status == 304:
        if answer.content:
            yield "not_modified_is_empty", "304 with a body"
        return
    yield from _media(contract, operation, declared.get("content", {}), answer)
    if status >= 400:
        yield from _problem(operation, answer)
    elif operation.signed_in and not {"no-store", "private"} & _cache(answer):
        yield "private_answers_are_not_cached", f"Cache-Control: {answer.headers.get('cache-control', '')}"
    if (
        status == 200
        and operation.method == "GET"
        and _type(answer) == "application/json"
        and not answer.headers.get("etag")
    ):
        yield "reads_carry_an_etag", "no ETag"


def _media(contract: Contract, operation: Operation, content: Any, answer: httpx.Response) -> Iterator[Fault]:
    if not content:
        return
    if _type(answer) not in content:
        yield "media_type_declared", f"{_type(answer) or 'nothing'} instead of {', '.join(content)}"
        return
    media = content[_type(answer)]
    if _type(answer) not in {"application/json", PROBLEM}:
        return
    try:
        body = json.loads(answer.content)
    except ValueError:
        yield "json_is_json", "the body is not JSON"
        return
    wrong = contract.mismatch(media["schema"], body) if "schema" in media else None
    if wrong:
        yield "body_matches_schema", wrong
    if "multipart/form-data" in operation.body_types and not isinstance(body, dict):
        yield "uploads_answer_json", "an upload's answer is a JSON object"


def _problem(operation: Operation, answer: httpx.Response) -> Iterator[Fault]:
    if _type(answer) != PROBLEM:
        return  # named by media_type_declared
    try:
        body = json.loads(answer.content)
    except ValueError:
        return
    missing = [member for member in _PROBLEM_MEMBERS if not body.get(member)]
    if missing:
        yield "problems_are_whole", f"without {', '.join(missing)}"
    if body.get("status") != answer.status_code:
        yield "problems_repeat_the_status", f"{body.get('status')} in the body of a {answer.status_code}"
    if body.get("code") not in operation.codes(answer.status_code):
        yield "codes_are_declared", f"{body.get('code')} is not declared for {answer.status_code}"
    if answer.status_code == 401 and "www-authenticate" not in answer.headers:
        yield "401_says_how", "no WWW-Authenticate"
    if answer.status_code in {429, 503} and "retry-after" not in answer.headers:
        yield "come_back_when", "no Retry-After"


def _cache(answer: httpx.Response) -> set[str]:
    return {each.strip() for each in answer.headers.get("cache-control", "").split(",")}


def _type(answer: httpx.Response) -> str:
    return str(answer.headers.get("content-type", "")).partition(";")[0].strip()
