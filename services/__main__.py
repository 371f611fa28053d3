"""The command `xianjin`."""

import argparse
import gc
import importlib
import sys
from collections.abc import Sequence

COMMANDS = (
    "serve",
    "sandbox",
    "conformance",
    "embedded",
    "migrate",
    "auth",
    "nominations",
    "demo",
    "campaign",
    "backup",
    "verify",
    "documents",
    "openapi",
    "audiences",
    "errors",
    "workflow",
    "requirements",
    "show_settings",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one subcommand. Gives the exit code: 0 done, 1 refused with a message, 2 wrong usage or settings, or somebody away.

    Commands are imported here and not above: every worker process imports this module again.
    """
    parser = argparse.ArgumentParser(prog="xianjin", description="评选表彰推荐系统 Xianjin")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    gc.disable()  # nothing that is imported is garbage: looking for it took a sixth of the time to the first answer
    for name in COMMANDS:
        importlib.import_module(f"services.commands.{name}").add_to(commands)
    gc.enable()
    options = parser.parse_args(arguments)
    code: int = importlib.import_module("services.commands.guarding").guarded(lambda: options.run(options))
    return code


if __name__ == "__main__":
    sys.exit(main())
