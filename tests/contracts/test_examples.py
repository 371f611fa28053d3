"""Every documented example is sent, and the documented answer compared with what comes.

XIANJIN_WRITE_EXAMPLES=1 records them anew; then `make openapi`.
"""

import os

import httpx
import pytest
import yaml

from services.commands.openapi import merged
from services.contract_examples import EXAMPLES, examples
from tests.contracts.conftest import TOLD, LiveServer
from tests.contracts.telling import Teller, differences
from tests.contracts.told_accounts import (
    a_desk,
    tell_consents,
    tell_email,
    tell_erasure,
    tell_own_data,
    tell_passkeys,
    tell_text_codes,
)
from tests.contracts.told_bodies import tell_bodies, tell_credentials, tell_services
from tests.contracts.told_case import (
    PLACE,
    tell_county,
    tell_draft,
    tell_objection,
    tell_reads,
    tell_rules,
    tell_unit,
    tell_withdrawal,
)
from tests.contracts.told_city import (
    endorsed,
    tell_award,
    tell_county_decisions,
    tell_list,
    tell_misconduct,
    tell_removal,
)
from tests.contracts.told_papers import (
    tell_city_papers,
    tell_closing,
    tell_import,
    tell_keeping_up,
    tell_many_at_once,
    tell_packages,
    tell_scans,
)
from tests.contracts.told_people import tell_a_new_official, tell_inviting, tell_leaving, tell_signing_in, tell_webhooks
from tests.factories import Office


@pytest.fixture(scope="module")
async def teller(live_server: LiveServer) -> Teller:
    """After the whole run."""
    async with httpx.AsyncClient(base_url=live_server.url, timeout=60) as client:
        teller = Teller(
            Office(client, TOLD, place=PLACE, wechat=live_server.wechat_url), merged(), live_server.text_messages
        )
        await tell_signing_in(teller)
        await tell_inviting(teller)
        await tell_a_new_official(teller)
        await tell_webhooks(teller)
        token, person = await a_desk(teller)
        await tell_passkeys(teller, token)
        await tell_text_codes(teller)
        await tell_email(teller, token)
        await tell_own_data(teller, token)
        await tell_bodies(teller)
        await tell_credentials(teller)
        await tell_services(teller, person)
        await tell_rules(teller)
        case = await tell_draft(teller)
        notice = await tell_unit(teller, case)
        await tell_objection(teller, notice)
        report = await tell_county(teller, case)
        await tell_reads(teller, case)
        await tell_scans(teller, case, report)
        await tell_packages(teller, case, report)
        await tell_consents(teller, token, case)
        await tell_import(teller)
        await tell_many_at_once(teller)
        await tell_keeping_up(teller)
        await tell_withdrawal(teller)
        first, second = [await endorsed(teller, name) for name in ("示例甲铸造", "示例乙铸造")]
        high = await endorsed(teller, "示例丙铸造", collective_rank="副处级", rank_reason="长期在一线，实绩突出")
        await tell_city_papers(teller, await tell_list(teller, first, second, high))
        await tell_award(teller, first)
        await tell_removal(teller, second)
        await tell_county_decisions(teller)
        await tell_misconduct(teller)
        await tell_erasure(teller, case)
        await tell_closing(teller)
        await tell_leaving(teller, person)
    if os.environ.get("XIANJIN_WRITE_EXAMPLES") == "1":
        text = yaml.dump(teller.told, Dumper=yaml.CSafeDumper, allow_unicode=True, width=120)
        EXAMPLES.write_text(text, encoding="utf-8")
    return teller


async def test_every_documented_answer_comes_again(teller):
    documented = examples()
    found = {name: differences(documented[name], seen) for name, seen in teller.told.items() if name in documented}
    assert {name: each for name, each in found.items() if each} == {}


async def test_every_operation_of_the_run_is_documented_and_no_other(teller):
    assert set(teller.told) == set(examples())


async def test_no_answer_of_the_run_is_one_that_its_operation_does_not_declare(teller):
    assert teller.undeclared == []


async def test_every_post_of_the_run_that_is_sent_again_comes_out_as_the_contract_says(teller):
    said = {name: operation["x-idempotency"] for name, (_, _, operation) in teller.operations.items()}
    assert {name: (said[name], how) for name, how in teller.repeated.items() if said[name] != how} == {}


def is_public(operation) -> bool:
    return not operation.get("security")


_PUBLIC_BUT_NOT_KEPT = {
    "list_ended_sessions": "services ask every few seconds which sessions are over",
    "open_document_link": "a paper of somebody's, behind a link of ten minutes",
}


async def test_what_anybody_may_read_may_be_kept_for_minutes_and_asked_again_by_its_etag(teller):
    public = {name for name, (method, _, said) in teller.operations.items() if method == "GET" and is_public(said)}
    kept = {name: teller.cached.get(name) for name in public - _PUBLIC_BUT_NOT_KEPT.keys()}
    assert set(kept.values()) <= {("public, max-age=60", True), ("public, max-age=300", True)}, kept


async def test_what_somebody_may_read_is_kept_by_nobody_on_the_way(teller):
    private = {
        name: told[0]
        for name, told in teller.cached.items()
        if name in _PUBLIC_BUT_NOT_KEPT or not is_public(teller.operations[name][2])
    }
    assert set(private.values()) <= {"no-store", "private, no-store", "private, no-cache"}, private


async def test_the_secrets_that_are_shown_once_were_among_what_was_sent_again(teller):
    shown_once = {"create_objection", "create_webhook_endpoint", "rotate_webhook_secret", "create_invitation"}
    assert shown_once - teller.repeated.keys() == set()
