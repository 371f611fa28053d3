"""The e-mails that the services wrote into their folder, read as mail programs read them."""

import email
import os
from email.message import EmailMessage
from email.policy import default
from pathlib import Path


def mails_to(address: str) -> list[EmailMessage]:
    """The oldest first."""
    files = sorted(Path(os.environ["XIANJIN_MAIL_FOLDER"]).glob("*.eml"))
    mails = [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]
    return [mail for mail in mails if mail["To"] == address and isinstance(mail, EmailMessage)]


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    text: str = part.get_content()
    return text


def code_in(mail: EmailMessage) -> str:
    return text_of(mail).partition("验证码：")[2][:6]
