"""A folder held against what is published: what would change, and whom it meets."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.common.db import Database
from services.nominations.campaigns.campaign_versions import (
    CasesOfAVersion,
    cases_by_version,
    granted_seats,
    published_content,
    published_versions,
)
from services.nominations.domain.campaign_difference import Change, changes_between


class NotPublished(Exception):
    """There is no such version to compare with."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`against` is None for a campaign that was never published."""

    key: str
    version: int
    against: int | None
    is_published: bool
    """The folder's own version is among the published ones."""
    changes: Sequence[Change]
    cases: Sequence[CasesOfAVersion]
    seats_taken_back: Sequence[str]
    """Where the folder gives fewer seats than the ledger has granted: this cannot be published."""


async def compare(database: Database, content: dict[str, Any], *, against: int | None = None) -> Comparison:
    """Against the folder's own version if that is published, else the newest. Raises NotPublished."""
    key, version = content["key"], content["version"]
    async with database.reading() as session:
        versions = await published_versions(session, key)
        if against is not None and against not in versions:
            raise NotPublished(f"{key} has no published version {against}")
        other = against or (version if version in versions else max(versions, default=None))
        before = None if other is None else await published_content(session, key, other)
        cases = await cases_by_version(session, key)
        seats = await granted_seats(session, key)
    changes = [] if before is None else changes_between(before, content)
    return Comparison(key, version, other, version in versions, changes, cases, _taken_back(content, seats))


def _taken_back(content: dict[str, Any], granted: dict[tuple[str, str], int]) -> list[str]:
    wanted = {
        (row["quota_unit"], category): seats for row in content["quotas"] for category, seats in row["seats"].items()
    }
    return [
        f"{unit} {category}: 已发放 {seats}，本文件夹 {wanted.get((unit, category), 0)}"
        for (unit, category), seats in sorted(granted.items())
        if seats > wanted.get((unit, category), 0)
    ]
