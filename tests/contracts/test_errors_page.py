"""The catalogue of errors is whole: a front end needs to know no code that does not stand there."""

from pathlib import Path

import pytest
import yaml

from services.common.problems import problem_classes
from services.error_advice import ADVICE

PAGE = Path("docs/errors.md").read_text(encoding="utf-8")
CODES = {line.split("`")[1] for line in PAGE.splitlines() if line.startswith("| `")}


def test_every_problem_that_the_contract_shows_is_explained():
    contract = yaml.load(Path("openapi/xianjin.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    assert set(contract["components"]["examples"]) - CODES == set()


@pytest.mark.parametrize("cls", problem_classes(), ids=lambda cls: cls.code)
def test_a_problem_says_in_chinese_what_a_clerk_understands(cls):
    assert any("\u4e00" <= character <= "\u9fff" for character in cls.title.zh)


def test_what_to_do_about_single_codes_is_said_of_codes_that_exist():
    assert ADVICE.keys() - CODES == set()


@pytest.mark.parametrize("code", ["text_messages_off", "email_off", "passkeys_off"])
def test_nobody_is_told_to_repeat_what_this_installation_does_not_have(code):
    (line,) = (line for line in PAGE.splitlines() if line.startswith(f"| `{code}`"))
    assert "hide the way" in line
    assert "repeat" not in line.rpartition("| ")[0].rpartition("| ")[2]
