"""The city's reviews, its list, publicity and ranking; the award and what may follow; stories, inquiries, deadlines."""

from services.conformance.journeys.filling_in import CATEGORY
from services.conformance.journeys.unit_and_county import ENDORSED
from services.conformance.world import World

_CITY_PUBLIC = "2025-02-21T09:00:00+08:00"
_AFTER = "2025-03-03T09:00:00+08:00"


def city_lists(world: World) -> None:
    """Reviewed by both bureaus, chosen, seconded, shown to the whole city, ranked, reported."""
    case = world.made["nomination"]
    for bureau in ("city_hrss", "city_iit"):
        world.send(bureau, "POST", f"/v1/nominations/{case}/reviews", json=ENDORSED)
    receipts = f"/v1/county-reports/{world.made['report']}/receipts"
    item = world.send("city_officer", "GET", receipts).json()["items"][0]["item"]
    world.send("city_officer", "PUT", f"{receipts}/{item}", json={"paper_copies": 1, "electronic": True})
    story(world)
    world.set_clock(_CITY_PUBLIC)
    wanted = {"campaign_key": world.campaign, "selection": {CATEGORY: [case]}, "no_choice_reason": "仅有一名候选人"}
    drawn = world.send("city_officer", "POST", "/v1/city-lists", json=wanted)
    drawn_up = drawn.json()
    path = f"/v1/city-lists/{drawn_up['id']}"
    world.made["list"] = drawn_up["id"]
    world.send("city_hrss", "POST", f"{path}/seconding", headers={"If-Match": drawn.headers["etag"]})
    world.send("city_officer", "GET", path)
    shown = world.send("city_officer", "POST", f"{path}/publicity-notices")
    world.set_clock(_AFTER)
    ranking = {"ranking": {CATEGORY: [case]}}
    world.send("city_officer", "PUT", f"{path}/ranking", json=ranking, headers={"If-Match": shown.headers["etag"]})
    world.send("city_officer", "POST", f"{path}/submissions")
    for rest in ("/package-plan", "/package", "/forms/attachment_4?format=pdf"):
        world.send("city_officer", "GET", f"{path}{rest}")


def award(world: World) -> None:
    """Granted with every serial, revoked, one grant taken back."""
    case = f"/v1/nominations/{world.made['nomination']}"
    category = next(
        each
        for each in world.send(None, "GET", f"/v1/campaigns/{world.campaign}").json()["categories"]
        if each["key"] == CATEGORY
    )
    serials = {grant: f"示例-{position}" for position, grant in enumerate(category["grants"])}
    granted = {"granted_on": "2025-03-01", "decision_number": "示例函〔2025〕1号", "serials": serials}
    world.send("city_officer", "POST", f"{case}/award", json=granted)
    revoked = world.send("city_officer", "POST", f"{case}/award/revocation", json={"reason": "示例撤销"}).json()
    taken_back = {"grant": next(iter(serials)), "recovered_on": revoked["revoked_on"]}
    world.send("city_officer", "POST", f"{case}/award/recoveries", json=taken_back)
    world.send("city_officer", "GET", f"{case}/forms/attachment_6?format=pdf")
    for rest in ("/case-file", "/proof", "/events", "/notifications", "/form-prints", "/sealed-scans"):
        world.send("city_officer", "GET", f"{case}{rest}")


def story(world: World) -> None:
    """Written by the unit, agreed to by whom it is about, published by the city, taken down."""
    path = f"/v1/nominations/{world.made['nomination']}/story"
    world.send("unit_clerk", "PUT", path, json={"title": "扎根一线", "text": "他带领班组改进工艺。（示例文字）"})
    world.send("nominee", "GET", path)
    world.send("nominee", "POST", f"{path}/consent")
    world.send("city_officer", "POST", f"{path}/publication")
    world.send("nominee", "POST", f"{path}/removal")


def city_governs(world: World) -> None:
    """A late county reopened, the deadline put off, an inquiry opened and concluded."""
    key = f"/v1/campaigns/{world.campaign}"
    county = world.send("other_officer", "GET", "/v1/auth/me").json()["acting_as"]["organisation"]["jurisdiction"]
    late = {"quota_unit": county, "until": "2025-03-10T18:00:00+08:00", "reason": "道路中断"}
    reopening = world.send("city_officer", "POST", f"{key}/reopenings", json=late).json()["id"]
    world.send("city_hrss", "POST", f"{key}/reopenings/{reopening}/seconding")
    world.send("city_officer", "GET", f"{key}/reopenings")
    put_off = {"until": "2025-03-20T18:00:00+08:00", "reason": "统一延期"}
    proposed = world.send("city_officer", "POST", f"{key}/postponements", json=put_off).json()["id"]
    world.send("city_hrss", "POST", f"{key}/postponements/{proposed}/seconding")
    world.send("city_officer", "GET", f"{key}/postponements")
    about = world.person("other_officer")
    finding = {"campaign_key": world.campaign, "person_id": about.id, "person_name": about.name}
    finding |= {"organisation_name": "示例机构", "finding": "示例反映"}
    opened = world.send("city_officer", "POST", "/v1/misconduct-cases", json=finding).json()["id"]
    world.send("city_officer", "PUT", f"/v1/misconduct-cases/{opened}/suspension")
    world.send("city_officer", "GET", f"/v1/misconduct-cases?campaign_key={world.campaign}")
    concluded = {"outcome": "unsubstantiated", "conclusion": "经查不属实"}
    world.send("city_officer", "POST", f"/v1/misconduct-cases/{opened}/conclusion", json=concluded)
    world.forget("other_officer")
