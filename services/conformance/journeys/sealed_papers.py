"""Scans of sealed papers, filed with what they are about; and packages that are made while one waits."""

from services.conformance.journeys.filling_in import PICTURES
from services.conformance.world import World

_WHY = "二维码被公章盖住，已与打印件逐字核对"


def of_case_and_report(world: World) -> None:
    """No code can be read on these, and the officer says why."""
    _file(world, "county_officer", f"/v1/nominations/{world.made['nomination']}", "attachment_6")
    _file(world, "county_officer", f"/v1/county-reports/{world.made['report']}", "recommendation_report")
    world.send("county_officer", "POST", f"/v1/nominations/{world.made['nomination']}/packages")


def of_list(world: World) -> None:
    """The same for the city's tables, which have a bundle from their first print on."""
    path = f"/v1/city-lists/{world.made['list']}"
    world.send("city_officer", "GET", f"{path}/forms/attachment_4?format=pdf")
    _file(world, "city_officer", path, "attachment_4")
    world.send("city_officer", "POST", f"{path}/packages", json={})


def _file(world: World, part: str, path: str, form: str) -> None:
    content = (PICTURES / "certificate.jpg").read_bytes()
    data = {"kind": "sealed_scan", "bundle_id": path.rpartition("/")[2]}
    scan = world.send(part, "POST", "/v1/documents", files={"file": ("a.jpg", content, "image/jpeg")}, data=data)
    named = {"document_id": scan.json()["id"], "form": form, "explanation": _WHY}
    world.send(part, "POST", f"{path}/sealed-scans", json=named)
    world.send(part, "GET", f"{path}/sealed-scans")
    world.send(part, "GET", f"{path}/form-prints")
