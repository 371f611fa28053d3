"""The city's list: chosen among reported cases, shown to the city, ranked without ties, reported (R17–R18, R46, R60–R65)."""

import asyncio
import base64
import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from services.evidence.containers import ZipContainer
from services.evidence.verifying import verify
from services.nominations.context import Context
from services.nominations.packages.package_preparing import prepare_package
from tests.factories import Office
from tests.nominations.forms.papers import as_scan, page_of, sealed

COLLECTIVE = "advanced_collective"
CITY_PUBLIC = "2025-02-21T09:00:00+08:00"
LAST_DAY = "2025-02-28T23:59:59+08:00"
AFTER = "2025-03-01T00:00:00+08:00"


@pytest.fixture
async def city(client) -> Office:
    return Office(client, "tests-city-list")


async def draw_up(office: Office, *cases: str, username: str = "city-office", **more):
    body = {"campaign_key": office.campaign, "selection": {COLLECTIVE: list(cases)}, **more}
    return await office.send(username, "POST", "/v1/city-lists", json=body)


async def act(office: Office, city_list: str, noun: str, body=None, *, username: str = "city-office"):
    return await office.send(username, "POST", f"/v1/city-lists/{city_list}/{noun}", json=body)


async def rank(office: Office, city_list: str, *cases: str, etag: str):
    path = f"/v1/city-lists/{city_list}/ranking"
    return await office.send(
        "city-office", "PUT", path, json={"ranking": {COLLECTIVE: list(cases)}}, headers={"If-Match": etag}
    )


async def status_of(office: Office, case: str) -> str:
    status: str = (await office.done("city-office", "GET", f"/v1/nominations/{case}")).json()["status"]
    return status


def codes(answer) -> list[str]:
    return [error["code"] for error in answer.json().get("errors", [])]


async def test_a_list_goes_through_publicity_and_ranking_to_the_province_r61_r65(city, context):
    first, second, left_out = [await city.endorsed_by_city() for _ in range(3)]
    await city.set_clock(CITY_PUBLIC)
    drawn = await draw_up(city, first, second)
    list_id, seen = drawn.json()["id"], [await status_of(city, first)]
    shown = await act(city, list_id, "publicity-notices")
    seen.append(await status_of(city, first))
    await city.set_clock(LAST_DAY)
    early = await rank(city, list_id, second, first, etag=shown.headers["etag"])
    await city.set_clock(AFTER)
    incomplete = await rank(city, list_id, second, etag=shown.headers["etag"])
    ranked = await rank(city, list_id, second, first, etag=shown.headers["etag"])
    seen.append(await status_of(city, first))
    stale = await rank(city, list_id, first, second, etag=shown.headers["etag"])
    reported = await act(city, list_id, "submissions")
    seen.append(await status_of(city, first))
    ranks = {item["nomination_id"]: item["rank"] for item in ranked.json()["selection"][COLLECTIVE]}
    assert (drawn.status_code, drawn.json()["candidates"]) == (201, {COLLECTIVE: 3})
    assert (codes(early)[0], early.json()["available_on"]) == ("publicity_running", "2025-03-01")
    assert codes(incomplete) == ["ranking_incomplete"]
    assert (ranks, stale.status_code) == ({second: 1, first: 2}, 412)
    assert (seen, reported.json()["reported_at"] is not None) == (
        ["listed", "in_city_publicity", "ranked", "reported"],
        True,
    )
    assert await status_of(city, left_out) == "endorsed"
    await what_goes_to_the_province_is_ranked_and_whole(city, list_id, [second, first], left_out)
    await every_download_of_its_cases_is_on_record(context, second)
    await the_sealed_table_is_matched_to_its_print(city, list_id)
    await a_package_of_the_city_is_for_its_office_alone(city, context, list_id)
    again = await act(city, list_id, "removals", {"nomination_id": first, "reason": "太晚"})
    assert (again.status_code, again.json()["code"]) == (409, "city_list_reported")


