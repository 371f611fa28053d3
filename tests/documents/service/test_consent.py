"""Files that need a separate consent are taken with it only, and say which words were agreed to (个人信息保护法 第二十九条)."""

import hashlib
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from uuid_utils.compat import uuid7

from services.common.problems import Unavailable
from services.documents.auth_client import AuthClient, SentConsent
from services.documents.campaign_rules import load_campaign_rules
from services.documents.domain.rule_records import InvalidRules
from services.documents.resources import Resources
from services.documents.tables import DocumentRow
from tests.documents.service.people import SERVICE, Player
from tests.documents.service.steps import (
    CAMPAIGN,
    Bucket,
    Case,
    consent_to,
    error_codes,
    fresh_card,
    fresh_portrait,
    open_case,
    register,
    upload,
)

KIND = "id_card_front"
OTHER_WORDS = "0" * 64


async def sent(http: httpx.AsyncClient, who: Player, case: Case, **consent: str) -> httpx.Response:
    return await upload(http, who, case.bundle_id, fresh_card(), kind=KIND, consent=consent)


async def test_the_words_to_agree_to_stand_in_the_kinds_with_their_hash(http: httpx.AsyncClient) -> None:
    kinds = (await http.get("/v1/documents/kinds", params={"campaign_key": CAMPAIGN})).json()["kinds"]
    consent = kinds[KIND]["consent"]
    assert (kinds[KIND]["consent_required"], kinds[KIND]["consent"] == kinds["id_card_back"]["consent"]) == (True, True)
    assert (consent["purpose"], consent["statement"] in consent["text"]) == ("id_card_copies", True)
    assert consent["text_sha256"] == hashlib.sha256(consent["text"].encode()).hexdigest()
    assert {key for key, kind in kinds.items() if kind["consent_required"]} == {"id_card_front", "id_card_back"}


async def test_without_consent_a_card_is_refused_at_its_field_and_nothing_is_kept(
    http: httpx.AsyncClient, bucket: Bucket
) -> None:
    case, before = await open_case(http), bucket.keys()
    answer = await sent(http, case.nominee, case)
    assert (answer.status_code, error_codes(answer)) == (422, [("/consent", "consent_missing")])
    assert bucket.keys() == before


