"""The word of a second person (R97), about the very proposal that they read."""

from typing import Annotated

from pydantic import Field

from services.common.answers.strict_json import StrictRequest
from services.common.moments import Moment


class Seconding(StrictRequest):
    """Agrees to one proposal. Another that took its place meanwhile is not agreed to with it."""

    proposed_at: Annotated[
        Moment,
        Field(
            examples=["2025-02-14T01:23:45.123456Z"],
            description="When it was proposed, as it was told: by this the server knows which proposal was read",
        ),
    ]
