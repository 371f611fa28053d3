"""ETag and If-Match: two people edit one document, and neither loses a word."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Header

from services.common.problems import PreconditionFailed, PreconditionRequired


@dataclass(frozen=True, slots=True)
class Version:
    """One saved state: a counter that only rises, and when it was saved."""

    revision: int
    saved_at: datetime

    @property
    def etag(self) -> str:
        return f'"{self.revision}-{int(self.saved_at.timestamp() * 1_000_000)}"'

    @classmethod
    def parse(cls, etag: str) -> "Version":
        """Raises ValueError for anything that `etag` did not write."""
        revision, _, microseconds = etag.strip().removeprefix("W/").strip('"').partition("-")
        return cls(int(revision), datetime.fromtimestamp(int(microseconds) / 1_000_000, UTC))


async def _if_match(
    if_match: Annotated[
        str | None, Header(alias="If-Match", description="The ETag of the version that was edited")
    ] = None,
) -> Version:
    if not if_match:
        raise PreconditionRequired
    try:
        return Version.parse(if_match)
    except (ValueError, OverflowError, OSError):
        raise PreconditionFailed from None


IfMatch = Annotated[Version, Depends(_if_match)]


def require_same_version(*, edited: Version, current: Version) -> None:
    """Raises PreconditionFailed, with the times of both versions, when somebody saved in between."""
    if edited.revision != current.revision:
        raise PreconditionFailed(
            extra={
                "current": {"etag": current.etag, "saved_at": current.saved_at.isoformat()},
                "yours": {"etag": edited.etag, "saved_at": edited.saved_at.isoformat()},
            }
        )
