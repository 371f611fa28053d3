"""What a print on paper is known by: the hash of what was entered, as a QR code on every page and a short code to type.

What is signed later stands outside the hash: a sheet is sealed level by level, and stays the same print (R129, R148).
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import Any

import rfc8785

_PREFIX = "XJ1"
"""Tells our codes from others; the digit is the version of what follows."""
_QR_TEXT = re.compile(rf"{_PREFIX}([A-Z2-7]{{52}})")
SIDE_MM = 15.0
"""Of the QR code on paper, its quiet zone included: still read from a scan at 100 dpi, and from a phone's photo."""
EDGE_MM = 4.0
"""Between the code and the edge of the paper; printers reach so far."""


@dataclass(frozen=True, slots=True)
class PrintIdentity:
    """The content of one form at one time. The same content always has the same."""

    content_hash: str
    """SHA-256, hex."""

    @property
    def code(self) -> str:
        """Fifty bits to read out and to type: letters, and digits that no letter looks like."""
        short = _base32(self.content_hash)
        return f"{short[:5]}-{short[5:10]}"

    @property
    def qr_text(self) -> str:
        """Upper case and digits only: QR codes write those in the least space."""
        return _PREFIX + _base32(self.content_hash)


def identity_of(content: Any) -> PrintIdentity:
    """Of a tree of texts, numbers and lists."""
    return PrintIdentity(hashlib.sha256(rfc8785.dumps(content)).hexdigest())


def hash_in(qr_text: str) -> str | None:
    """The hash that a QR code carries; None for a code of somebody else."""
    found = _QR_TEXT.fullmatch(qr_text)
    return base64.b32decode(f"{found[1]}====").hex() if found else None


def _base32(content_hash: str) -> str:
    return base64.b32encode(bytes.fromhex(content_hash)).decode().rstrip("=")
