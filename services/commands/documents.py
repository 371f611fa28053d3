"""`xianjin documents`: what operators do with files: verify, sweep, retention, events, strays, rewrap."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime

from services.commands.audit_log import tell_chain
from services.common.china_time import china_day
from services.common.problems import Problem
from services.common.repeats.answer_seal import AnswerSealBrokenError
from services.common.security_log.audit_reading import check_chain
from services.documents.audit_table import AuditEventRow
from services.documents.domain.document_kind import RetentionStart
from services.documents.encryption import SealBrokenError
from services.documents.orphans import note_strays, remove_orphans
from services.documents.resources import Resources, open_resources
from services.documents.retention import count_due, erase, rules_due, set_event
from services.documents.rewrapping import rewrap
from services.documents.settings import DocumentsSettings
from services.documents.sweeping import sweep
from services.documents.verifying import verify

Deed = Callable[[Resources, argparse.Namespace], Awaitable[int]]


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("documents", help="verify, sweep, retain and rewrap files; needs DOCUMENTS_… settings")
    deeds = parser.add_subparsers(required=True, metavar="DEED")
    _add(
        deeds,
        "verify",
        _verify,
        "re-hash every object against its row; exit code 1 when any is damaged, missing or locked",
    )
    _add(deeds, "sweep", _sweep, "remove expired uploads and links, and orphaned objects")
    strays = _add(deeds, "strays", _strays, "list old objects of the bucket that no row names")
    strays.add_argument("--apply", action="store_true", help="and remove them")
    retention = _add(deeds, "retention", _retention, "list what is kept beyond its time")
    retention.add_argument("--apply", action="store_true", help="and erase it, with a record")
    retention.add_argument("--today", type=date.fromisoformat, default=None, help="another day than today")
    event = _add(deeds, "event", _event, "say when an event happened from which retention counts")
    event.add_argument("campaign")
    event.add_argument("event", choices=[each.value for each in RetentionStart])
    event.add_argument("day", type=date.fromisoformat)
    _add(deeds, "verify-log", _verify_log, "check that nothing in the security log was changed or taken out")
    _add(deeds, "rewrap", _rewrap, "wrap the keys of sealed objects with the newest service key")


def _add(
    deeds: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, deed: Deed, words: str
) -> argparse.ArgumentParser:
    parser = deeds.add_parser(name, help=words)
    parser.set_defaults(run=run, deed=deed)
    return parser


def run(options: argparse.Namespace) -> int:
    """2: PostgreSQL or the object store is away, nothing can be said."""
    try:
        return asyncio.run(_perform(options))
    except Problem as problem:
        print(f"{problem.title.zh} {problem.title.en}", file=sys.stderr)
        return 2


async def _perform(options: argparse.Namespace) -> int:
    async with open_resources(DocumentsSettings()) as resources:
        code: int = await options.deed(resources, options)
        return code


async def _verify(resources: Resources, _: argparse.Namespace) -> int:
    counted = {"intact": 0, "missing": 0, "damaged": 0, "locked": 0}
    async for found in verify(resources):
        counted[found.state] += 1
        if found.state != "intact":
            print(f"{found.state} {found.object_key} documents: {', '.join(map(str, found.document_ids)) or 'none'}")
    print(", ".join(f"{number} {state}" for state, number in counted.items()))
    return 0 if counted["intact"] == sum(counted.values()) else 1


async def _sweep(resources: Resources, _: argparse.Namespace) -> int:
    swept = await sweep(resources)
    print(f"removed {swept.uploads} uploads, {swept.links} links, {swept.objects} objects")
    return 0


async def _strays(resources: Resources, options: argparse.Namespace) -> int:
    now = datetime.now(UTC)
    strays = await note_strays(resources, now=now, apply=options.apply)
    print("\n".join([*strays, f"{len(strays)} strays"]))
    if options.apply:
        print(f"removed {await remove_orphans(resources, now=now)} objects")
    return 0


async def _retention(resources: Resources, options: argparse.Namespace) -> int:
    today = options.today or china_day(datetime.now(UTC))
    for rule in await rules_due(resources, today=today):
        number = await (erase if options.apply else count_due)(resources, rule)
        deed = "erased" if options.apply else "due"
        print(
            f"{rule.campaign_key} {rule.kind}: {number} {deed} ({rule.kept_for.noted}, last day {rule.kept_for.last_day})"
        )
    if options.apply:
        print(f"removed {await remove_orphans(resources, now=datetime.now(UTC))} objects")
    return 0


async def _event(resources: Resources, options: argparse.Namespace) -> int:
    event = RetentionStart(options.event)
    await set_event(resources, campaign_key=options.campaign, event=event, happened_on=options.day)
    return 0


async def _verify_log(resources: Resources, _: argparse.Namespace) -> int:
    return tell_chain(await check_chain(resources.database, AuditEventRow))


async def _rewrap(resources: Resources, _: argparse.Namespace) -> int:
    try:
        print(f"rewrapped {await rewrap(resources)} keys")
    except (SealBrokenError, AnswerSealBrokenError):
        print(
            "旧密钥不在设置中 DOCUMENTS_OBJECT_ENCRYPTION_OLD_KEYS lacks a key that is still in use",
            file=sys.stderr,
        )
        return 1
    return 0
