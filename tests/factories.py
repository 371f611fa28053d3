"""Factories that walk the real procedure over HTTP: no test starts from a state that the rules cannot reach."""

import asyncio
import itertools
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

import httpx

from services.demo.cast import APPID
from services.demo.content import CONTACT_FORM
from services.demo.uploads import upload_fields
from services.embedded.demo_people import PASSWORD
from services.nominations.domain.identity import check_digit, is_credit_code
from tests.domain.sample_forms import complete_collective_form, complete_individual_form
from tests.domain.the_campaign import the_campaign

PICTURES = Path("services/demo/pictures")
CATEGORY = "advanced_individual"
OPENED = "2025-02-07T09:00:00+08:00"
AFTER_PUBLICITY = "2025-02-14T09:00:00+08:00"
_SECTIONS = dict.fromkeys(("organisation", "process", "consultation", "publicity", "recommendation"), "示例")
REFRESHED_AFTER_SECONDS = 480
"""A bit more than half of an access token's life."""
_births = itertools.count()
_names = itertools.count(1)
ENDORSE = {
    "decision": "endorse",
    "assessment": {key: {"met": True} for key in the_campaign().review_dimensions},
}
SELF_REVIEW = {
    "held_on": "2025-02-07",
    "gates": {
        key: {"passed": True, "reviewer_name": "示例甲"} for key in ("political", "conditions", "deeds", "integrity")
    },
    "responsible_name": "示例乙",
    "statement": "经自审，推荐材料真实，符合评选条件和程序。",
}
HEAD_OF_FIRM = {
    "is_enterprise_head": True,
    "enterprise_type": "民营企业",
    "credit_code": "9114090012345678XH",
    "disqualifier_attestation": True,
}
_set_up: set[tuple[str, str, str]] = set()
ON_BEHALF = {"part": "nominee", "statement": "本人已在纸质表上签字确认"}


def new_identity() -> tuple[str, str]:
    """A synthetic number that no test has used, and its birth month. Sequence code 999 is not given out; it is male.

    Nobody is born later than 1991: the sample's fifteen years in the field begin at sixteen or later.
    """
    born_on = date(1970, 1, 1) + timedelta(days=next(_births) % 8_000)
    digits = f"140922{born_on:%Y%m%d}999"
    return digits + check_digit(digits), f"{born_on:%Y-%m}"


def complete_form(**changes: Any) -> dict[str, Any]:
    """A form that may be submitted, of a person of its own."""
    number, month = new_identity()
    own = {"resident_id_number": number, "birth_month": month, "sex": "male"}
    return complete_individual_form() | own | changes


def complete_collective(**changes: Any) -> dict[str, Any]:
    """A 附件5 that may be submitted, of a collective of its own."""
    name = changes.get("collective_name") or f"山西省忻州市五台县示例第{next(_names)}铸造有限公司"
    own = {"collective_name": name, "credit_code": credit_code_of(name)}
    return complete_collective_form() | own | changes


def credit_code_of(name: str) -> str:
    """A synthetic code that no other firm of the tests has."""
    return with_check(f"91140900{crc32(name.encode()) % 1_000_000_000:09}")


def with_check(stem: str) -> str:
    """A credit code of these seventeen characters and the one that fits."""
    return next(stem + last for last in "0123456789ABCDEFGHJKLMNPQRTUWXY" if is_credit_code(stem + last))


@dataclass(frozen=True)
class Session:
    """Somebody is signed in, on a machine that may be slow: their access token ends within the run."""

    access_token: str
    refresh_token: str
    since: float

    @classmethod
    def of(cls, answer: httpx.Response) -> "Session":
        assert answer.is_success, answer.text
        pair = answer.json()
        return cls(pair["access_token"], pair["refresh_token"], time.monotonic())