async def test_consent_to_other_words_is_none_to_these(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    answer = await sent(http, case.nominee, case, consent=OTHER_WORDS)
    assert (answer.status_code, error_codes(answer)) == (422, [("/consent", "consent_text_changed")])


@pytest.mark.parametrize("hashed", ["", "yes", "A" * 64], ids=["empty", "a word", "upper case"])
async def test_what_is_no_hash_is_refused_at_its_field(http: httpx.AsyncClient, hashed: str) -> None:
    case = await open_case(http)
    answer = await sent(http, case.nominee, case, consent=hashed)
    assert (answer.status_code, [pointer for pointer, _ in error_codes(answer)]) == (422, ["/consent"])


async def test_the_record_says_who_when_which_words_and_how(http: httpx.AsyncClient, resources: Resources) -> None:
    case, started = await open_case(http), datetime.now(UTC)
    answer = (await sent(http, case.nominee, case, **consent_to(KIND))).json()
    said = {"text_sha256": consent_to(KIND)["consent"], "channel": "screen", "on_behalf": False}
    async with resources.database.reading() as session:
        row = await session.get_one(DocumentRow, answer["id"])
    assert answer["consent"] == said
    assert (row.uploaded_by, started <= row.uploaded_at <= datetime.now(UTC)) == (case.nominee.id, True)
    read = await http.get(f"/v1/documents/{answer['id']}", headers=case.clerk.headers)
    assert read.json()["consent"] == said


async def test_a_clerk_who_sends_it_says_so_on_behalf_of_the_person(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    answer = (await sent(http, case.clerk, case, consent_channel="paper", **consent_to(KIND))).json()
    assert (answer["consent"]["channel"], answer["consent"]["on_behalf"]) == ("paper", True)


async def test_a_channel_that_nobody_knows_is_refused(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    answer = await sent(http, case.clerk, case, consent_channel="telepathy", **consent_to(KIND))
    assert (answer.status_code, [pointer for pointer, _ in error_codes(answer)]) == (422, ["/consent_channel"])


async def test_of_a_kind_that_needs_none_no_consent_is_recorded(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    answer = await upload(http, case.nominee, case.bundle_id, fresh_portrait(), consent={"consent": OTHER_WORDS})
    assert (answer.status_code, answer.json()["consent"]) == (201, None)


def begun(case: Case, content: bytes, **consent: str) -> dict[str, Any]:
    return {"bundle_id": str(case.bundle_id), "kind": KIND, "bytes": len(content), **consent}


async def test_in_chunks_it_is_asked_before_the_first_byte(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    answer = await http.post("/v1/documents/uploads", headers=case.nominee.headers, json=begun(case, fresh_card()))
    assert (answer.status_code, error_codes(answer)) == (422, [("/consent", "consent_missing")])


async def test_in_chunks_the_consent_given_at_the_beginning_stands_with_the_document(http: httpx.AsyncClient) -> None:
    case, content = await open_case(http), fresh_card()
    wanted = begun(case, content, consent_channel="paper", **consent_to(KIND))
    address = (await http.post("/v1/documents/uploads", headers=case.clerk.headers, json=wanted)).headers["location"]
    files = {"file": ("chunk", content, "application/octet-stream")}
    await http.post(f"{address}/chunks", headers=case.clerk.headers, files=files, data={"offset": "0"})
    completion = {"sha256": hashlib.sha256(content).hexdigest()}
    done = await http.post(f"{address}/completion", headers=case.clerk.headers, json=completion)
    assert (done.status_code, done.json()["consent"]) == (
        201,
        {"text_sha256": consent_to(KIND)["consent"], "channel": "paper", "on_behalf": True},
    )


async def test_nobody_without_an_account_sends_what_needs_the_persons_consent(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    wanted = {"kind": KIND, "subject_id": str(case.nominee.id), "max_count": 1, "minutes": 5}
    address = f"/v1/documents/bundles/{case.bundle_id}/upload-grants"
    answer = await http.post(address, headers=SERVICE.headers, json=wanted)
    assert (answer.status_code, answer.json()["code"]) == (422, "consent_missing")


def test_a_kind_may_not_ask_for_consent_to_what_no_notice_explains(tmp_path: Path) -> None:
    shutil.copytree(Path("campaigns") / CAMPAIGN, tmp_path / CAMPAIGN)
    (tmp_path / CAMPAIGN / "privacy-notice.yaml").unlink()
    with pytest.raises(InvalidRules, match="id_card_front asks for consent to no purpose"):
        load_campaign_rules(tmp_path)


async def test_a_sheet_is_not_signed_tomorrow(http: httpx.AsyncClient) -> None:
    case = await open_case(http)
    answer = await sent(http, case.clerk, case, consent_signed_on="2999-01-01", **consent_to(KIND))
    assert (answer.status_code, error_codes(answer)) == (422, [("/consent_signed_on", "day_to_come")])


async def test_consents_on_paper_reach_a_late_owner_although_auth_was_away_at_first(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await open_case(http)
    nobodys = replace(case, bundle_id=uuid7(), registration=case.registration | {"owner_person_id": None})
    await register(http, nobodys)
    uploaded = await sent(http, case.clerk, nobodys, consent_channel="paper", **consent_to(KIND))
    noted, note = list[SentConsent](), AuthClient.note_consent

    async def away(_: AuthClient, __: SentConsent) -> None:
        raise Unavailable

    async def listed(auth: AuthClient, consent: SentConsent) -> Any:
        noted.append(consent)
        return await note(auth, consent)

    monkeypatch.setattr(AuthClient, "note_consent", away)
    address, theirs = f"/v1/documents/bundles/{nobodys.bundle_id}", case.registration
    refused = await http.put(address, headers=SERVICE.headers, json=theirs)
    monkeypatch.setattr(AuthClient, "note_consent", listed)
    await register(http, nobodys, **theirs)
    assert (uploaded.status_code, refused.status_code) == (201, 503)
    assert [(each.person_id, each.sent_by) for each in noted] == [(case.nominee.id, case.clerk.id)]
