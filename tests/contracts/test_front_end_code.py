"""The mini-program code of docs/front-ends.md, taken from the page and run on the `wx` of the clients' tests."""

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.auth.invitations.invitation_problems import InvitationInvalid
from tests.contracts.conftest import ROOMY, LiveServer
from tests.documents.papers import pdf_of_size
from tests.factories import APPID, PICTURES, Office

CLIENTS = Path("tests/clients")
PLACE = "baode"


def code_of_the_page(*beginnings: str) -> list[str]:
    """The blocks of code that begin like this, in the order asked for."""
    blocks = re.findall(r"```js\n(.*?)```", Path("docs/front-ends.md").read_text("utf-8"), re.DOTALL)
    found = [[block for block in blocks if block.startswith(beginning)] for beginning in beginnings]
    assert [len(each) for each in found] == [1] * len(beginnings)
    return [each[0] for each in found]


def program() -> str:
    sign_in, requests, upload, portrait, chunks, package = code_of_the_page(
        "async function signIn", "let refreshing", "const uploadFile", "const once", "const fs", "const part"
    )
    chunks = chunks.replace("sealed_scan", "professional_title_certificate")  # which a nominee sends
    declared, shown = upload.split("\n\n")
    helpers = "\n".join((sign_in, requests, declared, portrait))
    return f"""
import {{ wx as shim, interruptNext }} from './wx.mjs'
import {{ readFileSync }} from 'node:fs'
const told = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const BASE = told.url, APPID = told.appid, seen = []
const show = words => seen.push(words), pause = ms => new Promise(go => setTimeout(go, ms / 20))
const randomKey = () => crypto.randomUUID(), confirm = async () => false, onlyBackground = () => false
const compare = async () => true
const askForInvitationCode = () => 'asked for the code'
const wx = {{ ...shim,
  login: async () => (await fetch(told.wechat + '/fake/login', {{ method: 'POST',
    headers: {{ 'content-type': 'application/json' }}, body: JSON.stringify({{ appid: APPID, user: told.user }}) }})).json(),
  chooseMedia: async () => ({{ tempFiles: [{{ tempFilePath: told.chosen }}] }}) }}
{helpers}
const unknown = await signIn()
await signIn('WRONG-WRONG')
const kept = wx.getStorageSync('tokens')
await signIn(told.invitation_code)
const first = wx.getStorageSync('tokens')
interruptNext()
await refresh().catch(() => 'lost')
const again = await refresh().then(() => wx.getStorageSync('tokens'))
const me = await get('/v1/auth/me')
const draft = {{ campaign_key: told.campaign, category: 'advanced_individual', form: {{}} }}
const made = await post('/v1/nominations', draft, {{ 'Idempotency-Key': randomKey() }})
const id = made.id, size = told.size, sha256 = told.sha256, key = randomKey()
const red = await (async filePath => {{ {shown}; return answer.statusCode }})(told.red)
const better = await choosePortrait()
const portrait = await upload(better, {{ kind: 'portrait', bundle_id: id }})
const scanned = await (async filePath => {{ {chunks}; return document }})(told.paper)
keep(told.officer)
const packed = await (async id => {{ {package}; return [sizeOf(file), now.bytes] }})(told.report)
await refresh()
const ended = wx.getStorageSync('tokens')
console.log(JSON.stringify({{ unknown, kept, rotated: first.refresh_token !== again.refresh_token, me: me.statusCode,
  etag: made.etag.startsWith('"1-'), red, portrait: portrait.statusCode, scanned: scanned.sha256,
  whole: packed[0] === packed[1] && packed[0] > 0, ended, shown: seen.flat() }}))
"""


@pytest.fixture
async def told(live_server: LiveServer, tmp_path: Path) -> dict[str, Any]:
    """What the story needs besides the page: an invitation, pictures, and a county's report with its officer's token."""
    async with httpx.AsyncClient(base_url=live_server.url, timeout=60) as client:
        office = Office(client, ROOMY, place=PLACE, wechat=live_server.wechat_url)
        case = await office.endorse(await office.collective_at_county())
        await office.with_opinions(case)
        report = await office.report(case, category="advanced_collective")
        invited = (
            await office.done(f"{PLACE}-clerk", "POST", "/v1/auth/invitations", json={"full_name": "示例甲"})
        ).json()
        token = await office.token(f"{PLACE}-office")
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(pdf_of_size(700_000))
    pictures = {name: str((PICTURES / f"{name}.jpg").absolute()) for name in ("good", "red_background")}
    return {
        "url": live_server.url,
        "wechat": live_server.wechat_url,
        "appid": APPID,
        "user": "a-phone-of-the-page",
        "campaign": ROOMY,
        "invitation_code": invited["invitation_code"],
        "chosen": pictures["good"],
        "red": pictures["red_background"],
        "paper": str(paper),
        "size": paper.stat().st_size,
        "sha256": hashlib.sha256(paper.read_bytes()).hexdigest(),
        "report": report,
        "officer": {"access_token": token, "refresh_token": "none"},
    }


def test_the_code_of_the_page_signs_in_refreshes_uploads_and_fetches_as_it_says(told: dict[str, Any], tmp_path: Path):
    esbuild, node = CLIENTS / "node_modules" / ".bin" / "esbuild", shutil.which("node")
    assert node, "node is not installed: the clients' tests need Node 20 or newer"
    wx = [
        str(esbuild),
        str(CLIENTS / "wx" / "wx.ts"),
        "--format=esm",
        f"--outfile={tmp_path / 'wx.mjs'}",
        "--log-level=error",
    ]
    subprocess.run(wx, check=True)
    (tmp_path / "page.mjs").write_text(program(), encoding="utf-8")
    (tmp_path / "told.json").write_text(json.dumps(told), encoding="utf-8")
    command = [node, str(tmp_path / "page.mjs"), str(tmp_path / "told.json")]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    seen = json.loads(ran.stdout.splitlines()[-1])
    shown = seen.pop("shown")
    assert seen == {
        "unknown": "asked for the code",
        "kept": "",
        "rotated": True,
        "me": 200,
        "etag": True,
        "red": 422,
        "portrait": 201,
        "scanned": told["sha256"],
        "whole": True,
        "ended": "",
    }
    assert shown[0] == InvitationInvalid.title.zh
