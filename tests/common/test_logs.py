"""Nothing personal reaches a log: structured values are refused, whatever text remains is masked."""

import json
import logging

import pytest

from services.common.logs import JsonFormatter, mask
from services.common.request_context import request_id


def line(message: str, **extra: object) -> dict[str, object]:
    record = logging.makeLogRecord({"name": "test", "levelname": "INFO", "msg": message, **extra})
    return json.loads(JsonFormatter().format(record))


def test_a_line_is_json_with_its_scalars():
    written = line("request", route="/v1/nominations", status=200, ms=1.5)
    assert {key: written[key] for key in ("message", "route", "status", "ms")} == {
        "message": "request",
        "route": "/v1/nominations",
        "status": 200,
        "ms": 1.5,
    }


@pytest.mark.parametrize("value", [{"form": 1}, ["a"], object()])
def test_anything_but_a_scalar_is_refused_where_it_is_logged(value):
    with pytest.raises(TypeError, match="scalars only"):
        line("saved", form=value)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("number 140922198503120018 seen", "number [identity number] seen"),
        ("number 11010519491231002X seen", "number [identity number] seen"),
        ("call 13900000000 now", "call [phone] now"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer [token]"),
        ("token eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "token [token]"),  # pragma: allowlist secret
        (
            "GET /sns/jscode2session?secret=topsecret&js_code=abc",
            "GET /sns/jscode2session?secret=[secret]&js_code=[secret]",
        ),
        ("postgresql://auth_app:hunter2@127.0.0.1/x", "postgresql://[secret]@127.0.0.1/x"),  # pragma: allowlist secret
        (
            "refused\nDETAIL:  Failing row contains (1, 示例甲\n\n第二行).\nHINT:  Why",
            "refused\nDETAIL: [row]\nHINT:  Why",
        ),
        ("Key (lower(username))=(示例甲) already exists.", "DETAIL: [row]"),
        ("id 0199b3a2-c5d8-7e10-a1b2-c3d4e5f60718", "id 0199b3a2-c5d8-7e10-a1b2-c3d4e5f60718"),
    ],
)
def test_identity_numbers_phones_and_secrets_are_masked_and_nothing_else(text, masked):
    assert mask(text) == masked


def test_an_exception_is_masked_too():
    error = ValueError("140922198503120018")
    written = line("failed", exc_info=(ValueError, error, None))
    assert written["exception"] == "ValueError: [identity number]"


def test_a_line_names_the_request_it_belongs_to():
    token = request_id.set("request-1")
    try:
        assert line("anything")["request_id"] == "request-1"
    finally:
        request_id.reset(token)
