"""One byte range of RFC 9110: what `wx.downloadFile` and players ask for. Several ranges at once are answered whole."""

import re
from dataclasses import dataclass

from services.common.problems import RangeNotSatisfiable

_ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@dataclass(frozen=True, slots=True)
class ByteRange:
    """First and last offset, both included, of a file of `size` bytes."""

    first: int
    last: int
    size: int

    @property
    def content_range(self) -> str:
        return f"bytes {self.first}-{self.last}/{self.size}"

    def of(self, content: bytes) -> bytes:
        return content[self.first : self.last + 1]


def parse_range(header: str | None, *, size: int) -> ByteRange | None:
    """None means the whole file: no range, or one that may be ignored. Raises RangeNotSatisfiable."""
    found = _ONE_RANGE.fullmatch((header or "").replace(" ", ""))
    if found is None or found[0] == "bytes=-":
        return None
    first_digits, last_digits = found[1], found[2]
    if not first_digits:
        first, last = max(0, size - int(last_digits)), size - 1
    else:
        first = int(first_digits)
        last = min(int(last_digits), size - 1) if last_digits else size - 1
        if last_digits and int(last_digits) < first:
            return None
    if first >= size:
        raise RangeNotSatisfiable(headers={"Content-Range": f"bytes */{size}"})
    return ByteRange(first, last, size)


def wanted_range(header: str | None, if_range: str | None, *, etag: str, size: int) -> ByteRange | None:
    """The same for whoever goes on with a download: of another version than theirs they get the whole file."""
    if if_range is not None and if_range.strip() != etag:
        return None
    return parse_range(header, size=size)
