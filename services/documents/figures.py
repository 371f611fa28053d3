"""What the documents service counts of itself for Prometheus. Sums only."""

from sqlalchemy import func, select

from services.common.metrics import Fact, pool_facts
from services.documents.resources import Resources
from services.documents.tables import PendingObjectRow


async def count_facts(resources: Resources) -> list[Fact]:
    oldest = func.extract("epoch", func.now() - func.min(PendingObjectRow.noted_at))
    async with resources.database.reading() as session:
        number, age = (await session.execute(select(func.count(), func.coalesce(oldest, 0)))).one()
    return [
        *pool_facts("documents", resources.database),
        Fact("xianjin_pending_objects", "Objects stored or being stored that no document names yet", number),
        Fact("xianjin_pending_objects_oldest_seconds", "Age of the oldest of them", float(age)),
        Fact("xianjin_inspections_in_hand", "Files being checked or waiting for it", resources.inspections.in_hand),
    ]
