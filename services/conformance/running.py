"""One run: the contract is read from the server, the journeys are walked, then every operation is asked wrongly."""

from collections.abc import Callable, Sequence

import httpx
import yaml

from services.conformance.contract import Contract
from services.conformance.given import ContractUnreadable, Given
from services.conformance.journeys import (
    accounts,
    being_told,
    bodies_and_machines,
    city_and_after,
    filling_in,
    keeping_up,
    open_pages,
    own_rights,
    passkeys,
    sealed_papers,
    unit_and_county,
)
from services.conformance.probes import probe
from services.conformance.reading import Reads
from services.conformance.recorder import Recorder
from services.conformance.report import Report, Stop
from services.conformance.world import NotHere, StepFailed, World

Journey = Callable[[World], None]
JOURNEYS: tuple[Journey, ...] = (
    open_pages.read_open_pages,
    accounts.sessions,
    accounts.own_data,
    accounts.invitations,
    accounts.colleagues,
    accounts.phones,
    own_rights.consents,
    own_rights.rights,
    own_rights.text_codes,
    passkeys.passkeys,
    bodies_and_machines.bodies,
    bodies_and_machines.machines,
    filling_in.withdrawn,
    filling_in.fill_in,
    keeping_up.changes,
    keeping_up.many_at_once,
    keeping_up.imported,
    unit_and_county.unit_recommends,
    unit_and_county.county_sets_up,
    unit_and_county.county_reviews,
    unit_and_county.authority_answers,
    unit_and_county.county_reports,
    sealed_papers.of_case_and_report,
    city_and_after.city_lists,
    sealed_papers.of_list,
    city_and_after.award,
    city_and_after.city_governs,
    being_told.inbox,
    being_told.webhooks,
    bodies_and_machines.security_logs,
)
"""In this order: later ones go on with what earlier ones made."""


def run(http: httpx.Client, given: Given, journeys: Sequence[Journey] = JOURNEYS) -> Report:
    """Raises ContractUnreadable, httpx.TransportError when nobody answers at all."""
    contract = read_contract(http)
    recorder = Recorder(contract, http)
    world = World(
        recorder=recorder,
        campaign=given.campaign,
        accounts=given.accounts,
        wechat_url=given.wechat_url,
        appid=given.appid,
        has_text_messages=given.is_sandbox,
    )
    reads = Reads(recorder)
    walked = (_walk(journey, world) for journey in (*journeys, _every_role_reads, reads.ask_again, _wrong_requests))
    stops = [stop for stop in walked if stop is not None]
    return Report(str(http.base_url).rstrip("/"), contract, recorder, stops)


def read_contract(http: httpx.Client) -> Contract:
    """Raises ContractUnreadable."""
    answer = http.get("/openapi.yaml")
    if answer.status_code != 200:
        raise ContractUnreadable(f"GET /openapi.yaml answered {answer.status_code}")
    try:
        return Contract(yaml.load(answer.text, Loader=yaml.CSafeLoader))
    except yaml.YAMLError:
        raise ContractUnreadable("/openapi.yaml is not YAML") from None


def _walk(journey: Journey, world: World) -> Stop | None:
    name = journey.__name__.replace("_", " ").strip()
    try:
        journey(world)
    except StepFailed as failed:
        return Stop(name, str(failed), failed=True)
    except NotHere as missing:
        return Stop(name, f"needs {missing}", failed=False)
    except (KeyError, IndexError, StopIteration, TypeError, ValueError) as surprise:
        # An answer that lacks what it promised: the rule that it broke is among the failures, or an earlier journey's.
        return Stop(name, f"an answer or an earlier journey lacks {surprise!r}", failed=True)
    return None


def _every_role_reads(world: World) -> None:
    """The lists that every role opens first."""
    for part in world.accounts:
        if part in {"system_admin", "audit_admin"}:
            continue
        token = world.person(part).token
        for path in ("nominations", "nomination-counts", "work-items"):
            world.recorder.send("GET", f"/v1/{path}?campaign_key={world.campaign}", token=token)
        for path in ("balance", "progress", "quota-accounts"):
            world.recorder.send("GET", f"/v1/campaigns/{world.campaign}/{path}", token=token)


def _wrong_requests(world: World) -> None:
    for operation in world.recorder.contract.operations:
        probe(world, operation)
