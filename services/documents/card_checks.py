"""Looking over an ID card copy: how it was photographed and, where the extra `ocr` is at work, what its text says."""

from functools import partial

from services.common.worker_pool import WorkerPoolError
from services.documents.domain.card_check import CardCheck
from services.documents.domain.card_rule import CardSide
from services.documents.domain.card_text import CardText
from services.documents.domain.card_text_rule import judge_text
from services.documents.file_check import inspect_content
from services.documents.inspection.card_copy import check_card
from services.documents.inspection.card_reading import read_card_text
from services.documents.problems import FileDamaged
from services.documents.resources import Resources


async def look_over_card(resources: Resources, content: bytes, side: CardSide) -> CardCheck:
    """Raises FileDamaged for what is no sound JPEG or PNG, InspectionsBusy when too much waits."""
    seen = await inspect_content(resources.inspections, partial(check_card, side=side), content)
    if seen is None:
        raise FileDamaged
    text = await _read(resources, content)
    known = {finding.code for finding in seen}
    said = () if text is None else tuple(f for f in judge_text(text, side) if f.code not in known)
    return CardCheck(seen + said, text)


async def _read(resources: Resources, content: bytes) -> CardText | None:
    """A reader that is busy, slow or gone keeps nobody from uploading."""
    if resources.readers is None:
        return None
    try:
        return await resources.readers.run(read_card_text, content)
    except WorkerPoolError:
        return None
