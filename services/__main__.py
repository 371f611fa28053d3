"""The command `xianjin`."""

import argparse
import gc
import sys
from collections.abc import Sequence

from services.commands.importing import import_quickly

MODULES = {
    "serve": "serve",
    "sandbox": "sandbox",
    "conformance": "conformance",
    "embedded": "embedded",
    "migrate": "migrate",
    "auth": "auth",
    "nominations": "nominations",
    "demo": "demo",
    "campaign": "campaign",
    "backup": "backup",
    "restore": "backup",
    "prune-backups": "backup",
    "verify": "verify",
    "documents": "documents",
    "openapi": "openapi",
    "audiences": "audiences",
    "errors": "errors",
    "workflow": "workflow",
    "requirements": "requirements",
    "settings": "show_settings",
}
"""Command → module of `services.commands`."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one subcommand. Gives the exit code: 0 done, 1 refused with a message, 2 wrong usage or settings, or somebody away.

    Only the command that is asked for is imported: an auditor's `verify` needs none of the services. And not above: every worker
    process imports this module again.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    asked = MODULES.get(given[0]) if given else None
    parser = argparse.ArgumentParser(prog="xianjin", description="评选表彰推荐系统 Xianjin")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name in [asked] if asked else dict.fromkeys(MODULES.values()):
        import_quickly(f"services.commands.{name}").add_to(commands)
    options = parser.parse_args(given)
    guarded = import_quickly("services.commands.guarding").guarded
    try:
        code: int = guarded(lambda: options.run(options))
    finally:
        gc.unfreeze()  # the interpreter takes everything apart as it would have
    return code


if __name__ == "__main__":
    sys.exit(main())
