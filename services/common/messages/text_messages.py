"""Text messages (短信), through whatever sender the operator has: a gateway of their own, or a file in the embedded default.

Chinese networks only carry approved templates. So a message is a template's name with its parameters; the sentence stands
beside them for people and for gateways that take free text.
"""

import asyncio
import json
import logging
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import httpx
from pydantic import SecretStr

from services.common.problems import Unavailable
from services.common.text import Bilingual

log = logging.getLogger(__name__)
MOBILE = r"^1[3-9]\d{9}$"
"""A mobile number of the mainland, as it is stored and sent to: no country code, no spaces."""
_TIMEOUT = httpx.Timeout(5.0, connect=2.0)
_COUNTRY = re.compile(r"^(?:\+|00)?86(?=1)")
_SEPARATORS = str.maketrans("", "", " -\t")


class TextMessagesOff(Unavailable):
    code = "text_messages_off"
    title = Bilingual("本系统没有开通短信", "Text messages are not set up here")


class TextMessageNotSent(Unavailable):
    code = "text_message_not_sent"
    title = Bilingual("短信暂时发不出去，请稍后再试", "The text message could not be sent; try again")


class TextMessageUnsure(TextMessageNotSent):
    """The gateway may have taken it: it had the request, and no answer came."""


@dataclass(frozen=True, slots=True)
class TextMessage:
    """`template` is a name of ours, such as `sign_in_code`; the gateway knows the carrier's number for it."""

    phone: str
    template: str
    text: str
    parameters: Mapping[str, str] = field(default_factory=dict)


class TextMessageSender(Protocol):
    on: bool
    """Whether anything is ever sent."""

    async def send(self, message: TextMessage) -> None:
        """Raises TextMessagesOff, TextMessageNotSent. Call it outside any transaction."""


def mobile_number(typed: str) -> str | None:
    """The number as it is stored; None for what is no mobile number of the mainland."""
    number = _COUNTRY.sub("", typed.translate(_SEPARATORS))
    return number if re.fullmatch(MOBILE, number, re.ASCII) else None


def text_message_sender(*, gateway: str, secret: SecretStr | None, file: Path | None) -> TextMessageSender:
    """The gateway when there is one, else the file, else one that refuses. Raises ValueError for half a gateway."""
    if gateway:
        if secret is None or not gateway.startswith(("https://", "http://")):
            raise ValueError("XIANJIN_SMS_GATEWAY_URL needs https:// and XIANJIN_SMS_GATEWAY_SECRET")
        return GatewaySender(gateway, secret)
    return FileSender(file) if file is not None else NoSender()


class GatewaySender:
    """POSTs the message as JSON with a bearer secret; any 2xx means accepted. Never sent twice: people would get two."""

    on = True

    def __init__(self, url: str, secret: SecretStr, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._url = url
        self._secret = secret
        self._transport = transport

    async def send(self, message: TextMessage) -> None:
        headers = {"Authorization": f"Bearer {self._secret.get_secret_value()}"}
        try:
            async with httpx.AsyncClient(timeout=_TIMEOUT, transport=self._transport) as http:
                response = await http.post(self._url, json=asdict(message), headers=headers)
        except httpx.HTTPError as error:
            log.warning("sms gateway unreachable", extra={"error": type(error).__name__})
            certain = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
            raise (TextMessageNotSent if certain else TextMessageUnsure) from None
        if not response.is_success:
            log.warning("sms gateway refused", extra={"status": response.status_code, "template": message.template})
            raise TextMessageNotSent


class FileSender:
    """For the embedded default and tests: a line of JSON for each message, in a file only its owner reads."""

    on = True

    def __init__(self, path: Path) -> None:
        self._path = path

    async def send(self, message: TextMessage) -> None:
        line = json.dumps({"at": datetime.now(UTC).isoformat(), **asdict(message)}, ensure_ascii=False)
        try:
            await asyncio.to_thread(self._append, f"{line}\n")
        except OSError as error:
            log.warning("sms file cannot be written", extra={"error": type(error).__name__})
            raise TextMessageNotSent from None

    def _append(self, line: str) -> None:
        with open(os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding="utf-8") as file:  # noqa: PTH123  Path.open takes no mode
            file.write(line)


class NoSender:
    on = False

    async def send(self, message: TextMessage) -> None:  # noqa: ARG002
        raise TextMessagesOff
