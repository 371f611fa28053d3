"""`xianjin nominations`: what operators do to the nominations service from its machine."""

import argparse
import asyncio
import sys
from typing import Any

from services.commands.audit_log import tell_chain
from services.common.db import Database
from services.common.problems import Problem
from services.common.repeats.answer_seal import AnswerSealBrokenError
from services.common.repeats.idempotency import KeptAnswers
from services.common.security_log.audit_reading import check_chain
from services.nominations.audit_table import AuditEventRow
from services.nominations.campaigns.calendar_files import read_calendar
from services.nominations.campaigns.published import Campaigns
from services.nominations.cases.standing_twice import cases_standing_twice
from services.nominations.personal_data.rewrapping import rewrap
from services.nominations.personal_data.sealing import SealBrokenError
from services.nominations.settings import NominationsSettings
from services.nominations.tables import IdempotencyKeyRow


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("nominations", help="rewrap, verify-log, twice; needs NOMINATIONS_… settings")
    deeds = parser.add_subparsers(required=True, metavar="DEED")
    deed = deeds.add_parser("rewrap", help="seal and index identity numbers with the newest keys")
    deed.set_defaults(run=lambda _: asyncio.run(_rewrap()))
    deed = deeds.add_parser("verify-log", help="check that nothing in the security log was changed or taken out")
    deed.set_defaults(run=lambda _: asyncio.run(_verify_log()))
    deed = deeds.add_parser("twice", help="name open cases that are about one collective, from before that was refused")
    deed.set_defaults(run=lambda _: asyncio.run(_twice()))


def _open() -> tuple[Any, Database]:
    settings: Any = NominationsSettings()
    return settings, Database(settings.database_url.get_secret_value(), pool_size=1, application="xianjin nominations")


async def _verify_log() -> int:
    _, database = _open()
    try:
        return tell_chain(await check_chain(database, AuditEventRow))
    finally:
        await database.close()


async def _twice() -> int:
    """1: some stand twice. 2: PostgreSQL is away."""
    _, database = _open()
    try:
        return 1 if await tell_twice(database) else 0
    except (Problem, OSError) as away:
        print(f"PostgreSQL is away: {type(away).__name__}", file=sys.stderr)
        return 2
    finally:
        await database.close()


async def tell_twice(database: Database) -> int:
    """Prints a line for each case that stands beside another of the same collective. Gives how many there are."""
    async with database.transaction() as session:
        found = await cases_standing_twice(session)
    for each in found:
        by = "统一社会信用代码 credit code" if each.known_by == "entity_code" else "名称 name"
        print(f"{each.campaign_key} {each.quota_unit}  {each.case}  重复推荐 stands twice  {each.beside}  ({by})")
    if found:
        print(
            "请推荐单位撤回其中一件，或者更正名称、统一社会信用代码、“是否内设机构”。"
            "One of the two is withdrawn by its unit, or what it says of itself is put right.",
            file=sys.stderr,
        )
    return len(found)


async def _rewrap() -> int:
    """1: a key is missing that still seals something. 2: PostgreSQL is away."""
    settings, database = _open()
    campaigns = Campaigns(read_calendar(settings.campaigns_folder / "calendars"))
    try:
        answers = KeptAnswers(database, IdempotencyKeyRow, settings.answer_seal())
        done = await rewrap(database, campaigns, settings.identity_seal(), answers)
    except (SealBrokenError, AnswerSealBrokenError):
        print(
            "旧密钥不在设置中 NOMINATIONS_FIELD_ENCRYPTION_OLD_KEYS lacks a key that still seals something",
            file=sys.stderr,
        )
        return 1
    except (Problem, OSError) as away:
        print(f"PostgreSQL is away: {type(away).__name__}", file=sys.stderr)
        return 2
    finally:
        await database.close()
    print(f"rewrapped {done.cases} cases, {done.others} other values")
    return 0