async def what_goes_to_the_province_is_ranked_and_whole(city: Office, list_id: str, ranked: list[str], left_out: str):
    """R65: the summary table in the city's order, and a package that proves itself."""
    names = {}
    for case in (*ranked, left_out):
        names[case] = (await city.done("city-office", "GET", f"/v1/nominations/{case}")).json()["name"]
    table = await city.done("city-office", "GET", f"/v1/city-lists/{list_id}/forms/attachment_3?format=xlsx")
    rows = [
        row
        for row in load_workbook(io.BytesIO(table.content)).active.iter_rows(values_only=True)
        if row[0] in {"1", "2", 1, 2}
    ]
    package = await city.done("city-office", "GET", f"/v1/city-lists/{list_id}/package")
    keys = (await city.client.get("/v1/evidence-keys")).json()["items"]
    trusted = {key["key_id"]: base64.b64decode(key["public_key"]) for key in keys}
    verdict = verify(ZipContainer(io.BytesIO(package.content)), trusted=trusted)
    plan = (await city.done("city-office", "GET", f"/v1/city-lists/{list_id}/package-plan")).json()["parts"]
    strangers = [
        (await city.send(who, "GET", f"/v1/city-lists/{list_id}/{what}")).status_code
        for who in ("wutai-office", "city-hrss")
        for what in ("package", "package-plan", "forms/attachment_3")
    ]
    wrong = await city.send("city-office", "GET", f"/v1/city-lists/{list_id}/forms/attachment_5")
    assert [[name for name in names.values() if name in row] for row in rows] == [[names[case]] for case in ranked]
    assert (verdict.faults, verdict.cases, [(part["part"], part["cases"]) for part in plan]) == ((), 2, [(1, 2)])
    assert (strangers, wrong.json()["code"]) == ([403] * 6, "form_not_found")


async def every_download_of_its_cases_is_on_record(context: Context, case: str) -> None:
    """条例第十二条: what went to the province was written down, the package as well as the table."""
    query = text("SELECT kind FROM nominations.data_releases WHERE nomination_id = :case ORDER BY id")
    async with context.database.reading() as session:
        kinds = (await session.scalars(query, {"case": case})).all()
    assert kinds == ["report_table", "package"]


async def a_package_of_the_city_is_for_its_office_alone(city: Office, context: Context, list_id: str) -> None:
    """Whoever prepared one and then took a county's role reaches it no more; as if they had, their package is made another's."""
    path = f"/v1/city-lists/{list_id}/packages"
    package = (await city.done("city-office", "POST", path, json={})).json()
    await prepare_package(context, package["id"])
    them = (await city.done("wutai-office", "GET", "/v1/auth/me")).json()["person"]["id"]
    change_hands = text("UPDATE nominations.prepared_packages SET asked_by = :them WHERE id = CAST(:id AS uuid)")
    async with context.database.transaction() as session:
        await session.execute(change_hands, {"them": them, "id": package["id"]})
    answer = await city.send("wutai-office", "GET", f"/v1/packages/{package['id']}/content")
    assert answer.status_code == 404


async def the_sealed_table_is_matched_to_its_print(city: Office, list_id: str) -> None:
    """R64–R65, R148: 附件3 of the whole city comes back signed and sealed."""
    table = (await city.done("city-office", "GET", f"/v1/city-lists/{list_id}/forms/attachment_3?format=pdf")).content
    sealed_table = as_scan(sealed(page_of(table, dpi=110)), dpi=110)
    files, data = {"file": ("a", sealed_table, "application/pdf")}, {"kind": "sealed_scan", "bundle_id": list_id}
    scan = (await city.done("city-office", "POST", "/v1/documents", files=files, data=data)).json()
    answers = [
        await act(city, list_id, "sealed-scans", {"document_id": scan["id"], "form": form})
        for form in ("attachment_3", "attachment_4", "attachment_5")
    ]
    listed = (await city.done("city-office", "GET", f"/v1/city-lists/{list_id}/sealed-scans")).json()["items"]
    prints = (await city.done("city-office", "GET", f"/v1/city-lists/{list_id}/form-prints")).json()["items"]
    strangers = [
        (await city.send(who, method, f"/v1/city-lists/{list_id}/{what}", json={})).status_code
        for who in ("wutai-office", "city-hrss")
        for method, what in (("POST", "sealed-scans"), ("GET", "sealed-scans"), ("GET", "form-prints"))
    ]
    assert [answers[0].status_code, codes(answers[1]), answers[2].json()["code"]] == (
        [201, ["scan_of_another_form"], "form_not_found"]
    )
    package = await city.done("city-office", "GET", f"/v1/city-lists/{list_id}/package")
    bag = ZipContainer(io.BytesIO(package.content))
    assert (listed, answers[0].json()["shown"]["content_hash"]) == ([answers[0].json()], prints[0]["content_hash"])
    assert [name for name in bag.names if "盖章扫描件" in name] == [
        "data/report/全市+山西省制造业振兴升级先进集体推荐对象汇总表-盖章扫描件.pdf"
    ]
    assert verify(bag).faults == ()
    assert strangers == [403] * 6


async def test_more_than_the_province_asked_for_is_refused_r18(city):
    cases = ["01940000-0000-7000-8000-00000000000" + str(number) for number in range(5)]
    answer = await draw_up(city, *cases)
    assert codes(answer) == ["above_final_quota"]


async def test_only_what_the_city_endorsed_is_listed_and_every_reason_is_given_r17(city):
    case = await city.submitted_collective()
    await city.to_the_city(case)
    answer = await draw_up(city, case, no_choice_reason="测试", username="city-office")
    assert (answer.status_code, codes(answer)) == (409, ["wrong_status"])


