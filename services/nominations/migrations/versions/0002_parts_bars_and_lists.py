"""Parts that people confirm, circumstances that bar, zero nominations, local criteria, stories, and counts kept for lists."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SCHEMA = "nominations"
_INSTANT = sa.DateTime(timezone=True)
_SEATED = "NOT status IN ('draft', 'rejected', 'withdrawn')"


def upgrade() -> None:
    _widen_nominations()
    _index_lists()
    _widen_ledger()
    _widen_reviews()
    _create_parts()
    _create_bars()
    _create_local_criteria()
    _create_stories()
    _create_tallies()


def downgrade() -> None:
    raise NotImplementedError("0001 and 0002 go back together: drop the schema")


def _text(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable, server_default=default)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, _INSTANT, nullable=nullable)


def _widen_nominations() -> None:
    for column in (
        _text("name", default=""),
        _text("collective_key", nullable=True),
        _text("credit_code", nullable=True),
        sa.Column("for_enterprise", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("percent_nominee", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("percent_unit", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("missing_answers", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("explanations", JSONB(), nullable=False, server_default="[]"),
    ):
        op.add_column("nominations", column, schema=SCHEMA)
    op.create_check_constraint(
        op.f("percents_are_percents"),
        "nominations",
        "percent_nominee BETWEEN 0 AND 100 AND percent_unit BETWEEN 0 AND 100",
        schema=SCHEMA,
    )


def _index_lists() -> None:
    for name in ("ix_nominations_quota_unit", "ix_nominations_stage"):
        op.drop_index(name, table_name="nominations", schema=SCHEMA)
    op.create_index(
        "one_open_nomination_per_collective",
        "nominations",
        ["campaign_key", "category", "collective_key"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text(_SEATED),
    )
    place = ("category", "stage", "status", "id")
    indexes: tuple[tuple[str, list[str], str | None], ...] = (
        ("handed_over", ["campaign_key", "quota_unit", "id"], "handed_over_at IS NOT NULL"),
        ("handed_over_place", ["campaign_key", "quota_unit", *place], "handed_over_at IS NOT NULL"),
        ("reported", ["campaign_key", "id"], "reported_at IS NOT NULL"),
        ("reported_place", ["campaign_key", *place], "reported_at IS NOT NULL"),
        ("seated", ["campaign_key", "category", "quota_unit"], _SEATED),
        ("identity", ["campaign_key", "identity_index"], None),
        ("credit_code", ["campaign_key", "credit_code"], None),
    )
    for name, columns, where in indexes:
        condition = sa.text(where) if where else None
        op.create_index(f"ix_nominations_{name}", "nominations", columns, schema=SCHEMA, postgresql_where=condition)
    op.create_index(
        "ix_nominations_name",
        "nominations",
        ["campaign_key", "name", "id"],
        schema=SCHEMA,
        postgresql_ops={"name": "text_pattern_ops"},
    )


def _widen_ledger() -> None:
    op.add_column(
        "quota_accounts", sa.Column("waived", sa.Integer(), nullable=False, server_default="0"), schema=SCHEMA
    )
    kinds = "'grant', 'reserve', 'consume', 'release', 'recall', 'forfeit', 'waive', 'resume'"
    for table, name, rule in (
        ("quota_accounts", "seats_never_exceed_the_quota", "reserved + consumed + forfeited + waived <= granted"),
        ("quota_accounts", "seats_are_never_negative", "LEAST(granted, reserved, consumed, forfeited, waived) >= 0"),
        ("quota_entries", "known_kind_of_entry", f"kind IN ({kinds})"),
    ):
        op.drop_constraint(op.f(name), table, schema=SCHEMA)
        op.create_check_constraint(op.f(name), table, rule, schema=SCHEMA)


def _widen_reviews() -> None:
    op.add_column("endorsements", sa.Column("assessment", JSONB(), nullable=False, server_default="{}"), schema=SCHEMA)
    kinds = "'staff_deliberation', 'inspection', 'leadership_decision', 'self_review'"
    op.drop_constraint(op.f("known_kind_of_record"), "unit_records", schema=SCHEMA)
    op.create_check_constraint(op.f("known_kind_of_record"), "unit_records", f"kind IN ({kinds})", schema=SCHEMA)


def _case(*, key: bool = False) -> sa.Column[object]:
    reference = sa.ForeignKey(f"{SCHEMA}.nominations.id", name=None)
    return sa.Column("nomination_id", sa.Uuid(), reference, primary_key=key, nullable=False)


def _create_parts() -> None:
    op.create_table(
        "confirmations",
        _case(key=True),
        sa.Column("part", sa.Text(), primary_key=True),
        _text("content_hash"),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        _text("person_name"),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        _text("statement"),
        _moment("confirmed_at"),
        sa.CheckConstraint("part IN ('nominee', 'unit')", name=op.f("known_part")),
        schema=SCHEMA,
    )
    op.create_table(
        "hand_over_codes",
        sa.Column("code_hash", sa.LargeBinary(), primary_key=True),
        _case(),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        _moment("expires_at"),
        _moment("used_at", nullable=True),
        schema=SCHEMA,
    )


def _create_bars() -> None:
    op.create_table(
        "disqualifications",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _text("campaign_key"),
        _text("disqualifier"),
        _text("credit_code", nullable=True),
        sa.Column("identity_index", sa.LargeBinary(), nullable=True),
        sa.Column("occurred_on", sa.Date(), nullable=True),
        _text("finding"),
        _case(),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        _moment("recorded_at"),
        _moment("lifted_at", nullable=True),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        _text("lifted_reason", nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(credit_code, identity_index) >= 1", name=op.f("a_disqualification_has_a_subject")
        ),
        sa.CheckConstraint("(lifted_at IS NULL) = (lifted_reason IS NULL)", name=op.f("lifting_has_a_reason")),
        schema=SCHEMA,
    )
    for name, column in (("credit_code", "credit_code"), ("identity", "identity_index")):
        op.create_index(f"ix_disqualifications_{name}", "disqualifications", ["campaign_key", column], schema=SCHEMA)
    op.create_table(
        "zero_declarations",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _text("campaign_key"),
        _text("quota_unit"),
        _text("category"),
        _text("reason"),
        sa.Column("seats", sa.Integer(), nullable=False),
        _text("signer_name"),
        sa.Column("declared_by", sa.Uuid(), nullable=False),
        _moment("declared_at"),
        _moment("revoked_at", nullable=True),
        _text("revoked_reason", nullable=True),
        schema=SCHEMA,
    )
    op.create_index(
        "one_zero_declaration_in_force",
        "zero_declarations",
        ["campaign_key", "quota_unit", "category"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("revoked_at IS NULL"),
    )


def _create_local_criteria() -> None:
    op.create_table(
        "local_criteria",
        *(sa.Column(name, sa.Text(), primary_key=True) for name in ("campaign_key", "quota_unit", "category")),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("criteria", JSONB(), nullable=False),
        sa.Column("saved_by", sa.Uuid(), nullable=False),
        _moment("saved_at"),
        schema=SCHEMA,
    )


def _create_stories() -> None:
    op.create_table(
        "stories",
        _case(key=True),
        _text("campaign_key"),
        sa.Column("revision", sa.Integer(), nullable=False),
        _text("title"),
        _text("text"),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        _moment("saved_at"),
        sa.Column("consented_by", sa.Uuid(), nullable=True),
        _moment("consented_at", nullable=True),
        _moment("published_at", nullable=True),
        sa.CheckConstraint(
            "published_at IS NULL OR consented_at IS NOT NULL", name=op.f("a_story_is_published_only_with_consent")
        ),
        schema=SCHEMA,
    )
    op.create_index("ix_stories_campaign", "stories", ["campaign_key", "published_at", "nomination_id"], schema=SCHEMA)


def _create_tallies() -> None:
    """Kept by the database itself, so that no path past the application loses count.

    Rows are taken in one order, always: two cases that change places at the same moment never deadlock.
    """
    key = ("campaign_key", "quota_unit", "category", "stage", "status")
    op.create_table(
        "nomination_tallies",
        *(sa.Column(name, sa.Text(), primary_key=True) for name in key),
        *(sa.Column(name, sa.Boolean(), primary_key=True) for name in ("handed_over", "reported")),
        sa.Column("cases", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("cases >= 0", name=op.f("cases_are_never_negative")),
        schema=SCHEMA,
    )
    names = (*key, "handed_over", "reported")
    columns, found = ", ".join(names), " AND ".join(f"tally.{name} = change.{name}" for name in names)

    def place(row: str) -> str:
        columns = ", ".join(f"{row}.{name}" for name in key)
        return f"{columns}, {row}.handed_over_at IS NOT NULL, {row}.reported_at IS NOT NULL"

    op.execute(
        f"""
        CREATE FUNCTION {SCHEMA}.tally_nomination() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE change record;
        BEGIN
            FOR change IN
                SELECT * FROM (
                    SELECT {place("OLD")}, -1 WHERE TG_OP <> 'INSERT'
                    UNION ALL
                    SELECT {place("NEW")}, 1 WHERE TG_OP <> 'DELETE'
                ) AS moved ({columns}, step) ORDER BY {columns}
            LOOP
                IF change.step < 0 THEN
                    UPDATE {SCHEMA}.nomination_tallies AS tally SET cases = cases - 1 WHERE {found};
                ELSE
                    INSERT INTO {SCHEMA}.nomination_tallies AS tally ({columns}, cases)
                    VALUES ({", ".join(f"change.{name}" for name in names)}, 1)
                    ON CONFLICT ({columns}) DO UPDATE SET cases = tally.cases + 1;
                END IF;
            END LOOP;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        f"CREATE TRIGGER nominations_are_counted AFTER INSERT OR DELETE ON {SCHEMA}.nominations "
        f"FOR EACH ROW EXECUTE FUNCTION {SCHEMA}.tally_nomination()"
    )
    op.execute(
        f"CREATE TRIGGER moved_nominations_are_counted AFTER UPDATE ON {SCHEMA}.nominations FOR EACH ROW "
        f"WHEN (({place('OLD')}) IS DISTINCT FROM ({place('NEW')})) "
        f"EXECUTE FUNCTION {SCHEMA}.tally_nomination()"
    )
