"""What stands in deploy/ is well-formed, pinned, without secrets, and says what the code says."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import yaml

from services import SERVICES
from services.app import PREFIXES
from services.auth.settings import AuthSettings
from services.documents.settings import DocumentsSettings
from services.nominations.settings import NominationsSettings
from tests.the_contract import the_contract

DEPLOY = Path("deploy")
KUBERNETES = DEPLOY / "kubernetes"
KNOWN_SETTINGS = {
    str(field.validation_alias or f"{kind.model_config['env_prefix']}{name}".upper())
    for kind in (AuthSettings, DocumentsSettings, NominationsSettings)
    for name, field in kind.model_fields.items()
} | {"XIANJIN_METRICS_TOKEN", "XIANJIN_LEAVE_SECONDS"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.load((DEPLOY / "compose.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)


def manifests() -> list[dict[str, Any]]:
    names = yaml.load((KUBERNETES / "kustomization.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)["resources"]
    return [each for name in names for each in yaml.safe_load_all((KUBERNETES / name).read_text("utf-8"))]


def pods() -> Iterator[tuple[str, dict[str, Any]]]:
    for each in manifests():
        spec = each.get("spec", {})
        template = spec.get("jobTemplate", {}).get("spec", spec).get("template")
        if template:
            yield each["metadata"]["name"], template["spec"]


def test_the_compose_file_is_valid_by_the_published_schema(compose):
    schema = json.loads(Path("tests/contracts/compose-spec.json").read_text("utf-8"))
    jsonschema.Draft7Validator(schema).validate(compose)


def test_every_manifest_is_valid_by_the_schemas_of_kubernetes():
    for each in manifests():
        kubernetes_validate.validate(each, "1.31", strict=True)


def test_every_manifest_of_the_folder_is_listed():
    listed = yaml.load((KUBERNETES / "kustomization.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)["resources"]
    assert {path.name for path in KUBERNETES.glob("*.yaml")} == {*listed, "kustomization.yaml"}


def test_every_image_is_named_plainly_with_its_version(compose):
    images = {service["image"] for service in compose["services"].values()}
    images |= {container["image"] for _, pod in pods() for container in pod["containers"]}
    images |= set(re.findall(r"^FROM (\S+)", (DEPLOY / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE))
    assert [name for name in images if not re.fullmatch(r"([a-z]+/)?[a-z]+:\d[\w.-]*", name)] == []


def test_every_pod_runs_without_privileges_on_a_root_that_is_read_only():
    loose = [
        name
        for name, pod in pods()
        for container in pod["containers"]
        if not pod["securityContext"]["runAsNonRoot"]
        or container["securityContext"]
        != {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
    ]
    assert loose == []


def test_every_container_of_ours_runs_on_a_root_that_is_read_only(compose):
    ours = {name: each for name, each in compose["services"].items() if each["image"].startswith(("xianjin", "nginx"))}
    assert [name for name, each in ours.items() if not each["read_only"] or each["cap_drop"] != ["ALL"]] == []


def test_the_image_runs_as_nobody_in_particular():
    assert re.findall(r"^USER (\S+)", (DEPLOY / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE) == ["10001:10001"]


def test_only_the_proxy_is_reached_from_outside(compose):
    assert [name for name, each in compose["services"].items() if "ports" in each] == ["proxy"]


def test_who_speaks_to_the_outside_reaches_it_and_nobody_else_does(compose):
    """WeChat, text messages, mail and webhooks: an `internal` network of Docker leads nowhere."""
    outside = {name for name, network in compose["networks"].items() if not network.get("internal")}
    reach = {name for name, service in compose["services"].items() if outside & set(service["networks"])}
    assert reach == {"proxy", "auth", "nominations"}


def test_nginx_may_hand_its_folders_to_its_workers(compose):
    """Its master is root without any right but these: with less it ends at start with `chown … not permitted`."""
    assert compose["services"]["proxy"]["cap_add"] == ["CHOWN", "SETGID", "SETUID"]


def test_what_a_container_of_ours_writes_belongs_to_its_user_in_the_image(compose):
    """A new volume takes over the owner of the folder that it is mounted at; where there is none, root's."""
    ours = [service for service in compose["services"].values() if service["image"].startswith("xianjin")]
    mounted = {volume.split(":")[1] for service in ours for volume in service.get("volumes", ())}
    made = set(
        re.findall(r"install -d -o xianjin -g xianjin -m 0700 (\S+)", (DEPLOY / "Dockerfile").read_text("utf-8"))
    )
    assert mounted == made == {"/backup"}


