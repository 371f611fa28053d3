"""What the unit decides and shows, what the county reviews, asks about and reports."""

import time

from services.conformance.journeys.filling_in import CATEGORY, PICTURES
from services.conformance.world import World
from services.demo.content import ASSESSMENT, CONTACT_FORM, SELF_REVIEW

AFTER_PUBLICITY = "2025-02-14T09:00:00+08:00"
ENDORSED = {"decision": "endorse", "assessment": ASSESSMENT}
_SECTIONS = dict.fromkeys(("organisation", "process", "consultation", "publicity", "recommendation"), "示例")
_PHONE = "13900000077"
_MOST_LOOKS, _LOOK_SECONDS = 100, 0.2
_OPINION = {"result": "favourable", "text": "无不同意见", "signer_name": "示例经办", "signed_on": "2025-02-14"}


def unit_recommends(world: World) -> None:
    """Deliberation, inspection, decision, self-review, publicity with a correction and an objection, signature."""
    case = f"/v1/nominations/{world.made['nomination']}"
    held = {"held_on": "2025-02-07"}
    ballot = held | {"form": "ballot", "present": 9, "in_favour": 8}
    world.send("unit_clerk", "POST", f"{case}/staff-deliberations", json=ballot)
    world.send(
        "unit_clerk", "POST", f"{case}/inspections", json=held | {"inspectors": ["示例甲"], "result": "符合条件"}
    )
    decided = held | {"attendance": ["示例甲"], "decision": "同意推荐"}
    world.send("unit_clerk", "POST", f"{case}/leadership-decisions", json=decided)
    world.send("unit_clerk", "POST", f"{case}/self-reviews", json=SELF_REVIEW)
    world.send("unit_clerk", "POST", f"{case}/publicity-notices")
    read = world.send("unit_clerk", "GET", case)
    form = read.json()["form"] | {"employer_postcode": "035501"}
    correction = {"form": form, "reason": "邮政编码有误"}
    world.send("unit_clerk", "POST", f"{case}/corrections", json=correction, headers={"If-Match": read.headers["etag"]})
    notice = world.send("unit_clerk", "GET", case).json()["publicity"]["id"]
    world.made["notice"] = notice
    for rest in ("", "/page"):
        world.send(None, "GET", f"/v1/publicity-notices/{notice}{rest}")
    world.send("unit_clerk", "GET", f"{case}/publicity-notices")
    objection(world, notice)
    signature = {"signer_name": world.person("unit_head").name}
    world.send("unit_head", "POST", f"{case}/unit-signatures", json=signature, expect=409)
    world.set_clock(AFTER_PUBLICITY)
    many = {"items": [{"nomination_id": world.made["nomination"]}], "dry_run": True, **signature}
    world.send("unit_head", "POST", "/v1/nomination-signatures", json=many)
    world.send("unit_head", "POST", f"{case}/unit-signatures", json=signature)


def objection(world: World, notice: str) -> None:
    """Anybody objects, adds a file, asks what became of it; the office reads and concludes."""
    words = {"content": "事迹中的数据请核实。", "name": "示例群众", "contact": "13900000009"}
    receipt = world.send(None, "POST", f"/v1/publicity-notices/{notice}/objections", json=words).json()
    code = {"receipt_code": receipt["receipt_code"]}
    granted = world.send(None, "POST", "/v1/objection-upload-grants", json=code).json()
    content = (PICTURES / "certificate.jpg").read_bytes()
    file = {"file": ("a.jpg", content, "image/jpeg")}
    world.send(None, "POST", "/v1/documents/granted-uploads", files=file, data={"grant": granted["grant"]})
    world.send(None, "POST", "/v1/objection-lookups", json=code)
    listed = f"/v1/objections?campaign_key={world.campaign}&open_only=true"
    found = world.send("county_officer", "GET", listed).json()["items"][0]["id"]
    world.send("county_officer", "GET", f"/v1/objections/{found}")
    world.send("county_officer", "POST", f"/v1/objections/{found}/handling")
    world.made["objection"] = found
    concluded = {"outcome": "unsubstantiated", "finding": "经核查，数据属实。"}
    world.send("county_officer", "POST", f"/v1/objections/{found}/conclusions", json=concluded)


