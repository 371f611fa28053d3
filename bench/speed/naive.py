"""What a team writes first: FastAPI, the ORM with pre-ping, response models, a token verified each time, checks inline.

A ruler, frozen: change it only in a commit of its own, with the reason.
"""

import hashlib
import io
import json
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import numpy as np
import uvicorn
from fastapi import Depends, FastAPI, Header, HTTPException, UploadFile
from fastapi.concurrency import run_in_threadpool
from jose import jwt
from minio import Minio
from PIL import Image
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from uuid_utils.compat import uuid7

from services.nominations.procedure_tables import UnitRecord
from services.nominations.tables import Nomination, NominationEvent

app = FastAPI()
engine = create_async_engine(os.environ["BENCH_DATABASE_SQLALCHEMY"], pool_size=8, pool_pre_ping=True)
sessions = async_sessionmaker(engine, expire_on_commit=False)
keys = json.loads(os.environ["BENCH_JWKS"])
minio = Minio(
    os.environ["DOCUMENTS_S3_ENDPOINT"],
    access_key=os.environ["DOCUMENTS_S3_ACCESS_KEY"],
    secret_key=os.environ["DOCUMENTS_S3_SECRET_KEY"],
    secure=False,
    region="us-east-1",
)


class Row(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    category: str
    quota_unit: str
    unit_name: str
    name: str
    stage: str
    status: str
    percent_nominee: int
    percent_unit: int
    missing_answers: int
    saved_at: datetime


class Case(Row):
    campaign_key: str
    campaign_version: int
    unit_id: UUID
    form: dict[str, Any]
    created_at: datetime
    submitted_at: datetime | None


class Page(BaseModel):
    items: list[Row]


class New(BaseModel):
    campaign_key: str
    category: str
    form: dict[str, Any]


class Deliberation(BaseModel):
    held_on: str
    form: str
    present: int
    in_favour: int


async def session() -> AsyncIterator[AsyncSession]:
    async with sessions() as each:
        yield each


def caller(authorization: Annotated[str, Header()]) -> dict[str, Any]:
    token = authorization.removeprefix("Bearer ")
    return jwt.decode(token, keys, algorithms=["ES256"], audience="nominations", options={"verify_exp": True})


InSession = Annotated[AsyncSession, Depends(session)]
Caller = Annotated[dict[str, Any], Depends(caller)]


@app.get("/v1/nominations/{case_id}", response_model=Case)
async def get_case(case_id: UUID, db: InSession, who: Caller) -> Nomination:
    case = await db.get(Nomination, case_id)
    if case is None or str(case.unit_id) != who["org"]:
        raise HTTPException(404)
    return case


@app.get("/v1/nominations", response_model=Page)
async def list_cases(campaign_key: str, status: str, db: InSession, who: Caller) -> dict[str, Any]:
    query = select(Nomination).where(
        Nomination.campaign_key == campaign_key, Nomination.unit_id == UUID(who["org"]), Nomination.status == status
    )
    return {"items": (await db.scalars(query.order_by(Nomination.id.desc()).limit(20))).all()}


@app.post("/v1/nominations", response_model=Case, status_code=201)
async def create_case(wanted: New, db: InSession, who: Caller) -> Nomination:
    now = datetime.now(UTC)
    case = Nomination(
        id=uuid7(),
        **wanted.model_dump(),
        campaign_version=1,
        quota_unit=who["jur"],
        unit_id=UUID(who["org"]),
        unit_name=who["org_name"],
        created_by=UUID(who["sub"]),
        stage="unit",
        status="draft",
        revision=1,
        name="示例",
        explanations=[],
        created_at=now,
        saved_at=now,
    )
    db.add(case)
    await db.flush()
    db.add(_event(case, 1, "0" * 64, "created", now))
    await db.commit()
    return case


@app.post("/v1/nominations/{case_id}/staff-deliberations", response_model=Case, status_code=201)
async def record(case_id: UUID, wanted: Deliberation, db: InSession, who: Caller) -> Nomination:
    now = datetime.now(UTC)
    case = await db.get_one(Nomination, case_id, with_for_update=True)
    records = await db.scalars(
        select(UnitRecord).where(UnitRecord.nomination_id == case_id, UnitRecord.superseded_at.is_(None))
    )
    for each in records:
        if each.kind == "staff_deliberation":
            each.superseded_at = now
    await db.flush()
    values = {"nomination_id": case_id, "kind": "staff_deliberation", "recorded_by": UUID(who["sub"])}
    held_on = datetime.fromisoformat(wanted.held_on).date()
    db.add(UnitRecord(id=uuid7(), held_on=held_on, details=wanted.model_dump(), recorded_at=now, **values))
    query = select(NominationEvent).where(NominationEvent.nomination_id == case_id)
    last = (await db.scalars(query.order_by(NominationEvent.sequence.desc()).limit(1))).one()
    case.revision += 1
    case.saved_at = now
    db.add(_event(case, last.sequence + 1, last.hash, "recorded", now))
    await db.commit()
    return case


@app.post("/v1/documents", status_code=201)
async def upload(file: UploadFile, _: Caller) -> dict[str, Any]:
    content = await file.read()
    digest = hashlib.sha256(content).hexdigest()
    picture = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"), dtype=np.int16)
    border = np.concatenate([picture[:20].reshape(-1, 3), picture[:, :20].reshape(-1, 3)])
    spread = np.abs(picture - np.median(border, axis=0)).max(axis=2)
    data = io.BytesIO(content)
    await run_in_threadpool(
        minio.put_object, bucket_name="documents", object_name=f"naive/{digest}", data=data, length=len(content)
    )
    return {"sha256": digest, "width": picture.shape[1], "height": picture.shape[0], "even": float(spread.mean())}


def _event(case: Nomination, sequence: int, previous: str, event: str, now: datetime) -> NominationEvent:
    canonical = json.dumps({"nomination_id": str(case.id), "sequence": sequence, "event": event}).encode()
    return NominationEvent(
        nomination_id=case.id,
        sequence=sequence,
        event=event,
        canonical=canonical,
        previous_hash=previous,
        hash=hashlib.sha256(canonical).hexdigest(),
        recorded_at=now,
    )


if __name__ == "__main__":
    port = int(os.environ["BENCH_PORT"])
    uvicorn.run(app, port=port, loop="uvloop", http="httptools", access_log=False, log_level="warning")
