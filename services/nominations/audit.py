"""Writing the security log of nominations: the last statement of its transaction."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.common.callers.tokens import Caller
from services.common.security_log.audit_log import Fact, add_entry, person_of, who
from services.nominations.audit_table import ProcedureAction
from services.nominations.tables import SCHEMA


async def note(session: AsyncSession, action: ProcedureAction, caller: Caller | None, **facts: Fact) -> None:
    """`caller` None: the operator, on the machine."""
    named = who(caller) if caller is not None else {}
    person_id = person_of(caller) if caller is not None else None
    await add_entry(session, SCHEMA, action, person_id=person_id, facts=named | facts)
