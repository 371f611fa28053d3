"""Uploads arrive as multipart/form-data, and as nothing else."""

from typing import Annotated

from fastapi import Depends, Header

from services.common.problems import UnsupportedMediaType


async def _require_multipart(content_type: Annotated[str, Header(include_in_schema=False)] = "") -> None:
    if content_type.partition(";")[0].strip().lower() != "multipart/form-data":
        raise UnsupportedMediaType


REQUIRE_MULTIPART = Depends(_require_multipart)
"""Raises UnsupportedMediaType, before the fields of the form are missed one by one."""
