"""`xianjin migrate`: brings the three schemas to their newest version and publishes the campaigns."""

import argparse
import asyncio
import sys
from typing import Any

import yaml

from services import SERVICES
from services.auth.organisations.seeding import seed_organisations
from services.auth.personal_data.privacy_notice_publishing import NoticeChanged, publish_notices
from services.auth.settings import AuthSettings
from services.commands.nominations import tell_twice
from services.common.db import Database
from services.common.migrations import upgrade
from services.documents.settings import DocumentsSettings
from services.nominations.campaigns.campaign_files import CampaignFileBroken
from services.nominations.campaigns.campaign_publication import SeatsTakenBack, VersionTaken, publish_folder
from services.nominations.domain.campaign import CampaignInvalid
from services.nominations.settings import NominationsSettings
from services.privacy.notice_files import NoticeFileBroken, read_notices


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("migrate", help="migrate the databases and publish the campaigns of campaigns/")
    parser.add_argument("--only", choices=SERVICES, help="one service's schema")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    try:
        migrate(only=options.only)
    except (
        CampaignFileBroken,
        CampaignInvalid,
        VersionTaken,
        SeatsTakenBack,
        NoticeFileBroken,
        NoticeChanged,
    ) as refusal:
        print(f"活动没有发布。A campaign was not published: {refusal}", file=sys.stderr)
        return 1
    return 0


def migrate(*, only: str | None = None) -> None:
    """Runs each service's alembic history as the owner of its schema, then publishes what campaigns/ holds.

    To auth the bodies and the privacy notices, to nominations the rules. Cases that stand twice are named and left standing.
    """
    settings: dict[str, Any] = {
        "auth": AuthSettings,
        "documents": DocumentsSettings,
        "nominations": NominationsSettings,
    }
    for service in SERVICES:
        if only in (None, service):
            upgrade(service=service, url=settings[service]().owners_database_url())
    if only in (None, "auth"):
        asyncio.run(_publish_to_auth(settings["auth"]()))
    if only in (None, "nominations"):
        asyncio.run(_publish(NominationsSettings()))


async def _publish_to_auth(settings: AuthSettings) -> None:
    database = Database(settings.database_url.get_secret_value(), pool_size=1, application="xianjin migrate")
    try:
        for path in sorted(settings.campaigns_folder.glob("*/organisations.yaml")):
            await seed_organisations(database, yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
        await publish_notices(database, read_notices(settings.campaigns_folder))
    finally:
        await database.close()


async def _publish(settings: NominationsSettings) -> None:
    database = Database(settings.database_url.get_secret_value(), pool_size=1, application="xianjin migrate")
    try:
        for folder in sorted(settings.campaigns_folder.iterdir()):
            if (folder / "campaign.yaml").exists():
                await publish_folder(database, folder)
        await tell_twice(database)
    finally:
        await database.close()
