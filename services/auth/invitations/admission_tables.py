"""People who ask to be admitted: a WeChat account that nobody invited, until a unit or county decides."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from services.auth.tables import AuthTable, Moment, StoredRole, String


class AdmissionRequestRow(AuthTable):
    __tablename__ = "admission_requests"
    __table_args__ = (
        Index(
            "admission_requests_one_open_for_a_wechat_account",
            "appid",
            "openid",
            unique=True,
            postgresql_where=text("decided_at IS NULL"),
        ),
        Index("admission_requests_by_place", "jurisdiction", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    appid: Mapped[String]
    openid: Mapped[String]
    unionid: Mapped[String | None]
    full_name: Mapped[String]
    role: Mapped[StoredRole]
    jurisdiction: Mapped[String]
    unit_name: Mapped[String]
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("auth.organisations.id"))
    phone_mark: Mapped[bytes | None]
    sealed_phone: Mapped[bytes | None]
    asked_at: Mapped[Moment]
    decided_at: Mapped[Moment | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("auth.persons.id"))
    outcome: Mapped[String | None]
    reason: Mapped[String | None]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("auth.persons.id"))