def test_the_migration_job_has_the_settings_of_all_services():
    """Each service's settings are checked whole before its schema is touched."""
    (read,) = [
        [source["secretRef"]["name"] for source in pod["containers"][0]["envFrom"] if "secretRef" in source]
        for name, pod in pods()
        if name == "migrations"
    ]
    assert read == [*(f"xianjin-{name}" for name in SERVICES), "xianjin-owner"]


def test_whoever_serves_is_given_no_owner_of_a_schema(compose):
    """Whoever breaks into a process that serves cannot change a table or drop a trigger."""
    of_kubernetes = {
        name
        for name, pod in pods()
        for container in pod["containers"]
        for source in container["envFrom"]
        if source.get("secretRef") == {"name": "xianjin-owner"}
    }
    of_compose = {name for name, each in compose["services"].items() if "owner.environment" in each.get("env_file", ())}
    units = (DEPLOY / "systemd").glob("*.service")
    of_systemd = {path.stem for path in units if "owner.environment" in path.read_text("utf-8")}
    assert (of_kubernetes, of_compose, of_systemd) == (
        {"migrations"},
        {"migrations", "backup"},
        {"xianjin-migrate", "xianjin-backup"},
    )


def named_in(example: str) -> set[str]:
    return set(re.findall(r"^([A-Z][A-Z0-9_]+)=", (DEPLOY / example).read_text("utf-8"), re.MULTILINE))


def test_owners_are_named_in_a_file_of_their_own():
    assert named_in("owner.environment.example") == {f"{name.upper()}_MIGRATION_DATABASE_URL" for name in SERVICES}


PREFIXED = re.compile(r"(?<![A-Z_])(?:AUTH|DOCUMENTS|NOMINATIONS|XIANJIN)_[A-Z][A-Z0-9_]*[A-Z0-9]\b")
NOT_IN_THE_CLASSES = {"XIANJIN_LOG_LEVEL", "XIANJIN_PORT"}
"""Of the command itself, and of the units of systemd."""


def test_no_page_and_no_file_of_an_operator_names_a_setting_that_is_not_there():
    files = [*DEPLOY.rglob("*"), Path("docs/operations.md"), Path("docs/security.md"), Path("README.md")]
    named = {
        (str(path), name) for path in files if path.is_file() for name in PREFIXED.findall(path.read_text("utf-8"))
    }
    assert {each for each in named if each[1] not in KNOWN_SETTINGS | NOT_IN_THE_CLASSES} == set()


def test_every_setting_that_is_named_exists():
    named = named_in("environment.example")
    (configuration,) = [each for each in manifests() if each["kind"] == "ConfigMap"]
    assert (named | set(configuration["data"])) - KNOWN_SETTINGS == set()


def test_every_setting_without_a_default_is_named():
    named = named_in("environment.example")
    required = {
        f"{kind.model_config['env_prefix']}{name}".upper()
        for kind in (AuthSettings, DocumentsSettings, NominationsSettings)
        for name, field in kind.model_fields.items()
        if field.is_required()
    }
    assert required - named == set()


def test_no_secret_has_a_value():
    lines = [line for path in DEPLOY.glob("*.example") for line in path.read_text("utf-8").splitlines()]
    secret = re.compile(r"^\w*(KEY|SECRET|TOKEN|_DATABASE_URL)=(.+)")
    assert [line for line in lines if secret.match(line)] == []


def test_the_ingress_follows_the_table_of_prefixes():
    (ingress,) = [each for each in manifests() if each["kind"] == "Ingress"]
    paths = ingress["spec"]["rules"][0]["http"]["paths"]
    ours = tuple((path["path"], path["backend"]["service"]["name"]) for path in paths if path["path"].startswith("/v1"))
    assert ours == PREFIXES


