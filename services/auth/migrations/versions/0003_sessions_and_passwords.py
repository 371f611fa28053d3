"""Sessions that are seen, limited and ended; passwords that must change; people who are suspended."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_NOW = sa.func.now()


def upgrade() -> None:
    for column in (
        sa.Column("last_seen_at", _MOMENT, nullable=False, server_default=_NOW),
        sa.Column("device", sa.Text(), nullable=False, server_default=""),
        sa.Column("address", sa.Text(), nullable=False, server_default=""),
        sa.Column("end_reason", sa.Text()),
    ):
        op.add_column("sessions", column, schema="auth")
    op.execute("UPDATE auth.sessions SET end_reason = 'signed_out' WHERE ended_at IS NOT NULL")
    op.create_check_constraint(
        "sessions_that_ended_say_why", "sessions", "(ended_at IS NULL) = (end_reason IS NULL)", schema="auth"
    )
    op.create_index(
        "sessions_lately_ended",
        "sessions",
        ["ended_at"],
        schema="auth",
        postgresql_where=sa.text("ended_at IS NOT NULL"),
    )
    op.add_column(
        "password_credentials", sa.Column("changed_at", _MOMENT, nullable=False, server_default=_NOW), schema="auth"
    )
    op.add_column(
        "password_credentials",
        sa.Column("must_change", sa.Boolean(), nullable=False, server_default=sa.false()),
        schema="auth",
    )
    op.add_column("persons", sa.Column("suspended_at", _MOMENT), schema="auth")
    op.add_column("persons", sa.Column("suspension_reason", sa.Text()), schema="auth")
    op.create_check_constraint(
        "persons_are_suspended_for_a_reason",
        "persons",
        "(suspended_at IS NULL) = (suspension_reason IS NULL)",
        schema="auth",
    )
    op.execute(
        """
        CREATE FUNCTION auth.refuse_session_of_suspended() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM FROM auth.persons WHERE id = NEW.person_id AND suspended_at IS NOT NULL FOR SHARE;
            IF FOUND THEN
                RAISE EXCEPTION 'a suspended person opens no session' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER sessions_are_not_opened_by_the_suspended BEFORE INSERT ON auth.sessions "
        "FOR EACH ROW EXECUTE FUNCTION auth.refuse_session_of_suspended()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER sessions_are_not_opened_by_the_suspended ON auth.sessions")
    op.execute("DROP FUNCTION auth.refuse_session_of_suspended")
    op.drop_constraint("persons_are_suspended_for_a_reason", "persons", schema="auth")
    op.drop_constraint("sessions_that_ended_say_why", "sessions", schema="auth")
    op.drop_index("sessions_lately_ended", "sessions", schema="auth")
    for table, columns in (
        ("sessions", ("last_seen_at", "device", "address", "end_reason")),
        ("password_credentials", ("changed_at", "must_change")),
        ("persons", ("suspended_at", "suspension_reason")),
    ):
        for column in columns:
            op.drop_column(table, column, schema="auth")
