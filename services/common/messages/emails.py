"""E-mail, through the operator's own SMTP server, or into a folder of .eml files in the embedded default.

Mail is for desks: digests of a morning, what reached no phone, and the electronic copies that a notice asks for by e-mail.
"""

import asyncio
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid
from pathlib import Path
from typing import Literal, Protocol
from uuid import uuid4

import aiosmtplib
from pydantic import SecretStr

from services.common.problems import Unavailable
from services.common.text import Bilingual

log = logging.getLogger(__name__)
Security = Literal["tls", "starttls", "none"]
SENDER_NAME = "评选推荐系统"
_SECONDS = 30


class EmailOff(Unavailable):
    code = "email_off"
    title = Bilingual("本系统没有开通电子邮件", "E-mail is not set up here")


class EmailNotSent(Unavailable):
    """Certainly not accepted: trying again does no harm."""

    code = "email_not_sent"
    title = Bilingual("邮件暂时发不出去，请稍后再试", "The e-mail could not be sent; try again")


class EmailRefused(Unavailable):
    """The server will never take it: no such mailbox, or too large."""

    code = "email_refused"
    title = Bilingual("收件邮箱拒收，请核对地址", "The mailbox refuses it; check the address")


class EmailUnsure(Unavailable):
    """It may have been accepted: the connection broke off while the server had the message."""

    code = "email_unsure"
    title = Bilingual("邮件可能已发出，请先核实再重发", "The e-mail may have been sent; check before sending again")


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Email:
    to: str
    subject: str
    text: str
    attachments: Sequence[Attachment] = ()
    identity: str = ""
    """The same for the same message handed in again: left of the @ of its Message-ID (RFC 5322 3.6.4). None: one of its own."""


class EmailSender(Protocol):
    ready: bool
    """Whether e-mail is set up at all."""

    async def send(self, email: Email) -> None:
        """Raises EmailOff, EmailNotSent, EmailRefused, EmailUnsure. Call it outside any transaction."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail is handed in. `none` is for a relay on the same machine or network."""

    host: str
    port: int
    security: Security
    username: str
    password: SecretStr | None


def email_sender(*, server: SmtpServer | None, sender: str, folder: Path | None) -> EmailSender:
    """The server when there is one, else the folder, else one that refuses. Raises ValueError for half a server."""
    if server is None:
        return FolderSender(folder, sender or "xianjin@localhost") if folder is not None else NoSender()
    if "@" not in sender or bool(server.username) != (server.password is not None):
        raise ValueError("XIANJIN_SMTP_HOST needs XIANJIN_MAIL_FROM, and a user name and a password or neither")
    return SmtpSender(server, sender)


class SmtpSender:
    """Hands one message in and waits for the server's word."""

    ready = True

    def __init__(self, server: SmtpServer, sender: str) -> None:
        self._server = server
        self._sender = sender

    async def send(self, email: Email) -> None:
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            username=server.username or None,
            password=server.password.get_secret_value() if server.password else None,
            timeout=_SECONDS,
        )
        message = composed(email, self._sender)
        try:
            await client.connect()
        except (aiosmtplib.SMTPException, OSError) as error:
            log.warning("smtp server not reached", extra={"error": type(error).__name__})
            raise EmailNotSent from None
        try:
            await client.send_message(message)
        except aiosmtplib.SMTPRecipientsRefused as refused:
            raise _by_code(refused.recipients[0].code) from None
        except aiosmtplib.SMTPResponseException as answer:
            raise _by_code(answer.code) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            log.warning("smtp connection lost", extra={"error": type(error).__name__})
            raise EmailUnsure from None
        finally:
            client.close()


def _by_code(code: int) -> Unavailable:
    """RFC 5321: 4xx may succeed later, 5xx will not."""
    log.warning("smtp server refused", extra={"code": code})
    return EmailRefused() if code >= 500 else EmailNotSent()


def composed(email: Email, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = formataddr((SENDER_NAME, sender))
    message["To"] = email.to
    message["Subject"] = " ".join(email.subject.split())
    message["Date"] = format_datetime(datetime.now(UTC))
    domain = sender.rpartition("@")[2]
    message["Message-ID"] = f"<{email.identity}@{domain}>" if email.identity else make_msgid(domain=domain)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: out-of-office programs do not answer it
    message.set_content(email.text)
    for each in email.attachments:
        main, _, sub = each.media_type.partition("/")
        message.add_attachment(each.content, maintype=main, subtype=sub, filename=each.name)
    return message


class FolderSender:
    """For the embedded default and tests: one .eml file for each message, which only its owner reads."""

    ready = True

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    async def send(self, email: Email) -> None:
        message = composed(email, self._sender).as_bytes()
        try:
            await asyncio.to_thread(self._write, message)
        except OSError as error:
            log.warning("mail folder cannot be written", extra={"error": type(error).__name__})
            raise EmailNotSent from None

    def _write(self, message: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{uuid4().hex[:8]}"
        partial = self._folder / f"{name}.part"
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123  Path.open takes no mode
            file.write(message)
        partial.rename(self._folder / f"{name}.eml")


class NoSender:
    ready = False

    async def send(self, email: Email) -> None:  # noqa: ARG002
        raise EmailOff
