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


class PythonSystem:
    """What a program does with the generated package: one module for each operation, models for bodies and answers."""

    def __init__(self, package: Any, told: dict[str, Any], closing: ExitStack) -> None:
        self.package, self.told, self.closing = package, told, closing
        self.models = importlib.import_module("xianjin_client.models")
        self.types = importlib.import_module("xianjin_client.types")
        self.anybody = closing.enter_context(package.Client(base_url=told["url"]))

    def ask(self, operation: str, *path: Any, **asked: Any) -> Any:
        """`tag.operation`; the whole answer with status and headers."""
        return importlib.import_module(f"xianjin_client.api.{operation}").sync_detailed(*path, **asked)

    def set_clock(self, moment: str) -> None:
        self.anybody.get_httpx_client().put("/v1/clock", json={"now": self.told[moment]})

    def signed_in(self, username: str) -> Any:
        password = self.models.PasswordSignIn(username=username, password=self.told["password"])
        session = self.ask("sessions.create_session", client=self.anybody, body=password).parsed
        client = self.package.AuthenticatedClient(base_url=self.told["url"], token=session.access_token, timeout=30)
        return self.closing.enter_context(client)

    def body(self, model: str, member: str) -> Any:
        return getattr(self.models, model).from_dict(self.told[member])

    def draft(self, **more: Any) -> Any:
        wanted = {"campaign_key": self.told["campaign"], "category": self.told["category"]}
        return self.models.NewNomination.from_dict(wanted | {"form": self.told["form"] | more})

    def upload(self, client: Any, case: Any, kind: str, file: str) -> Any:
        kinds = self.ask("kinds.list_document_kinds", client=client, campaign_key=self.told["campaign"]).parsed.kinds
        consent = {"consent": kinds[kind].consent.text_sha256} if kinds[kind].consent else {}
        sent = self.types.File(payload=BytesIO(Path(file).read_bytes()), file_name="a.jpg", mime_type="image/jpeg")
        body = self.models.DocumentUploadForm(file=sent, kind=kind, bundle_id=case, **consent)
        return self.ask("uploads.create_document", client=client, body=body)


def test_a_python_system_tells_the_whole_story(python_client, story):
    told = json.loads(story.read_text("utf-8"))
    with ExitStack() as closing:
        system = PythonSystem(python_client, told, closing)
        system.set_clock("opened")
        clerk = system.signed_in("wutai-clerk")
        create = partial(system.ask, "nominations.create_nomination", client=clerk)
        wrong = create(body=system.draft(no_such_field=1))
        first, again = (create(body=system.draft(), idempotency_key="python-client-1") for _ in range(2))
        case = first.parsed.id
        refused = system.upload(clerk, case, "portrait", told["red_portrait"])
        kept = [system.upload(clerk, case, kind, file).status_code for kind, file in told["pictures"].items()]
        on_behalf = system.body("NewConfirmation", "on_behalf")
        system.ask("nominations.confirm_nomination_part", case, client=clerk, body=on_behalf)
        checked = system.ask("nominations.check_nomination", case, client=clerk).parsed
        system.ask("nominations.submit_nomination", case, client=clerk)
        for step, model, member in (
            ("record_staff_deliberation", "StaffDeliberation", "deliberation"),
            ("record_inspection", "Inspection", "inspection"),
            ("record_leadership_decision", "LeadershipDecision", "decision"),
            ("record_self_review", "SelfReview", "self_review"),
        ):
            system.ask(f"procedure.{step}", case, client=clerk, body=system.body(model, member))
        system.ask("procedure.create_publicity_notice", case, client=clerk)
        system.set_clock("after_publicity")
        contact = system.models.SavedContactForm.from_dict({"form": told["contact_form"]})
        system.ask("reports.save_contact_form", told["campaign"], client=system.signed_in("wutai-office"), body=contact)
        head = system.signed_in("wutai-head")
        name = system.ask("sessions.get_me", client=head).parsed.person.full_name
        signature = system.models.UnitSignature(signer_name=name)
        system.ask("procedure.sign_nomination_for_unit", case, client=head, body=signature)
        for bureau in ("wutai-hrss", "wutai-iit"):
            reviewer = system.signed_in(bureau)
            reviewed = system.ask(
                "procedure.review_nomination", case, client=reviewer, body=system.body("Review", "endorse")
            )
        pdf = system.models.GetNominationFormFormat.PDF
        form = system.ask("forms.get_nomination_form", case, "attachment_6", client=clerk, format_=pdf)
    assert (
        [error.pointer for error in wrong.parsed.errors],
        (again.parsed.id, again.headers["idempotent-replayed"]),
        [error.code for error in refused.parsed.errors],
        (kept, checked.errors, reviewed.parsed.status),
        form.content[:5],
    ) == (
        ["/form/no_such_field"],
        (case, "true"),
        FINDINGS,
        ([201] * len(KINDS), [], "endorsed"),
        b"%PDF-",
    )
