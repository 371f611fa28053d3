"""A read is answered without asking FastAPI anew what its function needs: that is known once the route is made.

FastAPI walks the tree of dependencies for every request and asks each of them what kind it is; that costs more than all
that they do. Here the tree becomes a row of steps. Where a parameter is missing or wrong FastAPI's own handler takes over,
before anything was done, and says what it always says. A route that needs more than a read does (a body, a cookie, work
after the answer) is FastAPI's from the beginning.
"""

import inspect
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from fastapi import Request, Response
from fastapi.datastructures import DefaultPlaceholder
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, serialize_response

Handle = Callable[[Request], Awaitable[Response]]
_Values = dict[str, Any]

_SOURCES: Mapping[str, Callable[[Request], Mapping[str, str]]] = {
    "path": lambda request: request.path_params,
    "query": lambda request: request.query_params,
    "header": lambda request: request.headers,
}
_SCALARS = (str, int, float, bool, UUID, date, datetime, Enum, NoneType)


@dataclass(frozen=True, slots=True)
class _Parameter:
    """One value of the request, read by FastAPI's own field."""

    field: Any
    among: Callable[[Request], Mapping[str, str]]

    def read_into(self, values: _Values, request: Request) -> bool:
        """Whether the value may stand as it is."""
        sent = self.among(request).get(self.field.alias)
        if sent is None:
            values[self.field.name] = self.field.default
            return not self.field.field_info.is_required()
        values[self.field.name], wrong = self.field.validate(sent)
        return not wrong


@dataclass(frozen=True, slots=True)
class _Step:
    """One call: a dependency, or at the end the route's function."""

    call: Callable[..., Any]
    stays_open: bool
    """A generator: what it gives is closed when the function has answered."""
    parameters: tuple[_Parameter, ...]
    needs: tuple[tuple[str, int], ...]
    """Names of arguments, and the step whose result each of them is."""
    request_as: str | None
    response_as: str | None

    def read(self, request: Request) -> _Values | None:
        """What it reads of the request itself; None where that is FastAPI's to refuse."""
        values: _Values = {}
        for parameter in self.parameters:
            if not parameter.read_into(values, request):
                return None
        return values


class _NotPlain(Exception):
    """The route needs more than a read."""


def plain_read(route: APIRoute, *, otherwise: Handle) -> Handle | None:
    """Answers as `otherwise` does, which is asked where a request is not in order. None: the route is no plain read."""
    if route.methods != {"GET"} or route.response_field is None or route.body_field is not None:
        return None
    if not isinstance(route.response_class, DefaultPlaceholder) or route.is_sse_stream or route.is_json_stream:
        return None
    steps: list[_Step] = []
    try:
        _add_steps(route.dependant, steps, {})
    except _NotPlain:
        return None
    answer, opens = _answering(route), any(step.stays_open for step in steps)

    async def read(request: Request) -> Response:
        values = []
        for step in steps:
            own = step.read(request)
            if own is None:
                return await otherwise(request)
            values.append(own)
        if not opens:
            return await _run(steps, values, request, None, answer)
        async with AsyncExitStack() as opened:
            return await _run(steps, values, request, opened, answer)

    return read


async def _run(
    steps: list[_Step],
    values: list[_Values],
    request: Request,
    opened: AsyncExitStack | None,
    answer: Callable[[Any, Response | None], Awaitable[Response]],
) -> Response:
    results: list[Any] = []
    told: Response | None = None
    for step, arguments in zip(steps, values, strict=True):
        for name, place in step.needs:
            arguments[name] = results[place]
        if step.request_as is not None:
            arguments[step.request_as] = request
        if step.response_as is not None:
            told = told or _blank()
            arguments[step.response_as] = told
        if step.stays_open:
            assert opened is not None
            results.append(await opened.enter_async_context(asynccontextmanager(step.call)(**arguments)))
        else:
            results.append(await step.call(**arguments))
    return await answer(results[-1], told)


def _blank() -> Response:
    """What functions and dependencies write headers on."""
    response = Response()
    del response.headers["content-length"]
    return response


def _answering(route: APIRoute) -> Callable[[Any, Response | None], Awaitable[Response]]:
    """Writes what the function gave, with the headers that were told beside it."""
    shape: dict[str, Any] = {
        "field": route.response_field,
        "include": route.response_model_include,
        "exclude": route.response_model_exclude,
        "by_alias": route.response_model_by_alias,
        "exclude_unset": route.response_model_exclude_unset,
        "exclude_defaults": route.response_model_exclude_defaults,
        "exclude_none": route.response_model_exclude_none,
        "dump_json": True,
    }
    status = route.status_code or 200

    async def answer(given: Any, told: Response | None) -> Response:
        if isinstance(given, Response):
            return given
        content = await serialize_response(response_content=given, **shape)
        response = Response(content, status, media_type="application/json")
        if told is not None:
            response.headers.raw.extend(told.headers.raw)
        return response

    return answer


def _add_steps(dependant: Dependant, steps: list[_Step], known: dict[Any, int]) -> int:
    """The steps that lead to a call and the call itself, each once. Gives its place; raises _NotPlain."""
    needs = []
    for needed in dependant.dependencies:
        place = known.get(needed.call) if needed.use_cache else None
        if place is None:
            place = known[needed.call] = _add_steps(needed, steps, known)
        if needed.name is not None:
            needs.append((needed.name, place))
    stays_open = inspect.isasyncgenfunction(dependant.call)
    if dependant.call is None or _is_special(dependant) or not (stays_open or _is_coroutine(dependant.call)):
        raise _NotPlain
    if stays_open and dependant.scope != "function":
        raise _NotPlain
    steps.append(
        _Step(
            call=dependant.call,
            stays_open=stays_open,
            parameters=tuple(_parameters(dependant)),
            needs=tuple(needs),
            request_as=dependant.request_param_name,
            response_as=dependant.response_param_name,
        )
    )
    return len(steps) - 1


def _is_special(dependant: Dependant) -> bool:
    return any(
        (
            dependant.body_params,
            dependant.cookie_params,
            dependant.own_oauth_scopes,
            dependant.websocket_param_name,
            dependant.http_connection_param_name,
            dependant.background_tasks_param_name,
            dependant.security_scopes_param_name,
            dependant.concurrency,
        )
    )


def _is_coroutine(call: Callable[..., Any]) -> bool:
    return inspect.iscoroutinefunction(call) or inspect.iscoroutinefunction(getattr(call, "__call__", None))  # noqa: B004  it is not asked whether it is callable


def _parameters(dependant: Dependant) -> Iterator[_Parameter]:
    """Raises _NotPlain for a parameter that is not one plain value."""
    for source, fields in (
        ("path", dependant.path_params),
        ("query", dependant.query_params),
        ("header", dependant.header_params),
    ):
        for field in fields:
            info = field.field_info
            if (
                not _is_scalar(info.annotation)
                or info.validate_default
                or info.validation_alias not in (None, info.alias)
            ):
                raise _NotPlain
            yield _Parameter(field, _SOURCES[source])


def _is_scalar(kind: Any) -> bool:
    origin = get_origin(kind)
    if origin is Annotated:
        return _is_scalar(get_args(kind)[0])
    if origin in (Union, UnionType):
        return all(_is_scalar(each) for each in get_args(kind))
    return origin is Literal or (isinstance(kind, type) and issubclass(kind, _SCALARS))
