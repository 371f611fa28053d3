"""Bundles are made by the procedure and by nobody else."""

import asyncio

import httpx
from uuid_utils.compat import uuid7

from services.documents.resources import Resources
from tests.documents.service.people import SERVICE, player
from tests.documents.service.steps import CAMPAIGN, error_codes, open_case

BODY = {
    "owner_person_id": None,
    "organisation_id": "0199b3a2-c5d8-7e10-a1b2-c3d4e5f60718",
    "jurisdiction": "140922",
    "campaign_key": CAMPAIGN,
    "open_to": [],
    "kept_from": [],
    "unit_name": None,
    "person_name": None,
}


async def test_registering_a_bundle_twice_leaves_one(http: httpx.AsyncClient) -> None:
    address = f"/v1/documents/bundles/{uuid7()}"
    answers = [await http.put(address, headers=SERVICE.headers, json=BODY) for _ in range(2)]
    assert [(answer.status_code, answer.json()) for answer in answers] == [
        (200, BODY | {"bundle_id": address.rpartition("/")[2], "file_stem": None})
    ] * 2


async def test_what_was_opened_to_a_stage_stays_open(http: httpx.AsyncClient) -> None:
    address = f"/v1/documents/bundles/{uuid7()}"
    steps = [["county"], ["city"], []]
    answers = [await http.put(address, headers=SERVICE.headers, json=BODY | {"open_to": stages}) for stages in steps]
    assert [answer.json()["open_to"] for answer in answers] == [["county"], ["city", "county"], ["city", "county"]]


async def test_whom_a_bundle_was_kept_from_once_it_stays_kept_from(http: httpx.AsyncClient) -> None:
    address = f"/v1/documents/bundles/{uuid7()}"
    one, other = sorted(str(uuid7()) for _ in range(2))
    steps = [[other], [one, one], []]
    answers = [await http.put(address, headers=SERVICE.headers, json=BODY | {"kept_from": kept}) for kept in steps]
    assert [answer.json()["kept_from"] for answer in answers] == [[other], [one, other], [one, other]]


async def test_namesakes_who_come_at_once_are_numbered_without_a_gap(http: httpx.AsyncClient) -> None:
    """R127: some of them are new, some get their name later; nobody is refused and no name is given twice."""
    unnamed = [f"/v1/documents/bundles/{uuid7()}" for _ in range(2)]
    for address in unnamed:
        await http.put(address, headers=SERVICE.headers, json=BODY)
    named = BODY | {"unit_name": "示例同名单位", "person_name": "王同名"}
    addresses = [*unnamed, *(f"/v1/documents/bundles/{uuid7()}" for _ in range(4))]
    answers = await asyncio.gather(*(http.put(each, headers=SERVICE.headers, json=named) for each in addresses))
    assert [answer.status_code for answer in answers] == [200] * 6
    stems = sorted(answer.json()["file_stem"] for answer in answers)
    assert stems == ["示例同名单位+王同名", *(f"示例同名单位+王同名({number})" for number in range(2, 7))]


async def test_a_collectives_bundle_is_not_open_to_a_caller_without_a_person(http: httpx.AsyncClient) -> None:
    address = f"/v1/documents/bundles/{uuid7()}"
    await http.put(address, headers=SERVICE.headers, json=BODY)
    assert (await http.get(address, headers=player("nominee").headers)).status_code == 404


async def test_only_a_service_registers_bundles(http: httpx.AsyncClient) -> None:
    headers = player("city_officer").headers
    answer = await http.put(f"/v1/documents/bundles/{uuid7()}", headers=headers, json=BODY)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_a_bundle_of_an_unknown_campaign_is_refused(http: httpx.AsyncClient) -> None:
    body = BODY | {"campaign_key": "nowhere-1999"}
    answer = await http.put(f"/v1/documents/bundles/{uuid7()}", headers=SERVICE.headers, json=body)
    assert (answer.status_code, error_codes(answer)) == (422, [("/campaign_key", "campaign_unknown")])


async def test_an_unknown_field_of_a_bundle_is_refused_by_name(http: httpx.AsyncClient) -> None:
    answer = await http.put(f"/v1/documents/bundles/{uuid7()}", headers=SERVICE.headers, json=BODY | {"state": "open"})
    assert (answer.status_code, error_codes(answer)) == (422, [("/state", "unknown_field")])


async def test_a_duplicate_json_key_is_refused(http: httpx.AsyncClient) -> None:
    headers = SERVICE.headers | {"Content-Type": "application/json"}
    answer = await http.put(f"/v1/documents/bundles/{uuid7()}", headers=headers, content=b'{"a": 1, "a": 2}')
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_json")


async def test_an_empty_bundle_lists_nothing(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    answer = await http.get(f"/v1/documents/bundles/{case.bundle_id}", headers=SERVICE.headers)
    assert (answer.status_code, answer.json()) == (
        200,
        {"bundle_id": str(case.bundle_id), "frozen": False, "items": []},
    )


async def test_kinds_and_profiles_are_public_with_every_limit(http: httpx.AsyncClient) -> None:
    answer = (await http.get("/v1/documents/kinds")).json()
    profile = answer["photo_profiles"]["two_inch_blue"]
    assert (answer["campaign_key"], answer["uploads"]) == (
        CAMPAIGN,
        {"max_bytes": 10_000_000, "max_chunk_bytes": 2_000_000, "open_uploads_per_person": 10, "upload_hours": 24},
    )
    assert (answer["kinds"]["id_card_front"]["direct_upload"], answer["kinds"]["sealed_scan"]["max_pages"]) == (
        False,
        50,
    )
    assert answer["kinds"]["portrait"] == {
        "label": "证件照",
        "required_when": "推荐先进个人时必须上传",
        "formats": ["heic", "jpeg"],
        "max_bytes": 512000,
        "max_pixels": 50000000,
        "max_pages": 1,
        "max_count": 1,
        "photo_profile": "two_inch_blue",
        "readers": ["city_officer", "city_reviewer", "county_officer", "county_reviewer", "unit_clerk", "unit_head"],
        "sensitivity": "P3",
        "consent_required": False,
        "consent": None,
        "encrypted": False,
        "watermarked": False,
        "direct_upload": True,
        "after_submission": False,
        "retention": {"counted_from": "campaign_closed", "days": 365},
    }
    assert profile["bytes"] == {
        "refuse_below": 50000,
        "warn_below": 51200,
        "warn_above": 500000,
        "refuse_above": 512000,
    }


async def test_the_kinds_of_an_unknown_campaign_are_not_invented(http: httpx.AsyncClient) -> None:
    answer = await http.get("/v1/documents/kinds", params={"campaign_key": "nowhere-1999"})
    assert (answer.status_code, answer.json()["code"]) == (422, "campaign_unknown")


async def test_readiness_names_both_servers_and_the_models(http: httpx.AsyncClient) -> None:
    answer = await http.get("/readyz")
    assert answer.json() == {"status": "ok", "needs": {"postgresql": "ok", "s3": "ok", "vision_models": "ok"}}


async def test_names_are_in_the_order_of_their_code_points_so_that_the_index_finds_those_that_begin_alike(
    resources: Resources,
) -> None:
    of_names = "SELECT collation_name FROM information_schema.columns WHERE table_name = 'bundles' AND column_name = 'file_stem'"
    assert [row[0] for row in await resources.database.fetch(of_names)] == ["C"]
