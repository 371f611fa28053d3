"""The contact table's electronic copy on its way to the city's mailbox, and mailboxes that refuse."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SCHEMA = "nominations"
_MOMENT = sa.DateTime(timezone=True)
_STATE = "known_state_of_push"


def upgrade() -> None:
    op.drop_constraint(_STATE, "pushes", schema=SCHEMA, type_="check")
    op.create_check_constraint(
        _STATE, "pushes", "state IN ('sent', 'failed', 'refused', 'unknown', 'no_channel')", schema=SCHEMA
    )
    op.create_table(
        "contact_form_mailings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_key", sa.Text(), nullable=False),
        sa.Column("quota_unit", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("requested_at", _MOMENT, nullable=False),
        sa.Column("sent_at", _MOMENT, nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'failed', 'refused', 'unknown')", name="known_state_of_mailing"
        ),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="what_was_sent_has_its_time"),
        sa.ForeignKeyConstraint(
            ["campaign_key", "quota_unit"],
            [f"{SCHEMA}.contact_forms.campaign_key", f"{SCHEMA}.contact_forms.quota_unit"],
            name="a_mailing_carries_a_filed_form",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_form_mailings")),
        schema=SCHEMA,
    )
    op.create_index(
        "one_mailing_of_a_county_waits",
        "contact_form_mailings",
        ["campaign_key", "quota_unit"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_contact_form_mailings_county", "contact_form_mailings", ["campaign_key", "quota_unit", "id"], schema=SCHEMA
    )


def downgrade() -> None:
    op.drop_table("contact_form_mailings", schema=SCHEMA)
