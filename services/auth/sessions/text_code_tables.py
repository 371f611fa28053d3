"""Codes sent by text message: of phone, ticket and code only fingerprints stand here."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.auth.tables import AuthTable, Moment


class TextCodeRow(AuthTable):
    """Whoever asked for the code holds its ticket: nobody else can use up its tries."""

    __tablename__ = "text_codes"
    __table_args__ = (CheckConstraint("tries BETWEEN 0 AND 5", name="text_codes_are_tried_five_times"),)

    ticket_hash: Mapped[bytes] = mapped_column(primary_key=True)
    phone_mark: Mapped[bytes]
    code_hash: Mapped[bytes]
    tries: Mapped[int] = mapped_column(server_default="0")
    expires_at: Mapped[Moment] = mapped_column(index=True)
