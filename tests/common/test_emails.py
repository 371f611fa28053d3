"""E-mail through a real SMTP server, into a folder, or refused; what may have arrived is told from what did not."""

import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from pydantic import SecretStr

from services.common.messages.emails import (
    Attachment,
    Email,
    EmailNotSent,
    EmailOff,
    EmailRefused,
    EmailUnsure,
    FolderSender,
    NoSender,
    SmtpSender,
    SmtpServer,
    email_sender,
)

FROM = "office@example.org"
MAIL = Email(
    "desk@example.org", "待办提醒", "有3件推荐等待办理", [Attachment("联系表.pdf", b"%PDF-1.7", "application/pdf")]
)


class Mailbox:
    """Answers the recipient `recipient`, and the message `data`."""

    def __init__(self) -> None:
        self.recipient, self.data = "250 OK", "250 OK"
        self.received: list[bytes] = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: ARG002, N802  names of aiosmtpd
        envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, server, session, envelope):  # noqa: ARG002, N802  names of aiosmtpd
        if self.data == "hang up":
            server.transport.abort()
            return "421 gone"
        self.received.append(envelope.content)
        return self.data


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    handler = Mailbox()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    handler.port = controller.port
    yield handler
    controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def sender(port: int) -> SmtpSender:
    return SmtpSender(SmtpServer("127.0.0.1", port, "none", "", None), FROM)


async def test_a_message_arrives_with_its_words_and_files(mailbox):
    await sender(mailbox.port).send(MAIL)
    (content,) = mailbox.received
    got = message_from_bytes(content, policy=default)
    files = [(part.get_filename(), part.get_content()) for part in got.iter_attachments()]
    assert (got["To"], got["Subject"], FROM in got["From"]) == ("desk@example.org", "待办提醒", True)
    assert (got.get_body(("plain",)).get_content().strip(), files) == (
        "有3件推荐等待办理",
        [("联系表.pdf", b"%PDF-1.7")],
    )
    assert got["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("place", "answer", "trouble"),
    [
        ("recipient", "450 later", EmailNotSent),
        ("recipient", "550 no such mailbox", EmailRefused),
        ("data", "452 full", EmailNotSent),
        ("data", "552 too large", EmailRefused),
        ("data", "hang up", EmailUnsure),
    ],
)
async def test_what_the_server_says_decides_whether_to_try_again(mailbox, place, answer, trouble):
    setattr(mailbox, place, answer)
    with pytest.raises(trouble) as raised:
        await sender(mailbox.port).send(MAIL)
    assert type(raised.value) is trouble


async def test_a_server_that_is_away_has_certainly_taken_nothing():
    with pytest.raises(EmailNotSent):
        await sender(free_port()).send(MAIL)


async def test_a_line_break_in_a_subject_adds_no_header(mailbox):
    await sender(mailbox.port).send(Email("desk@example.org", "一\r\nBcc: x@example.org", "二"))
    got = message_from_bytes(mailbox.received[0], policy=default)
    assert (got["Bcc"], got["Subject"]) == (None, "一 Bcc: x@example.org")


async def test_a_folder_holds_what_only_its_owner_reads(tmp_path):
    await FolderSender(tmp_path / "mail", FROM).send(MAIL)
    (file,) = (tmp_path / "mail").iterdir()
    assert (file.suffix, file.stat().st_mode & 0o777, (tmp_path / "mail").stat().st_mode & 0o777) == (
        ".eml",
        0o600,
        0o700,
    )


async def test_without_a_server_nothing_is_promised():
    with pytest.raises(EmailOff):
        await NoSender().send(MAIL)


@pytest.mark.parametrize(
    ("server", "address"),
    [
        (SmtpServer("smtp.example.org", 465, "tls", "", None), ""),
        (SmtpServer("smtp.example.org", 465, "tls", "office", None), FROM),
        (SmtpServer("smtp.example.org", 465, "tls", "", SecretStr("given by the provider")), FROM),
    ],
)
def test_half_a_mail_server_is_refused(server, address):
    with pytest.raises(ValueError, match="XIANJIN_MAIL_FROM"):
        email_sender(server=server, sender=address, folder=Path("unused"))


def test_the_server_comes_before_the_folder():
    server = SmtpServer("smtp.example.org", 465, "tls", "", None)
    chosen = [
        type(email_sender(server=each, sender=FROM, folder=folder))
        for each, folder in ((server, Path("unused")), (None, Path("unused")), (None, None))
    ]
    assert chosen == [SmtpSender, FolderSender, NoSender]
