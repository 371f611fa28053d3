"""Which case changed when, for clients that keep copies: numbered by transaction, so that a late commit is not passed over."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0020"
branch_labels = None
depends_on = None

SCHEMA = "nominations"
_NOW = "pg_current_xact_id()::text::bigint"


def upgrade() -> None:
    op.create_table(
        "nomination_changes",
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_key", sa.Text(), nullable=False),
        sa.Column("quota_unit", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("nominee_person_id", sa.Uuid(), nullable=True),
        sa.Column("handed_over", sa.Boolean(), nullable=False),
        sa.Column("reported", sa.Boolean(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("changed_in", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("nomination_id", name=op.f("pk_nomination_changes")),
        schema=SCHEMA,
    )
    _index("unit", ["campaign_key", "unit_id"])
    _index("nominee", ["campaign_key", "nominee_person_id"], where="nominee_person_id IS NOT NULL")
    _index("county", ["campaign_key", "quota_unit"], where="handed_over")
    _index("city", ["campaign_key"], where="reported")
    op.create_table(
        "change_counting",
        sa.Column("singleton", sa.Boolean(), nullable=False),
        sa.Column("epoch", sa.Uuid(), nullable=False),
        sa.CheckConstraint("singleton", name=op.f("one_counting_only")),
        sa.PrimaryKeyConstraint("singleton", name=op.f("pk_change_counting")),
        schema=SCHEMA,
    )
    _note_what_is_there()
    _note_cases()
    _note_events()
    _begin_anew()


def _index(name: str, columns: list[str], *, where: str | None = None) -> None:
    op.create_index(
        f"ix_nomination_changes_{name}",
        "nomination_changes",
        [*columns, "changed_in", "nomination_id"],
        schema=SCHEMA,
        postgresql_where=sa.text(where) if where else None,
    )


_COLUMNS = (
    "nomination_id, campaign_key, quota_unit, unit_id, nominee_person_id, handed_over, reported, gone, changed_in"
)


def _values(row: str, *, gone: str) -> str:
    return (
        f"{row}.id, {row}.campaign_key, {row}.quota_unit, {row}.unit_id, {row}.nominee_person_id, "
        f"{row}.handed_over_at IS NOT NULL, {row}.reported_at IS NOT NULL, {gone}, {_NOW}"
    )


def _note_what_is_there() -> None:
    op.execute(
        f"INSERT INTO {SCHEMA}.nomination_changes ({_COLUMNS}) "
        f"SELECT {_values('nomination', gone='false')} FROM {SCHEMA}.nominations AS nomination"
    )


def _note_cases() -> None:
    """Whoever waits is woken by the notification: the scopes of the case, ids and codes only."""
    op.execute(
        f"""
        CREATE FUNCTION {SCHEMA}.note_change_of_case() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE row {SCHEMA}.nominations;
        BEGIN
            IF TG_OP = 'DELETE' THEN row := OLD; ELSE row := NEW; END IF;
            INSERT INTO {SCHEMA}.nomination_changes AS change ({_COLUMNS})
            VALUES ({_values("row", gone="TG_OP = 'DELETE'")})
            ON CONFLICT (nomination_id) DO UPDATE SET
                nominee_person_id = excluded.nominee_person_id, handed_over = excluded.handed_over,
                reported = excluded.reported, gone = excluded.gone, changed_in = excluded.changed_in;
            PERFORM pg_notify('nomination_changes', concat_ws('|', row.campaign_key, row.quota_unit, row.unit_id,
                coalesce(row.nominee_person_id::text, '')));
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        f"CREATE TRIGGER changes_of_nominations_are_noted AFTER INSERT OR UPDATE OR DELETE ON {SCHEMA}.nominations "
        f"FOR EACH ROW EXECUTE FUNCTION {SCHEMA}.note_change_of_case()"
    )


def _note_events() -> None:
    """What leaves the row of the case as it is (an objection, an opinion) changes what is shown of it all the same."""
    op.execute(
        f"""
        CREATE FUNCTION {SCHEMA}.note_event_of_case() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE {SCHEMA}.nomination_changes SET changed_in = {_NOW}
            WHERE nomination_id = NEW.nomination_id AND changed_in <> {_NOW};
            IF FOUND THEN
                PERFORM pg_notify('nomination_changes', concat_ws('|', change.campaign_key, change.quota_unit,
                    change.unit_id, coalesce(change.nominee_person_id::text, '')))
                FROM {SCHEMA}.nomination_changes AS change WHERE change.nomination_id = NEW.nomination_id;
            END IF;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        f"CREATE TRIGGER events_of_nominations_are_noted AFTER INSERT ON {SCHEMA}.nomination_events "
        f"FOR EACH ROW EXECUTE FUNCTION {SCHEMA}.note_event_of_case()"
    )


def _begin_anew() -> None:
    """After a restore: transactions of another server are not comparable, and copies held by clients may be ahead."""
    op.execute(
        f"""
        CREATE FUNCTION {SCHEMA}.count_changes_anew() RETURNS void LANGUAGE sql AS $$
            UPDATE {SCHEMA}.nomination_changes SET changed_in = {_NOW};
            INSERT INTO {SCHEMA}.change_counting VALUES (true, gen_random_uuid())
            ON CONFLICT (singleton) DO UPDATE SET epoch = excluded.epoch;
        $$
        """
    )


def downgrade() -> None:
    for table, trigger in (
        ("nomination_events", "events_of_nominations_are_noted"),
        ("nominations", "changes_of_nominations_are_noted"),
    ):
        op.execute(f"DROP TRIGGER {trigger} ON {SCHEMA}.{table}")
    for function in ("note_event_of_case", "note_change_of_case", "count_changes_anew"):
        op.execute(f"DROP FUNCTION {SCHEMA}.{function}()")
    op.drop_table("change_counting", schema=SCHEMA)
    op.drop_table("nomination_changes", schema=SCHEMA)
