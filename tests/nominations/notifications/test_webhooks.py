"""A body's own system hears of its cases: signed, tried again, and never sent into our own network."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from uuid import UUID

import pytest
import uvicorn
from sqlalchemy import update
from standardwebhooks import Webhook, WebhookVerificationError
from starlette.requests import Request
from starlette.responses import Response

from services.common.messages.outgoing import AddressRefused, OutgoingRequests
from services.nominations.notifications.job_handlers import work_of
from services.nominations.notifications.jobs import RetryRequested
from services.nominations.notifications.notification_tables import WebhookEndpoint
from tests.factories import Office

CAMPAIGN = "tests-webhooks"


class Receiver:
    """A system of somebody else's, on loopback: keeps what comes, answers what the test says."""

    def __init__(self) -> None:
        self.url = ""
        self.answers: list[int] = []
        self.received: list[tuple[dict[str, str], bytes]] = []

    async def __call__(self, scope, receive, send) -> None:
        request = Request(scope, receive)
        self.received.append((dict(request.headers), await request.body()))
        status = self.answers.pop(0) if self.answers else 200
        await Response(status_code=status, headers={"location": self.url} if status == 302 else {})(
            scope, receive, send
        )

    def events(self) -> list[str]:
        return [json.loads(body)["type"] for _, body in self.received]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    listening = socket.create_server(("127.0.0.1", 0))
    receiver.url = f"http://127.0.0.1:{listening.getsockname()[1]}/events?of=xianjin"
    server = uvicorn.Server(uvicorn.Config(receiver, lifespan="off", log_config=None, access_log=False))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    yield receiver
    server.should_exit = True
    await serving


@pytest.fixture
async def unit(office, context) -> Office:
    """Without the endpoints of the tests before: a body has five at most."""
    async with context.database.transaction() as session:
        await session.execute(update(WebhookEndpoint).values(removed_at=datetime.now(UTC)))
    return Office(office.client, CAMPAIGN)


async def endpoint(office: Office, receiver: Receiver, username: str = "wutai-clerk", **more) -> dict:
    body = {"url": receiver.url, **more}
    return (await office.done(username, "POST", "/v1/webhook-endpoints", json=body)).json()


async def deliveries(office: Office, made: dict, username: str = "wutai-clerk") -> list[dict]:
    path = f"/v1/webhook-endpoints/{made['id']}/deliveries"
    return (await office.done(username, "GET", path, params={"page_size": 100})).json()["items"]


async def pinged(office: Office, made: dict) -> str:
    answer = await office.done("wutai-clerk", "POST", f"/v1/webhook-endpoints/{made['id']}/tests")
    return answer.json()["id"]


async def test_every_event_of_the_history_is_delivered_once_under_its_own_name(unit, receiver, jobs):
    await endpoint(unit, receiver)
    case = (await unit.draft()).json()["id"]
    await unit.step("clerk", case, "withdrawal", json={"reason": "本人放弃"})
    await jobs()
    history = (await unit.done("wutai-clerk", "GET", f"/v1/nominations/{case}/events")).json()["items"]
    assert sorted(receiver.events()) == sorted(event["event"] for event in history)


async def test_any_standard_webhooks_library_verifies_a_delivery(unit, receiver, jobs):
    made = await endpoint(unit, receiver)
    await pinged(unit, made)
    await jobs()
    ((headers, body),) = receiver.received
    assert Webhook(made["secret"]).verify(body, headers)["type"] == "ping"


async def test_a_body_that_was_changed_on_the_way_is_not_verified(unit, receiver, jobs):
    made = await endpoint(unit, receiver)
    await pinged(unit, made)
    await jobs()
    ((headers, body),) = receiver.received
    with pytest.raises(WebhookVerificationError):
        Webhook(made["secret"]).verify(body.replace(b"ping", b"pong"), headers)


async def test_during_a_change_of_secrets_both_verify(unit, receiver, jobs):
    made = await endpoint(unit, receiver)
    path = f"/v1/webhook-endpoints/{made['id']}/secrets"
    renewed = (await unit.done("wutai-clerk", "POST", path)).json()
    await pinged(unit, made)
    await jobs()
    ((headers, body),) = receiver.received
    read = [Webhook(secret).verify(body, headers)["type"] for secret in (made["secret"], renewed["secret"])]
    assert read == ["ping", "ping"]


