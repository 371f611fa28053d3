"""Lists for people with two hundred cases: filters, searches, counts, work items, and facts for the balance panel."""

import pytest

from services.common.callers.tokens import Caller
from services.nominations.reporting.balance import balance_panel
from services.nominations.reporting.draft_progress import drafts_of
from services.nominations.schemas.progress import DraftsBody, StepCount
from tests.factories import CATEGORY, ENDORSE, OPENED, Office, complete_collective, complete_form, new_identity
from tests.nominations.lists.test_query_plans import statements_of

COLLECTIVE = "advanced_collective"
COUNTY = Caller(
    subject="00000000-0000-0000-0000-000000000001",
    session_id="tests",
    name="示例",
    organisation_id="00000000-0000-0000-0000-000000000002",
    organisation_name="示例",
    organisation_kind="county_office",
    jurisdiction="140922",
    bureau="",
    roles=frozenset({"county_officer"}),
)


async def listed(office: Office, username: str, **query) -> list[str]:
    """The ids of every page, in order."""
    ids: list[str] = []
    token: str | None = ""
    while token is not None:
        params = {"campaign_key": office.campaign, "page_size": 3, **query} | ({"page_token": token} if token else {})
        page = (await office.done(username, "GET", "/v1/nominations", params=params)).json()
        ids += [item["id"] for item in page["items"]]
        token = page["next_page_token"]
    return ids


async def searched(office: Office, username: str, **wanted) -> list[str]:
    body = {"campaign_key": office.campaign, "page_size": 100, **wanted}
    page = (await office.done(username, "POST", "/v1/nominations/searches", json=body)).json()
    return [item["id"] for item in page["items"]]


async def waiting(office: Office, username: str) -> dict[str, list[str]]:
    """Case → actions, of everything that waits."""
    params = {"campaign_key": office.campaign, "page_size": 100}
    page = (await office.done(username, "GET", "/v1/work-items", params=params)).json()
    return {item["id"]: [action["action"] for action in item["actions"]] for item in page["items"]}


@pytest.fixture
async def own(client) -> Office:
    """A campaign in which only the tests of this module have cases."""
    return Office(client, "tests-lists")


WHO_LISTS = (
    *(f"wutai-{role}" for role in ("nominee", "clerk", "head", "office", "hrss", "iit")),
    *(f"dingxiang-{role}" for role in ("nominee", "clerk", "head", "office", "hrss", "iit")),
    *("city-office", "city-hrss", "city-iit"),
)


@pytest.fixture(scope="module")
async def seen(client) -> tuple[Office, list[str], dict]:
    """Cases of one unit at three levels: a draft first, one at the county, one at the city; and the draft's answers."""
    office = Office(client, "tests-lists-by-role")
    await office.set_clock(OPENED)
    form = complete_form(full_name="慕容示例")
    draft = (await office.draft(form)).json()["id"]
    at_city = await office.submitted_collective()
    await office.to_the_city(at_city)
    return office, [draft, await office.at_county(), at_city], form


async def test_a_filter_by_any_place_gives_the_same_cases_as_reading_all_and_choosing(own):
    cases = [await own.at_county() for _ in range(4)]
    await own.step("hrss", cases[0], "reviews", json=ENDORSE)
    await own.step("iit", cases[0], "reviews", json=ENDORSE)
    await own.step("hrss", cases[1], "reviews", json={"decision": "reject", "reason": "不符合条件"})
    all_cases = await listed(own, "wutai-hrss")
    by_status = {
        status: await listed(own, "wutai-hrss", status=status) for status in ("under_review", "endorsed", "rejected")
    }
    assert sorted(all_cases, reverse=True) == all_cases
    assert {status: len(ids) for status, ids in by_status.items()} == {"under_review": 2, "endorsed": 1, "rejected": 1}
    assert sorted(case for ids in by_status.values() for case in ids) == sorted(all_cases)
    assert await listed(own, "wutai-hrss", stage="county", category=CATEGORY, oldest_first=True) == all_cases[::-1]
    assert await listed(own, "wutai-hrss", category=COLLECTIVE) == []


