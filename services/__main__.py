"""The command `xianjin`."""

import argparse
import sys
from collections.abc import Sequence

from services.commands import demo, migrate, openapi, serve, show_settings, workflow


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one subcommand. Gives the exit code: 0 done, 1 refused with a message, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="xianjin", description="评选表彰推荐系统 Xianjin")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for module in (serve, migrate, demo, openapi, workflow, show_settings):
        module.add_to(commands)
    options = parser.parse_args(arguments)
    code: int = options.run(options)
    return code


if __name__ == "__main__":
    sys.exit(main())