async def test_a_day_after_the_change_only_the_new_secret_verifies(unit, receiver, jobs, context):
    made = await endpoint(unit, receiver)
    await unit.done("wutai-clerk", "POST", f"/v1/webhook-endpoints/{made['id']}/secrets")
    async with context.database.transaction() as session:
        over = context.clock.now() - timedelta(seconds=1)
        await session.execute(
            update(WebhookEndpoint).where(WebhookEndpoint.id == UUID(made["id"])).values(old_secret_until=over)
        )
    await pinged(unit, made)
    await jobs()
    ((headers, body),) = receiver.received
    with pytest.raises(WebhookVerificationError):
        Webhook(made["secret"]).verify(body, headers)


async def test_a_secret_is_shown_once(unit, receiver):
    made = await endpoint(unit, receiver)
    listed = (await unit.done("wutai-clerk", "GET", "/v1/webhook-endpoints")).json()["items"]
    assert listed == [{key: value for key, value in made.items() if key != "secret"}]


async def test_only_the_events_that_were_asked_for_come(unit, receiver, jobs):
    await endpoint(unit, receiver, events=["nomination_withdrawn"])
    case = (await unit.draft()).json()["id"]
    await unit.step("clerk", case, "withdrawal", json={"reason": "本人放弃"})
    await jobs()
    assert receiver.events() == ["nomination_withdrawn"]


async def test_a_county_hears_of_a_case_from_its_hand_over_on(unit, receiver, jobs):
    await endpoint(unit, receiver, "wutai-office")
    await unit.at_county()
    await jobs()
    assert receiver.events() == ["unit_signed"]


async def test_another_county_hears_nothing(unit, receiver, jobs):
    await endpoint(unit, receiver, "dingxiang-office")
    await unit.at_county()
    await jobs()
    assert receiver.events() == []


async def test_a_delivery_says_nothing_personal(unit, receiver, jobs):
    await endpoint(unit, receiver, events=["nomination_created"])
    case = (await unit.draft()).json()
    await jobs()
    ((_, body),) = receiver.received
    assert json.loads(body)["data"] == {
        "nomination_id": case["id"],
        "campaign_key": CAMPAIGN,
        "category": case["category"],
        "quota_unit": "140922",
        "sequence": 1,
        "from": None,
        "to": {"stage": "unit", "status": "draft"},
        "hash": json.loads(body)["data"]["hash"],
    }


@pytest.mark.parametrize("status", [302, 404, 500])
async def test_a_delivery_that_fails_is_written_down_and_tried_again(unit, receiver, context, status):
    made = await endpoint(unit, receiver)
    delivery = await pinged(unit, made)
    receiver.answers = [status]
    deliver = work_of(context).handlers["deliver"]
    with pytest.raises(RetryRequested) as put_off:
        await deliver(delivery)
    first = (await deliveries(unit, made))[0]
    await deliver(delivery)
    second = (await deliveries(unit, made))[0]
    assert (
        put_off.value.delay,
        (first["state"], first["attempts"], first["last_status"]),
        (second["state"], second["attempts"], second["last_status"]),
    ) == (timedelta(seconds=5), ("waiting", 1, status), ("delivered", 2, 200))


async def test_after_the_last_try_a_delivery_has_failed_and_can_still_be_sent_again(unit, receiver, context, jobs):
    made = await endpoint(unit, receiver)
    delivery = await pinged(unit, made)
    deliver = work_of(context).handlers["deliver"]
    receiver.answers = [500] * 13
    for _ in range(12):
        with pytest.raises(RetryRequested):
            await deliver(delivery)
    await deliver(delivery)
    given_up = (await deliveries(unit, made))[0]
    path = f"/v1/webhook-endpoints/{made['id']}/deliveries"
    failed = (await unit.done("wutai-clerk", "GET", path, params={"state": "failed"})).json()["items"]
    await unit.done("wutai-clerk", "POST", f"{path}/{delivery}/redeliveries")
    await deliver(delivery)
    again = (await deliveries(unit, made))[0]
    assert (given_up["state"], given_up["attempts"], [each["id"] for each in failed]) == ("failed", 13, [delivery])
    assert (again["state"], again["attempts"], len(receiver.received)) == ("delivered", 1, 14)


