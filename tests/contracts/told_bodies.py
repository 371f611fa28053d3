"""Bodies and their systems: units by sheet, names, mergers, credentials; and what our services say to each other."""

import io
import json
import uuid
from typing import Any

from openpyxl import load_workbook

from tests.contracts.conftest import TOLD, TOLD_AND_CLOSED
from tests.contracts.telling import Teller
from tests.contracts.told_people import COUNTY

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_UNITS = ("山西省忻州市繁峙县示例丁机械有限公司", "山西省忻州市繁峙县示例戊机械有限公司")


async def tell_bodies(teller: Teller) -> None:
    book = load_workbook(io.BytesIO(await teller.tell("get_invitation_template", COUNTY)))
    columns = [cell.value for cell in book.active[1]]
    for place, unit in enumerate(_UNITS):
        row = {"单位名称": unit, "姓名": f"示例经办人{place}", "手机号": f"1380000003{place}", "岗位": "单位经办人"}
        book.active.append([row.get(column, "") for column in columns])
    written = io.BytesIO()
    book.save(written)
    sheet = {"file": ("名单.xlsx", written.getvalue(), _XLSX)}
    await teller.tell("create_invitation_batch", COUNTY, files=sheet)
    listed = (await teller.tell("list_organisations", COUNTY, params={"page_size": 100}))["items"]
    first, second = (next(each["id"] for each in listed if each["name"] == unit) for unit in _UNITS)
    why = {"reason": "工商登记变更", "document_number": "示例登字〔2025〕3号"}
    renamed = why | {"name": "山西省忻州市繁峙县示例丁装备有限公司"}
    await teller.tell("rename_organisation", COUNTY, json=renamed, organisation_id=first)
    details = why | {"contact_name": "示例联系人", "contact_phone": "0350-5520000", "address": "繁峙县示例街1号"}
    await teller.tell("save_organisation_details", COUNTY, json=details, organisation_id=first)
    await teller.tell("merge_organisation", COUNTY, json=why | {"into_id": first}, organisation_id=second)
    await teller.tell("get_organisation", COUNTY, organisation_id=first)


async def tell_credentials(teller: Teller) -> None:
    wanted = {"name": "示例数据平台", "scopes": ["nominations:read"], "valid_days": 30}
    made = await teller.tell("create_service_credential", COUNTY, json=wanted)
    await teller.tell("list_service_credentials", COUNTY)
    grant = {"grant_type": "client_credentials"}
    await teller.tell(
        "create_oauth_token", None, data=grant | {"client_id": made["id"], "client_secret": made["client_secret"]}
    )
    await teller.tell("revoke_service_credential", COUNTY, credential_id=made["id"])


async def tell_services(teller: Teller, person: str) -> None:
    """As the nominations service asks auth and documents."""
    secrets = json.loads((teller.text_messages.parent / "secrets.json").read_text("utf-8"))
    client = {"client_id": "nominations", "client_secret": secrets["nominations_client"]}
    token = (await teller.tell("create_service_token", None, json=client))["access_token"]
    message = {
        "message_id": str(uuid.uuid4()),
        "to": {"person_id": person},
        "template": "told_sample",
        "text": "您有一件新的待办",
    }
    await teller.tell("send_message", None, token=token, json=message | {"channels": ["sms"]})
    unit = (await teller.tell("get_me", COUNTY))["acting_as"]["organisation"]["id"]
    bundle: dict[str, Any] = {"bundle_id": str(uuid.uuid4())}
    owner = {"owner_person_id": person, "organisation_id": unit, "jurisdiction": "140924", "campaign_key": TOLD}
    names = {"unit_name": "示例丁装备有限公司", "person_name": "示例员工"}
    await teller.tell("register_bundle", None, token=token, json=owner | names, **bundle)
    await teller.tell("set_bundle_state", None, token=token, json={"case_revision": 1, "frozen": False}, **bundle)
    typed = {"name": "示例员工", "resident_id_number": ""}
    await teller.tell("compare_card_copies", None, token=token, json=typed, **bundle)
    grant = {"kind": "objection_attachment", "subject_id": str(uuid.uuid4()), "max_count": 3, "minutes": 60}
    await teller.tell("create_upload_grant", None, token=token, json=grant, **bundle)
    day = {"happened_on": "2025-03-10"}
    event = {"campaign_key": TOLD_AND_CLOSED, "event": "campaign_closed"}
    await teller.tell("set_campaign_event", None, token=token, json=day, **event)
    await teller.tell("end_campaign_roles", None, token=token, campaign_key=TOLD_AND_CLOSED)
