"""Text messages that are sent after the answer, so that its time tells nothing: not even whether one was sent."""

import asyncio
import logging

from services.common.messages.text_messages import TextMessage, TextMessageNotSent, TextMessageSender, TextMessagesOff
from services.common.problems import Problem

log = logging.getLogger(__name__)
_AFTER_SECONDS = 0.2
_MOST = 500
_LAST_SECONDS = 6.0


class SendingLater:
    """Bounded. What fails is logged by the sender; the person asks for another code."""

    def __init__(self, sender: TextMessageSender) -> None:
        self._sender = sender
        self._waiting: set[asyncio.Task[None]] = set()

    def refuse_when_off(self) -> None:
        """Raises TextMessagesOff."""
        if not self._sender.on:
            raise TextMessagesOff

    def send(self, message: TextMessage | None) -> None:
        """None takes its place in the queue too. Raises TextMessageNotSent when too many wait."""
        if len(self._waiting) >= _MOST:
            raise TextMessageNotSent
        task = asyncio.create_task(self._send(message), name="text message")
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

    async def _send(self, message: TextMessage | None) -> None:
        await asyncio.sleep(_AFTER_SECONDS)
        if message is None:
            return
        try:
            await self._sender.send(message)
        except Problem as problem:
            log.warning("text message not sent", extra={"template": message.template, "problem": problem.code})

    async def close(self) -> None:
        """Those that wait are still sent."""
        if self._waiting:
            await asyncio.wait(self._waiting, timeout=_LAST_SECONDS)
