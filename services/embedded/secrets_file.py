"""The secrets of one data folder: random, made once, readable by their owner only."""

import base64
import json
import os
import secrets
from pathlib import Path

_PASSWORDS = (
    "postgres", "auth_owner", "auth_app", "documents_owner", "documents_app", "nominations_owner", "nominations_app",
    "s3_secret_key", "s3_jwt", "nominations_client", "documents_client", "wechat_app",
)  # fmt: skip
_KEYS = (
    "auth_key",
    "documents_object",
    "documents_link",
    "nominations_field",
    "nominations_index",
    "nominations_evidence",
)


def load_secrets(data: Path) -> dict[str, str]:
    """Reads `secrets.json`, or makes it with mode 0600. What a newer version needs besides is added."""
    path = data / "secrets.json"
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    made = {name: secrets.token_urlsafe(24) for name in _PASSWORDS}
    made |= {name: base64.b64encode(secrets.token_bytes(32)).decode() for name in _KEYS}
    made["s3_access_key"] = secrets.token_hex(10)
    if kept.keys() != made.keys():
        descriptor = os.open(path.with_suffix(".new"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(made | kept, file, indent=2)
        path.with_suffix(".new").replace(path)
    return made | kept
