"""A migration works beside the release before it: it adds; what is taken away was left unread one release earlier."""

import re
from pathlib import Path

import pytest

FIRST_RELEASE = {"auth": 15, "documents": 8, "nominations": 45}
"""The last revisions that 0.1.0 may bring: before the first release nobody runs beside them."""
_TAKES_AWAY = re.compile(
    r"op\.(drop_column|drop_table|rename_table)\b|\b(DROP\s+(COLUMN|TABLE)|RENAME\s+(COLUMN|TO))\b|nullable=False.*op\.alter|"
    r"op\.alter_column\([^)]*(type_|nullable=False|new_column_name)",
    re.IGNORECASE,
)


def later_migrations() -> list[Path]:
    return [
        path
        for service, last in FIRST_RELEASE.items()
        for path in sorted(Path(f"services/{service}/migrations/versions").glob("[0-9]*.py"))
        if int(path.name[:4]) > last
    ]


def upgrade_of(text: str) -> str:
    return text.partition("def upgrade")[2].partition("def downgrade")[0]


def takes_away_unannounced(text: str) -> bool:
    return bool(_TAKES_AWAY.search(upgrade_of(text))) and "Contract: unread since" not in text


def test_later_migrations_only_add():
    assert [str(path) for path in later_migrations() if takes_away_unannounced(path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    ("step", "refused"),
    [
        ('op.drop_column("nominations", "name")', True),
        ('op.execute("ALTER TABLE nominations RENAME COLUMN a TO b")', True),
        ('op.alter_column("nominations", "name", nullable=False)', True),
        ('op.add_column("nominations", sa.Column("name", sa.Text(), nullable=True))', False),
    ],
)
def test_the_rule_knows_what_takes_away(step, refused):
    assert takes_away_unannounced(f"def upgrade():\n    {step}\n") is refused


def test_what_was_announced_may_be_taken_away():
    assert not takes_away_unannounced('"""Contract: unread since 0.2.0."""\ndef upgrade():\n    op.drop_table("old")\n')
