"""A command that cannot begin says which setting is wrong, or who is away: no traceback, nothing that a setting holds."""

import logging
import os
from collections.abc import Iterator

import pytest

from services.__main__ import main

KEY = "A" * 43 + "="
HELD = "hunter2"
NOWHERE = f"postgresql+asyncpg://someone:{HELD}@127.0.0.1:1/nowhere"
SET = {"AUTH_DATABASE_URL": NOWHERE, "AUTH_KEY_ENCRYPTION_KEY": KEY}


@pytest.fixture(autouse=True)
def only_what_a_test_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("XIANJIN_", "AUTH_", "DOCUMENTS_", "NOMINATIONS_"))]:
        monkeypatch.delenv(name)
    for name, value in SET.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """`serve` sends the logs of its process to its own standard error, which ends with the test."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers, root.level = handlers, level


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(arguments)
    return code, capsys.readouterr().err


def test_every_missing_setting_is_named_at_once(capsys, monkeypatch):
    for name in SET:
        monkeypatch.delenv(name)
    code, words = told(capsys, "auth", "rotate-keys")
    assert (code, [name for name in SET if f"{name}: Field required" in words]) == (2, list(SET))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AUTH_DATABASE_URL", f"mysql://someone:{HELD}@host/db"),
        ("AUTH_KEY_ENCRYPTION_KEY", HELD),
        ("AUTH_SERVICE_CLIENTS", '{"a": "hunter2"'),
        ("AUTH_ACCESS_TOKEN_SECONDS", HELD),
        ("XIANJIN_SMS_GATEWAY_URL", "https://hunter2.example"),
        ("XIANJIN_SMTP_HOST", "hunter2.example"),
    ],
)
def test_a_wrong_setting_is_refused_by_name_and_without_what_it_holds(capsys, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    code, words = told(capsys, "auth", "rotate-keys")
    short = name.removeprefix("AUTH_").removesuffix("_URL").removesuffix("_HOST")
    assert (code, short.lower() in words.lower(), HELD in words, "Traceback" in words) == (2, True, False, False)


@pytest.mark.parametrize(("name", "value"), [("XIANJIN_LOG_LEVEL", "loud"), ("XIANJIN_LEAVE_SECONDS", "soon")])
def test_what_only_the_server_reads_is_refused_before_it_serves(capsys, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    code, words = told(capsys, "serve", "--only", "auth", "--port", "0")
    assert (code, name in words) == (2, True)


def test_a_database_that_is_away_is_told_without_its_password(capsys):
    code, words = told(capsys, "auth", "verify-log")
    assert (code, "Database or store is away" in words, HELD in words) == (2, True, False)


@pytest.mark.parametrize("port", ["65536", "-1", "abc", "٣"])
def test_a_port_that_is_none_is_refused_before_anything_starts(capsys, port):
    with pytest.raises(SystemExit) as ended:
        main(["serve", f"--port={port}"])
    assert (ended.value.code, "65535" in capsys.readouterr().err) == (2, True)
