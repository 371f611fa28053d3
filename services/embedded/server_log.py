"""The log of a child server: begun anew when it has grown, and quoted when the server does not start."""

from pathlib import Path
from typing import IO

_KEEP_BYTES = 5_000_000


def open_log(path: Path) -> IO[bytes]:
    mode = "wb" if path.exists() and path.stat().st_size > _KEEP_BYTES else "ab"
    return path.open(mode)


def last_lines(path: Path, count: int = 5) -> str:
    if not path.exists():
        return ""
    return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])
