"""Frozen bundles, file names, uploads in chunks, links, retention and erasures."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0002_life_of_files"
down_revision = "0001"
branch_labels = None
depends_on = None

_SCHEMA = "documents"
_MOMENT = sa.DateTime(timezone=True)


def _now(name: str) -> "sa.Column[object]":
    return sa.Column(name, _MOMENT, nullable=False, server_default=sa.func.now())


def upgrade() -> None:
    _widen_bundles()
    _widen_documents()
    _create_uploads()
    _create_links()
    _create_retention()


def downgrade() -> None:
    op.execute(f"DROP TRIGGER document_views_are_not_emptied ON {_SCHEMA}.document_views")
    for table in ("document_erasures", "campaign_events", "document_links", "upload_chunks", "uploads"):
        op.drop_table(table, schema=_SCHEMA)
    op.drop_column("document_views", "shown", schema=_SCHEMA)
    for column in ("ordinal", "received_sha256", "erased_at", "pages"):
        op.drop_column("documents", column, schema=_SCHEMA)
    for column in ("frozen", "case_revision", "unit_name", "person_name", "file_stem"):
        op.drop_column("bundles", column, schema=_SCHEMA)


def _widen_bundles() -> None:
    for column in (
        sa.Column("frozen", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("case_revision", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("unit_name", sa.Text()),
        sa.Column("person_name", sa.Text()),
        sa.Column("file_stem", sa.Text()),
    ):
        op.add_column("bundles", column, schema=_SCHEMA)
    op.create_unique_constraint(
        "bundles_have_a_file_name_of_their_own", "bundles", ["campaign_key", "file_stem"], schema=_SCHEMA
    )


def _widen_documents() -> None:
    for name, kind in (
        ("ordinal", sa.Integer()),
        ("received_sha256", sa.Text()),
        ("erased_at", _MOMENT),
        ("pages", sa.Integer()),
    ):
        op.add_column("documents", sa.Column(name, kind), schema=_SCHEMA)
    op.execute(
        f"""
        UPDATE {_SCHEMA}.documents d SET ordinal = n.ordinal, received_sha256 = n.sha256
        FROM (SELECT documents.id, sha256, row_number() OVER (PARTITION BY bundle_id, kind ORDER BY id) AS ordinal
              FROM {_SCHEMA}.documents JOIN {_SCHEMA}.stored_objects USING (object_key)) n
        WHERE n.id = d.id
        """
    )
    op.alter_column("documents", "ordinal", nullable=False, schema=_SCHEMA)
    op.alter_column("documents", "received_sha256", nullable=False, schema=_SCHEMA)
    op.alter_column("documents", "object_key", nullable=True, schema=_SCHEMA)
    for name, condition in (
        ("documents_lose_their_bytes_by_erasure", "(object_key IS NULL) = (erased_at IS NOT NULL)"),
        ("documents_that_were_erased_are_not_in_force", "erased_at IS NULL OR replaced_at IS NOT NULL"),
        ("documents_received_sha256_is_lower_hex", "received_sha256 ~ '^[0-9a-f]{64}$'"),
    ):
        op.create_check_constraint(name, "documents", condition, schema=_SCHEMA)
    op.create_unique_constraint(
        "documents_are_numbered_within_their_kind", "documents", ["bundle_id", "kind", "ordinal"], schema=_SCHEMA
    )
    op.add_column(
        "document_views", sa.Column("shown", sa.Text(), nullable=False, server_default="original"), schema=_SCHEMA
    )
    op.create_check_constraint(
        "document_views_say_what_was_shown",
        "document_views",
        "shown IN ('original', 'watermarked', 'thumbnail')",
        schema=_SCHEMA,
    )


def _create_uploads() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("bundle_id", sa.Uuid(), sa.ForeignKey("documents.bundles.id"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("byte_count", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text()),
        sa.Column("chunk_bytes", sa.Integer()),
        sa.Column("incoming_key", sa.Text(), unique=True),
        _now("created_at"),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("document_id", sa.Uuid(), sa.ForeignKey("documents.documents.id")),
        sa.Column("refused_at", _MOMENT),
        sa.CheckConstraint("byte_count > 0", name="uploads_are_not_empty"),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="uploads_sha256_is_lower_hex"),
        sa.CheckConstraint(
            "(chunk_bytes IS NULL) = (incoming_key IS NOT NULL)", name="uploads_come_in_chunks_or_through_the_store"
        ),
        sa.CheckConstraint("document_id IS NULL OR refused_at IS NULL", name="uploads_are_not_both_kept_and_refused"),
        schema=_SCHEMA,
    )
    op.create_index(
        "uploads_open_by_person",
        "uploads",
        ["person_id"],
        schema=_SCHEMA,
        postgresql_where=sa.text("document_id IS NULL"),
    )
    op.create_index("ix_documents_uploads_expires_at", "uploads", ["expires_at"], schema=_SCHEMA)
    op.create_table(
        "upload_chunks",
        sa.Column("upload_id", sa.Uuid(), sa.ForeignKey("documents.uploads.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("byte_count", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("object_key", sa.Text(), nullable=False, unique=True),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("number >= 0", name="upload_chunks_are_numbered_from_nought"),
        sa.CheckConstraint("byte_count > 0", name="upload_chunks_are_not_empty"),
        schema=_SCHEMA,
    )


def _create_links() -> None:
    op.create_table(
        "document_links",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("document_id", sa.Uuid(), sa.ForeignKey("documents.documents.id"), nullable=False),
        sa.Column("thumbnail", sa.Boolean(), nullable=False),
        sa.Column("viewer", sa.Text(), nullable=False),
        sa.Column("viewer_name", sa.Text(), nullable=False),
        sa.Column("viewer_organisation", sa.Text(), nullable=False),
        sa.Column("viewer_roles", ARRAY(sa.Text()), nullable=False),
        _now("created_at"),
        sa.Column("expires_at", _MOMENT, nullable=False),
        schema=_SCHEMA,
    )
    op.create_index("ix_documents_document_links_expires_at", "document_links", ["expires_at"], schema=_SCHEMA)


def _create_retention() -> None:
    op.create_table(
        "campaign_events",
        sa.Column("campaign_key", sa.Text(), primary_key=True),
        sa.Column("event", sa.Text(), primary_key=True),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.CheckConstraint("event IN ('campaign_closed', 'award_decision')", name="campaign_events_are_known"),
        schema=_SCHEMA,
    )
    op.create_table(
        "document_erasures",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("document_id", sa.Uuid(), sa.ForeignKey("documents.documents.id"), nullable=False, unique=True),
        sa.Column("campaign_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("byte_count", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        _now("erased_at"),
        schema=_SCHEMA,
    )
    op.execute(
        f"""
        CREATE TRIGGER document_erasures_are_only_added BEFORE UPDATE OR DELETE ON {_SCHEMA}.document_erasures
        FOR EACH ROW EXECUTE FUNCTION {_SCHEMA}.refuse_change()
        """
    )
    for table in ("document_erasures", "document_views"):
        op.execute(
            f"""
            CREATE TRIGGER {table}_are_not_emptied BEFORE TRUNCATE ON {_SCHEMA}.{table}
            FOR EACH STATEMENT EXECUTE FUNCTION {_SCHEMA}.refuse_change()
            """
        )