async def test_counts_are_those_of_the_lists(own):
    await own.at_county()
    counted = (
        await own.done("wutai-hrss", "GET", "/v1/nomination-counts", params={"campaign_key": own.campaign})
    ).json()
    lists = {item["status"]: await listed(own, "wutai-hrss", status=item["status"]) for item in counted["items"]}
    assert {item["status"]: item["cases"] for item in counted["items"]} == {key: len(ids) for key, ids in lists.items()}
    assert counted["total"] == len(await listed(own, "wutai-hrss"))


async def test_each_counts_only_what_they_may_see(own):
    await own.set_clock(OPENED)
    await own.draft()
    totals = {}
    for name in ("wutai-clerk", "dingxiang-clerk", "city-office"):
        params = {"campaign_key": own.campaign}
        body = (await own.done(name, "GET", "/v1/nomination-counts", params=params)).json()
        totals[name] = body["total"] == len(await listed(own, name))
    assert totals == dict.fromkeys(totals, True)


async def test_a_name_is_found_by_its_beginning_and_sorted_by_name(office):
    names = ["欧阳示例甲", "欧阳示例乙", "上官示例"]
    made = {name: (await office.draft({"full_name": name})).json()["id"] for name in names}
    found = await searched(office, "wutai-clerk", name_starts="欧阳示")
    assert found == [made["欧阳示例乙"], made["欧阳示例甲"]]


async def test_a_surname_alone_is_enough(office):
    case = (await office.draft({"full_name": "令狐示例"})).json()["id"]
    assert await searched(office, "wutai-clerk", name_starts="令") == [case]


@pytest.mark.parametrize("typed", ["100%", "示_", "\\%", "_"])
async def test_signs_that_mean_something_to_a_database_are_just_signs(office, typed):
    assert await searched(office, "wutai-clerk", name_starts=typed) == []


async def test_a_case_is_found_by_the_whole_number_and_by_nothing_less(office):
    number, month = new_identity()
    form = complete_form(resident_id_number=number, birth_month=month)
    case = (await office.draft(form)).json()["id"]
    typed = number.lower()
    found = [await searched(office, "wutai-clerk", resident_id_number=each) for each in (typed, number[:17])]
    assert found == [[case], []]


async def test_a_number_finds_no_case_out_of_scope(office):
    number, month = new_identity()
    await office.draft(complete_form(resident_id_number=number, birth_month=month))
    assert await searched(office, "dingxiang-clerk", resident_id_number=number) == []


@pytest.mark.parametrize("who", WHO_LISTS)
async def test_no_filter_search_or_order_finds_a_case_that_the_same_person_does_not_list(seen, who):
    """By role and field: what is asked narrows what the caller reads anyway, and tells nothing of other cases."""
    office, cases, form = seen
    own = set(await listed(office, who))
    case = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{cases[0]}")).json()
    fields = ("stage", "status", "category", "quota_unit", "unit_id")
    found = [await listed(office, who, **{name: case[name]}) for name in fields]
    found.append(await listed(office, who, oldest_first=True))
    wanted = [{"name_starts": form["full_name"]}, {"resident_id_number": form["resident_id_number"]}]
    wanted += [wanted[0] | {name: case[name]} for name in ("stage", "status", "category", "quota_unit")]
    found += [await searched(office, who, **each) for each in wanted]
    counts = (await office.done(who, "GET", "/v1/nomination-counts", params={"campaign_key": office.campaign})).json()
    assert ([set(each) - own for each in found if set(each) - own], counts["total"]) == ([], len(own))


async def test_search_pages_follow_each_other(office):
    made = {(await office.draft({"full_name": f"尉迟示例{number}"})).json()["id"] for number in range(5)}
    body = {"campaign_key": office.campaign, "name_starts": "尉迟", "page_size": 2}
    seen: list[str] = []
    while body.get("page_token", "") is not None:
        page = (await office.done("wutai-clerk", "POST", "/v1/nominations/searches", json=body)).json()
        seen += [item["id"] for item in page["items"]]
        body["page_token"] = page["next_page_token"]
    assert (sorted(seen), len(seen)) == (sorted(made), 5)


