"""Three teams that have nothing but the YAML: generated clients take a case from sign-in to the printed form."""

import importlib
import json
import shutil
import subprocess
import sys
from contextlib import ExitStack
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from services.demo.content import CONTACT_FORM
from services.embedded.demo_people import PASSWORD
from tests.contracts.conftest import ROOMY, LiveServer
from tests.factories import (
    AFTER_PUBLICITY,
    CATEGORY,
    ENDORSE,
    ON_BEHALF,
    OPENED,
    PICTURES,
    SELF_REVIEW,
    complete_form,
)

CLIENTS = Path("tests/clients")
CONTRACT = Path("openapi/xianjin.yaml")
KINDS = ("portrait", "id_card_front", "id_card_back", "professional_title_certificate")
FINDINGS = ["bg_not_blue"]


@pytest.fixture
def story(live_server: LiveServer, tmp_path: Path) -> Path:
    """What a client needs to know besides the contract: where the server is, and what people type."""
    pictures = {kind: kind if kind.startswith("id_card") else "good" for kind in KINDS}
    told = {
        "url": live_server.url,
        "campaign": ROOMY,
        "category": CATEGORY,
        "password": PASSWORD,
        "form": complete_form(),
        "pictures": {kind: str((PICTURES / f"{name}.jpg").absolute()) for kind, name in pictures.items()},
        "red_portrait": str((PICTURES / "red_background.jpg").absolute()),
        "opened": OPENED,
        "after_publicity": AFTER_PUBLICITY,
        "on_behalf": ON_BEHALF,
        "deliberation": {"held_on": "2025-02-07", "form": "ballot", "present": 9, "in_favour": 8},
        "inspection": {"held_on": "2025-02-07", "inspectors": ["示例甲"], "result": "符合条件"},
        "decision": {"held_on": "2025-02-07", "attendance": ["示例甲"], "decision": "同意推荐"},
        "self_review": SELF_REVIEW,
        "contact_form": CONTACT_FORM,
        "endorse": ENDORSE,
    }
    file = tmp_path / "story.json"
    file.write_text(json.dumps(told), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def typescript() -> Path:
    """Both TypeScript clients, generated from the committed contract and compiled under `strict`."""
    made = subprocess.run(
        [tool("npm"), "run", "--silent", "make"], cwd=CLIENTS, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stdout + made.stderr
    return CLIENTS / ".made" / "js"


def tool(name: str) -> str:
    found = shutil.which(name)
    assert found, f"{name} is not installed: the clients' tests need Node 20 or newer"
    return found


def told_by(program: Path, story: Path) -> dict[str, Any]:
    ran = subprocess.run(
        [tool("node"), str(program.absolute()), str(story)], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    told: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return told


def test_a_web_front_end_in_typescript_tells_the_whole_story(typescript, story):
    assert told_by(typescript / "web" / "story.js", story) == {
        "pointers": ["/form/no_such_field"],
        "replayed": "true",
        "findings": FINDINGS,
        "stale": 412,
        "errors": [],
        "status": "endorsed",
        "pdf": "%PDF-",
    }


def test_a_mini_program_tells_it_by_wx_request_alone_and_through_a_lost_answer(typescript, story):
    assert told_by(typescript / "mini" / "story.js", story) == {
        "pointers": ["/form/no_such_field"],
        "lost": True,
        "once": 1,
        "findings": FINDINGS,
        "kept": [201] * len(KINDS),
        "errors": [],
        "status": "endorsed",
        "pdf": "%PDF-",
    }


@pytest.fixture(scope="module")
def python_client(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The package that openapi-python-client makes."""
    folder = tmp_path_factory.mktemp("python")
    command = [str(Path(sys.executable).with_name("openapi-python-client")), "generate", "--path", str(CONTRACT)]
    command += ["--output-path", str(folder / "xianjin_client"), "--meta", "none"]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield importlib.import_module("xianjin_client")


def test_a_python_system_creates_uploads_checks_and_submits(python_client, story):
    told = json.loads(story.read_text("utf-8"))
    call = importlib.import_module
    api, models = "xianjin_client.api", call("xianjin_client.models")
    types = call("xianjin_client.types")
    with ExitStack() as closing:
        anybody = closing.enter_context(python_client.Client(base_url=told["url"]))
        anybody.get_httpx_client().put("/v1/clock", json={"now": told["opened"]})
        password = models.PasswordSignIn(username="wutai-clerk", password=told["password"])
        session = call(f"{api}.sessions.create_session").sync(client=anybody, body=password)
        signed_in = python_client.AuthenticatedClient(base_url=told["url"], token=session.access_token, timeout=30)
        clerk = closing.enter_context(signed_in)
        wanted = {"campaign_key": told["campaign"], "category": told["category"], "form": told["form"]}
        create = partial(
            call(f"{api}.nominations.create_nomination").sync, client=clerk, idempotency_key="python-client-1"
        )
        made, again = (create(body=models.NewNomination.from_dict(wanted)) for _ in range(2))
        upload = call(f"{api}.uploads.create_document").sync_detailed
        kinds = call(f"{api}.kinds.list_document_kinds").sync(client=clerk, campaign_key=told["campaign"]).kinds
        kept = []
        for kind, file in told["pictures"].items():
            sent = types.File(payload=BytesIO(Path(file).read_bytes()), file_name="a.jpg", mime_type="image/jpeg")
            asked = kinds[kind].consent
            consent = {"consent": asked.text_sha256} if asked else {}
            body = models.DocumentUploadForm(file=sent, kind=kind, bundle_id=made.id, **consent)
            kept.append(upload(client=clerk, body=body).status_code)
        confirmation = models.NewConfirmation.from_dict(told["on_behalf"])
        call(f"{api}.nominations.confirm_nomination_part").sync(made.id, client=clerk, body=confirmation)
        checked = call(f"{api}.nominations.check_nomination").sync(made.id, client=clerk)
        submitted = call(f"{api}.nominations.submit_nomination").sync(made.id, client=clerk)
    assert (again.id, kept, checked.errors, submitted.status) == (made.id, [201] * 4, [], "deliberation")
