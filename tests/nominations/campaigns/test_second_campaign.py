"""A campaign of another city with other levels, quotas, days, photo, form and hour runs through the same code."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from services.auth.organisations.seeding import seed_demo_people, seed_organisations
from services.auth.settings import AuthSettings
from services.common.db import Database
from services.embedded.demo_people import PASSWORD
from tests.documents.pictures import portrait
from tests.factories import PICTURES, Office, new_identity

FOLDER = Path("services/sandbox/campaigns/sample-craft-2026")
KEY = FOLDER.name
BODIES = yaml.load((FOLDER / "organisations.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
PEOPLE = yaml.load(Path("services/sandbox/craft_people.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
HELD = {"held_on": "2026-05-08"}


class Workshop:
    """One workshop of 示例市 takes a case through the steps of the procedure."""

    def __init__(self, office: Office, place: str = "east") -> None:
        self.office, self.place = office, place

    def form(self, **changes) -> dict:
        number, _ = new_identity()
        return {
            "full_name": "示例匠人",
            "sex": "male",
            "resident_id_number": number,
            "craft": "pottery",
            "workshop_name": "示例东区陶艺工坊",
            "workplace_kind": "workshop",
            "apprentices": 4,
            "mobile": "13900000001",
            "works": [{"year": 2020, "name": "示例青瓷瓶"}],
            "strengths": ["skill", "teaching"],
            "story": "他守着一座柴窑，烧制示例青瓷三十年。",
            "originality": True,
        } | changes

    async def draft(self, **changes) -> str:
        body = {"campaign_key": KEY, "category": "star_artisan", "form": self.form(**changes)}
        answer = await self.office.done(f"{self.place}-clerk", "POST", "/v1/nominations", json=body)
        case: str = answer.json()["id"]
        return case

    async def confirmed(self, case: str) -> str:
        statement = {"part": "nominee", "statement": "本人已签字确认"}
        await self.take(f"{self.place}-clerk", case, "confirmations", json=statement)
        return case

    async def upload(self, case: str, kind: str, content: bytes):
        files, data = {"file": ("a.jpg", content, "image/jpeg")}, {"kind": kind, "bundle_id": case}
        return await self.office.send(f"{self.place}-clerk", "POST", "/v1/documents", files=files, data=data)

    async def ready(self, **changes) -> str:
        case = await self.draft(**changes)
        for kind, content in (
            ("portrait", portrait(height=531)),
            ("work_picture", (PICTURES / "certificate.jpg").read_bytes()),
        ):
            answer = await self.upload(case, kind, content)
            assert answer.is_success, answer.text
        return await self.confirmed(case)

    async def submit(self, case: str):
        return await self.office.send(f"{self.place}-clerk", "POST", f"/v1/nominations/{case}/submissions")

    async def take(self, username: str, case: str, noun: str, **more) -> dict:
        path = f"/v1/nominations/{case}/{noun}"
        answer: dict = (await self.office.done(username, "POST", path, **more)).json()
        return answer

    async def body(self, username: str, case: str) -> dict:
        answer: dict = (await self.office.done(username, "GET", f"/v1/nominations/{case}")).json()
        return answer


async def seed_the_city() -> None:
    database = Database(AuthSettings().database_url.get_secret_value(), pool_size=1, application="second city")
    try:
        await seed_organisations(database, BODIES)
        await seed_demo_people(database, PEOPLE, password=PASSWORD)
    finally:
        await database.close()


@pytest.fixture(scope="module")
async def workshop(office: Office) -> Workshop:
    await seed_the_city()
    return Workshop(office)


@dataclass(frozen=True)
class Journey:
    """One case from its draft to the city's endorsement, as it was read on the way."""

    case: str
    in_publicity: dict
    notice: dict
    endorsed: dict


@pytest.fixture(scope="module")
async def journey(workshop: Workshop) -> Journey:
    await workshop.office.set_clock("2026-05-08T10:00:00+08:00")
    case = await workshop.ready()
    await workshop.take("east-clerk", case, "submissions")
    ballot = HELD | {"form": "ballot", "present": 5, "in_favour": 5}
    await workshop.take("east-clerk", case, "staff-deliberations", json=ballot)
    inspection = HELD | {"inspectors": ["示例甲"], "result": "属实"}
    await workshop.take("east-clerk", case, "inspections", json=inspection)
    decision = HELD | {"attendance": ["示例乙"], "decision": "同意"}
    await workshop.take("east-clerk", case, "leadership-decisions", json=decision)
    gates = {"craft": {"passed": True, "reviewer_name": "示例甲"}}
    review = HELD | {"gates": gates, "responsible_name": "示例乙", "statement": "经自审属实"}
    await workshop.take("east-clerk", case, "self-reviews", json=review)
    await workshop.take("east-clerk", case, "publicity-notices")
    in_publicity = await workshop.body("east-clerk", case)
    path = f"/v1/publicity-notices/{in_publicity['publicity']['id']}"
    notice = (await workshop.office.client.get(path)).json()
    await workshop.office.set_clock("2026-05-12T09:00:00+08:00")
    signature = {"signer_name": "示例工坊主（示例东区）"}
    await workshop.take("east-head", case, "unit-signatures", json=signature)
    endorse = {"decision": "endorse", "assessment": {"mastery": {"met": True}, "heritage": {"met": True}}}
    for username in ("craft-hrss", "craft-iit"):
        await workshop.take(username, case, "reviews", json=endorse)
    return Journey(case, in_publicity, notice, await workshop.body("craft-office", case))