async def test_a_list_says_how_far_each_case_is(own):
    await own.set_clock(OPENED)
    case = (await own.draft({"full_name": "示例"})).json()
    row = next(
        item
        for item in (
            await own.done("wutai-clerk", "GET", "/v1/nominations", params={"campaign_key": own.campaign})
        ).json()["items"]
        if item["id"] == case["id"]
    )
    parts = {part["part"]: part for part in case["parts"]}
    assert (row["name"], row["percent_nominee"], row["percent_unit"], row["missing_answers"]) == (
        "示例",
        parts["nominee"]["percent"],
        0,
        len(parts["nominee"]["missing"]) + len(parts["unit"]["missing"]),
    )


async def test_work_goes_from_hand_to_hand(own):
    await own.set_clock(OPENED)
    case = await own.ready()
    seen = {"draft": (await waiting(own, "wutai-clerk")).get(case)}
    await own.step("clerk", case, "submissions")
    seen["submitted"] = (await waiting(own, "wutai-clerk")).get(case)
    assert seen == {
        "draft": ["edit", "submit"],
        "submitted": [
            "record_staff_deliberation",
            "record_inspection",
            "record_leadership_decision",
            "record_self_review",
        ],
    }


async def test_the_head_is_called_when_the_publicity_is_over_and_not_before_r49(own):
    case = await own.in_publicity()
    early = case in await waiting(own, "wutai-head")
    await own.set_clock("2025-02-13T23:59:59+08:00")
    last_minute = case in await waiting(own, "wutai-head")
    await own.set_clock("2025-02-14T00:00:00+08:00")
    assert (early, last_minute, (await waiting(own, "wutai-head")).get(case)) == (False, False, ["sign_for_unit"])


async def test_a_bureau_that_has_signed_is_not_called_again_r4(own):
    case = await own.at_county()
    await own.step("hrss", case, "reviews", json=ENDORSE)
    called = {bureau: case in await waiting(own, f"wutai-{bureau}") for bureau in ("hrss", "iit")}
    assert called == {"hrss": False, "iit": True}


async def test_the_county_office_is_called_to_report_what_both_bureaus_endorsed_r59(own):
    case = await own.endorsed_by_county()
    assert (await waiting(own, "wutai-office"))[case] == ["report"]


async def test_work_of_another_county_does_not_wait_here_r54(own):
    case = await own.at_county()
    assert case not in await waiting(own, "dingxiang-hrss")


async def test_the_panel_counts_facts_and_gives_no_score_r16_r70_r73(client):
    office = Office(client, "tests-balance")
    await office.submitted(complete_form(sex="male", ethnicity="hui", frontline=True, hardship=False))
    await office.submitted(complete_form(ethnicity="han", frontline=False, industry_field="新能源"))
    await office.step("clerk", await office.collective(complete_collective()), "submissions")
    no_firm = {"collective_nature": "government_body", "scope": "supporting_organisation"}
    bureau = await office.collective(complete_collective(**no_firm))  # still says 制造业企业
    reason = {"pointer": "/form/is_manufacturing", "code": "not_preferred", "reason": "本地无符合条件的制造业企业"}
    await office.step("clerk", bureau, "submissions", json={"explanations": [reason]})
    panel = (await office.done("wutai-clerk", "GET", "/v1/campaigns/tests-balance/balance")).json()
    facts = {
        fact["key"]: (fact["total"].get("unit", 0), {each["answer"]: each["cases"]["unit"] for each in fact["shares"]})
        for fact in panel["facts"]
    }
    assert facts == {
        "women": (2, {}),
        "minorities": (2, {"": 1}),
        "frontline": (2, {"": 1}),
        "hardship": (2, {}),
        "industry_field": (2, {"新能源": 1, "装备制造": 1}),
        "manufacturers": (2, {"": 1}),
        "frontline_collectives": (2, {"": 2}),
        "hardship_collectives": (2, {}),
        "industry_field_collectives": (2, {"装备制造": 2}),
    }


