"""`xianjin auth`: what operators do to the auth service from its machine."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

from services.auth.audit_table import AuditEventRow
from services.auth.domain.roles import Role
from services.auth.keys.rewrapping import rewrap
from services.auth.keys.rotating_keys import rotate_keys
from services.auth.keys.sealing import CannotOpenError
from services.auth.keys.vault_keys import KeyMissing, open_vault
from services.auth.organisations.appointing import APPOINTED, NoSuchOffice, appoint
from services.auth.organisations.body_problems import RolesConflict
from services.auth.settings import AuthSettings
from services.auth.tables import IdempotencyKeyRow
from services.commands.audit_log import tell_chain
from services.common.db import Database
from services.common.messages.text_messages import mobile_number
from services.common.repeats.answer_seal import AnswerSealBrokenError
from services.common.repeats.idempotency import KeptAnswers
from services.common.security_log.audit_reading import check_chain


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "auth", help="appoint administrators, rotate the signing keys, verify the security log"
    )
    deeds = parser.add_subparsers(required=True, metavar="DEED")
    rotate = deeds.add_parser("rotate-keys", help="publish a new signing key, and sign with it ten minutes later")
    rotate.add_argument("--lead-minutes", type=int, default=10, help="how long it is published before it signs")
    rotate.add_argument("--at-once", action="store_true", help="the old key is lost or stolen: everybody refreshes")
    rotate.set_defaults(run=lambda options: asyncio.run(_told(_rotate(options))))
    appoint_ = deeds.add_parser(
        "appoint", help="appoint an administrator or the first city officer; prints a code once"
    )
    appoint_.add_argument("role", choices=sorted(role.value for role in APPOINTED))
    appoint_.add_argument("--name", required=True)
    appoint_.add_argument("--phone", help="eleven digits; the same name and number are the same person")
    appoint_.add_argument("--jurisdiction", help="of the city office, where there are several")
    appoint_.set_defaults(run=lambda options: asyncio.run(_told(_appoint(options))))
    rewrap_ = deeds.add_parser(
        "rewrap", help="after a change of AUTH_KEY_ENCRYPTION_KEY: seal everything under the new one"
    )
    rewrap_.set_defaults(run=lambda _: asyncio.run(_told(_rewrap())))
    verify = deeds.add_parser("verify-log", help="check that nothing in the security log was changed or taken out")
    verify.set_defaults(run=lambda _: asyncio.run(_verify()))


async def _told(deed: Awaitable[int]) -> int:
    try:
        return await deed
    except (KeyMissing, CannotOpenError, AnswerSealBrokenError):
        print(
            "密钥不符 AUTH_KEY_ENCRYPTION_KEY and AUTH_KEY_ENCRYPTION_OLD_KEYS lack a key that this database needs",
            file=sys.stderr,
        )
        return 1


def _open() -> tuple[Any, Database]:
    settings: Any = AuthSettings()
    return settings, Database(settings.database_url.get_secret_value(), pool_size=1, application="xianjin auth")


async def _rotate(options: argparse.Namespace) -> int:
    if not options.at_once and options.lead_minutes < 6:
        print("--lead-minutes: at least 6, for services keep the old key set for five minutes", file=sys.stderr)
        return 2
    settings, database = _open()
    try:
        rotation = await rotate_keys(
            database,
            await open_vault(database, settings),  # a key that no server can open would end every session
            token_lifetime=settings.access_token_lifetime,
            lead=timedelta(0) if options.at_once else timedelta(minutes=options.lead_minutes),
        )
    finally:
        await database.close()
    state = "已在更换中 rotation under way" if rotation.begun_before else "已发布新密钥 new key published"
    print(f"{state}: {rotation.kid}")
    print(
        f"  signs from {rotation.signs_from:%Y-%m-%d %H:%M:%S %Z}, old kept until {rotation.old_kept_until:%H:%M:%S %Z}"
    )
    return 0


async def _rewrap() -> int:
    settings, database = _open()
    try:
        answers = KeptAnswers(database, IdempotencyKeyRow, settings.answer_seal())
        moved = await rewrap(database, await open_vault(database, settings), answers)
    finally:
        await database.close()
    print(f"已换用新密钥 rewrapped {moved} values")
    return 0


async def _appoint(options: argparse.Namespace) -> int:
    settings, database = _open()
    phone = None if options.phone is None else mobile_number(options.phone)
    if options.phone is not None and phone is None:
        print("--phone: 11位手机号 eleven digits", file=sys.stderr)
        return 2
    try:
        code = await appoint(
            database,
            await open_vault(database, settings),
            role=Role(options.role),
            full_name=options.name,
            phone=phone,
            jurisdiction=options.jurisdiction,
            lifetime=settings.invitation_lifetime,
        )
    except RolesConflict as conflict:
        print((conflict.detail or conflict.title).zh, file=sys.stderr)
        return 1
    except NoSuchOffice:
        print(
            "没有找到专班办公室，请先执行 xianjin migrate，或用 --jurisdiction 指明。No such city office",
            file=sys.stderr,
        )
        return 1
    finally:
        await database.close()
    print(f"邀请码（只显示一次，请当面交给本人）invitation code, shown once: {code}")
    print("本人在网页上用邀请码设置用户名和密码。POST /v1/auth/invitations/redemptions")
    return 0


async def _verify() -> int:
    _, database = _open()
    try:
        state = await check_chain(database, AuditEventRow)
    finally:
        await database.close()
    return tell_chain(state)
