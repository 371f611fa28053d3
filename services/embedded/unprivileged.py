"""Child processes that die with their parent, and that never run as root: PostgreSQL refuses to, and S3 needs not."""

import ctypes
import os
import pwd
import signal
import stat
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1


def account() -> dict[str, Any]:
    """Popen's arguments that drop root for `nobody`; empty for a plain user."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def own(path: Path) -> None:
    """Gives a file or folder to the account that the servers run as."""
    who = account()
    if who:
        os.chown(path, who["user"], who["group"])


def reachable(path: Path) -> bool:
    """Whether that account can walk down to `path`."""
    if os.geteuid() != 0:
        return True
    parents = [parent for parent in (path, *path.parents) if parent.exists()]
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in parents if parent.is_dir())


def spawn(
    command: Sequence[str | Path], *, log: IO[bytes], death_signal: int, environment: dict[str, str]
) -> "subprocess.Popen[bytes]":
    """Starts a server in its own session. Call it from the main thread: the death signal follows the thread that forks."""
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", **environment},
        start_new_session=True,
        preexec_fn=_die_with(os.getpid(), death_signal),  # noqa: PLW1509  two system calls, no lock is taken
        **account(),
    )


def _die_with(parent: int, death_signal: int) -> Callable[[], None]:
    def prepare() -> None:
        # After the change of user, which would clear it; and for a parent that died before it was set.
        _LIBC.prctl(_PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return prepare


def run_once(command: Sequence[str | Path]) -> None:
    """Runs a tool to its end as the servers' account. Raises CalledProcessError with what it printed."""
    subprocess.run(
        [str(part) for part in command],
        check=True,
        capture_output=True,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        **account(),
    )
