"""The pages that people work from name what is there."""

import re
from pathlib import Path

from services.auth.settings import AuthSettings
from services.common.problems import problem_classes
from services.documents.settings import DocumentsSettings
from services.nominations.settings import NominationsSettings
from services.nominations.workflow_page import workflow_page
from tests.the_contract import the_contract


def words(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")


def test_every_code_that_the_front_end_page_names_exists():
    table = words("docs/front-ends.md").partition("## When something is refused")[2].partition("## Rendering")[0]
    named = {
        code
        for row in re.findall(r"^\| \d{3}.*?\|", table, flags=re.MULTILINE)
        for code in re.findall(r"`([a-z_]+)`", row)
    }
    assert named - {problem.code for problem in problem_classes()} == set()


def test_every_address_that_the_front_end_page_names_exists():
    paths = the_contract()["paths"]
    patterns = [re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)) for path in paths]
    named = set(
        re.findall(r"(/v1/[a-z0-9_/{}$-]+)", words("docs/front-ends.md").replace("${id}", "1").replace("$ID", "1"))
    )
    embedded_only = {"/v1/clock", "/v1/sandbox", "/v1/sandbox/resets", "/v1/sandbox/text-messages"}
    lost = [path for path in named - embedded_only if not any(pattern.fullmatch(path) for pattern in patterns)]
    assert lost == []


def test_every_request_of_the_journeys_page_is_one_of_the_contract():
    known = {
        (method.upper(), re.sub(r"\{\w+\}", "{}", path))
        for path, item in the_contract()["paths"].items()
        for method in item
    }
    named = re.findall(r"`(GET|POST|PUT|DELETE) (/v1/[^` ]+)`", words("docs/journeys.md"))
    lost = [(method, path) for method, path in named if (method, re.sub(r"\{\w+\}", "{}", path)) not in known]
    assert (len(named) > 50, lost) == (True, [])


def test_every_setting_stands_in_the_operations_page():
    page = words("docs/operations.md")
    missing = []
    for kind in (AuthSettings, DocumentsSettings, NominationsSettings):
        prefix = str(kind.model_config["env_prefix"])
        for name, field in kind.model_fields.items():
            variable = str(field.validation_alias or f"{prefix}{name}".upper())
            short = variable.removeprefix(prefix)
            if f"`{variable}`" not in page and f"`{short}`" not in page and f"`_{short}`" not in page:
                missing.append(variable)
    assert missing == ["NOMINATIONS_CLOCK_START"]  # of the embedded default only


def test_the_workflow_page_is_what_the_table_says():
    assert words("docs/workflow.md") == workflow_page()


def test_every_test_that_proves_what_sets_xianjin_apart_exists():
    named = re.findall(r"`([\w/]+)::(test_\w+)`", words("docs/ahead.md"))
    lost = [f"{file}::{name}" for file, name in named if f"def {name}(" not in words(f"tests/{file}.py")]
    assert (len(named) > 60, lost) == (True, [])


def test_each_thing_that_sets_xianjin_apart_has_its_proof():
    lines = [line for line in words("docs/ahead.md").splitlines() if re.match(r"(\d+\.|-) \*\*", line)]
    assert [line for line in lines if "::test_" not in line] == []


def test_every_link_of_the_readme_leads_somewhere():
    links = re.findall(r"\]\(([^)#]+)\)", words("README.md"))
    assert [link for link in links if not Path(link).exists()] == []


def test_the_readme_fits_one_screen():
    assert len(words("README.md").splitlines()) <= 40
