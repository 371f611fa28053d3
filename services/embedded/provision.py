"""One database, one schema and two roles per service: an owner that migrates, and an application that owns nothing.

An operator does the same once by hand; the statements are those that `docs/operations.md` lists.
"""

from collections.abc import Mapping

import asyncpg

from services import SERVICES

DATABASE = "xianjin"


async def provision(superuser_url: str, passwords: Mapping[str, str], *, database: str = DATABASE) -> None:
    """Makes what is missing and sets the passwords. Safe to repeat. `passwords` by role name."""
    admin = await asyncpg.connect(superuser_url, ssl=False)
    try:
        if not await admin.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", database):
            await admin.execute(f"CREATE DATABASE {database}")
    finally:
        await admin.close()
    connection = await asyncpg.connect(superuser_url.rpartition("/")[0] + f"/{database}", ssl=False)
    try:
        async with connection.transaction():
            await connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
            for service in SERVICES:
                await _provision_service(connection, service, passwords)
    finally:
        await connection.close()


async def drop(superuser_url: str, *, database: str = DATABASE) -> None:
    """Whoever is connected is cut off. There is no way back."""
    admin = await asyncpg.connect(superuser_url, ssl=False)
    try:
        await admin.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
    finally:
        await admin.close()


async def _provision_service(database: asyncpg.Connection, service: str, passwords: Mapping[str, str]) -> None:
    owner, application = f"{service}_owner", f"{service}_app"
    for role in (owner, application):
        if not await database.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role):
            await database.execute(f"CREATE ROLE {role} LOGIN")
        # Passwords are our own url-safe tokens: nothing in them needs quoting.
        await database.execute(f"ALTER ROLE {role} PASSWORD '{passwords[role]}'")
        await database.execute(f"ALTER ROLE {role} SET search_path = {service}")
    await database.execute(f"CREATE SCHEMA IF NOT EXISTS {service} AUTHORIZATION {owner}")
    await database.execute(f"GRANT USAGE ON SCHEMA {service} TO {application}")
    for privileges, kind in (("SELECT, INSERT, UPDATE, DELETE", "TABLES"), ("USAGE", "SEQUENCES")):
        await database.execute(
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {service} GRANT {privileges} ON {kind} TO {application}"
        )
