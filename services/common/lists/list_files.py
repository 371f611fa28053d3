"""Every list as a file: `?export=csv|json|xlsx` answers the whole list instead of a page, streamed page by page.

The file is made of the list's own pages: each is asked of the very route, with the caller's token, filters and scope. So a
file never holds a row or a member that the list does not show, and memory stays at one page however long the list is.
A stream that breaks is cut off: no file that is too short looks whole.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from fastapi.routing import request_response
from starlette.types import ASGIApp, Message

from services.common.answers.strict_json import StrictRoute
from services.common.china_time import CHINA
from services.common.lists.list_tables import CsvTable, TableWriter, XlsxTable
from services.common.lists.paging import MAX_PAGE
from services.common.lists.sheet_writing import Value
from services.common.problem_schema import joined
from services.common.problems import Unavailable

_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_TABLES: Mapping[str, Callable[[], TableWriter]] = {"csv": CsvTable, "xlsx": XlsxTable}
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_FILES: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": _BINARY, _MEDIA["xlsx"]: _BINARY}}}

Words = Mapping[str, Mapping[str, str]]
"""By member: what people call its codes."""


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list as a table: its name, and the heading of each member of a row that is a column, in their order."""

    title: str
    columns: Mapping[str, str]


async def _export(
    export: Annotated[
        Literal["csv", "json", "xlsx"] | None,
        Query(description="The whole list as a file, streamed; paging parameters do not count. Absent: one page"),
    ] = None,
) -> None:
    """Declares and validates the parameter; `ListRoute` acts on it."""


class ListRoute(StrictRoute):
    """A route whose list, where it is named in `files`, also goes out as a file."""

    files: ClassVar[Mapping[str, ListFile]] = {}
    """By operation id."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:
        self._list_file = self.files.get(endpoint.__name__)
        if self._list_file is not None:
            more["dependencies"] = [*(more.get("dependencies") or ()), Depends(_export)]
            more["responses"] = joined(more.get("responses") or {}, _FILES)
        super().__init__(path, endpoint, **more)

    async def words(self, request: Request) -> Words:  # noqa: ARG002  those who have words say them
        """What people call the codes of this request's list."""
        return {}

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        if self._list_file is None:
            return handle
        file, page = self._list_file, request_response(handle)

        async def handle_list(request: Request) -> Response:
            wanted = request.query_params.get("export")
            if wanted not in _MEDIA:
                return await handle(request)
            first = await _asked(page, request, None)
            if first.status != 200:
                return first.as_response()
            rows = _pages(page, request, json.loads(first.body))
            content = (
                _as_json(rows) if wanted == "json" else _as_table(_TABLES[wanted](), file, rows, self.words, request)
            )
            headers = {
                "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.title)}.{wanted}",
                "Cache-Control": "private, no-store",
            }
            return StreamingResponse(content, media_type=_MEDIA[wanted], headers=headers)

        return handle_list


@dataclass
class _Page:
    """An answer of the list itself."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] | None = None
    body: bytes = b""

    def as_response(self) -> Response:
        response = Response(self.body, self.status)
        response.raw_headers = list(self.headers or ())
        return response


async def _asked(page: ASGIApp, request: Request, token: str | None) -> _Page:
    asked = [(key, value) for key, value in parse_qsl(request.url.query) if key not in _PAGING]
    asked += [("page_token", token)] if token is not None else []
    if "page_size" in _parameters(request):
        asked.append(("page_size", str(MAX_PAGE)))
    scope = {**request.scope, "query_string": urlencode(asked).encode()}
    answer = _Page()

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status, answer.headers = message["status"], list(message["headers"])
        else:
            answer.body += message.get("body", b"")

    await page(scope, request.receive, send)
    return answer


_SPEAKING = {"label", "message"}
_PAGING = {"export", "page_token", "page_size"}


def _parameters(request: Request) -> set[str]:
    route = request.scope["route"]
    return {parameter.alias for parameter in route.dependant.query_params}


async def _pages(page: ASGIApp, request: Request, first: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
    """Raises Unavailable when a later page does not come."""
    body = first
    yield body
    while body.get("next_page_token") is not None:
        answer = await _asked(page, request, body["next_page_token"])
        if answer.status != 200:
            raise Unavailable
        body = json.loads(answer.body)
        yield body


async def _as_json(pages: AsyncIterator[dict[str, Any]]) -> AsyncIterator[bytes]:
    """One object of the page's own shape, with all items, and no page to follow."""
    first = True
    async for page in pages:
        rows = ",".join(_plain_json(row) for row in page["items"])
        if first:
            others = {key: value for key, value in page.items() if key not in ("items", "next_page_token")}
            others |= {"next_page_token": None} if "next_page_token" in page else {}
            begin = _plain_json(others)[1:-1]
            yield ("{" + begin + ("," if begin else "") + '"items":[' + rows).encode()
        elif rows:
            yield f",{rows}".encode()
        first = False
    yield b"]}"


_plain_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


async def _as_table(
    table: TableWriter,
    file: ListFile,
    pages: AsyncIterator[dict[str, Any]],
    words: Callable[[Request], Awaitable[Words]],
    request: Request,
) -> AsyncIterator[bytes]:
    said = await words(request)
    yield table.begin(file.title, list(file.columns.values()))
    async for page in pages:
        yield table.rows([[_member(row, path, said) for path in file.columns] for row in page["items"]])
    yield table.end()


def _member(row: Mapping[str, Any], path: str, words: Words) -> Value:
    """`readiness.score` is a member of a member; null where the outer one is."""
    value: Any = row
    key = path
    for key in path.split("."):
        value = value[key] if value is not None else None
    return _value(value, key, words)


def _value(value: Any, key: str, words: Words) -> Value:
    """As people write it: words for codes, local time, several things one after the other."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return value
    if isinstance(value, list):
        return "；".join(str(_value(each, key, words)) for each in value)
    if isinstance(value, dict):
        return " ".join(_told(value, key, words))
    return words.get(key, {}).get(value) or _local_time(value)


def _told(members: Mapping[str, Any], key: str, words: Words) -> Iterator[str]:
    """An object in a cell: its label or sentence where it has one, else all it says; no code beside its own word."""
    named = words.get(key, {})
    for member, value in members.items():
        if members.keys() & _SPEAKING and member not in _SPEAKING:
            continue
        told = str(_value(value, member, words)) if f"{member}_label" not in members else ""
        if told:
            yield f"{named[member]} {told}" if member in named else told


def _local_time(text: str) -> str:
    if len(text) < 20 or text[10:11] != "T":
        return text
    try:
        return f"{datetime.fromisoformat(text).astimezone(CHINA):%Y-%m-%d %H:%M}"
    except ValueError:
        return text
