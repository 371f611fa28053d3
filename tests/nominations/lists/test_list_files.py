"""Lists as files: the rows of the list itself, all of them, in a form that people open with a tap."""

import asyncio
import csv
import io
from typing import ClassVar

import pytest
from fastapi import FastAPI
from openpyxl import load_workbook
from pydantic import BaseModel

from services.common.lists import list_files
from services.common.lists.list_files import ListFile, ListRoute
from services.common.lists.list_tables import CsvTable, XlsxTable
from services.common.problem_schema import DeclaringRouter
from services.common.problems import Unavailable
from tests.factories import OPENED

CAMPAIGN = {"campaign_key": "tests-list-files"}


@pytest.fixture(scope="module")
async def drafts(office):
    names = ["=cmd|'/c calc'!A1", "示例乙", "@SUM(A1)", "示例，“丁”", "示例戊"]
    for name in names:
        await office.draft({"full_name": name}, campaign=CAMPAIGN["campaign_key"])
    return names


async def exported(office, wanted: str, path: str = "/v1/nominations", who: str = "wutai-clerk", **more):
    campaign = {} if CAMPAIGN["campaign_key"] in path else CAMPAIGN
    return await office.send(who, "GET", path, params={**campaign, "export": wanted, **more})


async def test_a_file_holds_every_page_of_the_list_in_its_order(office, drafts, monkeypatch):
    monkeypatch.setattr(list_files, "MAX_PAGE", 2)
    listed = (await office.done("wutai-clerk", "GET", "/v1/nominations", params=CAMPAIGN)).json()
    whole = await exported(office, "json", page_size=1)
    assert whole.json()["items"] == listed["items"]
    assert whole.json() == listed
    assert whole.headers["content-type"] == "application/json"
    rows = list(csv.reader(io.StringIO((await exported(office, "csv")).content.decode("utf-8-sig"))))
    book = load_workbook(io.BytesIO((await exported(office, "xlsx")).content))
    ids = [item["id"] for item in listed["items"]]
    assert [row[-1] for row in rows[1:]] == ids
    assert [row[-1] for row in book.active.iter_rows(min_row=2, values_only=True)] == ids


async def test_a_csv_opens_in_excel_with_chinese_headings_and_words_for_codes(office, drafts):
    answer = await exported(office, "csv", oldest_first="true")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert answer.content.startswith("\ufeff推荐对象,".encode())
    assert rows[0][:6] == ["推荐对象", "所在单位", "类别", "推荐单位", "环节", "状态"]
    assert rows[2][2:6] == ["山西省制造业振兴升级先进个人", "五台县", "单位", "草稿"]
    assert answer.headers["content-disposition"].endswith("%E6%8E%A8%E8%8D%90%E5%88%97%E8%A1%A8.csv")


async def test_no_name_becomes_a_formula(office, drafts):
    content = (await exported(office, "csv", oldest_first="true")).content.decode("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(content))][1:4] == [
        "'=cmd|'/c calc'!A1",
        "示例乙",
        "'@SUM(A1)",
    ]
    book = load_workbook(io.BytesIO((await exported(office, "xlsx", oldest_first="true")).content))
    cell = book.active["A2"]
    assert (cell.value, cell.data_type, book.active["J2"].data_type) == (drafts[0], "s", "s")


async def test_a_file_shows_nobody_more_than_the_list_does(office, drafts):
    assert (await exported(office, "json", who="wutai-office")).json()["items"] == []
    assert (await exported(office, "csv", status="withdrawn")).content.count(b"\r\n") == 1


@pytest.mark.parametrize(
    ("path", "params", "status", "code"),
    [
        ("/v1/nominations", {"export": "pdf", **CAMPAIGN}, 422, "validation_failed"),
        ("/v1/nominations", {"export": "csv"}, 422, "validation_failed"),
        ("/v1/misconduct-cases", {"export": "csv", **CAMPAIGN}, 403, "forbidden"),
        ("/v1/campaigns/none/progress", {"export": "xlsx"}, 403, "forbidden"),
    ],
)
async def test_what_the_list_refuses_its_file_refuses_in_the_same_words(office, path, params, status, code):
    answer = await office.send("wutai-clerk", "GET", path, params=params)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_board_of_objects_and_lists_becomes_flat_cells(office, drafts):
    await office.set_clock(OPENED)
    path = "/v1/campaigns/tests-list-files/progress"
    content = (await exported(office, "csv", path, who="wutai-office")).content.decode("utf-8-sig")
    head, row = csv.reader(io.StringIO(content))
    said = dict(zip(head, row, strict=True))
    assert (said["推荐单位"], said["是否按时"], said["各环节件数"]) == (
        "五台县",
        "是",
        "山西省制造业振兴升级先进个人 单位 草稿 5",
    )
    assert said["就绪程度"].isdecimal()


@pytest.mark.parametrize("table", [CsvTable, XlsxTable])
def test_text_that_no_file_may_hold_breaks_none(table):
    writer = table()
    written = writer.begin("表", ["甲"]) + writer.rows([["\x00\x0b\ud800<&>\uffff"], ["x" * 40_000]]) + writer.end()
    if table is XlsxTable:
        assert load_workbook(io.BytesIO(written)).active["A2"].value == "<&>"
    else:
        assert written.decode("utf-8-sig").startswith("甲\r\n")


class Row(BaseModel):
    number: int


class Page(BaseModel):
    items: list[Row]
    next_page_token: str | None


def app_of(asked: list[str | None], *, fails_at: str | None = None) -> FastAPI:
    class Route(ListRoute):
        files: ClassVar = {"numbers": ListFile("数", {"number": "数"})}

    routes = DeclaringRouter(route_class=Route)

    @routes.get("/numbers")
    async def numbers(page_token: str | None = None) -> Page:
        asked.append(page_token)
        if page_token == fails_at and fails_at:
            raise Unavailable
        number = int(page_token or 0)
        return Page(items=[Row(number=number)], next_page_token=str(number + 1) if number < 2 else None)

    app = FastAPI()
    app.state.audiences = {}
    app.include_router(routes)
    return app


async def sent_by(app: FastAPI, asked: list[str | None]) -> list[tuple[bytes, int]]:
    """Each piece of the answer, and how many pages had been asked for when it went out."""
    pieces = []

    async def send(message):
        if message.get("body"):
            pieces.append((message["body"], len(asked)))

    async def receive():
        await asyncio.sleep(3600)

    scope = {"type": "http", "method": "GET", "path": "/numbers", "query_string": b"export=csv", "headers": []}
    await app(scope | {"root_path": "", "scheme": "http", "http_version": "1.1"}, receive, send)
    return pieces


async def test_a_page_is_asked_for_when_the_one_before_has_gone_out():
    asked: list[str | None] = []
    pieces = await sent_by(app_of(asked), asked)
    assert pieces == [("\ufeff数\r\n".encode(), 1), (b"0\r\n", 1), (b"1\r\n", 2), (b"2\r\n", 3)]


async def test_a_list_that_breaks_off_never_looks_whole():
    asked: list[str | None] = []
    with pytest.raises(Unavailable):
        await sent_by(app_of(asked, fails_at="1"), asked)


def test_the_file_of_a_long_list_takes_no_more_memory_than_that_of_a_short_one():
    writer = XlsxTable()
    writer.begin("表", ["甲", "乙"])
    sizes = [len(writer.rows([[f"{number}-{row}", row] for row in range(100)])) for number in range(200)]
    assert max(sizes) < 100_000