async def test_whoever_forfeited_the_seat_is_no_longer_counted_r73_r98_r99(client):
    office = Office(client, "tests-balance-forfeited")
    cases = [await office.at_county(form=complete_form(ethnicity="hui", frontline=True)) for _ in range(2)]
    finding = {"ground": "fraud", "finding": "经查实，事迹系伪造。"}
    await office.done("wutai-office", "PUT", f"/v1/nominations/{cases[0]}/disqualification", json=finding)
    await office.second_removal("wutai-hrss", cases[0])
    panel = (await office.done("wutai-office", "GET", f"/v1/campaigns/{office.campaign}/balance")).json()
    facts = {fact["key"]: (fact["total"], fact["shares"]) for fact in panel["facts"]}
    one = ({"county": 1}, [{"answer": "", "cases": {"county": 1}}])
    assert [facts["minorities"], facts["frontline"]] == [one, one]


async def test_the_panel_is_counted_in_one_statement_however_many_facts_it_shows(office, context):
    async with context.database.reading() as session:
        campaign = await context.campaigns.latest(session, office.campaign)
        with statements_of(context.database) as sent:
            panel = await balance_panel(session, COUNTY, campaign)
    assert (len(panel.facts), len(sent)) == (9, 1)


async def test_a_page_token_of_another_list_is_refused_by_name(office):
    params = {"campaign_key": office.campaign, "page_token": "WyJ4Il0"}
    answer = await office.send("wutai-clerk", "GET", "/v1/nominations", params=params)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "invalid_page_token")


async def board(office: Office, username: str) -> dict[str, dict]:
    answer = await office.done(username, "GET", f"/v1/campaigns/{office.campaign}/progress")
    return {row["quota_unit"]: row for row in answer.json()["items"]}


async def test_the_city_sees_where_every_county_stands_how_ready_it_is_and_each_step_in_all_r110_r111(client):
    office = Office(client, "tests-progress")
    case = await office.submitted_collective()
    await office.to_the_city(case)
    await office.submitted_collective()
    city, county = await board(office, "city-office"), await board(office, "wutai-office")
    row = city["140922"]
    steps = [(step["stage"], step["status_label"], step["cases"]) for step in row["steps"]]
    assert (len(city), list(county), steps) == (
        16,
        ["140922"],
        [("city", "审核中", 1), ("unit", "单位推荐", 1)],
    )
    assert (row["seats_granted"], row["seats_reported"], row["reported_at"] is not None) == (20, 1, True)
    assert (row["contact_form_filed_at"] is not None, city["140921"]["contact_form_filed_at"]) == (True, None)

    assert row["readiness"] == {"score": 56, "time": 100, "completeness": 58, "quota": 10}
    assert city["140921"]["readiness"] == {"score": 33, "time": 100, "completeness": 0, "quota": 0}
    assert await totals_by_step(office) == {("city", "under_review"): 1, ("unit", "deliberation"): 1}


async def test_an_office_sees_how_far_drafts_are_filled_in_and_nothing_of_what_they_say_r110(client):
    office = Office(client, "tests-drafts")
    await office.set_clock(OPENED)
    empty, half = [(await office.draft(form)).json() for form in ({}, {"full_name": "端木示例", "sex": "male"})]
    percents = [{part["part"]: part["percent"] for part in case["parts"]} for case in (empty, half)]
    mean = {part: round((percents[0][part] + percents[1][part]) / 2) for part in ("nominee", "unit")}
    answers = [
        await office.send(who, "GET", f"/v1/campaigns/{office.campaign}/progress")
        for who in ("wutai-office", "wutai-hrss", "city-office")
    ]
    rows = [next(row for row in each.json()["items"] if row["quota_unit"] == "140922") for each in answers]
    told = {"category": CATEGORY, "cases": 2, "percent_nominee": mean["nominee"], "percent_unit": mean["unit"]}
    assert [row["drafts"] for row in rows] == [[told]] * 3
    assert [each for each in answers if "端木" in each.text] == []
    assert (await office.send("wutai-office", "GET", f"/v1/nominations/{half['id']}")).status_code == 404


