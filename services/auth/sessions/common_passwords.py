"""Passwords that people choose first: 30 000 that leaked, by how often they did, and words of our own field. Read once."""

from functools import cache
from pathlib import Path

import yaml
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from services.auth.domain.password_policy import CommonPasswords

_FILE = Path(__file__).parent / "common_passwords.yaml"
_SHORTEST_WORD = 4


@cache
def common_passwords() -> CommonPasswords:
    """A leaked password of letters alone is refused with digits and signs around it, too: `Liverpool2020!`."""
    data = yaml.load(_FILE.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506  texts only: no is not False
    leaked = FREQUENCY_LISTS["passwords"]
    words = {each for each in leaked if each.isalpha() and len(each) >= _SHORTEST_WORD}
    return CommonPasswords(frozenset(data["whole"]) | frozenset(leaked), frozenset(data["words"]) | words)
