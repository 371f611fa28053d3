"""Bundles, documents, stored and pending objects, views."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SCHEMA = "documents"
_MOMENT = sa.DateTime(timezone=True)


def _now(name: str) -> "sa.Column[object]":
    return sa.Column(name, _MOMENT, nullable=False, server_default=sa.func.now())


def upgrade() -> None:
    _create_bundles()
    _create_objects()
    _create_documents()
    _create_views()
    _create_idempotency_keys()


def downgrade() -> None:
    for table in (
        "idempotency_keys",
        "document_views",
        "documents",
        "pending_objects",
        "stored_objects",
        "bundles",
    ):
        op.drop_table(table, schema=_SCHEMA)
    op.execute(f"DROP FUNCTION {_SCHEMA}.refuse_change()")


def _create_bundles() -> None:
    op.create_table(
        "bundles",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("owner_person_id", sa.Uuid()),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("campaign_key", sa.Text(), nullable=False),
        sa.Column("open_to", sa.ARRAY(sa.Text()), nullable=False, server_default="{}"),
        _now("created_at"),
        sa.CheckConstraint("jurisdiction <> ''", name="bundles_belong_to_a_jurisdiction"),
        schema=_SCHEMA,
    )


def _create_objects() -> None:
    op.create_table(
        "stored_objects",
        sa.Column("object_key", sa.Text(), primary_key=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("byte_count", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("key_id", sa.Text()),
        sa.Column("wrapped_key", sa.LargeBinary()),
        _now("stored_at"),
        sa.UniqueConstraint("sha256", "sealed", name="stored_objects_same_bytes_are_stored_once"),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="stored_objects_sha256_is_lower_hex"),
        sa.CheckConstraint("byte_count > 0", name="stored_objects_are_not_empty"),
        sa.CheckConstraint(
            "sealed = (key_id IS NOT NULL) AND sealed = (wrapped_key IS NOT NULL)",
            name="stored_objects_sealed_ones_have_their_key",
        ),
        sa.CheckConstraint(
            "NOT sealed OR position(sha256 in object_key) = 0",
            name="stored_objects_sealed_keys_do_not_tell_the_content",
        ),
        schema=_SCHEMA,
    )
    op.create_table(
        "pending_objects",
        sa.Column("object_key", sa.Text(), primary_key=True),
        _now("noted_at"),
        sa.Column("removing_at", _MOMENT),
        schema=_SCHEMA,
    )


def _create_documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("bundle_id", sa.Uuid(), sa.ForeignKey("documents.bundles.id"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("single", sa.Boolean(), nullable=False),
        sa.Column("object_key", sa.Text(), sa.ForeignKey("documents.stored_objects.object_key"), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer()),
        sa.Column("height", sa.Integer()),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("findings", JSONB(), nullable=False),
        sa.Column("not_checked", ARRAY(sa.Text()), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", _MOMENT, nullable=False, server_default=sa.func.clock_timestamp()),
        sa.Column("replaced_at", _MOMENT),
        sa.CheckConstraint("verdict IN ('accept', 'review')", name="documents_rejected_ones_are_not_kept"),
        sa.CheckConstraint("(width IS NULL) = (height IS NULL)", name="documents_have_both_sides_or_none"),
        sa.CheckConstraint("replaced_at >= uploaded_at", name="documents_are_replaced_after_they_came"),
        schema=_SCHEMA,
    )
    op.create_index(
        "documents_one_in_force_of_a_single_kind",
        "documents",
        ["bundle_id", "kind"],
        schema=_SCHEMA,
        unique=True,
        postgresql_where=sa.text("single AND replaced_at IS NULL"),
    )
    op.create_index(
        "documents_in_force_by_bundle",
        "documents",
        ["bundle_id", "id"],
        schema=_SCHEMA,
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    op.create_index("ix_documents_documents_object_key", "documents", ["object_key"], schema=_SCHEMA)


def _create_views() -> None:
    op.create_table(
        "document_views",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("document_id", sa.Uuid(), sa.ForeignKey("documents.documents.id"), nullable=False),
        sa.Column("viewer", sa.Text(), nullable=False),
        sa.Column("viewer_name", sa.Text(), nullable=False),
        sa.Column("viewer_organisation", sa.Text(), nullable=False),
        sa.Column("viewer_roles", ARRAY(sa.Text()), nullable=False),
        _now("viewed_at"),
        schema=_SCHEMA,
    )
    op.create_index("ix_documents_document_views_document_id", "document_views", ["document_id"], schema=_SCHEMA)
    op.execute(
        f"""
        CREATE FUNCTION {_SCHEMA}.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
        END $$
        """
    )
    op.execute(
        f"""
        CREATE TRIGGER document_views_are_only_added BEFORE UPDATE OR DELETE ON {_SCHEMA}.document_views
        FOR EACH ROW EXECUTE FUNCTION {_SCHEMA}.refuse_change()
        """
    )


def _create_idempotency_keys() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("caller", sa.Text(), primary_key=True),
        sa.Column("operation", sa.Text(), primary_key=True),
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("request_hash", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("headers", JSONB()),
        sa.Column("answer", JSONB()),
        _now("created_at"),
        schema=_SCHEMA,
    )
