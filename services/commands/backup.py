"""`xianjin backup`, `restore` and `prune-backups`: database and objects, consistent with each other, checked by hash and by
chain, and kept no longer than said.
"""

import argparse
import asyncio
import errno
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg

from services import SERVICES
from services.auth import audit_table as auth_log
from services.auth.keys.vault_keys import KeyMissing, open_vault
from services.auth.settings import AuthSettings
from services.backup.pruning import PruneRefused, prune
from services.backup.restoring import RestoreRefused, broken_cases, read_manifest, restore
from services.backup.saving import BackupIncomplete, save
from services.common.db import Database
from services.common.migrations import upgrade
from services.common.problems import Unavailable
from services.common.security_log.audit_log import AuditEventColumns
from services.common.security_log.audit_reading import ChainState, check_chain
from services.documents import audit_table as documents_log
from services.documents.encryption import ObjectCipher
from services.documents.object_store import ObjectStore
from services.documents.resources import open_resources
from services.documents.settings import DocumentsSettings
from services.documents.verifying import verify
from services.nominations import audit_table as nominations_log
from services.nominations.settings import NominationsSettings

_FOLDER_REFUSES = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EIO})
_LOGS: Mapping[str, type[AuditEventColumns]] = {
    "auth": auth_log.AuditEventRow,
    "documents": documents_log.AuditEventRow,
    "nominations": nominations_log.AuditEventRow,
}


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "backup", help="save database and objects into a folder; repeat it: objects are shared"
    )
    parser.add_argument("folder", type=Path)
    parser.set_defaults(run=lambda options: _guarded(lambda: asyncio.run(_save(options.folder))))
    parser = commands.add_parser(
        "restore", help="bring a backup back into an empty database and a bucket, and check it"
    )
    parser.add_argument("backup", type=Path, help="one dated folder of `xianjin backup`")
    parser.set_defaults(run=lambda options: _guarded(lambda: _restore(options.backup)))
    parser = commands.add_parser(
        "prune-backups", help="remove old backups, and the objects that no other names; the newest stays"
    )
    parser.add_argument("folder", type=Path)
    days = "without it DOCUMENTS_BACKUPS_KEPT_DAYS, of which certificates of erasure speak"
    parser.add_argument("--keep-days", type=_days, metavar="N", help=f"how old a backup may be; {days}")
    parser.set_defaults(run=lambda options: _guarded(lambda: _prune(options.folder, options.keep_days)))


def _days(given: str) -> int:
    """Raises ArgumentTypeError."""
    if not given.isascii() or not given.isdecimal() or len(given) > 5:
        raise argparse.ArgumentTypeError(f"须为天数 a number of days, not {given}")
    return int(given)


def _guarded(work: Callable[[], int]) -> int:
    try:
        return work()
    except BackupIncomplete as missing:
        print(f"存储中缺少文件，备份不完整。Objects are missing in the store: {missing}", file=sys.stderr)
    except RestoreRefused as refusal:
        print(f"没有恢复。Not restored: {refusal}", file=sys.stderr)
    except PruneRefused as refusal:
        print(f"没有清理。Nothing was removed: {refusal}", file=sys.stderr)
    except (Unavailable, OSError, asyncpg.PostgresError) as error:
        if isinstance(error, OSError) and error.errno in _FOLDER_REFUSES:
            print(f"备份目录写不进去。The folder cannot be written: {error.strerror}", file=sys.stderr)
        else:
            print(f"数据库或存储没有应答。Database or store is away: {type(error).__name__}", file=sys.stderr)
        return 2
    return 1


def _urls() -> dict[str, str]:
    kinds = {"auth": AuthSettings, "documents": DocumentsSettings, "nominations": NominationsSettings}
    return {service: kinds[service]().owners_database_url() for service in SERVICES}


