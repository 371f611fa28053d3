"""Papers with seals, packages, many cases at once, copies on the phone; and the end of a campaign."""

import asyncio
import io
from typing import Any

from openpyxl import load_workbook

from tests.contracts.conftest import TOLD, TOLD_AND_CLOSED
from tests.contracts.telling import Teller
from tests.contracts.told_case import CLERK, HEAD, OFFICE, PLACE, picture
from tests.factories import AFTER_PUBLICITY, CATEGORY, ENDORSE

CITY = "city-office"
_UNREADABLE = "二维码被公章盖住，已与打印件逐字核对"


async def tell_scans(teller: Teller, case: str, report: str) -> None:
    """The sealed paper, photographed; here its code cannot be read, and the officer says why."""
    for bundle, form, of in (
        (case, "attachment_6", {"nomination_id": case}),
        (report, "recommendation_report", {"report_id": report}),
    ):
        ending = "" if bundle == case else "_of_report"
        data = {"kind": "sealed_scan", "bundle_id": bundle}
        scan = await teller.tell("create_document", OFFICE, files=picture("certificate"), data=data)
        named = {"document_id": scan["id"], "form": form, "explanation": _UNREADABLE}
        await teller.tell(f"note_sealed_scan{ending}", OFFICE, json=named, **of)
        await teller.tell(f"list_sealed_scans{ending}", OFFICE, **of)
        await teller.tell(f"list_form_prints{ending}", OFFICE, **of)


async def tell_packages(teller: Teller, case: str, report: str) -> None:
    await teller.tell("create_contact_form_mailing", OFFICE, key=TOLD)
    await teller.tell("get_contact_form_file", OFFICE, key=TOLD, quota_unit="140924")
    await teller.tell("download_package", OFFICE, report_id=report)
    await teller.tell("download_case_file", OFFICE, nomination_id=case)  # seals every history
    await teller.tell("get_nomination_proof", OFFICE, nomination_id=case)
    package = await teller.tell("prepare_report_package", OFFICE, report_id=report, json={})
    await teller.tell("prepare_case_file", OFFICE, nomination_id=case)
    for _ in range(300):
        if (await teller.ask("get_package", OFFICE, package_id=package["id"])).json()["state"] == "ready":
            break
        await asyncio.sleep(0.2)
    del teller.told["get_package"]  # the first of them said how far it was, not where it is
    await teller.tell("get_package", OFFICE, package_id=package["id"])
    await teller.tell("download_prepared_package", OFFICE, package_id=package["id"])


async def tell_import(teller: Teller) -> None:
    """A workbook whose only row says too little."""
    template = await teller.tell("get_import_template", None, key=TOLD, category=CATEGORY)
    book, file = load_workbook(io.BytesIO(template)), io.BytesIO()
    book["推荐对象"]["B2"].value = "示例员工"
    book.save(file)
    data = {"campaign_key": TOLD, "category": CATEGORY, "dry_run": "true"}
    files = {"file": ("a.xlsx", file.getvalue(), "application/octet-stream")}
    await teller.tell("import_nominations_from_workbook", CLERK, files=files, data=data)


async def tell_city_papers(teller: Teller, city_list: str) -> None:
    of_list = {"list_id": city_list}
    await teller.tell("plan_city_package", CITY, **of_list)
    await teller.tell("download_city_package", CITY, **of_list)
    await teller.tell("prepare_list_package", CITY, json={}, **of_list)
    await teller.tell("get_city_list_table", CITY, form="attachment_3", **of_list)


async def tell_many_at_once(teller: Teller) -> None:
    """A collective's case: shown, signed, reviewed and taken back, each as one of many."""
    case = await teller.office.submitted_collective(collective_name="山西省忻州市繁峙县示例己铸造有限公司")
    await teller.office.walk_to_publicity(case)
    await teller.office.set_clock(AFTER_PUBLICITY)
    head = (await teller.tell("get_me", HEAD))["person"]["full_name"]
    items: list[dict[str, Any]] = [{"nomination_id": case}]
    await teller.tell("sign_nominations_for_unit", HEAD, json={"signer_name": head, "items": items})
    await teller.tell("review_nominations", f"{PLACE}-hrss", json={"items": [items[0] | ENDORSE]})
    await teller.tell("withdraw_nominations", CLERK, json={"items": [items[0] | {"reason": "本单位放弃"}]})


async def tell_keeping_up(teller: Teller) -> None:
    of_campaign = {"params": {"campaign_key": TOLD}}
    for name in ("list_nomination_changes", "wait_for_work_items", "stream_work_items"):
        await teller.tell(name, CLERK, **of_campaign)


async def tell_closing(teller: Teller) -> None:
    await teller.office.set_clock("2025-03-10T09:00:00+08:00")
    statement = {"statement": "全市评选推荐工作已结束"}
    await teller.tell("close_campaign", CITY, json=statement, key=TOLD_AND_CLOSED)
