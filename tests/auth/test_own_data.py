"""Everything that auth holds about oneself, and nothing of anybody else."""

import httpx

from services.auth.domain.roles import Role
from services.common.db import Database
from tests.auth.people import IIT, UNIT, new_person
from tests.auth.scripted_wechat import ScriptedWechat
from tests.auth.steps import bearer_of, by_wechat, fresh, invite, refusal


async def test_a_person_reads_all_that_is_held_and_where_the_rest_is(client: httpx.AsyncClient, database: Database):
    person_id, username = await new_person(database, (Role.UNIT_CLERK, UNIT), (Role.COUNTY_REVIEWER, IIT))
    headers = await bearer_of(client, username)
    own = (await client.get("/v1/auth/me/data", headers=headers)).json()
    assert (own["person_id"], own["username"], own["phone_masked"]) == (str(person_id), username, None)
    assert [(role["role"], role["organisation_name"]) for role in own["roles"]] == [
        ("county_reviewer", "五台县工业和信息化局"),
        ("unit_clerk", "五台县示例铸造有限公司"),
    ]
    assert (len(own["devices"]), own["consents"], own["invitations"]) == (1, [], [])
    assert own["elsewhere"]["cases"] == "/v1/me/data"
    here = {path for path in own["elsewhere"].values() if path.startswith("/v1/auth/")}
    answers = {path: (await client.get(path, headers=headers)).status_code for path in here}
    assert (answers.pop("/v1/auth/me/email-address"), answers.pop("/v1/auth/me/passkeys")) == (404, 200)  # no address
    assert set(answers.values()) == {200}


async def test_a_number_is_masked_and_wechats_names_are_not_told(
    client: httpx.AsyncClient, appid: str, wechat: ScriptedWechat
):
    invited = await invite(client, phone="13911112244")
    code = await wechat.login(appid=appid, user=fresh("own-data"))
    signed_in = await by_wechat(client, appid, code, invitation_code=invited["invitation_code"])
    headers = {"Authorization": f"Bearer {signed_in.json()['access_token']}"}
    answer = await client.get("/v1/auth/me/data", headers=headers)
    own = answer.json()
    assert (own["phone_masked"], [each["appid"] for each in own["wechat"]]) == ("139****2244", [appid])
    assert [each["invited_by"] for each in own["invitations"]] == ["示例办事员（五台县）"]
    assert ("openid" in answer.text, "13911112244" in answer.text) == (False, False)


async def test_own_security_events_are_ones_own_and_reading_ones_data_is_one(
    client: httpx.AsyncClient, database: Database
):
    _, username = await new_person(database)
    await client.post("/v1/auth/sessions", json={"username": username, "password": "wrong"})
    headers = await bearer_of(client, username)
    await client.get("/v1/auth/me/data", headers=headers)
    first = (await client.get("/v1/auth/me/security-events", params={"page_size": 2}, headers=headers)).json()
    params = {"page_token": first["next_page_token"]}
    rest = (await client.get("/v1/auth/me/security-events", params=params, headers=headers)).json()
    events = [(each["action"], each["outcome"]) for each in (*first["items"], *rest["items"])]
    assert events == [("data_read", "done"), ("sign_in", "done"), ("sign_in", "refused")]


async def test_from_where_somebody_else_acted_on_the_account_is_not_told(client: httpx.AsyncClient, database: Database):
    person_id, username = await new_person(database)
    admin, address = await bearer_of(client, "admin"), f"/v1/auth/persons/{person_id}/suspension"
    await client.put(address, json={"reason": "示例原因"}, headers=admin)
    await client.delete(address, headers=admin)
    events = await client.get("/v1/auth/me/security-events", headers=await bearer_of(client, username))
    told = {each["action"]: each["facts"] for each in events.json()["items"]}
    theirs = [told[action].keys() & {"address", "device"} for action in ("person_suspended", "sign_in")]
    assert theirs == [set(), {"address", "device"}]


async def test_a_machine_has_no_data_of_its_own(client: httpx.AsyncClient, settings):
    client_id, secret = next(iter(settings.service_clients.items()))
    body = {"client_id": client_id, "client_secret": secret.get_secret_value()}
    token = (await client.post("/v1/auth/service-tokens", json=body)).json()["access_token"]
    answer = await client.get("/v1/auth/me/data", headers={"Authorization": f"Bearer {token}"})
    assert refusal(answer) == (403, "forbidden")
