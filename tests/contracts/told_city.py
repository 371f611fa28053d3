"""A collective's case on the city's list, its award, and what the city decides about people and time."""

from typing import Any

from tests.contracts.conftest import TOLD
from tests.contracts.telling import Teller
from tests.factories import OPENED

COLLECTIVE = "advanced_collective"
CITY = "city-office"
GRANTED = {
    "granted_on": "2025-03-01",
    "decision_number": "示例函〔2025〕1号",
    "serials": {"奖牌": "JP-1", "证书": "ZS-1"},
}
STORY = {"title": "扎根一线的示例班组", "text": "他们改进工艺，废品率大幅下降。（示例文字）"}


async def endorsed(teller: Teller, name: str, **more: str) -> str:
    return await teller.office.endorsed_by_city(collective_name=f"山西省忻州市繁峙县{name}有限公司", **more)


async def tell_list(teller: Teller, case: str, second: str, high: str) -> str:
    """Gives the list."""
    agreed = {"reason": "经专班研究，同意推荐。"}
    proposed = await teller.tell("create_rank_approval", "city-iit", json=agreed, nomination_id=high)
    read = {"proposed_at": proposed["proposed_at"]}
    await teller.tell("second_rank_approval", "city-hrss", json=read, nomination_id=high)
    await teller.office.set_clock("2025-02-21T09:00:00+08:00")
    body = {
        "campaign_key": TOLD,
        "selection": {COLLECTIVE: [case, second, high]},
        "no_choice_reason": "示例：推荐数等于名额",
    }
    drawn = await teller.ask("create_city_list", CITY, json=body)
    of_list = {"list_id": drawn.json()["id"]}
    as_read = {"If-Match": drawn.headers["etag"]}
    await teller.ask("second_city_list", "city-hrss", headers=as_read, **of_list)
    shown = await teller.ask("publish_city_list", CITY, **of_list)
    assert shown.is_success, (drawn.text, shown.text)
    removal = {"nomination_id": second, "reason": "示例：本人放弃"}
    await teller.tell("remove_from_city_list", CITY, json=removal, **of_list)
    await teller.office.set_clock("2025-03-01T09:00:00+08:00")
    current = await teller.ask("get_city_list", CITY, **of_list)
    etag = {"If-Match": current.headers.get("etag", shown.headers["etag"])}
    await teller.tell("rank_city_list", CITY, json={"ranking": {COLLECTIVE: [case, high]}}, headers=etag, **of_list)
    await teller.tell("report_city_list", CITY, **of_list)
    await teller.tell("list_city_lists", CITY, params={"campaign_key": TOLD})
    await teller.tell("create_no_award", CITY, json={"reason": "省级差额未入选"}, nomination_id=high)
    return str(drawn.json()["id"])


async def tell_award(teller: Teller, case: str) -> None:
    of_case: dict[str, Any] = {"nomination_id": case}
    await teller.tell("create_award", CITY, json=GRANTED, **of_case)
    await teller.tell("list_awards", None, params={"campaign_key": TOLD})
    clerk = f"{teller.office.place}-clerk"
    await teller.tell("write_story", clerk, json=STORY, **of_case)
    await teller.tell("get_story", clerk, **of_case)
    await teller.tell("consent_to_story", f"{teller.office.place}-head", **of_case)
    await teller.tell("publish_typical_story", CITY, **of_case)
    await teller.tell("list_stories", None, params={"campaign_key": TOLD})
    await teller.tell("take_story_down", CITY, **of_case)
    await teller.tell("revoke_award", CITY, json={"reason": "发生违纪违法行为"}, **of_case)
    await teller.tell("recover_grant", CITY, json={"grant": "证书", "recovered_on": "2025-03-01"}, **of_case)


async def tell_removal(teller: Teller, case: str) -> None:
    of_case: dict[str, Any] = {"nomination_id": case}
    fraud = {"ground": "fraud", "finding": "经查实，事迹系伪造。"}
    await teller.tell("propose_disqualification", CITY, json=fraud, **of_case)
    await teller.tell("take_back_disqualification", "city-hrss", **of_case)
    await teller.tell("propose_disqualification", CITY, json=fraud, **of_case)
    found = await teller.tell("get_disqualification", CITY, **of_case)
    read = {"proposed_at": found["proposed_at"]}
    await teller.ask("second_disqualification", "city-hrss", json=read, **of_case)


async def tell_county_decisions(teller: Teller) -> None:
    await teller.office.set_clock(OPENED)
    zero = {"campaign_key": TOLD, "category": COLLECTIVE, "reason": "经研究，没有符合条件的推荐对象"}
    declared = await teller.ask("create_zero_declaration", "kelan-office", json=zero)
    await teller.tell("list_zero_declarations", "kelan-office", params={"campaign_key": TOLD})
    back = {"reason": "有人选了"}
    await teller.tell("revoke_zero_declaration", "kelan-office", json=back, declaration_id=declared.json()["id"])
    unit = (await teller.tell("get_campaign_quotas", None, key=TOLD))["items"][0]["quota_unit"]
    asked = {"quota_unit": unit, "until": "2025-03-10T00:00:00+08:00", "reason": "因大雪延迟"}
    await teller.office.set_clock("2025-03-01T09:00:00+08:00")
    late = await teller.tell("reopen_county", CITY, json=asked, key=TOLD)
    await teller.tell("second_reopening", "city-hrss", key=TOLD, reopening_id=late["id"])
    await teller.tell("list_reopenings", CITY, key=TOLD)
    later = {"until": "2025-03-06T00:00:00+08:00", "reason": "因大雪，截止时间延后"}
    put_off = await teller.tell("postpone_deadline", CITY, json=later, key=TOLD)
    await teller.tell("second_postponement", "city-hrss", key=TOLD, postponement_id=put_off["id"])
    await teller.tell("list_postponements", CITY, key=TOLD)
    await teller.tell("list_seals", None, key=TOLD)
    await teller.tell("list_evidence_keys", None)


async def tell_misconduct(teller: Teller) -> None:
    person = (await teller.tell("get_me", "kelan-iit"))["person"]
    body = {
        "campaign_key": TOLD, "person_id": person["id"], "person_name": person["full_name"],
        "organisation_name": "岢岚县工信局", "finding": "反映其泄露评审意见",
    }  # fmt: skip
    opened = (await teller.tell("create_misconduct_case", CITY, json=body))["id"]
    await teller.tell("suspend_misconduct_person", CITY, case_id=opened)
    await teller.tell("list_misconduct_cases", CITY, params={"campaign_key": TOLD})
    untrue = {"outcome": "unsubstantiated", "conclusion": "经查不属实"}
    await teller.tell("conclude_misconduct", CITY, json=untrue, case_id=opened)
