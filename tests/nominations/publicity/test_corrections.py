"""What the unit shows is put right while it is shown; when the facts change, the period begins anew (R48–R49)."""

import hashlib

import rfc8785

from tests.factories import ON_BEHALF, Office, new_identity
from tests.nominations.cases.test_warnings import GAP, REASON

LATER = "2025-02-11T09:00:00+08:00"


async def correct(office: Office, case: str, **changes):
    """Sends the content that the clerk reads, with changes."""
    read = await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}")
    return await office.send(
        "wutai-clerk",
        "POST",
        f"/v1/nominations/{case}/corrections",
        json={"form": read.json()["form"] | changes, "reason": "公示期间发现有误"},
        headers={"If-Match": read.headers["ETag"]},
    )


async def test_a_correction_of_what_is_shown_begins_the_period_anew_r49(office):
    case = await office.in_publicity()
    await office.set_clock(LATER)
    publicity = (await correct(office, case, deeds="更正后的事迹。" * 20)).json()["publicity"]
    assert (publicity["opened_on"], publicity["closes_on"]) == ("2025-02-11", "2025-02-18")


async def test_a_correction_of_what_is_not_shown_leaves_the_period_as_it_is_r49(office):
    case = await office.in_publicity()
    await office.set_clock(LATER)
    publicity = (await correct(office, case, employer_contact_name="示例丙")).json()["publicity"]
    assert (publicity["opened_on"], publicity["closes_on"]) == ("2025-02-07", "2025-02-13")


async def test_an_incomplete_correction_is_refused_and_changes_nothing_r48(office):
    case = await office.in_publicity()
    before = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}")).json()["form"]
    problem = (await correct(office, case, deeds="")).json()
    after = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}")).json()["form"]
    assert (problem["code"], after) == ("nomination_incomplete", before)


async def test_the_head_signs_only_after_the_nominees_part_is_confirmed_again_r79(office):
    case = await office.in_publicity()
    await correct(office, case, deeds="更正后的事迹。" * 20)
    await office.set_clock("2025-02-20T09:00:00+08:00")
    actions = (await office.done("wutai-head", "GET", f"/v1/nominations/{case}")).json()["actions"]
    before = [b["code"] for a in actions if a["action"] == "sign_for_unit" for b in a["blockers"]]
    await office.step("clerk", case, "confirmations", json=ON_BEHALF)
    actions = (await office.done("wutai-head", "GET", f"/v1/nominations/{case}")).json()["actions"]
    after = [b["code"] for a in actions if a["action"] == "sign_for_unit" for b in a["blockers"]]
    assert (before, after) == (["nominee_part_unconfirmed"], [])


async def test_nobody_takes_the_place_of_who_is_shown_r53(office):
    case = await office.in_publicity()
    number, month = new_identity()
    problem = (await correct(office, case, resident_id_number=number, birth_month=month)).json()
    assert [(e["pointer"], e["code"]) for e in problem["errors"]] == [("/form", "subject_replaced")]


async def test_a_correction_from_an_old_version_is_refused(office):
    case = await office.in_publicity()
    read = await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}")
    await correct(office, case, employer_contact_name="示例丙")
    answer = await office.send(
        "wutai-clerk",
        "POST",
        f"/v1/nominations/{case}/corrections",
        json={"form": read.json()["form"], "reason": "再次更正"},
        headers={"If-Match": read.headers["ETag"]},
    )
    assert (answer.status_code, answer.json()["code"]) == (412, "version_conflict")


async def test_a_corrected_notice_is_no_longer_shown_to_the_public_but_kept_with_the_case_r48(office):
    case = await office.in_publicity()
    first = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}")).json()["publicity"]["id"]
    await correct(office, case, deeds="更正后的事迹。" * 20)
    public = await office.client.get(f"/v1/publicity-notices/{first}")
    kept = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}/publicity-notices")).json()["items"]
    shown = [(notice["id"] == first, notice["superseded_at"] is None) for notice in kept]
    assert (public.status_code, public.json()["code"], shown) == (
        410,
        "publicity_notice_superseded",
        [(True, False), (False, True)],
    )


async def page_of(office: Office, case: str):
    notice = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}")).json()["publicity"]["id"]
    return notice, await office.client.get(f"/v1/publicity-notices/{notice}/page")


async def test_the_page_of_a_notice_shows_the_facts_the_period_and_their_hash_r62(office):
    case = await office.in_publicity()
    notice, page = await page_of(office, case)
    read = (await office.client.get(f"/v1/publicity-notices/{notice}")).json()
    told = ["2025年2月7日至2025年2月13日24时（5个工作日）", read["content"]["full_name"], read["content_hash"]]
    assert [each for each in told if each not in page.text] == []


async def test_a_shared_link_says_the_name_masked_and_search_engines_are_sent_away_r48(office):
    notice, page = await page_of(office, await office.in_publicity())
    read = (await office.client.get(f"/v1/publicity-notices/{notice}")).json()
    (head, _, _), name = page.text.partition("</head>"), read["content"]["full_name"]
    masked = f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"
    assert (name in read["share_title"], masked in read["share_title"]) == (False, True)
    assert (name in head, masked in head, '<meta name="robots" content="noindex">' in head) == (False, True, True)


async def test_the_hash_on_the_page_is_that_of_the_content_shown_r62(office):
    notice, _ = await page_of(office, await office.in_publicity())
    read = (await office.client.get(f"/v1/publicity-notices/{notice}")).json()
    assert hashlib.sha256(rfc8785.dumps(read["content"])).hexdigest() == read["content_hash"]


async def test_markup_in_a_value_is_text_on_the_page_r48(office):
    case = await office.in_publicity()
    await correct(office, case, deeds="<script>alert(1)</script>" + "事迹" * 20)
    _, page = await page_of(office, case)
    assert ("<script" in page.text, "&lt;script&gt;alert(1)" in page.text) == (False, True)


async def test_nothing_is_corrected_after_the_head_has_signed_r48(office):
    case = await office.at_county()
    problem = (await correct(office, case, deeds="更正后的事迹。" * 20)).json()
    assert (problem["code"], problem["errors"][0]["code"]) == (
        "action_blocked",
        "wrong_status",
    )


async def test_a_warning_that_a_correction_brings_up_is_explained_with_it_r97(office):
    case = await office.in_publicity()
    refused = await correct(office, case, resume=GAP)
    read = await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}")
    body = {"form": read.json()["form"] | {"resume": GAP}, "reason": "补充简历", "explanations": [REASON]}
    path, headers = f"/v1/nominations/{case}/corrections", {"If-Match": read.headers["ETag"]}
    explained = await office.send("wutai-clerk", "POST", path, json=body, headers=headers)
    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [(REASON["pointer"], "reason_required")]
    assert [each["reason"] for each in explained.json()["explanations"]] == [REASON["reason"]]
