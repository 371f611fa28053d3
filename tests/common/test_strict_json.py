import json

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
