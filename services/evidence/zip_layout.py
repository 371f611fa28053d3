"""A ZIP whose every byte is known before it is written: files are stored, not packed, with size and checksum ahead of them.

So any stretch of it can be made again without what lies before. ZIP64 is used where a number outgrows 32 bits.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

_LOCAL, _CENTRAL, _END, _END_64, _LOCATOR = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_MOST_32, _MOST_16 = 0xFFFFFFFF, 0xFFFF
_UTF8_NAMES = 0x800
_PLAIN, _LARGE = 20, 45
"""The versions of the format that a reader must know."""
_FROM_UNIX = 3 << 8
_READABLE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the archive, as its two headers tell of it."""

    name: str
    size: int
    crc: int

    @property
    def _sizes_64(self) -> bool:
        return self.size >= _MOST_32

    def header(self, at: datetime) -> bytes:
        """What stands before the file's bytes."""
        name = self.name.encode()
        extra = struct.pack("<HHQQ", 1, 16, self.size, self.size) if self._sizes_64 else b""
        size = _MOST_32 if self._sizes_64 else self.size
        version = _LARGE if extra else _PLAIN
        moment = _dos(at)
        fixed = struct.pack(
            "<4s5H3L2H", _LOCAL, version, _UTF8_NAMES, 0, *moment, self.crc, size, size, len(name), len(extra)
        )
        return fixed + name + extra

    def entry(self, at: datetime, offset: int) -> bytes:
        """Its line in the directory at the end."""
        name = self.name.encode()
        large = ([self.size, self.size] if self._sizes_64 else []) + ([offset] if offset >= _MOST_32 else [])
        extra = struct.pack(f"<HH{len(large)}Q", 1, 8 * len(large), *large) if large else b""
        size = _MOST_32 if self._sizes_64 else self.size
        version = _LARGE if extra else _PLAIN
        fixed = struct.pack(
            "<4s6H3L5H2L",
            _CENTRAL,
            _FROM_UNIX | version,
            version,
            _UTF8_NAMES,
            0,
            *_dos(at),
            self.crc,
            size,
            size,
            len(name),
            len(extra),
            0,
            0,
            0,
            _READABLE,
            min(offset, _MOST_32),
        )
        return fixed + name + extra


def directory(files: Iterable[tuple[StoredFile, int]], at: datetime, *, begin: int) -> bytes:
    """What ends the archive: every file with its offset; `begin` is where the directory itself stands."""
    lines = [file.entry(at, offset) for file, offset in files]
    listed, size = b"".join(lines), sum(map(len, lines))
    large = len(lines) >= _MOST_16 or begin >= _MOST_32 or size >= _MOST_32
    number = min(len(lines), _MOST_16)
    end = struct.pack("<4s4H2LH", _END, 0, 0, number, number, min(size, _MOST_32), min(begin, _MOST_32), 0)
    if not large:
        return listed + end
    end_64 = struct.pack(
        "<4sQ2H2L4Q", _END_64, 44, _FROM_UNIX | _LARGE, _LARGE, 0, 0, len(lines), len(lines), size, begin
    )
    return listed + end_64 + struct.pack("<4sLQL", _LOCATOR, 0, begin + size, 1) + end


def _dos(at: datetime) -> tuple[int, int]:
    """Time and date as MS-DOS kept them: two seconds fine, from 1980 on."""
    return at.hour << 11 | at.minute << 5 | at.second // 2, max(at.year - 1980, 0) << 9 | at.month << 5 | at.day
