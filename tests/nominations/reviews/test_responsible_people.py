"""“谁推荐，谁负责”: whoever recommends stands by it with their name, at every step (R68)."""

from tests.factories import SELF_REVIEW, Office


async def test_a_self_review_without_a_responsible_person_is_refused_r68(office: Office):
    case = await office.submitted_collective()
    body = {key: value for key, value in SELF_REVIEW.items() if key != "responsible_name"}
    answer = await office.send("wutai-clerk", "POST", f"/v1/nominations/{case}/self-reviews", json=body)
    assert (answer.status_code, [error["pointer"] for error in answer.json()["errors"]]) == (422, ["/responsible_name"])


async def test_every_recommending_step_carries_the_name_of_who_answers_for_it_r68(office: Office):
    case = await office.endorse(await office.collective_at_county())
    read = (await office.done("wutai-office", "GET", f"/v1/nominations/{case}")).json()
    people = {}
    for username in ("wutai-head", "wutai-hrss", "wutai-iit"):
        me = (await office.done(username, "GET", "/v1/auth/me")).json()
        people[username] = me["person"]["full_name"]
    signed = [signature["signer_name"] for signature in read["signatures"]]
    assert signed == [people["wutai-head"], people["wutai-hrss"], people["wutai-iit"]]
