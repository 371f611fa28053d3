"""Role and scope: what a body's own system opens in the procedure and the documents, and what stays shut."""

import io
from typing import Any

import httpx

from services.common.callers.scopes import MachineScope
from services.evidence.containers import ZipContainer
from services.evidence.verifying import verify
from tests.factories import Office
from tests.the_contract import the_contract

_FILE = "multipart/form-data"
NOTHING = "00000000-0000-0000-0000-000000000000"
READS = {
    "list_nominations",
    "search_nominations",
    "get_nomination_counts",
    "get_nomination",
    "list_events",
    "list_notices_of_nomination",
    "get_nomination_proof",
    "list_quota_accounts",
    "get_campaign_balance",
    "get_campaign_progress",
    "list_county_reports",
    "get_county_report",
    "list_city_lists",
    "get_city_list",
}
HOOKS = {
    "create_webhook_endpoint",
    "list_webhook_endpoints",
    "rotate_webhook_secret",
    "remove_webhook_endpoint",
    "send_webhook_test",
    "list_webhook_deliveries",
    "redeliver_webhook",
}
OPENED = {
    "nominations:read": READS,
    "exports:read": {
        "get_county_report_table",
        "plan_package",
        "download_package",
        "prepare_report_package",
        "get_package",
        "download_prepared_package",
    },
    "webhooks:manage": HOOKS,
}
"""Everything else is shut, now and when routes are added."""


def asking_who_calls() -> list[tuple[str, str, str, str, bool]]:
    """Operation, method, path, scope and whether it takes a file, of every route of the two services that asks who calls."""
    contract = the_contract()
    return [
        (
            operation["operationId"],
            method.upper(),
            path,
            operation["x-audience"].get("scope", ""),
            _FILE in str(operation),
        )
        for path, item in contract["paths"].items()
        if not path.startswith("/v1/auth")
        for method, operation in item.items()
        if operation["x-audience"]["roles"] != ["public"]
    ]


ROUTES = asking_who_calls()


async def machine(office: Office, maker: str, *scopes: str) -> dict[str, str]:
    body = {"name": "示例数据平台", "scopes": list(scopes)}
    credential = (await office.done(maker, "POST", "/v1/auth/service-credentials", json=body)).json()
    form = {"client_id": credential["id"], "client_secret": credential["client_secret"]}
    answer = await office.client.post("/v1/auth/token", data={"grant_type": "client_credentials", **form})
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def test_each_scope_opens_these_routes_and_no_other() -> None:
    named = {str(scope): {name for name, _, _, needed, _ in ROUTES if needed == scope} for scope in MachineScope}
    assert named == OPENED


async def test_every_other_route_is_shut_to_a_machine(office: Office) -> None:
    """With all scopes but the one that the route needs; where it needs none, with all."""
    without = {
        needed: await machine(office, "city-office", *(each for each in MachineScope if each != needed))
        for needed in ("", *MachineScope)
    }
    told = {}
    for name, method, path, needed, takes_file in ROUTES:
        address = "/".join(NOTHING if part.startswith("{") else part for part in path.split("/"))
        body: dict[str, Any] = {"files": {"file": ("x.jpg", b"x")}} if takes_file else {"json": {}}
        answer = await office.client.request(method, address, headers=without[needed], **body)
        told[name] = (answer.status_code, answer.json()["code"])
    assert (len(told) > 100, {name: each for name, each in told.items() if each != (403, "scope_missing")}) == (
        True,
        {},
    )


async def test_a_countys_machine_reads_its_own_county_and_no_other(office: Office, client: httpx.AsyncClient) -> None:
    case = await office.endorsed_by_county()
    own, other = [await machine(office, maker, "nominations:read") for maker in ("wutai-office", "daixian-office")]
    answers = [await client.get(f"/v1/nominations/{case}", headers=headers) for headers in (own, other)]
    lists = [
        await client.get("/v1/nominations", params={"campaign_key": office.campaign}, headers=headers)
        for headers in (own, other)
    ]
    written = await client.put(f"/v1/nominations/{case}", json={"form": {}}, headers={**own, "If-Match": '"1"'})
    assert ([answer.status_code for answer in answers], [case in each.text for each in lists]) == (
        [200, 404],
        [True, False],
    )
    assert (written.status_code, written.json()["code"]) == (403, "scope_missing")


async def test_a_countys_machine_takes_the_package_of_its_report(office: Office, client: httpx.AsyncClient) -> None:
    collective = await office.endorse(await office.collective_at_county())
    await office.with_opinions(collective)
    report = await office.report(collective, category="advanced_collective")
    await office.done("wutai-office", "POST", f"/v1/county-reports/{report}/submissions")
    headers = await machine(office, "wutai-office", "exports:read")
    package = await client.get(f"/v1/county-reports/{report}/package", headers=headers)
    asked = await client.post(f"/v1/county-reports/{report}/packages", json={}, headers=headers)
    told = await client.get(f"/v1/packages/{asked.json()['id']}", headers=headers)
    assert (package.status_code, asked.status_code, told.json()["state"]) == (200, 202, "preparing")
    assert verify(ZipContainer(io.BytesIO(package.content)), trusted={}).cases == 1


async def test_a_machine_looks_after_the_webhooks_of_its_body(office: Office, client: httpx.AsyncClient) -> None:
    headers = await machine(office, "xinfu-office", "webhooks:manage")
    wanted = {"url": "http://127.0.0.1:9/events", "events": []}
    made = await client.post("/v1/webhook-endpoints", json=wanted, headers=headers)
    assert made.status_code == 201, made.text
    listed = await client.get("/v1/webhook-endpoints", headers=headers)
    other = await client.get(
        "/v1/webhook-endpoints", headers=await machine(office, "daixian-office", "webhooks:manage")
    )
    removed = await client.delete(f"/v1/webhook-endpoints/{made.json()['id']}", headers=headers)
    assert ([each["id"] for each in listed.json()["items"]], removed.status_code) == ([made.json()["id"]], 200)
    assert made.json()["id"] not in other.text
