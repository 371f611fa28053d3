"""The key of fingerprints, kept in the database: recovery codes and invitations outlive a change of the sealing key."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.auth.keys.sealing import CannotOpenError, Vault
from services.auth.keys.vault_tables import VaultKeyRow
from services.auth.settings import AuthSettings
from services.common.db import Database

FINGERPRINTS = "fingerprints"
_LOCK = "auth vault keys"


class KeyMissing(RuntimeError):
    """No key of the settings opens what this database holds."""


async def open_vault(database: Database, settings: AuthSettings) -> Vault:
    """Raises KeyMissing."""
    async with database.transaction() as session:
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(_LOCK))))
        row = await session.get(VaultKeyRow, FINGERPRINTS)
        if row is None:
            row = _first(session, settings)
        sealed = row.sealed_key
    try:
        key = settings.vault().open(sealed, purpose=FINGERPRINTS)
    except CannotOpenError:
        raise KeyMissing("AUTH_KEY_ENCRYPTION_KEY does not open the keys stored in this database") from None
    return settings.vault(fingerprint_key=key)


def _first(session: AsyncSession, settings: AuthSettings) -> VaultKeyRow:
    vault = settings.vault()
    row = VaultKeyRow(name=FINGERPRINTS, sealed_key=vault.seal(vault.fingerprint_key, purpose=FINGERPRINTS))
    session.add(row)
    return row
