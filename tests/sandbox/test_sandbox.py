"""The sandbox: everybody can sign in, everything can be tried, one call puts it back, and no other server has that call."""

from pathlib import Path

import httpx
import pytest

from services.app import create_app
from services.commands.sandbox import run as run_sandbox
from services.embedded.demo_people import PASSWORD
from services.sandbox.cast import FIRST, SECOND, accounts
from tests.sandbox.conftest import signed_in

PORTRAIT = Path("services/demo/pictures/good.jpg")


def open_draft(http: httpx.Client, clerk: dict[str, str]) -> str:
    body = {"campaign_key": FIRST, "category": "advanced_individual", "form": {"full_name": "示例"}}
    answer = http.post("/v1/nominations", json=body, headers=clerk)
    assert answer.status_code == 201, answer.text
    case: str = answer.json()["id"]
    return case


def reset(http: httpx.Client) -> None:
    answer = http.post("/v1/sandbox/resets")
    assert answer.status_code == 200, answer.text


def test_the_sandbox_tells_who_can_sign_in_and_every_role_is_there(http):
    told = http.get("/v1/sandbox").json()
    roles = {(account["campaign_key"], account["role"]) for account in told["accounts"]}
    everywhere = {"nominee", "unit_clerk", "unit_head", "city_officer", "city_reviewer"}
    only_first = {"county_officer", "county_reviewer", "system_admin", "security_admin", "audit_admin"}
    assert told["password"] == PASSWORD
    assert roles == {(key, role) for key in (FIRST, SECOND) for role in everywhere} | {
        (FIRST, role) for role in only_first
    }


def test_one_account_of_every_role_signs_in(http):
    by_role = {(account.campaign_key, account.role): account.username for account in accounts()}
    answers = {
        username: http.post("/v1/auth/sessions", json={"username": username, "password": PASSWORD}).status_code
        for username in by_role.values()
    }
    assert answers == dict.fromkeys(by_role.values(), 201)


def test_a_nominee_signs_in_by_the_fake_wechat_without_an_invitation(http):
    told = http.get("/v1/sandbox").json()
    appid = told["appid"]
    code = httpx.post(f"{told['wechat_url']}/fake/login", json={"appid": appid, "user": "wutai-nominee"}).json()["code"]
    answer = http.post("/v1/auth/wechat/sessions", json={"appid": appid, "code": code})
    assert (answer.status_code, answer.json()["acting_as"]["role"]) == (201, "nominee")


def test_both_campaigns_are_open_to_nominations(http):
    keys = {campaign["key"] for campaign in http.get("/v1/campaigns").json()["items"]}
    http.put("/v1/clock", json={"now": "2026-04-28T09:00:00+08:00"})
    body = {"campaign_key": SECOND, "category": "star_artisan"}
    opened = http.post("/v1/nominations", json=body, headers=signed_in(http, "east-clerk"))
    reset(http)
    assert (keys, opened.status_code) == ({FIRST, SECOND}, 201)


def test_one_call_puts_rows_objects_and_the_clock_back(http):
    clerk = signed_in(http, "wutai-clerk")
    case = open_draft(http, clerk)
    file = {"file": ("a.jpg", PORTRAIT.read_bytes(), "image/jpeg")}
    uploaded = http.post("/v1/documents", files=file, data={"kind": "portrait", "bundle_id": case}, headers=clerk)
    http.put("/v1/clock", json={"now": "2025-02-20T09:00:00+08:00"})
    reset(http)
    again = signed_in(http, "wutai-clerk")
    document = uploaded.json()["id"]
    gone = [
        http.get(path, headers=again).status_code for path in (f"/v1/nominations/{case}", f"/v1/documents/{document}")
    ]
    listed = http.get("/v1/nominations", params={"campaign_key": FIRST}, headers=again).json()["items"]
    assert (uploaded.status_code, gone, listed) == (201, [404, 404], [])
    assert http.get("/v1/clock").json()["now"].startswith("2025-02-05T01:0")


def test_after_a_reset_the_same_file_is_stored_anew_and_read(http):
    """The bytes are gone with the rows: nothing refers to an object that is no longer there."""
    for _ in range(2):
        clerk = signed_in(http, "wutai-clerk")
        case = open_draft(http, clerk)
        file = {"file": ("a.jpg", PORTRAIT.read_bytes(), "image/jpeg")}
        data = {"kind": "portrait", "bundle_id": case}
        document = http.post("/v1/documents", files=file, data=data, headers=clerk).json()["id"]
        assert http.get(f"/v1/documents/{document}/content", headers=clerk).status_code == 200
        reset(http)


def test_a_case_goes_on_after_a_reset_as_if_it_were_the_first(http):
    """Ledger, tallies and histories begin where they began: one seat can be taken once more."""
    reset(http)
    before = http.get(f"/v1/campaigns/{FIRST}/quota-accounts", headers=signed_in(http, "wutai-clerk")).json()
    open_draft(http, signed_in(http, "wutai-clerk"))
    reset(http)
    clerk = signed_in(http, "wutai-clerk")
    assert http.get(f"/v1/campaigns/{FIRST}/quota-accounts", headers=clerk).json() == before
    assert http.get("/v1/nomination-counts", params={"campaign_key": FIRST}, headers=clerk).json()["total"] == 0


async def test_no_other_server_has_the_call(environment):
    """It is not refused there, it does not exist: the application that is served in production does not know it."""
    transport = httpx.ASGITransport(create_app())
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answers = [(await client.request(method, f"/v1/sandbox{rest}")).status_code for method, rest in CALLS]
    assert answers == [404, 404, 404]


CALLS = (("GET", ""), ("POST", "/resets"), ("GET", "/text-messages"))


def test_a_folder_with_other_data_is_never_emptied(tmp_path, capsys):
    (tmp_path / "precious").write_text("data", encoding="utf-8")
    options = type("Options", (), {"data": tmp_path, "host": "127.0.0.1", "port": 0})
    assert run_sandbox(options) == 1
    assert (tmp_path / "precious").exists()
    assert "choose another folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    "what", ["POST /v1/sandbox/resets", "GET  /v1/sandbox", "wutai-clerk", "east-nominee", PASSWORD]
)
def test_the_start_prints_accounts_and_addresses(sandbox, what):
    command, url = sandbox
    command.wait_for("every start begins empty")
    assert what.replace(" /v1", f" {url}/v1").replace("POST /v1", f"POST {url}/v1") in command.output.replace(
        "POST  ", "POST "
    )
