"""Figures for Prometheus: for whoever holds the token, by route template, without a word about anybody."""

from datetime import date, timedelta

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from services.common import health, tracing
from services.common.asgi import RequestShell
from tests.factories import OPENED, Office

TOKEN = "a-token-of-the-tests-0123456789"


@pytest.fixture
def with_token(monkeypatch):
    monkeypatch.setenv("XIANJIN_METRICS_TOKEN", TOKEN)


async def scrape(client) -> str:
    answer = await client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return answer.text


async def test_without_a_token_there_are_no_figures(client):
    assert (await client.get("/metrics")).status_code == 404


async def test_a_wrong_token_finds_nothing(client, with_token):
    answer = await client.get("/metrics", headers={"Authorization": "Bearer wrong"})
    assert answer.status_code == 404


async def test_requests_are_counted_by_route_template_and_status(office, client, with_token):
    case = (await office.draft()).json()["id"]
    await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}")
    text = await scrape(client)
    assert 'xianjin_requests_total{method="GET",route="/v1/nominations/{nomination_id}",status="200"}' in text


async def test_addresses_that_lead_nowhere_make_no_labels(client, with_token):
    for number in range(3):
        await client.get(f"/scanned/{number}.php")
    assert "scanned" not in await scrape(client)


async def test_cases_are_counted_by_place(office, client, with_token):
    await office.draft()
    text = await scrape(client)
    assert f'xianjin_cases{{campaign="{office.campaign}",stage="unit",status="draft"}}' in text


async def test_a_publicity_period_runs_until_midnight_at_the_campaigns_place_r49(client, with_token):
    office = Office(client, "tests-put-off")
    case = await office.walk_to_publicity(await office.submitted_collective())
    closes_on = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}")).json()["publicity"]["closes_on"]
    after = date.fromisoformat(closes_on) + timedelta(days=1)
    counted = []
    for moment in (f"{closes_on}T23:59:00+08:00", f"{after}T00:01:00+08:00"):
        await office.set_clock(moment)
        counted.append(
            f'xianjin_publicity_running{{campaign="{office.campaign}",level="unit"}} 1' in await scrape(client)
        )
    await office.set_clock(OPENED)
    assert counted == [True, False]


async def test_every_service_tells_how_many_connections_it_holds(client, with_token):
    text = await scrape(client)
    named = [name for name in ("documents", "nominations") if f'connections_in_use{{service="{name}"}}' in text]
    assert named == ["documents", "nominations"]


async def test_a_server_that_leaves_says_so_and_closes_its_connections(client, monkeypatch):
    monkeypatch.setattr(health.LEAVING, "announced", True)
    ready, live = await client.get("/readyz"), await client.get("/livez")
    assert (ready.status_code, ready.json()["status"], live.status_code) == (503, "leaving", 200)
    assert ready.headers["connection"] == "close"


async def test_readiness_names_every_need_and_that_the_models_run(client):
    body = (await client.get("/readyz")).json()
    assert body == {
        "status": "ok",
        "needs": {
            "auth.postgresql": "ok",
            "documents.postgresql": "ok",
            "documents.s3": "ok",
            "documents.vision_models": "ok",
            "nominations.postgresql": "ok",
        },
    }


async def test_models_that_do_not_load_are_told_and_stop_nobody(dispatcher, client, monkeypatch):
    async def failing() -> None:
        raise health.Degraded("models did not load")

    assert dispatcher.site is not None
    monkeypatch.setitem(dispatcher.site.state.probes, "documents.vision_models", failing)
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["needs"]["documents.vision_models"], answer.json()["reasons"]) == (
        200,
        "degraded",
        {"documents.vision_models": "models did not load"},
    )


@pytest.fixture
def spans(monkeypatch):
    """What is exported where the operator wants traces."""
    exported = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exported))
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    monkeypatch.setattr(tracing, "_tracer", provider.get_tracer("tests"))
    monkeypatch.setitem(tracing._state, "on", True)
    return exported


async def test_no_span_holds_an_address_as_it_was_sent(client, spans):
    await client.get("/v1/publicity-notices/0199b3a2-c5d8-7e10-a1b2-c3d4e5f60718?marker=as-sent")
    told = [str(value) for span in spans.get_finished_spans() for value in span.attributes.values()]
    assert told == ["/v1/publicity-notices/{notice_id}"]


async def test_a_trace_goes_from_the_caller_through_both_services(office, spans):
    parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    body = {"campaign_key": office.campaign, "category": "advanced_individual", "form": {}}
    await office.done("wutai-clerk", "POST", "/v1/nominations", json=body, headers={"traceparent": parent})
    ours = [s for s in spans.get_finished_spans() if trace.format_trace_id(s.context.trace_id) == parent.split("-")[1]]
    assert [span.name for span in ours] == ["PUT /v1/documents/bundles/{bundle_id}", "POST /v1/nominations"]


async def test_every_page_carries_the_safe_headers(client):
    wanted = (
        "x-content-type-options",
        "referrer-policy",
        "x-frame-options",
        "content-security-policy",
        "cache-control",
    )
    for path in (
        "/docs",
        "/openapi.yaml",
        "/livez",
        "/v1/campaigns",
        "/nowhere",
        "/v1/nominations",
        "/docs/assets/nothing",
    ):
        answer = await client.get(path)
        assert [name for name in wanted if name not in answer.headers] == [], path


def test_the_shell_is_the_outermost_layer(dispatcher):
    assert dispatcher.site is not None
    assert isinstance(dispatcher.site.state.shell, RequestShell)
