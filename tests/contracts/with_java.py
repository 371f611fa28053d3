"""A fourth team, in Java: openapi-generator makes a client of the 3.0.3 twin, javac compiles it, and it tells the story.

`make test-java`. A JDK and Debian's httpmime must be installed. Jackson comes with the generator's own archive, which is
what the client is compiled against; a project of its own would name it in its build.
"""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.test_clients import FINDINGS, story

__all__ = ["story"]  # the fixture

SOURCES = Path("tests/clients/java")
TWIN = Path("openapi/xianjin-3.0.yaml")
GENERATOR = Path(".java/bin/openapi-generator-cli")
_OPTIONS = {
    "openApiNullable": "false",
    "hideGenerationTimestamp": "true",
    "annotationLibrary": "none",
    "documentationProvider": "none",
    "invokerPackage": "xianjin",
    "apiPackage": "xianjin.api",
    "modelPackage": "xianjin.model",
}
_PARTS = "apis,models,supportingFiles,apiTests=false,modelTests=false,apiDocs=false,modelDocs=false"
_DEBIAN = ("httpmime", "httpclient", "httpcore", "commons-logging")


def run(*command: str) -> str:
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-4000:]
    return ran.stdout


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The class path of the compiled client and its story."""
    assert shutil.which("javac"), "no JDK is installed: apt-get install openjdk-17-jdk-headless libhttpmime-java"
    folder = tmp_path_factory.mktemp("java")
    options = ",".join(f"{name}={value}" for name, value in _OPTIONS.items())
    run(
        str(GENERATOR), "generate", "-g", "java", "--library", "native", "-i", str(TWIN), "-o", str(folder / "made"),
        "--additional-properties", options, "--global-property", _PARTS,
    )  # fmt: skip
    (archive,) = Path(".java").glob("lib/*/site-packages/openapi_generator_cli/openapi-generator.jar")
    jars = [str(archive.absolute()), *(f"/usr/share/java/{name}.jar" for name in _DEBIAN)]
    sources = [*(folder / "made" / "src" / "main").rglob("*.java"), *SOURCES.rglob("*.java")]
    listed = folder / "sources"
    listed.write_text("\n".join(str(each.absolute()) for each in sources), encoding="utf-8")
    classes = folder / "classes"
    run("javac", "-nowarn", "-proc:none", "-encoding", "UTF-8", "-d", str(classes), "-cp", ":".join(jars), f"@{listed}")
    return ":".join([str(classes), *jars])


def test_a_system_in_java_tells_the_whole_story_from_the_twin(client, story):
    told: dict[str, Any] = json.loads(run("java", "-cp", client, "Story", str(story)).splitlines()[-1])
    assert told == {
        "pointers": ["/form/no_such_field"],
        "same": True,
        "replayed": "true",
        "findings": FINDINGS,
        "stale": 412,
        "errors": 0,
        "status": "endorsed",
        "pdf": "%PDF-",
    }
