"""BagIt (RFC 8493) in a ZIP that is written as it goes: each file is hashed, stored and forgotten.

A bag's payload lies under `data/`; its manifest names every payload file with its SHA-256, and is itself signed.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import datetime

from services.evidence.seals import SUITE, SealingKey, encoded

BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST, TAG_MANIFEST, SIGNATURE, INFO = (
    "manifest-sha256.txt",
    "tagmanifest-sha256.txt",
    "signature.json",
    "bag-info.txt",
)
_COMPRESSED = (".json", ".jsonl", ".html", ".txt", ".csv")
"""Everything else is a picture, a PDF or an Office file: compressed already."""


class _Outlet(io.RawIOBase):
    """What the ZIP writes, kept until it is taken away. It cannot seek: sizes follow each file's bytes."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, content: object) -> int:
        chunk = bytes(content)  # type: ignore[call-overload]  # whatever has bytes
        self._chunks.append(chunk)
        return len(chunk)

    def take(self) -> bytes:
        written, self._chunks = b"".join(self._chunks), []
        return written


class BagWriter:
    """One bag. Every method gives the bytes of the ZIP that are ready to go out."""

    def __init__(self, *, info: Mapping[str, str], at: datetime) -> None:
        self._outlet = _Outlet()
        self._zip = zipfile.ZipFile(self._outlet, "w", allowZip64=True)
        self._time = at.timetuple()[:6]
        self._hashes: dict[str, str] = {}
        self._payload = 0
        self._info = dict(info)

    @property
    def hashes(self) -> Mapping[str, str]:
        """Path below the bag → SHA-256 of what was added so far."""
        return self._hashes

    def add(self, path: str, content: bytes) -> bytes:
        """A payload file: `path` is below `data/`. Raises ValueError for a path that is taken."""
        name = f"data/{path}"
        if name in self._hashes:
            raise ValueError(f"{name} is in the bag already")
        self._hashes[name] = hashlib.sha256(content).hexdigest()
        self._payload += len(content)
        self._store(name, content)
        return self._outlet.take()

    def finish(self, key: SealingKey) -> bytes:
        """Manifest, its signature, and the tag files."""
        manifest = _lines(self._hashes)
        info = self._info | {"Payload-Oxum": f"{self._payload}.{len(self._hashes)}"}
        described = "".join(f"{name}: {value}\n" for name, value in info.items()).encode()
        tags = {
            "bagit.txt": BAGIT,
            INFO: described,
            MANIFEST: manifest,
            SIGNATURE: json.dumps(
                {
                    "suite": SUITE,
                    "signs": [MANIFEST, INFO],
                    "key_id": key.key_id,
                    "public_key": encoded(key.public),
                    "signature": encoded(key.sign(signed_content(manifest, described))),
                },
                indent=1,
            ).encode(),
        }
        for name, content in tags.items():
            self._store(name, content)
        self._store(TAG_MANIFEST, _lines({name: hashlib.sha256(content).hexdigest() for name, content in tags.items()}))
        self._zip.close()
        return self._outlet.take()

    def _store(self, name: str, content: bytes) -> None:
        entry = zipfile.ZipInfo(name, self._time)
        entry.compress_type = zipfile.ZIP_DEFLATED if name.endswith(_COMPRESSED) else zipfile.ZIP_STORED
        entry.external_attr = 0o644 << 16
        self._zip.writestr(entry, content)


def signed_content(manifest: bytes, info: bytes) -> bytes:
    """What the signature stands under: the payload's manifest, and what the bag says of itself."""
    return _lines({MANIFEST: hashlib.sha256(manifest).hexdigest(), INFO: hashlib.sha256(info).hexdigest()})


def _lines(hashes: Mapping[str, str]) -> bytes:
    """As RFC 8493 writes them; `%`, line ends are the only characters that are escaped."""
    return "".join(f"{digest}  {_escaped(name)}\n" for name, digest in sorted(hashes.items())).encode()


def _escaped(name: str) -> str:
    return name.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")
