"""BagIt (RFC 8493) in a ZIP that is written as it goes: each file is hashed, stored and forgotten.

A bag's payload lies under `data/`; its manifest names every payload file with its SHA-256, and is itself signed. The same
files in the same order with the same time and key make the same bytes, so any stretch of a bag can be made again.
"""

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.evidence.seals import SUITE, SealingKey, encoded
from services.evidence.zip_layout import StoredFile, directory

BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST, TAG_MANIFEST, SIGNATURE, INFO = (
    "manifest-sha256.txt",
    "tagmanifest-sha256.txt",
    "signature.json",
    "bag-info.txt",
)
PAYLOAD = "data/"


@dataclass(frozen=True, slots=True)
class BagFile:
    """A file of the bag: enough to leave room for it without having it."""

    name: str
    size: int
    crc: int
    sha256: str

    @classmethod
    def of(cls, name: str, content: bytes) -> "BagFile":
        return cls(name, len(content), zlib.crc32(content), hashlib.sha256(content).hexdigest())

    @property
    def stored(self) -> StoredFile:
        return StoredFile(self.name, self.size, self.crc)


class BagWriter:
    """One bag. Every method gives the bytes of the ZIP that are ready to go out."""

    def __init__(self, *, info: Mapping[str, str], at: datetime) -> None:
        self._at, self._info = at, dict(info)
        self._files: list[BagFile] = []
        self._placed: list[tuple[StoredFile, int]] = []
        self._names: set[str] = set()
        self._offset = 0

    @property
    def files(self) -> tuple[BagFile, ...]:
        """What was added so far."""
        return tuple(self._files)

    def add(self, path: str, content: bytes) -> bytes:
        """A payload file: `path` is below `data/`. Raises ValueError for a path that is taken."""
        name = f"{PAYLOAD}{path}"
        if name in self._names:
            raise ValueError(f"{name} is in the bag already")
        return self._store(BagFile.of(name, content), content)

    def finish(self, key: SealingKey) -> bytes:
        """Manifest, its signature, the tag files, and the ZIP's directory."""
        tags = tag_files(self._files, self._info, key)
        written = [self._store(BagFile.of(name, content), content) for name, content in tags]
        return b"".join([*written, directory(self._placed, self._at, begin=self._offset)])

    def _store(self, file: BagFile, content: bytes) -> bytes:
        header = file.stored.header(self._at)
        self._files.append(file)
        self._names.add(file.name)
        self._placed.append((file.stored, self._offset))
        self._offset += len(header) + file.size
        return header + content


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each file of a finished bag stands."""

    offsets: Mapping[str, int]
    """Of a file's header; its bytes follow."""
    directory: bytes
    begin: int
    """Of the directory."""

    @property
    def size(self) -> int:
        return self.begin + len(self.directory)


def layout_of(files: Iterable[BagFile], at: datetime) -> Layout:
    """Of all its files, the tag files too."""
    placed, offset = [], 0
    for file in files:
        placed.append((file.stored, offset))
        offset += len(file.stored.header(at)) + file.size
    return Layout({file.name: at_ for file, at_ in placed}, directory(placed, at, begin=offset), offset)


def tag_files(payload: Iterable[BagFile], info: Mapping[str, str], key: SealingKey) -> list[tuple[str, bytes]]:
    """What a bag says of itself, in its order."""
    files = list(payload)
    manifest = _lines({file.name: file.sha256 for file in files})
    told = {**info, "Payload-Oxum": f"{sum(file.size for file in files)}.{len(files)}"}
    described = "".join(f"{name}: {value}\n" for name, value in told.items()).encode()
    signature = {
        "suite": SUITE,
        "signs": [MANIFEST, INFO],
        "key_id": key.key_id,
        "public_key": encoded(key.public),
        "signature": encoded(key.sign(signed_content(manifest, described))),
    }
    tags = {
        "bagit.txt": BAGIT,
        INFO: described,
        MANIFEST: manifest,
        SIGNATURE: json.dumps(signature, indent=1).encode(),
    }
    listed = _lines({name: hashlib.sha256(content).hexdigest() for name, content in tags.items()})
    return [*tags.items(), (TAG_MANIFEST, listed)]


def signed_content(manifest: bytes, info: bytes) -> bytes:
    """What the signature stands under: the payload's manifest, and what the bag says of itself."""
    return _lines({MANIFEST: hashlib.sha256(manifest).hexdigest(), INFO: hashlib.sha256(info).hexdigest()})


def _lines(hashes: Mapping[str, str]) -> bytes:
    """As RFC 8493 writes them; `%`, line ends are the only characters that are escaped."""
    return "".join(f"{digest}  {_escaped(name)}\n" for name, digest in sorted(hashes.items())).encode()


def _escaped(name: str) -> str:
    return name.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")
