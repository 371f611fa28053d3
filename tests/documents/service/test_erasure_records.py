"""What was erased of a case is told to whoever could read it: which paper, why, and what became of its bytes."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from services.common.china_time import china_day
from services.documents.domain.document_kind import RetentionStart
from services.documents.domain.erasure import KeptFor
from services.documents.life_tables import DocumentErasureRow
from services.documents.resources import Resources
from services.documents.retention import Rule, erase
from services.documents.sweeping import sweep
from tests.documents.service.people import player
from tests.documents.service.steps import CAMPAIGN, Case, fresh_card, fresh_pdf, open_case, uploaded

DECIDED = date(2025, 5, 1)
REASON = "自作出表彰决定（2025年5月1日）起保存30日，期限届满，依照《个人信息保护法》第四十七条第一款第二项删除"


def over(kind: str) -> Rule:
    return Rule(CAMPAIGN, kind, KeptFor(RetentionStart.AWARD_DECISION, DECIDED, 30))


async def erased(http: httpx.AsyncClient, case: Case, headers: Any = None, **asked: Any) -> httpx.Response:
    path = f"/v1/documents/bundles/{case.bundle_id}/erasures"
    return await http.get(path, headers=headers or case.nominee.headers, params=asked)


async def test_an_erased_paper_is_told_with_its_ground(http: httpx.AsyncClient, resources: Resources) -> None:
    case = await open_case(http)
    card = await uploaded(http, case, fresh_card(), kind="id_card_front")
    before = (await erased(http, case)).json()["items"]
    await erase(resources, over("id_card_front"))
    (paper,) = (await erased(http, case)).json()["items"]
    assert before == []
    assert paper.pop("erased_at") > card["uploaded_at"]
    assert paper == {
        "document_id": card["id"],
        "kind": "id_card_front",
        "kind_label": "身份证人像面",
        "sha256": card["sha256"],
        "bytes": card["bytes"],
        "uploaded_at": card["uploaded_at"],
        "ground": "retention_over",
        "reason": REASON,
        "due_on": "2025-05-31",
        "bytes_state": "being_destroyed",
        "backups_until": None,
    }


async def test_the_sweep_destroys_the_bytes_and_the_record_says_so(
    http: httpx.AsyncClient, resources: Resources
) -> None:
    case = await open_case(http)
    await uploaded(http, case, fresh_card(), kind="id_card_front")
    await erase(resources, over("id_card_front"))
    await sweep(resources)
    assert [each["bytes_state"] for each in (await erased(http, case)).json()["items"]] == ["destroyed"]


async def test_bytes_that_another_paper_shares_are_not_said_to_be_destroyed(
    http: httpx.AsyncClient, resources: Resources
) -> None:
    case, content = await open_case(http), fresh_pdf()
    await uploaded(http, case, content, kind="honour_certificate")
    await uploaded(http, case, content, kind="degree_certificate")
    await erase(resources, over("honour_certificate"))
    await sweep(resources)
    assert [each["bytes_state"] for each in (await erased(http, case)).json()["items"]] == ["held_by_another"]


async def test_the_days_of_backups_are_counted_from_the_erasure(
    http: httpx.AsyncClient, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources.settings, "backups_kept_days", 30)
    case = await open_case(http)
    await uploaded(http, case, fresh_card(), kind="id_card_front")
    await erase(resources, over("id_card_front"))
    (paper,) = (await erased(http, case)).json()["items"]
    erased_on = china_day(datetime.fromisoformat(paper["erased_at"]))
    assert date.fromisoformat(paper["backups_until"]) == erased_on + timedelta(days=30)


async def test_a_long_list_comes_in_pages(http: httpx.AsyncClient, resources: Resources) -> None:
    case = await open_case(http)
    cards = [await uploaded(http, case, fresh_card(), kind="id_card_front") for _ in range(3)]
    await erase(resources, over("id_card_front"))
    first = (await erased(http, case, page_size=2)).json()
    second = (await erased(http, case, page_size=2, page_token=first["next_page_token"])).json()
    told = [each["document_id"] for each in [*first["items"], *second["items"]]]
    assert (sorted(told), len(first["items"]), second["next_page_token"]) == (sorted(c["id"] for c in cards), 2, None)


async def test_who_could_not_read_a_paper_is_not_told_of_its_erasure(
    http: httpx.AsyncClient, resources: Resources
) -> None:
    case = await open_case(http)
    await uploaded(http, case, fresh_card(), kind="id_card_front")
    await erase(resources, over("id_card_front"))
    others = player("unit_clerk"), player("county_officer", jurisdiction="140981"), player("nominee")
    answers = [await erased(http, case, each.headers) for each in others]
    assert [each.status_code for each in answers] == [404, 404, 404]


async def test_a_role_that_never_read_the_kind_is_told_nothing(http: httpx.AsyncClient, resources: Resources) -> None:
    case = await open_case(http)
    await uploaded(http, case, fresh_card(), kind="id_card_front")
    await erase(resources, over("id_card_front"))
    head = player("unit_head", organisation=case.organisation_id)
    assert (await erased(http, case, head.headers)).json()["items"] == []


@pytest.mark.parametrize(
    "said",
    [
        {"ground": "retention_over"},
        {"ground": "request_granted", "counted_from": "award_decision", "counted_on": DECIDED, "kept_days": 30},
        {"ground": "no_more_room"},
    ],
)
async def test_a_record_without_its_ground_is_refused(
    http: httpx.AsyncClient, resources: Resources, said: dict[str, Any]
) -> None:
    row = {"id": uuid4(), "document_id": uuid4(), "campaign_key": CAMPAIGN, "kind": "id_card_front", "sha256": "0" * 64}
    row |= {"byte_count": 1, "rule": "test", "due_on": DECIDED}
    with pytest.raises(IntegrityError, match="erasures_say_their_ground"):
        async with resources.database.transaction() as session:
            await session.execute(insert(DocumentErasureRow).values(**row, **said))
