"""The list of passwords that people choose first, read once."""

from functools import cache
from pathlib import Path

import yaml

from services.auth.domain.password_policy import CommonPasswords

_FILE = Path(__file__).parent / "common_passwords.yaml"


@cache
def common_passwords() -> CommonPasswords:
    data = yaml.load(_FILE.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506  texts only: no is not False
    return CommonPasswords(frozenset(data["whole"]), frozenset(data["words"]))