def county_sets_up(world: World) -> None:
    """Who answers for the campaign there, its own criteria, and a category in which it nominates nobody."""
    key = f"/v1/campaigns/{world.campaign}"
    world.send("county_officer", "PUT", f"{key}/contact-form", json={"form": CONTACT_FORM})
    sent = {"channel": "email", "sent_on": "2025-02-14"}
    world.send("county_officer", "POST", f"{key}/contact-form/dispatches", json=sent)
    filed = world.send("county_officer", "GET", f"{key}/contact-forms").json()["items"][0]["quota_unit"]
    world.send("county_officer", "GET", f"{key}/contact-forms/{filed}/file")
    if world.has_text_messages:  # in the sandbox no mail leaves the machine
        world.send("county_officer", "POST", f"{key}/contact-form/mailings")
    criteria = {"criteria": ["在本县工作满三年"]}
    world.send("county_officer", "PUT", f"{key}/local-criteria/{CATEGORY}", json=criteria)
    nobody = {"campaign_key": world.campaign, "category": "advanced_collective", "reason": "没有符合条件的集体"}
    declared = world.send("county_officer", "POST", "/v1/zero-declarations", json=nobody).json()["id"]
    world.send("county_officer", "GET", f"/v1/zero-declarations?campaign_key={world.campaign}")
    path = f"/v1/zero-declarations/{declared}/revocation"
    world.send("county_officer", "POST", path, json={"reason": "另有推荐"})
    world.send("county_officer", "POST", "/v1/zero-declarations", json=nobody)


def county_reviews(world: World) -> None:
    """Both bureaus sign; a circumstance is recorded and lifted; authorities are asked, by link and by the office."""
    case = f"/v1/nominations/{world.made['nomination']}"
    finding = {"disqualifier": _a_disqualifier(world), "occurred_on": "2024-05-01", "finding": "示例情形"}
    removal = {"ground": "procedure", "finding": "推荐程序疑有缺漏，核查中"}
    world.send("county_officer", "PUT", f"{case}/disqualification", json=removal)
    world.send("county_officer", "GET", f"{case}/disqualification")
    world.send("county_officer", "DELETE", f"{case}/disqualification")
    world.send("county_officer", "GET", f"/v1/documents/bundles/{world.made['nomination']}/erasures")
    found = world.send("county_officer", "POST", f"{case}/disqualifications", json=finding).json()["id"]
    world.send("county_officer", "GET", f"{case}/disqualifications")
    lifting = f"/v1/disqualifications/{found}/lifting"
    proposed = world.send("county_officer", "POST", lifting, json={"reason": "经查不属实"}).json()
    read = {"proposed_at": proposed["lifting_proposed_at"]}
    world.send("county_hrss", "POST", f"{lifting}/seconding", json=read)
    world.send("county_hrss", "GET", f"/v1/work-items/changes?campaign_key={world.campaign}")
    many = {"items": [{"nomination_id": world.made["nomination"], **ENDORSED}]}
    world.send("county_hrss", "POST", "/v1/nomination-reviews", json=many)
    world.send("county_iit", "POST", f"{case}/reviews", json=ENDORSED)
    needs = [each["authority"] for each in world.send("county_officer", "GET", case).json()["required_opinions"]]
    asked = f"/v1/campaigns/{world.campaign}/cases-to-ask-about?authority={needs[0]}"
    world.send("county_officer", "GET", asked)
    item = {"nomination_id": world.made["nomination"], "result": "favourable", "text": "无不同意见"}
    batch = {
        "campaign_key": world.campaign,
        "authority": needs[0],
        "signer_name": "示例经办",
        "signed_on": "2025-02-14",
    }
    world.send("county_officer", "POST", "/v1/opinion-batches", json=batch | {"items": [item]})
    for authority in needs:
        world.send("county_officer", "PUT", f"{case}/opinions/{authority}", json=_OPINION)


