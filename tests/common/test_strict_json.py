import json
import time

import pytest

from services.common.answers.strict_json import MAX_DEPTH, strict_loads


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 12345678901234567890}',
        b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1),
        b"\xff\xfe",
        b'{"a": ',
        b"",
    ],
)
def test_what_two_parsers_could_read_differently_is_refused(body):
    with pytest.raises(json.JSONDecodeError):
        strict_loads(body)


def test_brackets_inside_text_are_not_depth():
    assert strict_loads(b'{"a": "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}')["a"].count("[") == 40


def test_ordinary_json_is_read():
    assert strict_loads('{"a": [1, 2.5, true, null, "喆"]}'.encode()) == {"a": [1, 2.5, True, None, "喆"]}


def test_nesting_up_to_the_limit_is_read():
    assert strict_loads(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH) is not None


def test_a_body_of_quotes_without_an_end_costs_no_more_than_its_length():
    body = b"[" + b"[]," * 40 + b'"' + b'\\"' * 500_000
    started = time.process_time()
    with pytest.raises(json.JSONDecodeError):
        strict_loads(body)
    assert time.process_time() - started < 2.0


def test_brackets_behind_an_escaped_quote_are_text_and_behind_the_string_are_depth():
    assert strict_loads(b'["\\"' + b"[" * 40 + b'"]') == ['"' + "[" * 40]
    with pytest.raises(json.JSONDecodeError, match="nested too deeply"):
        strict_loads(b'["\\\\",' + b"[" * 40 + b"]" * 41)
