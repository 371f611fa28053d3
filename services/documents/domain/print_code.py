"""Codes that the procedure prints on its forms. What they stand for only the procedure knows."""

import re

_PRINT_CODE = re.compile(r"[A-Z]{2}[0-9][A-Z2-7]{52}")
MOST_CODES = 50
"""Of one file: a stack of forms scanned together."""


def is_print_code(text: str) -> bool:
    """Other QR codes on a paper, a payment's or a person's, are nobody's business here and are not kept."""
    return _PRINT_CODE.fullmatch(text) is not None
