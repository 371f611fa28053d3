"""Text messages through a gateway, a file, or refused."""

import json
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from services.common.messages.text_messages import (
    FileSender,
    GatewaySender,
    NoSender,
    TextMessage,
    TextMessageNotSent,
    TextMessagesOff,
    mobile_number,
    text_message_sender,
)

MESSAGE = TextMessage("13800000000", "sign_in_code", "示例：验证码123456", {"code": "123456"})
SECRET = SecretStr("Zq7mV1wK9tB3nR5yL8")


def gateway(answer: object) -> GatewaySender:
    return GatewaySender("https://sms.invalid/send", SECRET, httpx.MockTransport(answer))


async def test_the_gateway_receives_the_message_with_the_secret() -> None:
    seen: list[tuple[str, object]] = []

    def accept(request: httpx.Request) -> httpx.Response:
        seen.append((request.headers["authorization"], json.loads(request.content)))
        return httpx.Response(202)

    await gateway(accept).send(MESSAGE)
    body = {
        "phone": "13800000000",
        "template": "sign_in_code",
        "text": "示例：验证码123456",
        "parameters": {"code": "123456"},
    }
    assert seen == [(f"Bearer {SECRET.get_secret_value()}", body)]


@pytest.mark.parametrize("status", [301, 400, 429, 500])
async def test_a_gateway_that_does_not_accept_is_told(status: int) -> None:
    with pytest.raises(TextMessageNotSent):
        await gateway(lambda _: httpx.Response(status)).send(MESSAGE)


async def test_a_gateway_that_is_away_is_told() -> None:
    def away(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("away")

    with pytest.raises(TextMessageNotSent):
        await gateway(away).send(MESSAGE)


async def test_the_file_holds_a_line_for_each_message_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "messages.jsonl"
    for _ in range(2):
        await FileSender(file).send(MESSAGE)
    assert [json.loads(line)["parameters"] for line in file.read_text("utf-8").splitlines()] == [{"code": "123456"}] * 2
    assert file.stat().st_mode & 0o777 == 0o600


async def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(TextMessageNotSent):
        await FileSender(tmp_path / "nowhere" / "messages.jsonl").send(MESSAGE)


async def test_without_a_sender_every_message_is_refused() -> None:
    with pytest.raises(TextMessagesOff):
        await NoSender().send(MESSAGE)


def test_the_gateway_goes_before_the_file(tmp_path: Path) -> None:
    chosen = text_message_sender(gateway="https://sms.invalid", secret=SECRET, file=tmp_path)
    assert type(chosen) is GatewaySender


@pytest.mark.parametrize(("gateway", "secret"), [("https://sms.invalid", None), ("sms.invalid", SECRET)])
def test_half_a_gateway_is_refused_at_the_start(gateway: str, secret: SecretStr | None) -> None:
    with pytest.raises(ValueError, match="XIANJIN_SMS_GATEWAY_SECRET"):
        text_message_sender(gateway=gateway, secret=secret, file=None)


@pytest.mark.parametrize("typed", ["13800000000", "+86 138 0000 0000", "0086-138-0000-0000", "8613800000000"])
def test_a_number_is_read_however_it_is_written(typed: str) -> None:
    assert mobile_number(typed) == "13800000000"


@pytest.mark.parametrize(
    "typed", ["", "03501234567", "12800000000", "138000000000", "１３８００００００００", "+1 13800000000"]
)
def test_what_is_no_mobile_number_is_none(typed: str) -> None:
    assert mobile_number(typed) is None
