"""The demo people of the embedded default: who they are and their common password. They exist nowhere else."""

from pathlib import Path
from typing import Any

import yaml

PASSWORD = "xianjin-demo-2025"  # noqa: S105  of demo people, printed at the start
_FILE = Path(__file__).parent / "demo_people.yaml"


def load() -> dict[str, Any]:
    people: dict[str, Any] = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return people


def prefixes() -> list[str]:
    """The quota units by the prefix of their accounts."""
    return list(load()["quota_units"])


def overview() -> str:
    """The accounts of one county, its unit and the city, a line each."""
    lines = [
        ("wutai-clerk", "五台县单位经办人 unit clerk"),
        ("wutai-head", "五台县单位负责人 unit head"),
        ("wutai-hrss  wutai-iit", "五台县人社、工信部门审核人 county reviewers"),
        ("wutai-office", "五台县评选机构 county award office"),
        ("city-hrss  city-iit", "市人社局、市工信局审核人 city reviewers"),
        ("city-office  admin", "专班办公室、系统管理员 city office, administrator"),
    ]
    return "\n".join(f"  {names:24} {what}" for names, what in lines)