@dataclass
class Office:
    """Signs people in when first needed, and takes steps of the procedure as they would."""

    client: httpx.AsyncClient
    campaign: str
    place: str = "wutai"
    wechat: str = ""
    """Where the fake WeChat is; empty: where the services of this process find it."""
    _sessions: dict[str, "Session"] = field(default_factory=dict)
    _kinds: dict[str, Any] = field(default_factory=dict)
    _signing_in: asyncio.Lock = field(default_factory=asyncio.Lock)
    _uploading: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(4))
    """Photo checks are bounded in number: many cases at once wait for each other, as phones would."""

    async def token(self, username: str) -> str:
        async with self._signing_in:
            session = self._sessions.get(username)
            if session is None:
                nominee = username.endswith("-nominee")
                answer = await (self._invited(username) if nominee else self._signed_in(username))
                session = self._sessions[username] = Session.of(answer)
            elif time.monotonic() - session.since > REFRESHED_AFTER_SECONDS:
                refresh = {"refresh_token": session.refresh_token}
                answer = await self.client.post("/v1/auth/sessions/refreshes", json=refresh)
                session = self._sessions[username] = Session.of(answer)
        return session.access_token

    async def _signed_in(self, username: str) -> httpx.Response:
        return await self.client.post("/v1/auth/sessions", json={"username": username, "password": PASSWORD})

    async def _invited(self, nominee: str) -> httpx.Response:
        """A nominee on a phone of their own: invited by the clerk, bound by WeChat."""
        clerk = nominee.removesuffix("nominee") + "clerk"
        headers = {"Authorization": f"Bearer {Session.of(await self._signed_in(clerk)).access_token}"}
        invited = await self.client.post("/v1/auth/invitations", json={"full_name": "示例员工"}, headers=headers)
        async with httpx.AsyncClient(base_url=self.wechat or os.environ["AUTH_WECHAT_BASE_URL"]) as phone:
            login = await phone.post("/fake/login", json={"appid": APPID, "user": f"phone-{next(_names)}-{clerk}"})
        body = {"appid": APPID, "code": login.json()["code"], "invitation_code": invited.json()["invitation_code"]}
        return await self.client.post("/v1/auth/wechat/sessions", json=body)

    async def send(self, username: str, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {await self.token(username)}", **more.pop("headers", {})}
        return await self.client.request(method, path, headers=headers, **more)

    async def done(self, username: str, method: str, path: str, **more: Any) -> httpx.Response:
        """Like `send`, for a step that must succeed."""
        answer = await self.send(username, method, path, **more)
        assert answer.is_success, answer.text
        return answer

    async def set_clock(self, moment: str) -> None:
        answer = await self.client.put("/v1/clock", json={"now": moment})
        assert answer.is_success, answer.text

    async def draft(
        self, form: dict[str, Any] | None = None, *, campaign: str | None = None, category: str = CATEGORY
    ) -> httpx.Response:
        body = {"campaign_key": campaign or self.campaign, "category": category, "form": form or {}}
        return await self.done(f"{self.place}-clerk", "POST", "/v1/nominations", json=body)

    async def with_documents(self, case: str) -> None:
        async with self._uploading:
            await self._upload_all(case)

    async def _upload_all(self, case: str) -> None:
        for kind in ("portrait", "id_card_front", "id_card_back", "professional_title_certificate"):
            name = kind if kind.startswith("id_card") else "good"
            files = {"file": ("a.jpg", (PICTURES / f"{name}.jpg").read_bytes(), "image/jpeg")}
            data = await self.upload_fields(kind, case)
            await self.done(f"{self.place}-clerk", "POST", "/v1/documents", files=files, data=data)

    async def upload_fields(self, kind: str, case: str) -> dict[str, str]:
        """With the consent that the kind asks for."""
        if not self._kinds:
            told = await self.client.get("/v1/documents/kinds", params={"campaign_key": "shanxi-manufacturing-2025"})
            self._kinds = told.json()["kinds"]
        return upload_fields(self._kinds, kind, case)

    async def ready(self, form: dict[str, Any] | None = None, *, campaign: str | None = None) -> str:
        """A complete draft with its documents, not submitted yet."""
        case: str = (await self.draft(form or complete_form(), campaign=campaign)).json()["id"]
        await self.with_documents(case)
        await self.step("clerk", case, "confirmations", json=ON_BEHALF)
        return case

    async def submitted(self, form: dict[str, Any] | None = None, *, campaign: str | None = None) -> str:
        await self.set_clock(OPENED)
        case = await self.ready(form, campaign=campaign)
        await self.step("clerk", case, "submissions")
        return case

    async def collective(self, form: dict[str, Any] | None = None, *, campaign: str | None = None) -> str:
        """A complete collective's draft: it needs no documents and has no nominee's part."""
        content = form or complete_collective()
        async with self._uploading:
            draft = await self.draft(content, campaign=campaign, category="advanced_collective")
        case: str = draft.json()["id"]
        return case

    async def step(self, role: str, case: str, noun: str, **more: Any) -> dict[str, Any]:
        username = role if role.startswith("city") else f"{self.place}-{role}"
        answer: dict[str, Any] = (await self.done(username, "POST", f"/v1/nominations/{case}/{noun}", **more)).json()
        return answer

    async def decided(self, **more: Any) -> str:
        return await self.decide(await self.submitted(**more))

    async def in_publicity(self, **more: Any) -> str:
        case = await self.decided(**more)
        await self.step("clerk", case, "publicity-notices")
        return case

    async def at_county(self, **more: Any) -> str:
        return await self.sign(await self.in_publicity(**more))

    async def collective_at_county(self, **changes: Any) -> str:
        """A collective's case that waits for the county: it needs no photos, so many of them cost little."""
        return await self.walk_to_county(await self.submitted_collective(**changes))

    async def endorsed_by_county(self, **more: Any) -> str:
        return await self.endorse(await self.at_county(**more))

    async def save(self, case: str, **answers: Any) -> httpx.Response:
        """The unit's clerk saves the form as it stands, with these answers instead."""
        read = await self.done(f"{self.place}-clerk", "GET", f"/v1/nominations/{case}")
        body, version = {"form": read.json()["form"] | answers}, {"If-Match": read.headers["etag"]}
        return await self.send(f"{self.place}-clerk", "PUT", f"/v1/nominations/{case}", json=body, headers=version)

    async def pass_on(self, case: str, collective: str) -> None:
        """The returned case is another collective's from now on."""
        answer = await self.save(case, collective_name=collective, credit_code=credit_code_of(collective))
        assert answer.is_success, answer.text

    async def taken_over(self, case: str) -> str:
        """By the unit's own nominee, with a code of the clerk's."""
        code = (await self.step("clerk", case, "hand-over-codes"))["code"]
        await self.done(f"{self.place}-nominee", "POST", "/v1/hand-overs", json={"code": code})
        return case

    async def to_the_city(self, case: str) -> str:
        """Walks a submitted case on until the county has reported it. Gives the report."""
        await self.decide(case)
        await self.step("clerk", case, "publicity-notices")
        await self.endorse(await self.sign(case))
        await self.with_opinions(case)
        category = (await self.done(f"{self.place}-office", "GET", f"/v1/nominations/{case}")).json()["category"]
        report = await self.report(case, category=category)
        await self.done(f"{self.place}-office", "POST", f"/v1/county-reports/{report}/submissions")
        return report

    async def submitted_collective(self, **changes: Any) -> str:
        await self.set_clock(OPENED)
        case = await self.collective(complete_collective(**changes))
        await self.step("clerk", case, "submissions")
        return case

    async def individuals_at_the_city(self, count: int) -> list[str]:
        """As many individuals with their documents, taken along together and reported by the county in one report."""
        await self.set_clock(OPENED)
        cases = list(await asyncio.gather(*(self.ready() for _ in range(count))))

        async def each(walk: Callable[[str], Awaitable[Any]]) -> None:
            await asyncio.gather(*map(walk, cases))

        await each(lambda case: self.step("clerk", case, "submissions"))
        await each(self.walk_to_publicity)
        await self.set_clock(AFTER_PUBLICITY)
        await self.set_up()
        await each(self.sign)
        await each(self.endorse)
        await each(self.with_opinions)
        report = await self.report(*cases)
        await self.done(f"{self.place}-office", "POST", f"/v1/county-reports/{report}/submissions")
        for bureau in ("hrss", "iit"):
            await asyncio.gather(*(self.step(f"city-{bureau}", case, "reviews", json=ENDORSE) for case in cases))
        return cases

    async def endorsed_by_city(self, **changes: Any) -> str:
        """A collective's case that both bureaus of the city have endorsed."""
        case = await self.submitted_collective(**changes)
        await self.to_the_city(case)
        for bureau in ("hrss", "iit"):
            await self.step(f"city-{bureau}", case, "reviews", json=ENDORSE)
        return case

    async def decide(self, case: str) -> str:
        deliberation = {"held_on": "2025-02-07", "form": "ballot", "present": 9, "in_favour": 8}
        await self.step("clerk", case, "staff-deliberations", json=deliberation)
        inspection = {"held_on": "2025-02-07", "inspectors": ["示例甲"], "result": "符合条件"}
        await self.step("clerk", case, "inspections", json=inspection)
        decision = {"held_on": "2025-02-07", "attendance": ["示例甲"], "decision": "同意推荐"}
        await self.step("clerk", case, "leadership-decisions", json=decision)
        await self.step("clerk", case, "self-reviews", json=SELF_REVIEW)
        return case

    async def walk_to_county(self, case: str) -> str:
        """Takes a submitted case through the unit's own steps and its publicity."""
        return await self.sign(await self.walk_to_publicity(case))

    async def walk_to_publicity(self, case: str) -> str:
        await self.decide(case)
        await self.step("clerk", case, "publicity-notices")
        return case

    async def set_up(self) -> None:
        """The county says once who answers for the campaign there (R40)."""
        key = (str(self.client.base_url), self.campaign, self.place)
        if key not in _set_up:
            path = f"/v1/campaigns/{self.campaign}/contact-form"
            await self.done(f"{self.place}-office", "PUT", path, json={"form": CONTACT_FORM})
            _set_up.add(key)

    async def sign(self, case: str) -> str:
        await self.set_clock(AFTER_PUBLICITY)
        await self.set_up()
        me = (await self.done(f"{self.place}-head", "GET", "/v1/auth/me")).json()["person"]["full_name"]
        await self.step("head", case, "unit-signatures", json={"signer_name": me})
        return case

    async def sign_acting(self, username: str, role_assignment: str, case: str, name: str) -> httpx.Response:
        """Signs for the unit as somebody who stands in for its head."""
        await self.set_clock(AFTER_PUBLICITY)
        await self.set_up()
        credentials = {"username": username, "password": PASSWORD, "role_assignment_id": role_assignment}
        token = (await self.client.post("/v1/auth/sessions", json=credentials)).json()["access_token"]
        path, headers = f"/v1/nominations/{case}/unit-signatures", {"Authorization": f"Bearer {token}"}
        return await self.client.post(path, json={"signer_name": name}, headers=headers)

    async def endorse(self, case: str) -> str:
        for bureau in ("hrss", "iit"):
            await self.step(bureau, case, "reviews", json=ENDORSE)
        return case

    async def second_removal(self, username: str, case: str) -> httpx.Response:
        """Another person reads what was found, and agrees to it."""
        path = f"/v1/nominations/{case}/disqualification"
        found = (await self.done(username, "GET", path)).json()
        return await self.send(username, "POST", f"{path}/seconding", json={"proposed_at": found["proposed_at"]})

    async def second_list(self, username: str, city_list: str) -> httpx.Response:
        """Another person reads the city's list, and agrees that it stands without a choice."""
        path = f"/v1/city-lists/{city_list}"
        headers = {"If-Match": (await self.done(username, "GET", path)).headers["etag"]}
        return await self.send(username, "POST", f"{path}/seconding", headers=headers)

    async def with_opinions(self, case: str) -> None:
        officer = f"{self.place}-office"
        needs = (await self.done(officer, "GET", f"/v1/nominations/{case}")).json()["required_opinions"]
        opinion = {"result": "favourable", "text": "同意", "signer_name": "示例", "signed_on": "2025-02-14"}
        for need in needs:
            path = f"/v1/nominations/{case}/opinions/{need['authority']}"
            await self.done(officer, "PUT", path, json=opinion)

    async def report(self, *cases: str, campaign: str | None = None, category: str = CATEGORY) -> str:
        body = {
            "campaign_key": campaign or self.campaign,
            "sections": _SECTIONS,
            "ranking": {category: list(cases)},
        }
        answer = await self.done(f"{self.place}-office", "POST", "/v1/county-reports", json=body)
        report: str = answer.json()["id"]
        return report
