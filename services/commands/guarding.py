"""What stops a command before it did anything is told in a line or two, never by a traceback: settings, and who is away."""

import argparse
import logging
import os
import re
import sys
from collections.abc import Callable

from asyncpg import PostgresError
from pydantic import ValidationError
from pydantic_settings import SettingsError
from sqlalchemy.exc import DBAPIError

from services.common.problems import Unavailable
from services.common.settings import faults_of

_SECONDS = re.compile(r"[0-9]{1,5}(\.[0-9]{1,3})?")


def guarded(work: Callable[[], int]) -> int:
    """The command's own code; 2 where it could not begin."""
    try:
        return work()
    except ValidationError as error:
        if not error.title.endswith("Settings"):
            raise
        print("设置缺少或有误，没有启动。Settings are missing or wrong:", file=sys.stderr)
        print(*(f"  {fault}" for fault in faults_of(error)), sep="\n", file=sys.stderr)
    except SettingsError as error:  # says which one, and not what it holds
        print(f"设置有误，没有启动。A setting is wrong: {error}", file=sys.stderr)
    except (Unavailable, DBAPIError, PostgresError, ConnectionError) as error:
        print(f"数据库或存储没有应答。Database or store is away: {type(error).__name__}", file=sys.stderr)
    return 2


def log_level() -> str:
    """XIANJIN_LOG_LEVEL. Raises SettingsError for a word that is none."""
    level = os.environ.get("XIANJIN_LOG_LEVEL", "WARNING" if sys.stderr.isatty() else "INFO").upper()
    if level not in logging.getLevelNamesMapping():
        raise SettingsError(f"XIANJIN_LOG_LEVEL must be one of {', '.join(logging.getLevelNamesMapping())}")
    return level


def leave_seconds() -> float:
    """XIANJIN_LEAVE_SECONDS. Raises SettingsError for what is no number of seconds."""
    given = os.environ.get("XIANJIN_LEAVE_SECONDS", "0")
    if not _SECONDS.fullmatch(given):
        raise SettingsError("XIANJIN_LEAVE_SECONDS must be a number of seconds")
    return float(given)


def port_number(given: str) -> int:
    """0: the default. Raises ArgumentTypeError."""
    if not given.isascii() or not given.isdecimal() or int(given) > 65_535:
        raise argparse.ArgumentTypeError(f"端口须为1至65535 a number from 1 to 65535, not {given}")
    return int(given)