def test_a_case_goes_from_the_workshop_straight_to_the_city_and_is_endorsed(journey: Journey):
    body = journey.endorsed
    assert (body["stage"], body["status"], [signature["box"] for signature in body["signatures"]]) == (
        "city",
        "endorsed",
        ["opinion_unit", "opinion_city_hrss", "opinion_city_iit"],
    )


def test_the_citys_office_asks_the_one_authority_of_its_matrix(journey: Journey):
    needs = [(need["label"], need["reason"]) for need in journey.endorsed["required_opinions"]]
    assert needs == [("文化和旅游部门", "推荐对象为个人，单位性质为作坊：向工坊所在地的1个部门征求意见")]


def test_publicity_lasts_three_working_days_the_first_counted_over_a_working_saturday(journey: Journey):
    publicity = journey.in_publicity["publicity"]
    assert (publicity["opened_on"], publicity["closes_on"]) == ("2026-05-08", "2026-05-11")


def test_what_is_shown_to_the_public_are_this_forms_own_public_fields(journey: Journey):
    assert set(journey.notice["content"]) == {
        "full_name", "sex", "craft", "workshop_name", "workplace_kind", "apprentices", "works", "story"
    }  # fmt: skip


def test_the_heads_signature_carries_this_campaigns_words(journey: Journey):
    assert journey.endorsed["signatures"][0]["text"] == "经民主评议，同意推荐该同志。"


async def test_the_form_is_printed_by_this_campaigns_layout(workshop: Workshop, journey: Journey):
    path = f"/v1/nominations/{journey.case}/forms/star_form"
    answer = await workshop.office.done("craft-office", "GET", path, params={"format": "docx"})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as document:
        text = document.read("word/document.xml").decode()
    printed = ("2020年《示例青瓷瓶》", "陶艺", "作坊", "工坊负责人")
    assert [word for word in printed if word not in text] == []


async def test_the_notices_two_inch_photo_is_no_small_two_inch_photo(workshop: Workshop):
    await workshop.office.set_clock("2026-05-08T10:00:00+08:00")
    answer = await workshop.upload(await workshop.draft(), "portrait", (PICTURES / "good.jpg").read_bytes())
    assert (answer.status_code, [error["code"] for error in answer.json()["errors"]]) == (422, ["aspect_wrong"])


async def test_documents_are_asked_by_this_campaigns_conditions(workshop: Workshop):
    await workshop.office.set_clock("2026-05-08T10:00:00+08:00")
    pointers = [
        [error["pointer"] for error in (await workshop.submit(await workshop.draft(craft=craft))).json()["errors"]]
        for craft in ("wood", "pottery")
    ]
    assert pointers == [["/documents/portrait"], ["/documents/portrait", "/documents/work_picture"]]


async def test_the_story_is_counted_and_limited_as_this_form_says(workshop: Workshop):
    await workshop.office.set_clock("2026-05-08T10:00:00+08:00")
    case = await workshop.ready(story="匠" * 801)
    body = (await workshop.office.done("east-clerk", "GET", f"/v1/nominations/{case}")).json()
    refused = (await workshop.submit(case)).json()["errors"]
    assert (
        (body["character_counts"]["story"]["count"], body["character_counts"]["story"]["limit"]),
        [error["message"] for error in refused],
    ) == (
        (801, 800),
        ["“匠心故事”超过800字"],
    )


@pytest.mark.parametrize(
    ("moment", "codes"), [("2026-05-20T17:29:00+08:00", []), ("2026-05-20T17:30:00+08:00", ["deadline_passed"])]
)
async def test_materials_are_late_from_half_past_five_on(workshop: Workshop, moment: str, codes: list[str]):
    await workshop.office.set_clock("2026-05-08T10:00:00+08:00")
    case = await workshop.ready()
    await workshop.office.set_clock(moment)
    answer = await workshop.submit(case)
    await workshop.take("east-clerk", case, "withdrawal", json={"reason": "示例"})
    assert [error["code"] for error in answer.json().get("errors", [])] == codes


async def test_a_unit_of_a_district_without_a_seat_cannot_hand_in(workshop: Workshop):
    await workshop.office.set_clock("2026-05-08T10:00:00+08:00")
    body = {"campaign_key": KEY, "category": "star_artisan", "form": workshop.form()}
    answer = await workshop.office.send("south-clerk", "POST", "/v1/nominations", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "no_seat_granted")
