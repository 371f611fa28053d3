"""Turns whatever goes wrong into problem+json: refusals, FastAPI's validation, a lost database, a bug."""

import logging
from typing import Any

import asyncpg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_dbapi
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from services.common.answers.validation_messages import field_error
from services.common.db import LOST
from services.common.problems import (
    MEDIA_TYPE,
    BadRequest,
    FieldError,
    MalformedJson,
    MalformedMultipart,
    MethodNotAllowed,
    NotFound,
    PayloadTooLarge,
    Problem,
    Unavailable,
    Unprocessable,
    UnsupportedMediaType,
)
from services.common.request_context import request_id
from services.common.security_log.refusals import note_refusal
from services.common.text import Bilingual, preferred_language

log = logging.getLogger(__name__)


def problem_response(problem: Problem, accept_language: str | None) -> JSONResponse:
    body = problem.as_json(language=preferred_language(accept_language), trace_id=request_id.get())
    return JSONResponse(body, problem.status, headers=problem.headers, media_type=MEDIA_TYPE)


def install_problem_handlers(app: FastAPI) -> None:
    """Handlers do not reach into a mounted app, so each service installs its own."""
    for exception, translate in (
        (Problem, lambda _request, error: error),
        (RequestValidationError, _from_validation),
        (HTTPException, _from_http_exception),
        (DBAPIError, _from_database),
        (AsyncAdapt_asyncpg_dbapi.Error, _from_database),  # of a connection that the fast lane could not get
        (asyncpg.PostgresError, _from_database),
        (asyncpg.InternalClientError, _from_database),
        (PoolTimeout, _from_database),
        (OSError, _from_lost_connection),
        (Exception, _from_bug),
    ):
        app.add_exception_handler(exception, _handler(translate))


def _handler(translate: Any) -> Any:
    async def handle(request: Request, error: Exception) -> JSONResponse:
        problem = translate(request, error)
        await note_refusal(request, problem)
        return problem_response(problem, request.headers.get("accept-language"))

    return handle


def _from_validation(request: Request, error: RequestValidationError) -> Problem:
    errors = error.errors()
    if any(item["type"] == "json_invalid" for item in errors):
        reason = str(errors[0].get("ctx", {}).get("error", ""))
        return MalformedJson(Bilingual(f"请求内容不是有效的JSON（{reason}）", f"The body is not valid JSON ({reason})"))
    content_type = request.headers.get("content-type", "")
    if any(item["loc"] == ("body",) for item in errors) and not content_type.startswith("application/json"):
        return UnsupportedMediaType()
    return Unprocessable(errors=[field_error(item) for item in errors[:100]])


def _from_http_exception(request: Request, error: HTTPException) -> Problem:
    if error.status_code == 400 and request.headers.get("content-type", "").startswith("multipart/"):
        return MalformedMultipart()
    known: dict[int, type[Problem]] = {404: NotFound, 405: MethodNotAllowed, 413: PayloadTooLarge}
    problem = known.get(error.status_code, BadRequest)()
    problem.headers |= dict(error.headers or {})
    return problem


def _from_database(request: Request, error: Exception) -> Problem:
    of_driver = getattr(error, "orig", error)
    original = of_driver.__cause__ or of_driver
    if isinstance(error, DataError) or isinstance(original, asyncpg.DataError):
        return Unprocessable(errors=[FieldError("", "invalid_value", "有内容不能保存，请检查特殊字符和数值范围")])
    lost = isinstance(error, OperationalError | InterfaceError | PoolTimeout) or isinstance(
        original,
        (
            *LOST,
            asyncpg.InsufficientResourcesError,
            asyncpg.LockNotAvailableError,
            asyncpg.TransactionRollbackError,
        ),
    )
    if lost or getattr(error, "connection_invalidated", False):
        log.warning("database unavailable", extra={"error": type(original).__name__})
        return Unavailable()
    return _from_bug(request, error)


def _from_lost_connection(_request: Request, error: Exception) -> Problem:
    log.warning("connection lost", extra={"error": type(error).__name__})
    return Unavailable()


def _from_bug(request: Request, error: Exception) -> Problem:
    route = getattr(request.scope.get("route"), "path", "")
    log.error("unhandled error", exc_info=error, extra={"route": route, "error": type(error).__name__})
    return Problem()
