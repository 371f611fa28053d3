"""What was asked and answered in a run of the real procedure, as examples of the contract (openapi/examples.yaml).

`tests/contracts/test_examples.py` writes the file, and holds every answer to it ever after.
"""

from pathlib import Path
from typing import Any

import yaml

Document = dict[str, Any]
EXAMPLES = Path(__file__).parent.parent / "openapi" / "examples.yaml"
_METHODS = ("get", "put", "post", "delete")
_JSON = "application/json"
_TOLD = "从实际办理中记录 As recorded from the procedure"


def examples() -> Document:
    """By operation id: `path`, `query`, `body` as sent, `status` and `answer` as received."""
    if not EXAMPLES.exists():
        return {}
    read: Document = yaml.load(EXAMPLES.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return read


def show(document: Document, told: Document) -> None:
    """Puts each example beside the schema that it is an example of."""
    for item in document["paths"].values():
        for operation in (item[method] for method in _METHODS if method in item):
            example = told.get(operation["operationId"])
            if example is None:
                if _has_json(operation):
                    operation["x-example-missing"] = True
                continue
            for parameter in operation.get("parameters", ()):
                given = example.get({"path": "path", "query": "query"}.get(parameter["in"], ""), {})
                if parameter["name"] in given:
                    parameter["example"] = given[parameter["name"]]
            if "body" in example:
                _show(operation["requestBody"], example["body"])
            if "answer" in example:
                _show(operation["responses"][str(example["status"])], example["answer"])


def _has_json(operation: Document) -> bool:
    answers = [each for status, each in operation["responses"].items() if status.startswith("2")]
    return any(_JSON in each.get("content", {}) for each in (*answers, operation.get("requestBody", {})))


def _show(of: Document, value: Any) -> None:
    media = of["content"].get(_JSON)
    if media is not None:
        media["examples"] = {"recorded": {"summary": _TOLD, "value": value}}
