"""What goes with a file that is uploaded, for the demo, the bench and the tests."""

from collections.abc import Mapping
from typing import Any


def upload_fields(kinds: Mapping[str, Any], kind: str, case: str) -> dict[str, str]:
    """The form fields beside the file. Where the kind asks for consent, the version of the words that were shown."""
    consent = kinds[kind]["consent"]
    return {"kind": kind, "bundle_id": case} | ({"consent": consent["text_sha256"]} if consent else {})
