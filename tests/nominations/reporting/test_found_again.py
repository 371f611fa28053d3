"""Whoever signs in on another device finds what was begun: reports of counties and lists of the city (R59, R61)."""

from tests.factories import ENDORSE, Office

COLLECTIVE = "advanced_collective"


async def listed(office: Office, username: str, noun: str, **more: str) -> list[dict]:
    params = {"campaign_key": office.campaign} | more
    return (await office.done(username, "GET", f"/v1/{noun}", params=params)).json()["items"]


async def test_a_report_and_a_list_are_found_by_whoever_goes_on_with_them_r59(client):
    office = Office(client, "tests-found-again")
    case = await office.endorse(await office.collective_at_county())
    await office.with_opinions(case)
    report = await office.report(case, category=COLLECTIVE)
    before = {
        who: await listed(office, who, "county-reports") for who in ("wutai-hrss", "dingxiang-office", "city-iit")
    }
    (row,) = before.pop("wutai-hrss")
    assert (row["id"], row["quota_unit"], row["cases"], row["submitted_at"]) == (report, "140922", 1, None)
    assert before == {"dingxiang-office": [], "city-iit": []}

    await office.done("wutai-office", "POST", f"/v1/county-reports/{report}/submissions")
    assert [each["id"] for each in await listed(office, "city-iit", "county-reports")] == [report]

    for bureau in ("hrss", "iit"):
        await office.step(f"city-{bureau}", case, "reviews", json=ENDORSE)
    body = {
        "campaign_key": office.campaign,
        "selection": {COLLECTIVE: [case]},
        "no_choice_reason": "示例：推荐数等于名额",
    }
    drawn = (await office.done("city-office", "POST", "/v1/city-lists", json=body)).json()
    (row,) = await listed(office, "city-hrss", "city-lists")
    assert (row["id"], row["cases"], row["seconded"], row["reported_at"]) == (drawn["id"], 1, False, None)
    refused = await office.send("wutai-office", "GET", "/v1/city-lists", params={"campaign_key": office.campaign})
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


async def test_reports_are_listed_page_by_page_the_newest_first(client):
    office = Office(client, "tests-found-again", place="dingxiang")
    made = []
    for _ in range(2):
        case = await office.endorse(await office.collective_at_county())
        await office.with_opinions(case)
        made.append(await office.report(case, category=COLLECTIVE))
        await office.done("dingxiang-office", "POST", f"/v1/county-reports/{made[-1]}/submissions")
    params = {"campaign_key": office.campaign, "page_size": 1}
    first = (await office.done("dingxiang-office", "GET", "/v1/county-reports", params=params)).json()
    second = params | {"page_token": first["next_page_token"]}
    rest = (await office.done("dingxiang-office", "GET", "/v1/county-reports", params=second)).json()
    shown = [each["id"] for page in (first, rest) for each in page["items"]]
    assert (shown, rest["next_page_token"]) == (made[::-1], None)