async def test_of_very_many_drafts_the_newest_are_averaged_and_all_are_counted_r110(client, context):
    office = Office(client, "tests-drafts-newest")
    await office.set_clock(OPENED)
    _, newest = [(await office.draft(form)).json() for form in ({}, {"full_name": "端木示例", "sex": "male"})]
    percents = {f"percent_{part['part']}": part["percent"] for part in newest["parts"]}
    counted = StepCount(category=CATEGORY, stage="unit", status="draft", status_label="草稿", cases=2)
    async with context.database.reading() as session:
        drafts = await drafts_of(session, office.campaign, {"140922": [counted]}, most=1)
    assert drafts == {"140922": [DraftsBody(category=CATEGORY, cases=2, **percents)]}


async def totals_by_step(office: Office) -> dict[tuple[str, str], int]:
    answer = await office.done("city-office", "GET", f"/v1/campaigns/{office.campaign}/progress")
    return {(step["stage"], step["status"]): step["cases"] for step in answer.json()["totals"]}


async def test_a_county_that_reported_nothing_in_time_has_given_up_r111_r113(client):
    office = Office(client, "tests-progress")
    await office.set_clock("2025-02-28T23:59:59+08:00")
    before = (await board(office, "city-office"))["140921"]
    await office.set_clock("2025-03-01T00:00:00+08:00")
    late = (await board(office, "city-office"))["140921"]
    assert [(row["on_time"], row["abandoned"]) for row in (before, late)] == [(True, False), (False, True)]


async def let_in_again(office: Office, quota_unit: str) -> None:
    """The city, by two people, three days after the deadline (R113)."""
    await office.set_clock("2025-03-03T09:00:00+08:00")
    reopenings = f"/v1/campaigns/{office.campaign}/reopenings"
    late = {"quota_unit": quota_unit, "until": "2025-03-03T18:00:00+08:00", "reason": "因暴雪交通中断，同意补报"}
    proposed = (await office.done("city-office", "POST", reopenings, json=late)).json()["id"]
    await office.done("city-hrss", "POST", f"{reopenings}/{proposed}/seconding")


async def ready_to_report(office: Office) -> str:
    case = await office.endorse(await office.collective_at_county())
    await office.with_opinions(case)
    return case


async def hand_in(office: Office, case: str) -> None:
    report = await office.report(case, category="advanced_collective")
    await office.done(f"{office.place}-office", "POST", f"/v1/county-reports/{report}/submissions")


async def test_a_county_let_in_late_has_not_given_up_and_was_not_in_time_r111_r113(client):
    office = Office(client, "tests-late-board")
    case = await ready_to_report(office)
    await let_in_again(office, "140922")
    waiting = (await board(office, "city-office"))["140922"]
    await hand_in(office, case)
    reported = (await board(office, "city-office"))["140922"]
    assert [(row["abandoned"], row["on_time"], row["readiness"]["time"]) for row in (waiting, reported)] == [
        (False, False, 0),
        (False, False, 0),
    ]


async def test_whoever_reported_in_time_is_not_late_by_a_further_report_r111(client):
    office = Office(client, "tests-late-board", place="dingxiang")
    first, second = [await ready_to_report(office) for _ in range(2)]
    await hand_in(office, first)
    await let_in_again(office, "140921")
    await hand_in(office, second)
    row = (await board(office, "city-office"))["140921"]
    assert (row["on_time"], row["readiness"]["time"], row["reported_at"][:10]) == (True, 100, "2025-03-03")


async def test_a_city_level_unit_hands_in_without_a_county_report_and_has_not_given_up_r113_a13(client):
    office = Office(client, "tests-progress", place="city-direct")
    case = await office.walk_to_publicity(await office.submitted_collective())
    await office.set_clock("2025-02-14T09:00:00+08:00")
    head = (await office.done("city-direct-head", "GET", "/v1/auth/me")).json()["person"]["full_name"]
    await office.step("head", case, "unit-signatures", json={"signer_name": head})
    await office.set_clock("2025-03-01T00:00:00+08:00")
    row = (await board(office, "city-office"))["city_direct"]
    assert (row["on_time"], row["abandoned"], row["reported_at"][:10]) == (True, False, "2025-02-14")


async def test_a_unit_sees_no_board_r110(client):
    office = Office(client, "tests-progress")
    answer = await office.send("wutai-clerk", "GET", f"/v1/campaigns/{office.campaign}/progress")
    assert answer.status_code == 403