def authority_answers(world: World) -> None:
    """By a link and a code to one phone, without an account. Raises NotHere where codes cannot be read."""
    case = f"/v1/nominations/{world.made['nomination']}"
    needs = [each["authority"] for each in world.send("county_officer", "GET", case).json()["required_opinions"]]
    wanted = {"authority": needs[0], "officer_name": "示例警官", "phone": _PHONE}
    revoked = world.send("county_officer", "POST", f"{case}/consultations", json=wanted).json()
    world.send("county_officer", "GET", f"{case}/consultations")
    world.send("county_officer", "DELETE", f"/v1/consultations/{revoked['id']}")
    asked = world.send("county_officer", "POST", f"{case}/consultations", json=wanted).json()
    reminded = world.send("county_officer", "POST", f"/v1/consultations/{asked['id']}/reminders").json()
    link = {"link_code": reminded.get("link_code", asked["link_code"])}
    world.send(None, "POST", "/v1/consultation-sheets/codes", json=link)
    opened = link | {"code": world.text_code(_PHONE)}
    sheet = world.send(None, "POST", "/v1/consultation-sheets/openings", json=opened).json()
    answer = {"sheet_key": sheet["sheet_key"], "result": "favourable", "text": "无异议", "signer_name": "示例警官"}
    world.send(None, "POST", "/v1/consultation-sheets/answers", json=answer)


def county_reports(world: World) -> None:
    """Proposed, drawn up, discarded, drawn up again, rewritten, handed in."""
    world.send("county_officer", "GET", f"/v1/campaigns/{world.campaign}/county-report-proposal")
    content = {"sections": _SECTIONS, "ranking": {CATEGORY: [world.made["nomination"]]}}
    wanted = {"campaign_key": world.campaign, **content}
    discarded = world.send("county_officer", "POST", "/v1/county-reports", json=wanted).json()["id"]
    world.send("county_officer", "DELETE", f"/v1/county-reports/{discarded}")
    report = world.made["report"] = world.send("county_officer", "POST", "/v1/county-reports", json=wanted).json()["id"]
    path = f"/v1/county-reports/{report}"
    drawn_up = world.send("county_officer", "GET", path)
    world.send("county_officer", "PUT", path, json=content, headers={"If-Match": drawn_up.headers["etag"]})
    world.send("county_officer", "GET", f"{path}/gates")
    world.send("county_officer", "POST", f"{path}/submissions")
    for rest in ("", "/forms/attachment_4?format=json", "/forms/recommendation_report?format=pdf", "/receipts"):
        world.send("county_officer", "GET", f"{path}{rest}")
    for rest in ("/package-plan", "/package", "/form-prints", "/sealed-scans"):
        world.send("county_officer", "GET", f"{path}{rest}")
    _a_package_that_goes_on(world, path)


def _a_package_that_goes_on(world: World, path: str) -> None:
    """Asked for, waited for, fetched from its middle on."""
    asked = world.send("county_officer", "POST", f"{path}/packages", json={}).json()
    address = f"/v1/packages/{asked['id']}"
    for _ in range(_MOST_LOOKS):
        if world.send("county_officer", "GET", address).json()["state"] != "preparing":
            break
        time.sleep(_LOOK_SECONDS)
    world.send("county_officer", "GET", f"{address}/content", headers={"Range": "bytes=1000-1999"})


def _a_disqualifier(world: World) -> str:
    campaign = world.send(None, "GET", f"/v1/campaigns/{world.campaign}").json()
    key: str = campaign["disqualifiers"][0]["key"]
    return key