async def test_the_deliveries_of_a_case_say_in_which_order_its_events_happened(unit, receiver, jobs):
    await endpoint(unit, receiver)
    case = (await unit.draft()).json()["id"]
    await unit.step("clerk", case, "withdrawal", json={"reason": "本人放弃"})
    await jobs()
    told = [json.loads(body)["data"] for _, body in receiver.received]
    assert sorted((data["nomination_id"], data["sequence"]) for data in told) == [(case, 1), (case, 2)]


async def test_tries_of_one_delivery_carry_one_id(unit, receiver, context):
    made = await endpoint(unit, receiver)
    delivery = await pinged(unit, made)
    receiver.answers = [500]
    deliver = work_of(context).handlers["deliver"]
    with pytest.raises(RetryRequested):
        await deliver(delivery)
    await deliver(delivery)
    assert len({headers["webhook-id"] for headers, _ in receiver.received}) == 1


async def test_a_delivery_that_is_done_is_sent_again_when_asked(unit, receiver, jobs):
    made = await endpoint(unit, receiver)
    delivery = await pinged(unit, made)
    await jobs()
    await unit.done("wutai-clerk", "POST", f"/v1/webhook-endpoints/{made['id']}/deliveries/{delivery}/redeliveries")
    await jobs()
    assert receiver.events() == ["ping", "ping"]


async def test_what_waits_for_a_removed_endpoint_is_not_sent(unit, receiver, jobs):
    made = await endpoint(unit, receiver)
    await pinged(unit, made)
    await unit.done("wutai-clerk", "DELETE", f"/v1/webhook-endpoints/{made['id']}")
    await jobs()
    assert receiver.events() == []


async def test_another_body_finds_no_endpoint(unit, receiver):
    made = await endpoint(unit, receiver)
    path = f"/v1/webhook-endpoints/{made['id']}"
    answers = [
        await unit.send("wutai-office", *ask)
        for ask in (
            ("DELETE", path),
            ("GET", f"{path}/deliveries"),
            ("POST", f"{path}/secrets"),
            ("POST", f"{path}/tests"),
        )
    ]
    assert [answer.status_code for answer in answers] == [404] * 4


async def test_a_body_has_five_endpoints_at_most_also_when_many_are_made_at_once(unit, receiver):
    body = {"url": receiver.url}
    answers = await asyncio.gather(
        *(unit.send("wutai-clerk", "POST", "/v1/webhook-endpoints", json=body) for _ in range(8))
    )
    assert sorted(answer.status_code for answer in answers) == [201] * 5 + [409] * 3


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/events",
        "http://10.0.0.1/events",
        "http://[::1]/events",
        "https://[::ffff:10.0.0.1]/events",
        "https://169.254.169.254/latest/meta-data",
        "https://0.0.0.0/events",
        "https://localhost.invalid/events",
        "https://somebody@127.0.0.1/events",
        "https://127.0.0.1:99999/events",
        "https:///events",
        "javascript:alert(1)",
    ],
)
async def test_an_address_that_leads_inside_or_nowhere_is_refused(unit, url):
    answer = await unit.send("wutai-clerk", "POST", "/v1/webhook-endpoints", json={"url": url})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/url")


@pytest.mark.parametrize(
    "url", ["http://93.184.216.34/", "https://127.0.0.1/", "https://192.168.1.1/", "https://[fd00::1]/"]
)
async def test_without_networks_of_its_own_an_installation_sends_to_the_public_internet_only(url):
    outgoing = OutgoingRequests()
    with pytest.raises(AddressRefused):
        await outgoing.address_of(outgoing.parse(url))


async def test_a_network_of_ones_own_is_reached_when_the_operator_says_so():
    outgoing = OutgoingRequests([ip_network("10.20.0.0/16")])
    assert await outgoing.address_of(outgoing.parse("http://10.20.3.4:8080/oa")) == "10.20.3.4"
