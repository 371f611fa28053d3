"""Copies on a phone that are kept up to date, a count that says when to look again, and many cases in one call."""

import io

from openpyxl import load_workbook

from services.conformance.journeys.filling_in import CATEGORY
from services.conformance.world import StepFailed, World


def changes(world: World) -> None:
    """Every case once; then what changed since, and nothing is passed over."""
    path = f"/v1/nomination-changes?campaign_key={world.campaign}"
    page = world.send("unit_clerk", "GET", path).json()
    while not page["complete"]:
        page = world.send("unit_clerk", "GET", f"{path}&updated_since={page['updated_until']}").json()
    case = _draft(world)
    since = world.send("unit_clerk", "GET", f"{path}&updated_since={page['updated_until']}").json()
    if case not in {row["id"] for row in since["items"]}:
        operation = world.recorder.contract.operation("GET", "/v1/nomination-changes")
        world.recorder.fail(operation, "changes_are_told", "a case that was opened since is not among the changes")
        raise StepFailed("a change was passed over")
    told = world.send("unit_clerk", "GET", f"/v1/work-items/changes?campaign_key={world.campaign}").json()
    waiting = f"/v1/work-items/changes?campaign_key={world.campaign}&since={told['since']}&wait=1"
    world.send("unit_clerk", "GET", waiting)


def many_at_once(world: World) -> None:
    """First said what would come of each, then done; each with its own outcome."""
    cases = [_draft(world) for _ in range(2)]
    items = [{"nomination_id": case, "reason": "一致性检查"} for case in cases]
    path = "/v1/nomination-withdrawals"
    tried = world.send("unit_clerk", "POST", path, json={"items": items, "dry_run": True}).json()
    done = world.send("unit_clerk", "POST", path, json={"items": items}).json()
    outcomes = [(each["done"], each["refused"]) for each in (tried, done)]
    operation = world.recorder.contract.operation("POST", path)
    world.recorder.require(outcomes == [(2, 0), (2, 0)], operation, "dry_run_tells_what_comes", str(outcomes))


def imported(world: World) -> None:
    """A workbook whose only row says too little is tried out: nothing is written."""
    address = f"/v1/campaigns/{world.campaign}/import-templates/{CATEGORY}"
    book, file = load_workbook(io.BytesIO(world.send(None, "GET", address).content)), io.BytesIO()
    book["推荐对象"]["B2"].value = "示例员工"
    book.save(file)
    data = {"campaign_key": world.campaign, "category": CATEGORY, "dry_run": "true"}
    sheet = {"file": ("a.xlsx", file.getvalue(), "application/octet-stream")}
    world.send("unit_clerk", "POST", "/v1/nomination-imports", files=sheet, data=data)


def _draft(world: World) -> str:
    body = {"campaign_key": world.campaign, "category": CATEGORY, "form": {"full_name": "示例跟进"}}
    return str(world.send("unit_clerk", "POST", "/v1/nominations", json=body).json()["id"])
