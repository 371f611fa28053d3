"""What is kept of a folder of backups: no backup longer than said, no object that no kept one names."""

import io
import json
import os
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.__main__ import main
from services.backup.saving import file_of

NOW = datetime.now(UTC)


def backup(folder: Path, *, days_ago: float, objects: tuple[str, ...]) -> str:
    """As `save` leaves one. Gives its name."""
    taken_at = NOW - timedelta(days=days_ago)
    name = unfinished(folder, days_ago=days_ago)
    for key in objects:
        (folder / "objects" / file_of(key)).write_bytes(b"content of " + key.encode())
    facts = {"taken_at": taken_at.isoformat(), "objects": dict.fromkeys(objects, "0" * 64)}
    (folder / name / "manifest.json").write_text(json.dumps(facts), encoding="utf-8")
    return name


def unfinished(folder: Path, *, days_ago: float) -> str:
    """A backup that is being taken, or was killed."""
    taken_at = NOW - timedelta(days=days_ago)
    own = folder / taken_at.strftime("%Y%m%dT%H%M%S.%fZ")
    own.mkdir(parents=True)
    (folder / "objects").mkdir(exist_ok=True)
    (own / "auth.people.copy").write_bytes(b"somebody")
    os.utime(own, (taken_at.timestamp(),) * 2)
    return own.name


def pruned(folder: Path, *more: str) -> tuple[int, str, str]:
    told, complained = io.StringIO(), io.StringIO()
    with redirect_stdout(told), redirect_stderr(complained):
        code = main(["prune-backups", str(folder), *(more or ("--keep-days", "30"))])
    return code, told.getvalue(), complained.getvalue()


def left(folder: Path) -> tuple[set[str], set[str]]:
    """The backups, and the files of objects."""
    backups = {path.name for path in folder.iterdir()} - {"objects"}
    return backups, {path.name for path in (folder / "objects").iterdir()}


def files_of(*keys: str) -> set[str]:
    return {file_of(key) for key in keys}


def test_backups_older_than_said_go_with_what_only_they_named(tmp_path):
    backup(tmp_path, days_ago=31, objects=("erased", "kept"))
    young = backup(tmp_path, days_ago=29, objects=("kept", "came"))
    assert pruned(tmp_path)[0] == 0
    assert left(tmp_path) == ({young}, files_of("kept", "came"))


def test_what_was_removed_is_told(tmp_path):
    old = backup(tmp_path, days_ago=31, objects=("erased",))
    backup(tmp_path, days_ago=1, objects=())
    told = pruned(tmp_path)[1]
    assert (old in told, "1 objects, 17 bytes" in told) == (True, True)


def test_the_newest_backup_stays_however_old_it_is(tmp_path):
    backup(tmp_path, days_ago=90, objects=("erased",))
    newest = backup(tmp_path, days_ago=60, objects=("kept",))
    pruned(tmp_path)
    assert left(tmp_path) == ({newest}, files_of("kept"))


def test_the_newest_that_was_finished_stays_whatever_came_after_it(tmp_path):
    newest = backup(tmp_path, days_ago=60, objects=("kept",))
    killed = unfinished(tmp_path, days_ago=2)
    pruned(tmp_path)
    assert left(tmp_path) == ({newest, killed}, files_of("kept"))


def test_an_object_that_every_backup_forgot_goes_also_when_no_backup_does(tmp_path):
    backup(tmp_path, days_ago=1, objects=("kept",))
    (tmp_path / "objects" / f"{file_of('broken')}.part").write_bytes(b"half")
    pruned(tmp_path)
    assert left(tmp_path)[1] == files_of("kept")


def test_no_object_goes_while_a_backup_is_being_taken(tmp_path):
    backup(tmp_path, days_ago=31, objects=("erased",))
    young, writing = backup(tmp_path, days_ago=1, objects=("kept",)), unfinished(tmp_path, days_ago=0.5)
    assert pruned(tmp_path)[0] == 0
    assert left(tmp_path) == ({young, writing}, files_of("erased", "kept"))


def test_what_a_killed_backup_left_goes_as_old_as_any(tmp_path):
    unfinished(tmp_path, days_ago=31)
    young = backup(tmp_path, days_ago=1, objects=("kept",))
    pruned(tmp_path)
    assert left(tmp_path)[0] == {young}


def test_a_backup_under_another_name_keeps_its_objects(tmp_path):
    name = backup(tmp_path, days_ago=2, objects=("kept",))
    (tmp_path / name).rename(tmp_path / "before-the-release")
    newest = backup(tmp_path, days_ago=1, objects=())
    pruned(tmp_path)
    assert left(tmp_path) == ({"before-the-release", newest}, files_of("kept"))


@pytest.mark.parametrize("manifest", ["", "{", "[]", '{"objects": {}}', '{"taken_at": "x", "objects": {}}'])
def test_where_a_manifest_cannot_be_read_nothing_is_removed(tmp_path, manifest):
    old = backup(tmp_path, days_ago=40, objects=("erased",))
    broken, young = (backup(tmp_path, days_ago=days, objects=("kept",)) for days in (35, 1))
    (tmp_path / broken / "manifest.json").write_text(manifest)
    code, _, complained = pruned(tmp_path)
    assert (code, broken in complained) == (1, True)
    assert left(tmp_path) == ({old, broken, young}, files_of("erased", "kept"))


def test_other_folders_are_left_alone(tmp_path):
    (tmp_path / "lost+found").mkdir(mode=0)
    (tmp_path / "notes").mkdir()
    backup(tmp_path, days_ago=31, objects=())
    young = backup(tmp_path, days_ago=1, objects=())
    pruned(tmp_path)
    assert left(tmp_path)[0] == {"lost+found", "notes", young}


def test_a_folder_that_is_not_there_is_told(tmp_path):
    code, _, complained = pruned(tmp_path / "elsewhere")
    assert (code, "elsewhere" in complained) == (1, True)


def test_a_folder_that_holds_no_backup_is_left_as_it_is(tmp_path):
    (tmp_path / "objects").mkdir()
    (tmp_path / "objects" / file_of("somebody's")).write_bytes(b"whose?")
    assert (pruned(tmp_path)[0], left(tmp_path)) == (1, (set(), files_of("somebody's")))


def test_what_is_no_object_of_ours_is_left_alone(tmp_path):
    backup(tmp_path, days_ago=1, objects=())
    (tmp_path / "objects" / "README").write_bytes(b"whose?")
    pruned(tmp_path)
    assert left(tmp_path)[1] == {"README"}


@pytest.mark.parametrize("days", ["-1", "many", "1.5", ""])
def test_days_that_are_no_number_are_refused(tmp_path, days):
    with pytest.raises(SystemExit) as refusal, redirect_stderr(io.StringIO()):
        main(["prune-backups", str(tmp_path), "--keep-days", days])
    assert refusal.value.code == 2