async def _save(folder: Path) -> int:
    settings = DocumentsSettings()
    store = ObjectStore(settings)
    try:
        saved = await save(folder, _urls(), store, ObjectCipher.of(settings))
    finally:
        store.close()
    facts = read_manifest(saved.folder)
    rows = sum(each["rows"] for each in facts["files"].values())
    for key in saved.fetched_again:
        print(f"备份中的文件已损坏，已重新取回。Decayed in the folder, fetched again: {key}", file=sys.stderr)
    for key in saved.damaged:
        print(f"存储中的文件已损坏或密钥不符。Damaged in the store, or sealed with another key: {key}", file=sys.stderr)
    print(
        f"已备份。Saved: {saved.folder}\n  {rows} rows of {len(facts['files'])} tables, {len(facts['objects'])} objects"
    )
    return 1 if saved.damaged else 0


def _restore(backup: Path) -> int:
    read_manifest(backup)  # before anything is made
    for service, url in _urls().items():
        upgrade(service=service, url=url)
    return asyncio.run(_bring_back(backup))


async def _bring_back(backup: Path) -> int:
    store = ObjectStore(DocumentsSettings())
    try:
        restored = await restore(backup, _urls(), store)
    finally:
        store.close()
    print("已恢复。Restored: " + ", ".join(f"{schema} {rows} rows" for schema, rows in restored.items()))
    return await _check()


def _prune(folder: Path, keep_days: int | None) -> int:
    """Who says nowhere how long backups are kept keeps all of them."""
    days = DocumentsSettings().backups_kept_days if keep_days is None else keep_days
    if days is None:
        print("没有设置 DOCUMENTS_BACKUPS_KEPT_DAYS，备份全部保留。Not set: every backup stays.")
        return 0
    pruned = prune(folder, keep=timedelta(days=days), now=datetime.now(UTC))
    for name in pruned.backups:
        print(f"已删除备份。Removed: {name}")
    print(f"已清理文件。Removed: {pruned.objects} objects, {pruned.byte_count} bytes")
    if pruned.left:
        print("正在备份，其余文件下次清理。A backup is being taken: other objects wait for the next time.")
    return 0


async def _log_of(schema: str, table: type[AuditEventColumns]) -> ChainState:
    database = Database(_urls()[schema], pool_size=1, application="xianjin restore")
    try:
        return await check_chain(database, table)
    finally:
        await database.close()


async def _check() -> int:
    """What a restored installation must show before anybody works with it."""
    broken = await broken_cases(_urls()["nominations"])
    logs = {schema: await _log_of(schema, table) for schema, table in _LOGS.items()}
    async with open_resources(DocumentsSettings()) as resources:
        found = [each async for each in verify(resources) if each.state != "intact"]
    damaged = [each.object_key for each in found if each.state != "locked"]
    wrong_keys = await _keys_that_do_not_fit(locked=len(found) - len(damaged))
    for fault in wrong_keys:
        print(fault, file=sys.stderr)
    for fault in (*(f"case {each}" for each in broken), *(f"object {each}" for each in damaged)):
        print(f"不完整 not whole: {fault}", file=sys.stderr)
    cut = {schema: state.broken_at for schema, state in logs.items() if state.broken_at is not None}
    for schema, at in cut.items():
        print(f"安全日志第 {at} 条被改动。The security log of {schema} breaks at {at}.", file=sys.stderr)
    if broken or damaged or cut or wrong_keys:
        return 1
    print("检查通过：流转记录、安全日志和文件完整。Checked: histories, security log and objects are whole.")
    return 0


async def _keys_that_do_not_fit(*, locked: int) -> list[str]:
    """The rows are back whatever the keys are: with the right ones in the settings nothing has to be restored again."""
    faults = []
    if locked:
        faults.append(
            f"密钥不符：{locked} 个加密文件打不开，请换成备份时的 DOCUMENTS_OBJECT_ENCRYPTION_KEY，不必重新恢复。"
            f"Wrong key: {locked} sealed files stay closed; set the DOCUMENTS_OBJECT_ENCRYPTION_KEY of the backup's time."
        )
    settings: Any = AuthSettings()
    database = Database(_urls()["auth"], pool_size=1, application="xianjin restore")
    try:
        await open_vault(database, settings)
    except KeyMissing:
        faults.append(
            "密钥不符：登录签名密钥打不开，请换成备份时的 AUTH_KEY_ENCRYPTION_KEY，不必重新恢复。"
            "Wrong key: nobody can sign in; set the AUTH_KEY_ENCRYPTION_KEY of the backup's time."
        )
    finally:
        await database.close()
    return faults
