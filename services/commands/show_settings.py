"""`xianjin settings`: what the environment says, secrets masked."""

import argparse
import sys
from typing import Any

from pydantic import ValidationError

from services.auth.settings import AuthSettings
from services.common.settings import faults_of
from services.documents.settings import DocumentsSettings
from services.nominations.settings import NominationsSettings


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("settings", help="print the settings in force, secrets masked")
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    kinds: tuple[Any, ...] = (AuthSettings, DocumentsSettings, NominationsSettings)
    return 1 if [kind for kind in kinds if not _show(kind)] else 0


def _show(kind: Any) -> bool:
    try:
        settings = kind()
    except ValidationError as error:
        print(*faults_of(error), sep="\n", file=sys.stderr)
        return False
    for name, field in kind.model_fields.items():
        variable = field.validation_alias or f"{kind.model_config['env_prefix']}{name}".upper()
        print(f"{variable}={getattr(settings, name)}")
    return True
