"""`xianjin settings`: what the environment says, secrets masked."""

import argparse
from typing import Any

from services.auth.settings import AuthSettings
from services.documents.settings import DocumentsSettings
from services.nominations.settings import NominationsSettings


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("settings", help="print the settings in force, secrets masked")
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    kinds: tuple[Any, ...] = (AuthSettings, DocumentsSettings, NominationsSettings)
    for kind in kinds:
        settings = kind()
        prefix = kind.model_config["env_prefix"]
        for name, field in kind.model_fields.items():
            variable = field.validation_alias or f"{prefix}{name}".upper()
            print(f"{variable}={getattr(settings, name)}")
    return 0
