"""The journeys of the requirements, each told once and run twice: in one process, and in three.

The fourth, of a whole city, runs in three only; the demo's story runs in one by `test_one_case`.
"""

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from tests.factories import (
    CATEGORY,
    ENDORSE,
    HEAD_OF_FIRM,
    OPENED,
    PICTURES,
    Office,
    complete_collective,
    complete_form,
)
from tests.journeys.demo_story import tell_story
from tests.journeys.worlds import World, journey_campaigns, world

HEIC = Path("tests/data/heic/portrait.heic").read_bytes()
COLLECTIVE = "advanced_collective"
FRAUD = {"ground": "fraud", "finding": "经查实，主要事迹系伪造"}


@pytest.fixture(scope="module", params=["one-process", "three-processes"])
def city(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    campaigns = journey_campaigns(tmp_path_factory.mktemp("campaigns"))
    with world(request.param, campaigns) as running:
        yield running


@pytest.fixture
async def client(city: World) -> AsyncIterator[httpx.AsyncClient]:
    async with city.client() as client:
        yield client


async def blockers(office: Office, who: str, case: str, action: str) -> list[str]:
    actions = (await office.done(who, "GET", f"/v1/nominations/{case}")).json()["actions"]
    return [each["code"] for state in actions if state["action"] == action for each in state["blockers"]]


IN_THREE_PROCESSES = pytest.mark.parametrize("city", ["three-processes"], indirect=True)


@IN_THREE_PROCESSES
def test_the_demos_story_runs_against_three_processes(city, tmp_path):
    urls = city.base_urls | {"wechat": city.settings["AUTH_WECHAT_BASE_URL"]}
    assert "王晓明" in tell_story(urls, tmp_path)


async def test_1_a_nominee_on_a_phone_from_a_heic_to_the_end_of_publicity(city, client):
    office = city.office(client, "journey-phone")
    await office.set_clock(OPENED)
    nominee, profile = "wutai-nominee", {"campaign_key": office.campaign, "profile": "two_inch_blue"}
    heic = {"file": ("IMG_0001.HEIC", HEIC, "image/heic")}
    checked = (await office.done(nominee, "POST", "/v1/documents/photo-checks", files=heic, data=profile)).json()
    fixed = await office.done(nominee, "POST", "/v1/documents/photo-fixes?format=jpeg", files=heic, data=profile)

    form = complete_form()
    body = {"campaign_key": office.campaign, "category": "advanced_individual", "form": {}}
    draft = await office.done(nominee, "POST", "/v1/nominations", json=body)
    case, path = draft.json()["id"], f"/v1/nominations/{draft.json()['id']}"
    mine = {key: value for key, value in form.items() if key in await own_fields(office)}
    first = await office.done(nominee, "PUT", path, json={"form": mine}, headers={"If-Match": draft.headers["ETag"]})
    stale = await office.send(nominee, "PUT", path, json={"form": mine}, headers={"If-Match": draft.headers["ETag"]})
    again = await office.done(nominee, "PUT", path, json={"form": mine}, headers={"If-Match": first.headers["ETag"]})

    files = {"portrait": fixed.content} | {
        kind: (PICTURES / f"{name}.jpg").read_bytes()
        for kind, name in (("id_card_front", "id_card_front"), ("id_card_back", "id_card_back"))
    }
    files["professional_title_certificate"] = (PICTURES / "good.jpg").read_bytes()
    for kind, content in files.items():
        data = await office.upload_fields(kind, case)
        await office.done(nominee, "POST", "/v1/documents", files={"file": ("a.jpg", content, "image/jpeg")}, data=data)

    read = await office.done("wutai-clerk", "GET", path)
    await office.done(
        "wutai-clerk",
        "PUT",
        path,
        json={"form": read.json()["form"] | form},
        headers={"If-Match": read.headers["ETag"]},
    )
    await office.done(nominee, "POST", f"{path}/confirmations", json={"part": "nominee"})
    await office.step("clerk", case, "submissions")
    await office.decide(case)
    notice = (await office.step("clerk", case, "publicity-notices"))["publicity"]
    await office.set_clock("2025-02-13T23:59:59+08:00")
    last_minute = await blockers(office, "wutai-head", case, "sign_for_unit")
    await office.set_clock("2025-02-14T00:00:00+08:00")

    assert (checked["verdict"], [each["code"] for each in checked["findings"]], checked["fix_available"]) == (
        "reject",
        ["aspect_wrong", "face_too_small"],
        True,
    )
    assert (stale.status_code, again.status_code) == (412, 200)
    assert (notice["opened_on"], notice["closes_on"]) == ("2025-02-07", "2025-02-13")
    assert (last_minute, await blockers(office, "wutai-head", case, "sign_for_unit")) == (["publicity_running"], [])


async def own_fields(office: Office) -> set[str]:
    path = f"/v1/campaigns/{office.campaign}/forms/attachment_6?format=json"
    fields = (await office.client.get(path)).json()["fields"]
    return {field["key"] for field in fields if field["part"] == "nominee"}


async def test_2_no_seat_is_no_seat_and_one_seat_is_one(city, client):
    ningwu = city.office(client, "shanxi-manufacturing-2025", "ningwu")
    await ningwu.set_clock(OPENED)
    body = {"campaign_key": ningwu.campaign, "category": COLLECTIVE, "form": {}}
    refused = await ningwu.send("ningwu-clerk", "POST", "/v1/nominations", json=body)
    wutai = city.office(client, "journey-one-seat")
    cases = [await wutai.collective(complete_collective()) for _ in range(20)]
    sent = (wutai.send("wutai-clerk", "POST", f"/v1/nominations/{case}/submissions") for case in cases)
    answers = [answer.json().get("code", "accepted") for answer in await asyncio.gather(*sent)]
    assert refused.json()["code"] == "no_seat_granted"
    assert sorted(answers) == ["accepted", *["quota_exhausted"] * 19]


async def test_3_and_8_six_authorities_answer_by_link_and_one_bars_firm_and_head(city, client):
    office = city.office(client, "journey-firm", "dingxiang")
    case = await office.at_county(form=complete_form(**HEAD_OF_FIRM))
    needs = (await office.done("dingxiang-office", "GET", f"/v1/nominations/{case}")).json()["required_opinions"]
    strangers = []
    for number, need in enumerate(needs):
        sheet, guess = await opened_sheet(city, office, case, need["authority"], f"1390000{number:04d}")
        strangers.append((guess.status_code, guess.json()["code"]))
        answer = {"sheet_key": sheet["sheet_key"], "result": "favourable", "text": "同意", "signer_name": "示例"}
        if need["authority"] == "taxation":
            answer |= {
                "result": "unfavourable",
                "disqualifier": "social_insurance_arrears",
                "text": "未按规定缴纳社会保险费",
            }
        await client.post("/v1/consultation-sheets/answers", json=answer)
    barred = await blockers(office, "dingxiang-hrss", case, "endorse")
    another = await office.ready(complete_form(**HEAD_OF_FIRM))
    same_firm = await office.send("dingxiang-clerk", "POST", f"/v1/nominations/{another}/submissions")
    await office.step("hrss", case, "reviews", json={"decision": "reject", "reason": "有不予推荐的情形"})
    kept = await seats(office)
    other = await office.submitted()
    forged = await forfeited(office, await office.walk_to_county(other))
    assert (len(needs), set(strangers)) == (6, {(422, "text_code_wrong")})
    assert (barred, "disqualified" in codes(same_firm)) == (["disqualified"], True)
    assert (kept, forged) == ((0, 0), (0, 1))


async def opened_sheet(city: World, office: Office, case: str, authority: str, phone: str):
    """The sheet on the right phone, and what a guess from another phone was told."""
    body = {"authority": authority, "officer_name": "示例", "phone": phone}
    path = f"/v1/nominations/{case}/consultations"
    link = (await office.done("dingxiang-office", "POST", path, json=body)).json()["link_code"]
    await office.client.post("/v1/consultation-sheets/codes", json={"link_code": link})
    code = city.texts_to(phone)[-1]["parameters"]["code"]
    wrong = "000000" if code != "000000" else "111111"
    guess = await office.client.post("/v1/consultation-sheets/openings", json={"link_code": link, "code": wrong})
    right = await office.client.post("/v1/consultation-sheets/openings", json={"link_code": link, "code": code})
    return right.json(), guess


def codes(answer: httpx.Response) -> list[str]:
    return [error["code"] for error in answer.json().get("errors", [])]


async def seats(office: Office) -> tuple[int, int]:
    """Reserved and forfeited seats of the county for individuals."""
    path = f"/v1/campaigns/{office.campaign}/quota-accounts"
    accounts = (await office.done(f"{office.place}-office", "GET", path)).json()["items"]
    account = next(each for each in accounts if each["category"] == "advanced_individual")
    return account["reserved"], account["forfeited"]


async def forfeited(office: Office, case: str) -> tuple[int, int]:
    path = f"/v1/nominations/{case}/disqualification"
    await office.done(f"{office.place}-office", "PUT", path, json=FRAUD)
    await office.second_removal(f"{office.place}-hrss", case)
    return await seats(office)


@IN_THREE_PROCESSES
async def test_4_the_city_lists_ranks_without_ties_and_an_objection_on_the_last_day_blocks(city, client, tmp_path):
    office = city.office(client, "journey-city")
    cases = await office.individuals_at_the_city(20)
    await office.set_clock("2025-02-21T09:00:00+08:00")
    chosen = cases[:8]
    body = {"campaign_key": office.campaign, "selection": {CATEGORY: chosen}}
    city_list = (await office.done("city-office", "POST", "/v1/city-lists", json=body)).json()
    path = f"/v1/city-lists/{city_list['id']}"
    shown = await office.done("city-office", "POST", f"{path}/publicity-notices")
    notices = (await client.get(f"/v1/publicity-notices?campaign_key={office.campaign}&page_size=100")).json()["items"]
    notice = next(each for each in notices if each["level"] == "city")
    await office.set_clock("2025-02-28T23:59:00+08:00")
    words = {"content": "事迹与事实不符，请核实"}
    receipt = (await client.post(f"/v1/publicity-notices/{notice['id']}/objections", json=words)).json()
    await office.set_clock("2025-03-01T09:00:00+08:00")

    async def rank(order: list[str], etag: str) -> httpx.Response:
        headers = {"If-Match": etag}
        return await office.send(
            "city-office", "PUT", f"{path}/ranking", json={"ranking": {CATEGORY: order}}, headers=headers
        )

    blocked = await rank(chosen, shown.headers["etag"])
    (waiting,) = (await office.done("city-office", "GET", f"/v1/objections?campaign_key={office.campaign}")).json()[
        "items"
    ]
    conclusion = {"outcome": "unsubstantiated", "finding": "经核查不属实"}
    await office.done("city-office", "POST", f"/v1/objections/{waiting['id']}/conclusions", json=conclusion)
    tie = await rank([*chosen[:7], chosen[0]], shown.headers["etag"])
    ranked = await rank(chosen, shown.headers["etag"])
    reported = await office.send("city-office", "POST", f"{path}/submissions")
    outcome = (await client.post("/v1/objection-lookups", json={"receipt_code": receipt["receipt_code"]})).json()
    assert (city_list["candidates"], notice["opened_on"], notice["closes_on"]) == (
        {CATEGORY: 20},
        "2025-02-21",
        "2025-02-28",
    )
    assert (blocked.status_code, "objection_open" in codes(blocked), tie.status_code) == (409, True, 422)
    assert (ranked.status_code, reported.is_success, outcome["outcome"]) == (200, True, "unsubstantiated")

    package = (await office.done("city-office", "GET", f"{path}/package")).content
    whole, (changed, name) = tmp_path / "whole.zip", one_byte_flipped(package, tmp_path / "changed.zip")
    whole.write_bytes(package)
    verdict, refusal = city.verdict_on(whole), city.verdict_on(changed)
    assert (verdict[0], "核验通过" in verdict[1], refusal[0], name in refusal[1]) == (0, True, 1, True)


def one_byte_flipped(package: bytes, path: Path) -> tuple[Path, str]:
    """The package with one byte of one history changed, and the name of that file."""
    with zipfile.ZipFile(io.BytesIO(package)) as before, zipfile.ZipFile(path, "w") as after:
        name = next(each for each in before.namelist() if each.endswith("/events.jsonl"))
        for each in before.infolist():
            content = bytearray(before.read(each))
            if each.filename == name:
                content[len(content) // 2] ^= 1
            after.writestr(each, bytes(content))
    return path, name


async def test_5_a_county_that_misses_the_deadline_has_given_up_until_the_city_reopens(city, client):
    office = city.office(client, "journey-late")
    case = await office.submitted_collective()
    await office.walk_to_county(case)
    await office.endorse(case)
    await office.with_opinions(case)
    report = await office.report(case, category=COLLECTIVE)
    await office.set_clock("2025-03-01T00:00:00+08:00")
    late = await office.send("wutai-office", "POST", f"/v1/county-reports/{report}/submissions")
    row = await progress(office)
    reopening = {
        "quota_unit": "140922",
        "until": "2025-03-03T18:00:00+08:00",
        "reason": "因暴雪交通中断，经研究同意补报",
    }
    reopenings = f"/v1/campaigns/{office.campaign}/reopenings"
    proposed = (await office.done("city-office", "POST", reopenings, json=reopening)).json()["id"]
    await office.done("city-hrss", "POST", f"{reopenings}/{proposed}/seconding")
    again = await office.send("wutai-office", "POST", f"/v1/county-reports/{report}/submissions")
    assert (late.status_code, codes(late), row["abandoned"]) == (409, ["deadline_passed"], True)
    assert (again.status_code, (await progress(office))["abandoned"]) == (201, False)


async def progress(office: Office) -> dict:
    board = (await office.done("city-office", "GET", f"/v1/campaigns/{office.campaign}/progress")).json()
    return next(row for row in board["items"] if row["quota_unit"] == "140922")


async def test_7_a_title_is_revoked_a_year_later_and_the_proof_outlives_the_papers(city, client):
    office = city.office(client, "journey-award")
    case = await office.submitted()
    await office.to_the_city(case)
    for bureau in ("hrss", "iit"):
        await office.step(f"city-{bureau}", case, "reviews", json=ENDORSE)
    await reported_to_province(office, case)
    award = {
        "granted_on": "2025-04-30",
        "decision_number": "示例函〔2025〕1号",
        "serials": {"证书": "ZS-1", "一次性奖金": "10000"},
    }
    await office.set_clock("2025-04-30T09:00:00+08:00")
    await office.done("city-office", "POST", f"/v1/nominations/{case}/award", json=award)
    city.command("documents", "event", office.campaign, "award_decision", "2025-04-30")
    city.command("documents", "retention", "--apply", "--today", "2026-04-30")
    await office.set_clock("2026-04-30T09:00:00+08:00")
    revoked = await office.done(
        "city-office", "POST", f"/v1/nominations/{case}/award/revocation", json={"reason": "发生违纪违法行为"}
    )
    recovery = {"grant": "证书", "recovered_on": "2026-04-30"}
    left = await office.done("city-office", "POST", f"/v1/nominations/{case}/award/recoveries", json=recovery)
    public = (await client.get(f"/v1/awards?campaign_key={office.campaign}")).json()["items"]
    history = (await office.done("city-office", "GET", f"/v1/nominations/{case}/events")).json()
    held = (await office.done("wutai-clerk", "GET", f"/v1/documents/bundles/{case}")).json()["items"]
    submitted = next(event for event in history["items"] if event["event"] == "nomination_submitted")
    papers = {paper["kind"]: paper["sha256"] for paper in submitted["details"]["documents"]}
    assert (revoked.json()["to_recover"], left.json()["to_recover"]) == (["一次性奖金", "证书"], ["一次性奖金"])
    assert ([each["status"] for each in public], history["intact"]) == (["revoked"], True)
    assert ([d["kind"] for d in held if d["kind"].startswith("id_card")], len(papers["id_card_front"])) == ([], 64)


async def reported_to_province(office: Office, case: str) -> None:
    await office.set_clock("2025-02-21T09:00:00+08:00")
    selection = {
        "campaign_key": office.campaign,
        "selection": {"advanced_individual": [case]},
        "no_choice_reason": "仅此一人符合条件",
    }
    drawn = (await office.done("city-office", "POST", "/v1/city-lists", json=selection)).json()["id"]
    path = f"/v1/city-lists/{drawn}"
    await office.second_list("city-hrss", drawn)
    shown = await office.done("city-office", "POST", f"{path}/publicity-notices")
    await office.set_clock("2025-03-01T09:00:00+08:00")
    ranking, headers = {"ranking": {"advanced_individual": [case]}}, {"If-Match": shown.headers["etag"]}
    await office.done("city-office", "PUT", f"{path}/ranking", json=ranking, headers=headers)
    await office.done("city-office", "POST", f"{path}/submissions")
