"""Many cases in one call: each with its own outcome, as if done singly."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.common.answers.strict_json import CLEAN, StrictRequest
from services.common.problem_schema import ProblemBody
from services.nominations.schemas.procedure import Review
from services.nominations.schemas.words import StageWord, StatusWord

MOST = 200


class BulkItem(StrictRequest):
    """One case of a call."""

    nomination_id: UUID
    etag: Annotated[
        str | None,
        Field(max_length=60, description="The ETag of what was looked at: a case that changed since is refused (412)"),
        CLEAN,
    ] = None


class ReviewItem(Review, BulkItem):
    """One case and the review of it."""


class WithdrawalItem(BulkItem):
    """One case and why it is taken back."""

    reason: Annotated[str, Field(min_length=1, max_length=2000), CLEAN]


class NewBulkReviews(StrictRequest):
    """Reviews of many cases by one bureau."""

    items: Annotated[list[ReviewItem], Field(min_length=1, max_length=MOST)]
    dry_run: Annotated[bool, Field(description="True: says what would come of each, and changes nothing")] = False


class NewBulkSignatures(StrictRequest):
    """Signatures of the head of the unit under many cases."""

    signer_name: Annotated[str, Field(min_length=1, max_length=60), CLEAN]
    items: Annotated[list[BulkItem], Field(min_length=1, max_length=MOST)]
    dry_run: Annotated[bool, Field(description="True: says what would come of each, and changes nothing")] = False


class NewBulkWithdrawals(StrictRequest):
    """Many cases taken back by their unit."""

    items: Annotated[list[WithdrawalItem], Field(min_length=1, max_length=MOST)]
    dry_run: Annotated[bool, Field(description="True: says what would come of each, and changes nothing")] = False


class BulkOutcome(BaseModel):
    """What came of one case. In a dry run `done` means: it would have been."""

    nomination_id: UUID
    outcome: Literal["done", "refused"]
    stage: Annotated[StageWord | None, Field(description="Where the case stands afterwards; absent when refused")] = (
        None
    )
    status: StatusWord | None = None
    etag: str | None = None
    problem: Annotated[
        ProblemBody | None, Field(description="The answer that the single call would have given, when refused")
    ] = None


class BulkAnswer(BaseModel):
    """Every case of the call, in its order."""

    dry_run: bool
    done: int
    refused: int
    items: list[BulkOutcome]
