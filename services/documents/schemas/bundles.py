"""The papers of one case."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.common.answers.strict_json import CLEAN, StrictRequest
from services.documents.schemas.documents import DocumentAnswer

Restriction = Literal["none", "worked_on", "kept"]


class BundleRequest(StrictRequest):
    """Whose case it is. Only the procedure knows, so only a service may say."""

    owner_person_id: Annotated[UUID | None, Field(description="The nominee; null for a collective")]
    organisation_id: Annotated[UUID, Field(description="The recommending unit")]
    jurisdiction: Annotated[str, Field(min_length=1, max_length=80, examples=["140922"]), CLEAN]
    campaign_key: Annotated[str, Field(max_length=80, examples=["shanxi-manufacturing-2025"]), CLEAN]
    open_to: Annotated[
        list[Literal["county", "city"]],
        Field(max_length=2, description="Stages that the case was handed over to; what was opened once stays open"),
    ] = Field(default_factory=list)
    kept_from: Annotated[
        list[UUID],
        Field(
            max_length=20,
            description="回避: people and organisations to whom no role opens the bundle, such as whom an objection is"
            " about; once named they stay",
        ),
    ] = Field(default_factory=list)
    unit_name: Annotated[
        str | None, Field(max_length=200, description="R127 单位+姓名: for the names of downloaded files"), CLEAN
    ] = None
    person_name: Annotated[str | None, Field(max_length=200, description="Empty for a collective"), CLEAN] = None


class BundleAnswer(BundleRequest):
    bundle_id: UUID
    file_stem: Annotated[str | None, Field(description="单位+姓名 as files are named; namesakes are numbered")]


class BundleState(StrictRequest):
    """Whether the papers are frozen, as of a revision of the case: news of an older revision changes nothing."""

    case_revision: Annotated[int, Field(ge=0, le=2_000_000_000)]
    frozen: bool
    restriction: Annotated[
        Restriction,
        Field(
            description="Of a case whose processing is restricted: `worked_on`, the procedure goes on with it, and all papers"
            " but those taken by consent are shown; `kept`, nobody is shown any. `none`: no restriction is known of"
        ),
    ] = "none"


class BundleItemsAnswer(BaseModel):
    """The documents in force that the caller may read."""

    bundle_id: UUID
    frozen: Annotated[bool, Field(description="Only kinds with `after_submission` are still added")]
    items: list[DocumentAnswer]
