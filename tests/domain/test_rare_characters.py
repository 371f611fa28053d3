"""Characters that paper may not show (R172)."""

import pytest

from services.nominations.domain.rare_characters import character_findings
from tests.domain.sample_forms import complete_individual_form
from tests.domain.the_campaign import the_campaign

FORM = the_campaign().forms["attachment_6"]


def found(**changes):
    values = complete_individual_form() | changes
    return [(f.pointer, f.code, f.severity, f.requirement) for f in character_findings(FORM, values)]


def test_a_character_of_ones_own_making_asks_for_another_r172():
    assert found(full_name="李\ue001明") == [("/form/full_name", "private_character", "warning", "R172")]


@pytest.mark.parametrize("name", ["𠀀𪚥", "示例😀"])
def test_a_rare_character_is_to_be_looked_at_on_paper_r172(name):
    assert found(full_name=name) == [("/form/full_name", "rare_character", "notice", "R172")]


def test_a_rare_character_in_a_row_is_told_at_its_list_r190():
    rows = [{"from": "2015-06", "organisation": "𠀀示例公司", "post": "技术员"}]
    assert found(resume=rows) == [("/form/resume", "rare_character", "notice", "R190")]


@pytest.mark.parametrize("changes", [{}, {"full_name": "阿依古丽·买买提"}, {"grounds": "𠀀"}, {"conditions": ["x"]}])
def test_common_characters_and_what_is_not_printed_are_left_alone_r172(changes):
    assert found(**changes) == []