async def test_without_a_choice_the_list_needs_a_reason_and_a_second_person_r46_r97(client):
    office = Office(client, "tests-no-choice")
    only = await office.endorsed_by_city()
    await office.set_clock(CITY_PUBLIC)
    refused = await draw_up(office, only)
    drawn = await draw_up(office, only, no_choice_reason="全市仅此一家符合条件")
    list_id = drawn.json()["id"]
    alone = await act(office, list_id, "publicity-notices")
    own = await office.second_list("city-office", list_id)
    seconded = await office.second_list("city-hrss", list_id)
    shown = await act(office, list_id, "publicity-notices")
    assert [
        (answer.status_code, answer.json().get("code")) for answer in (refused, drawn, alone, own, seconded, shown)
    ] == [
        (409, "no_choice_among_candidates"),
        (201, None),
        (409, "second_person_needed"),
        (409, "second_person_needed"),
        (201, None),
        (201, None),
    ]


async def test_nobody_agrees_to_a_list_that_they_never_read_r46_r97(client):
    office = Office(client, "tests-redrawn")
    first, second = [await office.endorsed_by_city() for _ in range(2)]
    await office.set_clock(CITY_PUBLIC)
    drawn = await draw_up(office, first, second, no_choice_reason="全市仅此两家符合条件")
    list_id, read = drawn.json()["id"], {"If-Match": drawn.headers["etag"]}
    for case in (first, second):
        await act(office, list_id, "removals", {"nomination_id": case, "reason": "另行研究"})
    anew = await draw_up(office, first, second, no_choice_reason="时间紧迫")
    path = f"/v1/city-lists/{list_id}/seconding"
    refused = [await office.send("city-hrss", "POST", path, headers=headers) for headers in (read, {})]
    assert (anew.json()["id"], [answer.status_code for answer in refused]) == (list_id, [412, 428])
    assert (await office.second_list("city-hrss", list_id)).status_code == 201


async def test_whom_a_bar_an_opinion_or_an_objection_stops_is_nobody_to_choose_r17_r46_r97(client):
    office = Office(client, "tests-barred-choice")
    only, barred, unwanted, objected = [await office.endorsed_by_city() for _ in range(4)]
    arrears = {"disqualifier": "social_insurance_arrears", "finding": "税务部门查明欠缴社会保险费"}
    await office.step("city-office", barred, "disqualifications", json=arrears)
    adverse = {"result": "unfavourable", "text": "不同意推荐", "signer_name": "示例", "signed_on": "2025-02-14"}
    path = f"/v1/nominations/{unwanted}/opinions/taxation"
    await office.done("city-office", "PUT", path, json=adverse)
    notice = (await office.done("city-office", "GET", f"/v1/nominations/{objected}")).json()["publicity"]["id"]
    words = {"content": "事迹中的数据与实际不符，请核实。"}
    assert (await client.post(f"/v1/publicity-notices/{notice}/objections", json=words)).is_success
    refused = await draw_up(office, only)
    drawn = await draw_up(office, only, no_choice_reason="其余三家现在不能列入")
    assert (refused.status_code, refused.json()["code"]) == (409, "no_choice_among_candidates")
    assert (drawn.status_code, drawn.json()["candidates"]) == (201, {COLLECTIVE: 1})


async def test_a_second_list_is_refused_as_such_also_where_nobody_is_left_to_choose_from_r46(client):
    office = Office(client, "tests-barred-choice")
    answer = await draw_up(office, "01940000-0000-7000-8000-000000000000")
    assert (answer.status_code, answer.json()["code"]) == (409, "city_list_exists")


async def test_a_campaign_has_one_list_on_the_way_also_when_two_draw_one_up_at_once(client):
    office = Office(client, "tests-one-list")
    cases = [await office.endorsed_by_city() for _ in range(3)]
    await office.set_clock(CITY_PUBLIC)
    answers = await asyncio.gather(draw_up(office, cases[0]), draw_up(office, cases[1]))
    (made,) = [answer.json()["id"] for answer in answers if answer.status_code == 201]
    ranked = {case: await status_of(office, case) for case in cases}
    assert sorted(answer.json().get("code", "") for answer in answers) == ["", "city_list_exists"]
    assert sorted(ranked.values()) == ["endorsed", "endorsed", "listed"]
    removed = next(case for case, status in ranked.items() if status == "listed")
    await act(office, made, "removals", {"nomination_id": removed, "reason": "另行研究"})
    assert await status_of(office, removed) == "endorsed"


@pytest.mark.parametrize("username", ["wutai-office", "city-hrss", "wutai-clerk"])
async def test_only_the_citys_office_draws_up_a_list_r38(city, username):
    answer = await draw_up(city, "01940000-0000-7000-8000-000000000000", username=username)
    assert answer.status_code == 403
