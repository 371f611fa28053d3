"""`xianjin embedded`: the embedded servers and the fake WeChat alone, for services that run in processes of their own."""

import argparse
import os
import shlex
import signal
import sys
from pathlib import Path

from services.commands.embedded_start import start_embedded
from services.common.logs import configure_logs
from services.embedded.stack import EmbeddedStartFailed


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("embedded", help="run only PostgreSQL, S3 and the fake WeChat, for separate services")
    parser.add_argument("--data", type=Path, default=None, help="folder of the servers (default: .xianjin)")
    parser.add_argument("--environment-file", type=Path, required=True, help="where to write the services' settings")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    configure_logs("WARNING")
    before = set(os.environ)
    try:
        with start_embedded(options.data):
            _write(options.environment_file, {name: os.environ[name] for name in os.environ.keys() - before})
            print(f"ready: set -a; . {options.environment_file}; set +a", flush=True)
            signal.sigwait({signal.SIGINT, signal.SIGTERM})
    except EmbeddedStartFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    finally:
        options.environment_file.unlink(missing_ok=True)
    return 0


def _write(path: Path, settings: dict[str, str]) -> None:
    """The file holds secrets: only its owner reads it."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(f"{name}={shlex.quote(value)}\n" for name, value in sorted(settings.items()))
