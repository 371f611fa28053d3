"""Old backups go, and the objects that only they named: what was erased is gone from backups on the day that its certificate
names (个人信息保护法 第四十七条).
"""

import json
import re
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.backup.saving import MANIFEST, OBJECTS, file_of

_NAME = re.compile(r"\d{8}T\d{6}\.\d{6}Z")
_OBJECT = re.compile(r"[0-9a-f]{64}(\.part)?")
_WRITTEN_WITHIN = timedelta(hours=24)
"""A younger folder without a manifest may be a backup that is being taken now, and counts on the objects that it found."""


class PruneRefused(Exception):
    """Nothing was removed, and why."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was removed. `left`: objects stayed, because a backup is being taken."""

    backups: tuple[str, ...]
    objects: int
    byte_count: int
    left: bool


@dataclass(frozen=True, slots=True)
class _Backup:
    folder: Path
    taken_at: datetime
    objects: frozenset[str]
    """Names of files."""


def prune(folder: Path, *, keep: timedelta, now: datetime) -> Pruned:
    """Removes backups that are older than `keep`, whole, and what an older one left that was broken off; the newest stays.

    Raises PruneRefused where there is no backup, and where a manifest cannot be read: nobody knows then which objects it names.
    """
    backups = sorted((_read(path) for path in _children(folder) if _is_backup(path)), key=lambda each: each.taken_at)
    if not backups:
        raise PruneRefused(f"目录里没有备份。No backup in this folder: {folder}")
    broken_off = _without_manifest(folder)
    old = [each.folder for each in backups[:-1] if each.taken_at < now - keep]
    old += [path for path, changed_at in broken_off.items() if changed_at < now - max(keep, _WRITTEN_WITHIN)]
    for path in old:
        (path / MANIFEST).unlink(missing_ok=True)  # first: half a backup is none
        shutil.rmtree(path)
    if any(changed_at >= now - _WRITTEN_WITHIN for changed_at in broken_off.values()):
        return Pruned(_names(old), 0, 0, left=True)
    named = frozenset[str]().union(*(each.objects for each in backups if each.folder not in old))
    return _without_unnamed(folder, named, old)


def _without_unnamed(folder: Path, named: frozenset[str], old: list[Path]) -> Pruned:
    """A backup that begins meanwhile makes its folder before it looks at an object: then the rest stays."""
    there = set(folder.iterdir())
    objects = byte_count = 0
    for path in _children(folder / OBJECTS):
        if path.name in named or not _OBJECT.fullmatch(path.name):
            continue
        if set(folder.iterdir()) - there:
            return Pruned(_names(old), objects, byte_count, left=True)
        byte_count += path.stat().st_size
        path.unlink()
        objects += 1
    return Pruned(_names(old), objects, byte_count, left=False)


def _children(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _is_backup(path: Path) -> bool:
    """Also one that was given another name. What may not be looked into is none of ours."""
    with suppress(PermissionError):
        return path.name != OBJECTS and (path / MANIFEST).exists()
    return False


def _without_manifest(folder: Path) -> Mapping[Path, datetime]:
    """By the names that `save` gives, and since when nothing was added."""
    return {
        path: datetime.fromtimestamp(path.stat().st_mtime, UTC)
        for path in folder.iterdir()
        if _NAME.fullmatch(path.name) and not _is_backup(path)
    }


def _read(path: Path) -> _Backup:
    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        taken_at = datetime.fromisoformat(manifest["taken_at"])
        objects = frozenset(file_of(key) for key in dict(manifest["objects"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PruneRefused(f"{MANIFEST} 读不出来。Cannot be read: {path.name}/{MANIFEST}") from error
    if taken_at.tzinfo is None:
        raise PruneRefused(f"{MANIFEST} 读不出来。Cannot be read: {path.name}/{MANIFEST}")
    return _Backup(path, taken_at, objects)


def _names(folders: list[Path]) -> tuple[str, ...]:
    return tuple(sorted(path.name for path in folders))
