"""Files that are made for one caller."""

from urllib.parse import quote

from fastapi import Response


def download(content: bytes, name: str, media_type: str) -> Response:
    """Kept by nobody on the way: it holds personal data."""
    return Response(
        content,
        media_type=media_type,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
            "Cache-Control": "private, no-store",
        },
    )
