"""What anybody may read may be kept a minute by whoever carries it; everything else is kept by nobody (`RequestShell`)."""

from fastapi import Depends, Response

PUBLIC = "public, max-age=60"
"""A minute spares the night of a deadline; what is taken down is gone as soon."""


async def _for_anybody(response: Response) -> None:
    response.headers["Cache-Control"] = PUBLIC


FOR_ANYBODY = Depends(_for_anybody)
"""A dependency of routes whose answer is the same for everybody."""
