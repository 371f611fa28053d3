"""A bag as it lies before the verifier: a ZIP or a folder. Nothing is unpacked; nothing outside is ever read."""

import hashlib
import lzma
import os
import struct
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import IO

_PIECE = 1 << 20
_UNREADABLE = (
    OSError,
    EOFError,
    RuntimeError,  # NotImplementedError too: a way of packing that is not known, a file under a password
    ValueError,
    OverflowError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
)
"""What a ZIP whose bytes were changed may raise, wherever it is touched."""
LARGEST_LISTING = 64 * 1024 * 1024
"""Of a file that is read whole: manifests and histories, not payload."""


class ContainerBroken(Exception):
    """It cannot be read at all, or one of its files cannot."""


class Container(ABC):
    """Names as they stand, and the bytes under them."""

    names: Sequence[str]

    @abstractmethod
    def open(self, name: str) -> IO[bytes]:
        """Raises ContainerBroken."""

    @property
    def twice(self) -> list[str]:
        """Names that stand more than once: a ZIP may show one and hide the other."""
        return sorted(name for name, times in Counter(self.names).items() if times > 1)

    def digest(self, name: str) -> str:
        """SHA-256, in pieces: a large file is never whole in memory. Raises ContainerBroken."""
        digest = hashlib.sha256()
        try:
            with self.open(name) as file:
                while piece := file.read(_PIECE):
                    digest.update(piece)
        except _UNREADABLE as error:
            raise ContainerBroken(str(error)) from None
        return digest.hexdigest()

    def read(self, name: str) -> bytes:
        """A listing, whole. Raises ContainerBroken, also when it is larger than any listing is."""
        try:
            with self.open(name) as file:
                content = file.read(LARGEST_LISTING + 1)
        except _UNREADABLE as error:
            raise ContainerBroken(str(error)) from None
        if len(content) > LARGEST_LISTING:
            raise ContainerBroken("too large for a listing")
        return content


class ZipContainer(Container):
    def __init__(self, source: Path | IO[bytes]) -> None:
        """Raises ContainerBroken."""
        try:
            self._zip = zipfile.ZipFile(source)
        except _UNREADABLE as error:
            raise ContainerBroken(str(error)) from None
        self.names = [each.filename for each in self._zip.infolist() if not each.is_dir()]

    def open(self, name: str) -> IO[bytes]:
        try:
            return self._zip.open(name)
        except (KeyError, *_UNREADABLE) as error:
            raise ContainerBroken(str(error)) from None


class FolderContainer(Container):
    """An unpacked bag. Links out of the folder are not followed: they are no files of the bag."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        found = []
        for place, _, files in os.walk(folder):
            found += [(Path(place) / name).relative_to(folder).as_posix() for name in files]
        self.names = sorted(found)

    def open(self, name: str) -> IO[bytes]:
        path = self._folder / name
        if path.is_symlink() or not path.is_file():
            raise ContainerBroken("is no plain file")
        try:
            return path.open("rb")
        except OSError as error:
            raise ContainerBroken(str(error)) from None


def opened(path: Path) -> Container:
    """Raises ContainerBroken."""
    return FolderContainer(path) if path.is_dir() else ZipContainer(path)
