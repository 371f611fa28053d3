"""Nominees by workbook, as clients send it and read what came of it."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import UploadFile
from pydantic import BaseModel, Field

from services.common.answers.strict_json import CLEAN, StrictRequest
from services.common.problem_schema import FieldErrorBody

Outcome = Literal["created", "already_there", "refused"]


class ImportForm(StrictRequest):
    """What `wx.uploadFile` sends: the workbook and string fields."""

    file: Annotated[UploadFile, Field(description="XLSX, 1 MB and 200 nominees at most; begin with the template")]
    campaign_key: Annotated[str, Field(max_length=80, examples=["shanxi-manufacturing-2025"]), CLEAN]
    category: Annotated[str, Field(max_length=80, examples=["advanced_individual"]), CLEAN]
    dry_run: Annotated[bool, Field(description="Tells what would come of each row, and changes nothing")] = False


class ImportFault(FieldErrorBody):
    """What is said of one cell. `pointer` is that of a typed case."""

    sheet: Annotated[str, Field(description="The sheet's name", examples=["推荐对象"])]
    cell: Annotated[str, Field(description="As spreadsheets name it", examples=["C5"])]


class ImportRow(BaseModel):
    """What came of one nominee."""

    row: Annotated[int, Field(description="As the spreadsheet counts; the headings are row 1")]
    name: str
    outcome: Annotated[
        Outcome,
        Field(
            description="`created` a draft; `already_there`: the unit has this nominee, nothing was changed; `refused`"
        ),
    ]
    nomination_id: Annotated[UUID | None, Field(description="Null where refused, and for a new one of a dry run")]
    errors: Annotated[list[ImportFault], Field(description="What stands against the row")]
    remarks: Annotated[
        list[ImportFault], Field(description="What is missing or to be looked at before submission; not in the way")
    ]


class ImportAnswer(BaseModel):
    """Every row of the workbook, in its order."""

    dry_run: bool
    created: int
    already_there: int
    refused: int
    rows: list[ImportRow]


class ImportResult(ImportAnswer):
    """With the marked copy: faulty cells coloured, a comment on each, and a column 结果."""

    marked_base64: Annotated[str, Field(description="XLSX; correct it and send it again")]
