"""JSON logs. Scalars only, and never an identity number, a phone number, a token, or a row that PostgreSQL refused.

Two walls: a structured value is refused where it is logged, and whatever text remains is masked where it is written.
"""

import json
import logging
import re
import sys
from datetime import UTC, datetime

from services.common.request_context import request_id

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}
_SCALAR = (str, int, float, bool, type(None))
_AFTER_A_DETAIL = r"(?=\n[ |]*(?:HINT:|\[SQL|\(Background on|Traceback \(|The above exception|During handling|\+-)|\Z)"
"""What stands below the detail of a database error: a value in it may go over several lines."""
_SECRETS = (
    (
        re.compile(rf"(?s)(?:DETAIL:\s|Failing row contains \(|Key \([^\n]*?\)=\().*?{_AFTER_A_DETAIL}"),
        "DETAIL: [row]",
    ),
    (re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*"), "[token]"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+"), r"\1 [token]"),
    (re.compile(r"(?i)\b(js_code|code|secret|access_token|refresh_token|password)=[^&\s\"']+"), r"\1=[secret]"),
    (re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])"), "[identity number]"),
    (re.compile(r"(?<![\dA-Za-z.])1[3-9]\d{9}(?!\d)"), "[phone]"),
    (re.compile(r"://[^/\s:@]+:[^/\s@]+@"), "://[secret]@"),
)
_MAY_HOLD_ONE = re.compile(r"(?i)eyJ|=|://|[0-9]{11}|\b(?:bearer|basic)\s|detail:|failing row")
"""What each of them contains: most lines have nothing to mask, and are looked through once."""
_to_json = json.JSONEncoder(ensure_ascii=False).encode


def mask(text: str) -> str:
    """Text as it may stand in a log."""
    if _MAY_HOLD_ONE.search(text) is None:
        return text
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


class JsonFormatter(logging.Formatter):
    """One line of JSON a record: time (UTC), level, logger, message, request id, and the scalars given as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": mask(record.getMessage()),
        }
        if request_id.get():
            line["request_id"] = request_id.get()
        for name, value in vars(record).items():
            if name in _STANDARD:
                continue
            if not isinstance(value, _SCALAR):
                raise TypeError(f"log field {name!r} is a {type(value).__name__}: scalars only")
            line[name] = mask(value) if isinstance(value, str) else value
        if record.exc_info:
            line["exception"] = mask(self.formatException(record.exc_info))
        return _to_json(line)


def configure_logs(level: str = "INFO") -> None:
    """Sends every logger through the one formatter, uvicorn's included; its own access log is off (it prints addresses)."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("httpx").setLevel(logging.WARNING)
