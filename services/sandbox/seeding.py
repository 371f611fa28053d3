"""What the sandbox holds beyond the embedded default: a second campaign, everybody's account, the nominees' phones."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from services.auth.organisations.seeding import seed_demo_people, seed_wechat_identities
from services.auth.settings import AuthSettings
from services.common.db import Database
from services.embedded.demo_people import PASSWORD
from services.embedded.wechat import identity_of
from services.sandbox.cast import CAMPAIGNS, accounts, people


def lay_out_campaigns(ours: Path, folder: Path) -> Path:
    """One folder with the notice's campaigns and the invented one: all services read their rules there."""
    if folder.exists():
        shutil.rmtree(folder)
    for source in (ours, CAMPAIGNS):
        shutil.copytree(source, folder, dirs_exist_ok=True)
    return folder


async def seed(appid: str) -> None:
    """After the embedded default has been prepared. `appid` is the mini-program's."""
    auth: Any = AuthSettings()
    database = Database(auth.database_url.get_secret_value(), pool_size=1, application="xianjin sandbox")
    try:
        for data in people().values():
            await seed_demo_people(database, data, password=PASSWORD)
        await seed_wechat_identities(database, appid=appid, identities=_phones(appid))
    finally:
        await database.close()


def _phones(appid: str) -> Mapping[str, tuple[str, str]]:
    """Openid and unionid of whoever has a phone, by the account's name."""
    return {each.username: identity_of(appid, each.wechat_user) for each in accounts() if each.wechat_user}
