"""`xianjin campaign`: a campaign's files checked, published, compared and played through before the notice goes out."""

import argparse
import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from services.campaign_tools.chinese import in_chinese
from services.campaign_tools.folder_check import check_folder
from services.campaign_tools.marked_yaml import Fault
from services.campaign_tools.published import Comparison, NotPublished, compare
from services.campaign_tools.reports import comparison_lines, simulation_lines
from services.campaign_tools.schemas import schema_files
from services.common.db import Database
from services.common.problems import Unavailable
from services.nominations.campaigns.calendar_files import read_calendar
from services.nominations.campaigns.campaign_files import CampaignFileBroken, read_campaign_folder
from services.nominations.campaigns.campaign_publication import SeatsTakenBack, publish
from services.nominations.domain.campaign_parsing import parse_campaign
from services.nominations.domain.campaign_simulation import simulate
from services.nominations.settings import NominationsSettings

SCHEMAS = Path("campaigns/schema")


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("campaign", help="check, publish, compare and play through a campaign's folder")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    check = _action(actions, "check", run_check, "every fault of the files at once, with file and line")
    check.add_argument("--json", action="store_true", help="for tools: a list of file, line, path, message, chinese")
    _action(actions, "publish", run_publish, "publish to the configured database as an immutable version")
    diff = _action(actions, "diff", run_diff, "what the folder changes, and the cases under way that see it")
    diff.add_argument("--against", type=int, help="a published version (default: the folder's own, else the newest)")
    play = _action(actions, "simulate", run_simulate, "the calendar, the last safe days, the quotas, and warnings")
    play.add_argument("--from", dest="first_day", type=date.fromisoformat, help="default: the day of issue")
    play.add_argument("--calendars", type=Path, help="default: calendars/ beside the folder, else of the checkout")
    schema = actions.add_parser("schema", help="write campaigns/schema/*.schema.json from the code")
    schema.add_argument("--check", action="store_true", help="change nothing; fail when the files differ")
    schema.set_defaults(run=run_schema)


def _action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Callable[[argparse.Namespace], int],
    words: str,
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=words)
    parser.add_argument("folder", type=Path)
    parser.set_defaults(run=run)
    return parser


def run_check(options: argparse.Namespace) -> int:
    faults = check_folder(options.folder)
    if options.json:
        told = [asdict(fault) | {"chinese": in_chinese(fault.message)} for fault in faults]
        print(json.dumps(told, ensure_ascii=False, indent=2))
    elif faults:
        _print_faults(faults)
    else:
        print(f"{options.folder}: 没有发现问题 no faults")
    return 1 if faults else 0


def run_publish(options: argparse.Namespace) -> int:
    return _with_database(options.folder, _publish)


async def _publish(folder: Path, database: Database) -> int:
    content = read_campaign_folder(folder)
    before = await compare(database, content)
    name = f"{before.key} 第{before.version}版"
    if before.is_published and before.changes:
        print(f"{name}已经发布，发布后不能改动，请提高 version 后再发布。改动如下：", file=sys.stderr)
        print("\n".join(comparison_lines(before)), file=sys.stderr)
        return 1
    try:
        await publish(database, content)
    except SeatsTakenBack as refusal:
        print(f"{name}的名额少于已发放的名额，不能发布：{refusal}", file=sys.stderr)
        return 1
    if before.is_published:
        print(f"{name}早已发布，内容相同，没有改动。Published before, nothing changed.")
    else:
        print(f"{name}已发布。在办推荐仍按各自开始时的版本办理。Published.")
        print("documents.yaml 有改动的，请重新启动 documents 服务。Restart documents where documents.yaml changed.")
    return 0


def run_diff(options: argparse.Namespace) -> int:
    async def diff(folder: Path, database: Database) -> int:
        found: Comparison = await compare(database, read_campaign_folder(folder), against=options.against)
        print("\n".join(comparison_lines(found)))
        return 0

    return _with_database(options.folder, diff)


def run_simulate(options: argparse.Namespace) -> int:
    faults = check_folder(options.folder)
    if faults:
        return _refuse(faults)
    campaign = parse_campaign(read_campaign_folder(options.folder))
    try:
        calendar = read_calendar(options.calendars or _calendars(options.folder))
    except CampaignFileBroken as broken:
        print(broken, file=sys.stderr)
        return 1
    played = simulate(campaign, calendar, first_day=options.first_day or campaign.issued_on)
    print("\n".join(simulation_lines(campaign, played)))
    return 0


def run_schema(options: argparse.Namespace) -> int:
    SCHEMAS.mkdir(exist_ok=True)
    files = {SCHEMAS / name: text for name, text in schema_files().items()}
    stale = [path for path, text in files.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if options.check and stale:
        print(f"campaigns/schema/ is not what the code reads: {', '.join(p.name for p in stale)}. Run: make openapi")
        return 1
    for path in stale:
        path.write_text(files[path], encoding="utf-8")
    return 0


def _calendars(folder: Path) -> Path:
    beside = folder.resolve().parent / "calendars"
    default: Path = NominationsSettings.model_fields["campaigns_folder"].default / "calendars"
    return beside if beside.is_dir() else default


def _with_database(folder: Path, work: Callable[[Path, Database], Awaitable[int]]) -> int:
    """Checks the folder first: what is wrong with it is told with file and line, whatever is asked."""
    faults = check_folder(folder)
    if faults:
        return _refuse(faults)
    try:
        url = NominationsSettings().database_url.get_secret_value()
        return asyncio.run(_connected(url, folder, work))
    except ValidationError as error:
        missing = ", ".join(f"NOMINATIONS_{fault['loc'][0]}".upper() for fault in error.errors())
        print(f"没有配置数据库，请先设置环境变量。Settings missing or wrong: {missing}", file=sys.stderr)
    except (Unavailable, SQLAlchemyError, OSError) as error:
        print(f"数据库没有应答。The database does not answer: {type(error).__name__}", file=sys.stderr)
    except NotPublished as error:
        print(error, file=sys.stderr)
    return 1


async def _connected(url: str, folder: Path, work: Callable[[Path, Database], Awaitable[int]]) -> int:
    database = Database(url, pool_size=1, application="xianjin campaign")
    try:
        return await work(folder, database)
    finally:
        await database.close()


def _refuse(faults: list[Fault]) -> int:
    _print_faults(faults)
    return 1


def _print_faults(faults: list[Fault]) -> None:
    print("\n".join(map(str, faults)), file=sys.stderr)
    print(f"{len(faults)} 处问题 faults", file=sys.stderr)
