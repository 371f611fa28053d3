"""The schema `auth`. Codes and tokens stand here as hashes only; a private key only sealed."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    Enum,
    ForeignKey,
    Index,
    MetaData,
    Text,
    UniqueConstraint,
    false,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from uuid_utils.compat import uuid7

from services.auth.domain.roles import Bureau, OrganisationKind, Role
from services.common.repeats.idempotency import IdempotencyKeyColumns


def _one_of(column: str, members: list[StrEnum]) -> str:
    listed = ", ".join(f"'{each}'" for each in members)
    return f"{column} IN ({listed})"


def _stored_as_text(members: type[StrEnum]) -> Any:
    kind = Enum(members, native_enum=False, length=32, values_callable=lambda cls: [str(each) for each in cls])
    return mapped_column(kind)


String = Annotated[str, mapped_column(Text)]
Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]
StoredRole = Annotated[Role, _stored_as_text(Role)]
StoredKind = Annotated[OrganisationKind, _stored_as_text(OrganisationKind)]
StoredBureau = Annotated[Bureau, _stored_as_text(Bureau)]


class AuthTable(DeclarativeBase):
    __abstract__ = True
    metadata = MetaData(schema="auth")


class OrganisationRow(AuthTable):
    __tablename__ = "organisations"
    __table_args__ = (
        UniqueConstraint(
            "jurisdiction",
            "kind",
            "bureau",
            "name",
            name="organisations_one_body_of_a_name_in_a_jurisdiction",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint(_one_of("kind", list(OrganisationKind)), name="organisations_kind_is_known"),
        CheckConstraint(
            "(kind IN ('city_bureau', 'county_bureau')) = (bureau IS NOT NULL)",
            name="organisations_only_a_bureau_is_hrss_or_iit",
        ),
        CheckConstraint(_one_of("bureau", list(Bureau)), name="organisations_bureau_is_one_of_two"),
        CheckConstraint("parent_id <> id", name="organisations_no_body_is_its_own_parent"),
        CheckConstraint(
            "(merged_into IS NULL) = (ended_at IS NULL) AND merged_into <> id", name="organisations_end_by_a_merger"
        ),
        CheckConstraint("uscc ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'", name="organisations_credit_code_is_one"),
        Index("organisations_by_jurisdiction", "jurisdiction", "id"),
        Index("organisations_by_successor", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("auth.organisations.id"))
    kind: Mapped[StoredKind]
    name: Mapped[String]
    jurisdiction: Mapped[String]
    bureau: Mapped[StoredBureau | None]
    uscc: Mapped[String | None]
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("auth.organisations.id"))
    """The body that took this one in. Its row stays: papers of its time name it."""
    ended_at: Mapped[Moment | None]
    contact_name: Mapped[String | None]
    contact_phone: Mapped[String | None]
    address: Mapped[String | None]


class PersonRow(AuthTable):
    __tablename__ = "persons"
    __table_args__ = (
        CheckConstraint(
            "(suspended_at IS NULL) = (suspension_reason IS NULL)", name="persons_are_suspended_for_a_reason"
        ),
        Index("persons_by_phone", "phone_mark"),
        Index("persons_by_name", "full_name", postgresql_ops={"full_name": "text_pattern_ops"}),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    full_name: Mapped[String]
    created_at: Mapped[Moment] = mapped_column(server_default=func.now())
    suspended_at: Mapped[Moment | None]
    suspension_reason: Mapped[String | None]
    phone_mark: Mapped[bytes | None]
    """A keyed fingerprint, to find people by the number that WeChat vouches for."""
    sealed_phone: Mapped[bytes | None]


class RoleAssignmentRow(AuthTable):
    __tablename__ = "role_assignments"
    __table_args__ = (
        CheckConstraint(
            _one_of("role", [each for each in Role if each is not Role.SERVICE]),
            name="role_assignments_role_is_held_by_people",
        ),
        CheckConstraint("ends_at > starts_at", name="role_assignments_end_after_they_start"),
        CheckConstraint(
            "delegated_from IS NULL OR (ends_at IS NOT NULL AND delegation_reason IS NOT NULL)",
            name="role_assignments_delegated_ones_end",
        ),
        Index("role_assignments_by_body", "organisation_id", "id"),
        Index("role_assignments_by_person", "person_id", "id"),
        Index("role_assignments_by_campaign", "campaign_key", postgresql_where=text("campaign_key IS NOT NULL")),
        Index("role_assignments_by_delegator", "delegated_from", postgresql_where=text("delegated_from IS NOT NULL")),
        Index(
            "role_assignments_one_open_term",
            "person_id",
            "organisation_id",
            "role",
            unique=True,
            postgresql_where=text("ends_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("auth.persons.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("auth.organisations.id"))
    role: Mapped[StoredRole]
    starts_at: Mapped[Moment]
    ends_at: Mapped[Moment | None]
    campaign_key: Mapped[String | None]
    """The campaign with whose work the role ends (R43); None: it outlives campaigns."""
    delegated_from: Mapped[UUID | None] = mapped_column(ForeignKey("auth.role_assignments.id"))
    """The assignment for whose holder this person acts for a time."""
    delegation_reason: Mapped[String | None]


class PasswordCredentialRow(AuthTable):
    __tablename__ = "password_credentials"
    __table_args__ = (
        Index("password_credentials_one_username_in_any_case", text("lower(username)"), unique=True),
        CheckConstraint("password_hash LIKE '$argon2id$%'", name="password_credentials_hash_is_argon2id"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("auth.persons.id"), primary_key=True)
    username: Mapped[String]
    password_hash: Mapped[String]
    changed_at: Mapped[Moment] = mapped_column(server_default=func.now())
    must_change: Mapped[bool] = mapped_column(server_default=false())


class WechatIdentityRow(AuthTable):
    __tablename__ = "wechat_identities"
    __table_args__ = (Index("wechat_identities_by_unionid", "unionid"),)

    appid: Mapped[String] = mapped_column(primary_key=True)
    openid: Mapped[String] = mapped_column(primary_key=True)
    unionid: Mapped[String | None]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("auth.persons.id"), index=True)
    bound_at: Mapped[Moment]


class InvitationRow(AuthTable):
    __tablename__ = "invitations"
    __table_args__ = (
        UniqueConstraint("code_hash", name="invitations_one_code_names_one_person"),
        CheckConstraint("expires_at > created_at", name="invitations_expire_after_they_begin"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    code_hash: Mapped[bytes]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("auth.persons.id"), index=True)
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("auth.persons.id"))
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    used_at: Mapped[Moment | None]
    revoked_at: Mapped[Moment | None]
    role_assignment_id: Mapped[UUID | None] = mapped_column(ForeignKey("auth.role_assignments.id"), index=True)


class SessionRow(AuthTable):
    """A session is also the family of its refresh tokens."""

    __tablename__ = "sessions"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="sessions_that_ended_say_why"),
        Index("sessions_lately_ended", "ended_at", postgresql_where=text("ended_at IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("auth.persons.id"), index=True)
    role_assignment_id: Mapped[UUID] = mapped_column(ForeignKey("auth.role_assignments.id"))
    started_at: Mapped[Moment]
    last_seen_at: Mapped[Moment] = mapped_column(server_default=func.now())
    device: Mapped[String] = mapped_column(server_default="")
    address: Mapped[String] = mapped_column(server_default="")
    ended_at: Mapped[Moment | None]
    end_reason: Mapped[String | None]
    proved_by_text_code: Mapped[bool] = mapped_column(server_default=false())
    """Besides the password: a second factor for this session alone."""


class RefreshTokenRow(AuthTable):
    __tablename__ = "refresh_tokens"
    __table_args__ = (
        Index(
            "refresh_tokens_one_unused_in_a_session",
            "session_id",
            unique=True,
            postgresql_where=text("used_at IS NULL"),
        ),
    )

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("auth.sessions.id"))
    expires_at: Mapped[Moment]
    used_at: Mapped[Moment | None]


class SigningKeyRow(AuthTable):
    __tablename__ = "signing_keys"
    __table_args__ = (
        CheckConstraint("NOT public_jwk ? 'd'", name="signing_keys_public_jwk_holds_no_private_part"),
        CheckConstraint("public_jwk ->> 'kid' = kid", name="signing_keys_kid_is_the_published_one"),
        CheckConstraint("signs_from >= created_at", name="signing_keys_are_published_before_they_sign"),
    )

    kid: Mapped[String] = mapped_column(primary_key=True)
    public_jwk: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sealed_private_key: Mapped[bytes]
    created_at: Mapped[Moment]
    signs_from: Mapped[Moment] = mapped_column(server_default=func.now())
    published_until: Mapped[Moment | None]


class IdempotencyKeyRow(IdempotencyKeyColumns, AuthTable):
    """Answers given under an Idempotency-Key."""