def test_each_service_has_replicas_a_budget_and_a_scale():
    by_kind: dict[str, set[str]] = {}
    for each in manifests():
        by_kind.setdefault(each["kind"], set()).add(each["metadata"]["name"])
    for kind in ("Deployment", "Service", "HorizontalPodAutoscaler", "PodDisruptionBudget"):
        assert by_kind[kind] == set(SERVICES), kind


def test_a_pod_reads_only_the_secrets_of_its_own_service():
    read = {
        name: sorted(
            source["secretRef"]["name"] for c in pod["containers"] for source in c["envFrom"] if "secretRef" in source
        )
        for name, pod in pods()
    }
    assert {name: read[name] for name in SERVICES} == {name: [f"xianjin-{name}"] for name in SERVICES}


def test_pods_have_time_to_leave_and_to_finish():
    """8–10 s of saying so, 10 s of finishing, and room."""
    assert {pod["terminationGracePeriodSeconds"] for _, pod in pods()} == {40}


def test_the_units_of_systemd_name_what_exists():
    for path in (DEPLOY / "systemd").iterdir():
        for line in path.read_text("utf-8").splitlines():
            assert line == "" or line.startswith("#") or re.fullmatch(r"\[\w+\]|[A-Z]\w+=.*", line), (path, line)


def metric_names(text: str) -> set[str]:
    return {re.sub(r"_(bucket|total)$", "", name) for name in re.findall(r"\bxianjin_[a-z_]+\b", text)}


def test_alerts_and_panels_ask_for_figures_that_exist():
    code = "".join(path.read_text("utf-8") for path in Path("services").rglob("*.py"))
    exist = set(re.findall(r'"(xianjin_[a-z_]+)"', code))
    asked = metric_names((DEPLOY / "prometheus/alerts.yaml").read_text("utf-8"))
    asked |= metric_names((DEPLOY / "grafana/xianjin.json").read_text("utf-8"))
    assert asked - exist == set()


def test_every_alert_has_its_runbook():
    rules = yaml.load((DEPLOY / "prometheus/alerts.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)["groups"][0][
        "rules"
    ]
    page = Path("docs/operations.md").read_text("utf-8")
    assert [rule["alert"] for rule in rules if f"**{rule['annotations']['runbook']}**" not in page] == []


LABELS = {
    "xianjin_requests": {"method", "route", "status"},
    "xianjin_request_seconds": {"method", "route", "le"},
}
"""Of the counters that are kept; facts are counted when they are asked for."""


def labels_asked(expression: str) -> set[tuple[str, str]]:
    """Metric and label of each selector, and of each `by` for the metrics that stand behind it."""
    found = set()
    for name, selector in re.findall(r"\b(xianjin_[a-z_]+)(?:\{([^}]*)\})?", expression):
        bare = re.sub(r"_(bucket|total)$", "", name)
        grouped = re.findall(r"by \(([^)]*)\)", expression)
        labels = re.findall(r"([a-z_]+)(?:=~|!=|!~|=)", selector) + [
            label.strip() for group in grouped for label in group.split(",")
        ]
        found |= {(bare, label) for label in labels}
    return found


def test_alerts_and_panels_ask_for_labels_that_exist():
    code = "".join(path.read_text("utf-8") for path in Path("services").rglob("*.py"))
    rules = yaml.load((DEPLOY / "prometheus/alerts.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)["groups"][0]
    panels = json.loads((DEPLOY / "grafana/xianjin.json").read_text("utf-8"))["panels"]
    expressions = [rule["expr"] for rule in rules["rules"]]
    expressions += [target["expr"] for panel in panels for target in panel.get("targets", ())]
    asked = {each for expression in expressions for each in labels_asked(expression)}
    lost = {
        (name, label)
        for name, label in asked
        if (label not in LABELS[name] if name in LABELS else f'("{label}", ' not in code)
    }
    assert (len(asked) > 8, lost) == (True, set())


def test_alerts_name_routes_of_the_contract():
    rules = (DEPLOY / "prometheus/alerts.yaml").read_text("utf-8")
    assert set(re.findall(r'route="([^"]+)"', rules)) - set(the_contract()["paths"]) == set()
