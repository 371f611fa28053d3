"""The layout data of a form."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from services.nominations.forms.print_layout import PrintLayout, PrintLayoutError, parse_print_layout
from tests.nominations.forms.sample_form import FORMS


@pytest.fixture
def data() -> Any:
    return yaml.load((FORMS / "attachment_6.print.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def _fields(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from node.get("fields", ())
        for child in node.values():
            yield from _fields(child)
    elif isinstance(node, list):
        for child in node:
            yield from _fields(child)


@pytest.mark.parametrize("form", ["attachment_5", "attachment_6"])
def test_every_field_of_the_form_that_is_printed_has_its_place_on_paper_r129(form: str) -> None:
    data = yaml.load((FORMS / f"{form}.print.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    definition = yaml.load((FORMS / f"{form}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    asked = {field["key"] for field in definition["fields"] if field.get("printed", True)}
    from_the_case = {"recommending_organisation_name", "commendation_level", "filled_on"}
    assert set(_fields(data)) == asked | from_the_case


def test_instructions_keep_the_slips_of_the_notice(layout: PrintLayout) -> None:
    assert layout.instructions is not None
    assert len(layout.instructions.points) == 17
    assert "省级以下级奖励奖励是以省级工作部门" in layout.instructions.points[12]


def test_a_cell_that_leaves_a_hole_is_refused(data: Any) -> None:
    broken = copy.deepcopy(data)
    broken["body"][0]["rows"][1].pop()
    with pytest.raises(PrintLayoutError, match="row 2 fills 4 of 5 columns"):
        parse_print_layout(broken)


def test_a_span_below_the_last_row_is_refused(data: Any) -> None:
    data["body"][0]["rows"][8][0]["rowspan"] = 2
    with pytest.raises(PrintLayoutError, match="below the last row"):
        parse_print_layout(data)


@pytest.mark.parametrize("path", ["page", "text"])
def test_an_unknown_key_is_refused(data: Any, path: str) -> None:
    data[path]["unknown"] = 1
    with pytest.raises(PrintLayoutError, match="unknown"):
        parse_print_layout(data)


def test_an_unknown_kind_of_section_is_refused(data: Any) -> None:
    data["body"].append({"kind": "chart"})
    with pytest.raises(PrintLayoutError, match="chart"):
        parse_print_layout(data)
