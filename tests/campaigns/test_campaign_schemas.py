"""The JSON Schemas say what the code reads: every campaign file fits, no broken one does, and both checkers agree."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.__main__ import main
from services.campaign_tools.folder_check import check_folder
from services.campaign_tools.marked_yaml import read_marked
from services.campaign_tools.schemas import schema_files, schema_of, schemas
from services.campaign_tools.shape import shape_faults

FOLDERS = (Path("campaigns/shanxi-manufacturing-2025"), Path("services/sandbox/campaigns/sample-craft-2026"))
FILES = [path for folder in FOLDERS for path in sorted(folder.rglob("*.yaml"))]
SAMPLE_DOCUMENTS = FOLDERS[1] / "documents.yaml"
KINDS = ("campaign", "consultation", "documents", "form", "organisations", "print", "privacy-notice", "requirements")


def kind_of(path: Path) -> str:
    return schema_of(f"forms/{path.name}" if path.parent.name == "forms" else path.name)


def data_of(path: Path) -> Any:
    return read_marked(path, path.name, merges=True).data


def validator(kind: str) -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(schemas()[kind])


def test_the_schemas_of_the_repository_are_what_the_code_reads():
    written = {path.name: path.read_text("utf-8") for path in Path("campaigns/schema").iterdir()}
    assert written == schema_files()


def test_a_schema_that_differs_is_told_by_make_check(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("services.commands.campaign.SCHEMAS", tmp_path)
    before = main(["campaign", "schema", "--check"])
    main(["campaign", "schema"])
    assert (before, main(["campaign", "schema", "--check"])) == (1, 0)


@pytest.mark.parametrize("kind", KINDS)
def test_each_schema_is_a_schema(kind: str):
    jsonschema.Draft7Validator.check_schema(schemas()[kind])


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_file_names_its_schema_in_its_first_line_and_fits_it(path: Path):
    first = path.read_text("utf-8").splitlines()[0]
    schema = path.parent / first.removeprefix("# yaml-language-server: $schema=")
    jsonschema.validate(data_of(path), json.loads(schema.read_text("utf-8")))
    assert schema.resolve() == Path(f"campaigns/schema/{kind_of(path)}.schema.json").resolve()


@pytest.mark.parametrize(
    ("kind", "broken"),
    [
        ("campaign", {"deeds_limit": 0}),
        ("campaign", {"issued_on": "26.1.2025"}),
        ("campaign", {"paths": {"city_direct": ["unit", "city"]}}),
        ("campaign", {"colour": "red"}),
        ("campaign", {"publicity": {"unit": {"working_days": 0}}}),
        ("campaign", {"categories": [{"key": "a"}]}),
        ("consultation", {"authorities": ["culture"]}),
        ("consultation", {"consultation": [{"subject": "dog"}]}),
        ("form", {"fields": [{"key": "a", "label": "甲", "type": "texts"}]}),
        ("form", {"fields": [{"key": "a", "label": "甲", "type": "text", "sensitivity": "P9"}]}),
        ("form", {"fields": [{"key": "a", "label": "甲", "type": "text", "required_if": {"equals": 1}}]}),
        ("print", {"body": [{"kind": "grid", "column_widths": [1], "row_height": 1, "rows": [[{"lable": "甲"}]]}]}),
        ("print", {"body": [{"kind": "circle"}]}),
        ("documents", {"document_kinds": {"portrait": {"label": "照片"}}}),
        ("documents", {"document_kinds": {"a": data_of(SAMPLE_DOCUMENTS)["document_kinds"]["portrait"] | {"readers": []}}}),
        ("form", {"fields": [{"key": "a", "label": "甲", "type": "list", "items": [
            {"key": "b", "label": "乙", "type": "text", "items": [{"key": "c", "label": "丙", "type": "text"}]}]}]}),
        ("organisations", {"bodies": [{"jurisdiction": "1", "kind": "planet", "name": "甲"}]}),
        ("privacy-notice", {"purposes": [{"key": "a", "label": "甲", "basis": "because"}]}),
        ("privacy-notice", {"handlers": []}),
    ],
)  # fmt: skip
def test_a_broken_file_does_not_fit(kind: str, broken: dict[str, Any]):
    data = data_of(next(path for path in FILES if kind_of(path) == kind)) | broken
    assert (validator(kind).is_valid(data), list(shape_faults(schemas()[kind], data)) == []) == (False, False)


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    members = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(place for key, value in members for place in places(value, (*path, key)))]


def replaced(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    key, *rest = path
    copy = dict(data) if isinstance(data, dict) else list(data)
    copy[key] = replaced(data[key], tuple(rest), value)
    return copy


JUNK = st.sampled_from(
    [None, True, 0, -1, 1.5, "", "x", [], [1], {}, {"x": 1}, [None], [{}], "P0", ["unit"], {"kind": "grid"}]
)


@settings(max_examples=60, deadline=None)
@given(choice=st.data(), junk=JUNK)
def test_our_checker_finds_a_fault_exactly_where_json_schema_does(choice: st.DataObject, junk: Any):
    path = choice.draw(st.sampled_from(FILES))
    data = data_of(path)
    broken = replaced(data, choice.draw(st.sampled_from(places(data))), junk)
    assert (not list(shape_faults(schemas()[kind_of(path)], broken))) == validator(kind_of(path)).is_valid(broken)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choice=st.data(), junk=JUNK)
def test_no_broken_value_stops_the_check_and_what_json_schema_refuses_it_refuses(
    tmp_path_factory, choice: st.DataObject, junk: Any
):
    folder = tmp_path_factory.mktemp("fuzz") / FOLDERS[1].name
    folder.joinpath("forms").mkdir(parents=True)
    for path in FOLDERS[1].rglob("*.*"):
        folder.joinpath(path.relative_to(FOLDERS[1])).write_bytes(path.read_bytes())
    path = choice.draw(st.sampled_from([path for path in FILES if path.is_relative_to(FOLDERS[1])]))
    data = data_of(path)
    broken = replaced(data, choice.draw(st.sampled_from(places(data))), junk)
    folder.joinpath(path.relative_to(FOLDERS[1])).write_text(json.dumps(broken, ensure_ascii=False), "utf-8")
    assert validator(kind_of(path)).is_valid(broken) or check_folder(folder) != []
