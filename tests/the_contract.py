"""The contract as it is committed; that it is what the code says is a test of its own."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml


@lru_cache
def the_contract(name: str = "xianjin") -> dict[str, Any]:
    """Read once a process: it is megabytes of YAML. Not to be changed by whoever reads it."""
    contract: dict[str, Any] = yaml.load(Path(f"openapi/{name}.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return contract
