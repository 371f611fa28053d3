"""The papers of a case are frozen from its submission until it is returned, whatever goes wrong in between."""

import asyncio
from urllib.parse import unquote
from uuid import UUID, uuid4

import httpx
import pytest

from services.common.callers.service_clients import ServiceClient
from services.nominations.context import Context
from tests.factories import OPENED, PICTURES, Office, complete_form


async def send_portrait(office: Office, case: str, *, kind: str = "portrait") -> tuple[int, str]:
    files = {"file": ("a.jpg", (PICTURES / "good.jpg").read_bytes(), "image/jpeg")}
    answer = await office.send(
        "wutai-clerk", "POST", "/v1/documents", files=files, data={"kind": kind, "bundle_id": case}
    )
    return answer.status_code, answer.json().get("code", "")


async def submit(office: Office, case: str) -> httpx.Response:
    return await office.send("wutai-clerk", "POST", f"/v1/nominations/{case}/submissions")


async def is_frozen(office: Office, case: str) -> bool:
    frozen: bool = (await office.done("wutai-clerk", "GET", f"/v1/documents/bundles/{case}")).json()["frozen"]
    return frozen


async def test_after_submission_the_portrait_is_frozen_and_a_sealed_scan_may_still_come(office):
    case = await office.submitted()
    assert await send_portrait(office, case) == (409, "bundle_frozen")
    assert await send_portrait(office, case, kind="sealed_scan") == (201, "")


async def test_a_refused_submission_leaves_the_papers_open(office):
    await office.set_clock(OPENED)
    case = (await office.draft({"full_name": "示例"})).json()["id"]
    refused = await submit(office, case)
    assert (refused.status_code, await is_frozen(office, case)) == (422, False)
    assert await send_portrait(office, case) == (201, "")


async def test_a_returned_case_takes_new_papers_and_is_frozen_again_by_the_next_submission(office):
    case = await office.at_county()
    await office.step("iit", case, "reviews", json={"decision": "return", "reason": "照片须更换"})
    assert await send_portrait(office, case) == (201, "")
    await office.set_clock(OPENED)
    assert (await submit(office, case)).status_code == 201
    assert await send_portrait(office, case) == (409, "bundle_frozen")


async def test_a_withdrawn_case_takes_no_papers(office):
    case = await office.submitted()
    await office.step("clerk", case, "withdrawal", json={"reason": "本人不愿参评"})
    assert await send_portrait(office, case) == (409, "bundle_frozen")


async def test_submitting_twice_at_once_submits_once_and_the_papers_stay_frozen(office):
    await office.set_clock(OPENED)
    case = await office.ready()
    answers = await asyncio.gather(*(submit(office, case) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert await is_frozen(office, case)


async def test_a_freeze_left_by_a_process_that_died_is_lifted_by_the_next_dry_run(office, context: Context):
    case = (await office.draft()).json()["id"]
    await context.documents.set_state(UUID(case), case_revision=1, frozen=True)
    assert await send_portrait(office, case) == (409, "bundle_frozen")
    await office.step("clerk", case, "checks")
    assert await send_portrait(office, case) == (201, "")


async def test_no_dry_run_opens_the_papers_while_somebody_hands_them_in(office, context: Context):
    """What the submission listed would be replaced before it is committed."""
    case, number = (await office.draft()).json()["id"], uuid4()
    await context.documents.set_state(UUID(case), case_revision=1, frozen=True, begins=number)
    await office.step("clerk", case, "checks")
    meanwhile = await send_portrait(office, case)
    await context.documents.set_state(UUID(case), case_revision=1, frozen=False, ends=number)
    assert (meanwhile, await send_portrait(office, case)) == ((409, "bundle_frozen"), (201, ""))


async def test_a_submission_that_fails_opens_no_papers_of_another_that_is_under_way(office, context: Context):
    case, number = (await office.draft()).json()["id"], uuid4()
    await context.documents.set_state(UUID(case), case_revision=1, frozen=True, begins=number)
    refused = await submit(office, case)
    assert (refused.status_code, await is_frozen(office, case)) == (422, True)


class Lossy(httpx.AsyncBaseTransport):
    """A network that carries so many requests and then none."""

    def __init__(self, network: httpx.AsyncBaseTransport, *, carries: int) -> None:
        self._network, self._left = network, carries

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._left == 0:
            raise httpx.ConnectError("lost")
        self._left -= 1
        return await self._network.handle_async_request(request)


@pytest.mark.parametrize(("carries", "seen"), [(0, (503, False)), (1, (503, True)), (2, (201, True))])
async def test_documents_lost_at_any_moment_leaves_no_case_submitted_with_open_papers(
    office, context: Context, monkeypatch, carries: int, seen: tuple[int, bool]
):
    """Lost after the freeze the draft stays frozen, and the submission that is sent again goes through."""
    await office.set_clock(OPENED)
    case = await office.ready()
    await context.documents.held(UUID(case))  # the service's own token is at hand
    lossy = Lossy(office.client._transport, carries=carries)
    monkeypatch.setattr(context.documents, "_http", ServiceClient(lossy, "http://xianjin"))
    answer = await submit(office, case)
    monkeypatch.undo()
    assert (answer.status_code, await is_frozen(office, case)) == seen
    again = await submit(office, case)
    assert (again.status_code, await is_frozen(office, case)) == (201 if answer.status_code == 503 else 409, True)


async def test_r127_downloads_carry_the_names_of_unit_and_nominee(office):
    created = await office.draft(complete_form(full_name="示例命名人"))
    case = created.json()["id"]
    await office.with_documents(case)
    items = (await office.done("wutai-clerk", "GET", f"/v1/documents/bundles/{case}")).json()["items"]
    photo = next(item for item in items if item["kind"] == "portrait")
    answer = await office.done("wutai-clerk", "GET", f"/v1/documents/{photo['id']}/content")
    unit = (await office.done("wutai-clerk", "GET", f"/v1/nominations/{case}")).json()["unit_name"]
    name = unquote(answer.headers["content-disposition"].rpartition("''")[2])
    assert name == f"{unit}+示例命名人.jpg"
