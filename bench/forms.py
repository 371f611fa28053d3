"""How fast forms are drawn and bags are written: processor time, for one core. `make bench-forms`."""

import hashlib
import itertools
import random
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

from PIL import Image

from services.evidence.bags import BagWriter
from services.evidence.seals import SealingKey
from services.nominations.forms.docx import render_docx
from services.nominations.forms.pdf import render_pdf
from services.nominations.forms.xlsx import render_xlsx
from services.nominations.prints.sheet_rendering import sheet_document
from tests.domain.sample_forms import complete_individual_form
from tests.domain.the_campaign import the_campaign
from tests.nominations.forms.every_form import filled, layout_of

_ROWS = 10_000
_CASES, _PAPERS = 500, 6
_PEOPLE = 50
_MEGABYTE = 1_000_000


def least(what: Callable[[], object], *, times: int) -> float:
    """Milliseconds of processor time of the quickest run; one run before it warms what is kept."""
    what()
    return min(_spent(what) for _ in range(times)) * 1000


def _spent(what: Callable[[], object]) -> float:
    before = time.process_time()
    what()
    return time.process_time() - before


def peak() -> float:
    """MB that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def table_of(rows: int) -> Callable[[], bytes]:
    campaign = the_campaign()
    form = campaign.forms["attachment_4"]
    row = {column.key: str(complete_individual_form().get(column.key, "示例")) for column in form.columns}
    document = sheet_document(
        campaign,
        layout_of("attachment_4"),
        form,
        values={},
        status="final",
        rows=[row | {"rank": str(n)} for n in range(rows)],
    )
    return lambda: render_xlsx(document)


def deeds(number: int) -> str:
    """1,500 characters, in another order for everybody: a form that is drawn twice is half remembered."""
    characters = [chr(0x4E00 + place) for place in range(500)]
    random.Random(number).shuffle(characters)  # noqa: S311  other words, no secret
    return "".join(characters * 3)


def bag() -> tuple[float, float]:
    """Seconds and MB of a bag of many cases whose pictures come from memory, as from a store on the same machine."""
    paper = BytesIO()
    Image.effect_noise((1200, 900), 90).convert("RGB").save(paper, "JPEG", quality=80)
    writer = BagWriter(info={"External-Description": "bench"}, at=datetime(2025, 2, 28, tzinfo=UTC))
    sent, before, got = 0, time.process_time(), hashlib.sha256()
    for case in range(_CASES):
        for number in range(_PAPERS):
            piece = writer.add(f"cases/{case:03d}/{number}.jpg", paper.getvalue())
            sent += len(piece)
            got.update(piece[:64])
    sent += len(writer.finish(SealingKey("QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=")))
    return time.process_time() - before, sent / _MEGABYTE


def report(name: str, figure: float, unit: str, aim: str, *, met: bool) -> None:
    sys.stdout.write(f"{name:<44}{figure:>10.1f} {unit:<6} aim {aim:<10}{'' if met else '  MISSED'}\n")


def main() -> None:
    people = [filled("attachment_6", {"full_name": f"示例{n:02}", "deeds": deeds(n)}) for n in range(_PEOPLE)]
    another = itertools.cycle(people)
    before = peak()
    seconds, megabytes = bag()
    report(f"bag of {_CASES} cases, written", megabytes / seconds, "MB/s", ">= 50", met=megabytes / seconds >= 50)
    report(f"bag of {_CASES} cases, {megabytes:.0f} MB: held at most", peak(), "MB", "< 200", met=peak() < 200)
    report("of it before the bag began", before, "MB", "-", met=True)
    pdf = least(lambda: render_pdf(next(another)), times=20)
    report("attachment_6 as PDF, warm", pdf, "ms", "< 100", met=pdf < 100)
    report("attachment_6 as PDF, a second on one core", 1000 / pdf, "forms", ">= 16", met=1000 / pdf >= 16)
    docx = least(lambda: render_docx(next(another)), times=20)
    report("attachment_6 as DOCX", docx, "ms", "< 60", met=docx < 60)
    table = table_of(_ROWS)
    held = peak()
    spent = least(table, times=1)
    report(f"attachment_4 of {_ROWS} rows as XLSX", spent / 1000, "s", "< 4", met=spent < 4000)
    report(f"attachment_4 of {_ROWS} rows as XLSX: more held", peak() - held, "MB", "< 150", met=peak() - held < 150)


if __name__ == "__main__":
    main()
