"""`make bench-exports`: processor time of what is written for people, beside the plainest way to make the same bytes.

No server is started. The plain way and ours alternate in one process; the middle of several tries counts. A goal says how
often ours should go into the plain way.
"""

import io
import statistics
import sys
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from docx import Document
from uuid_utils.compat import uuid7

from services.demo.content import new_nominee, nominee_part, unit_part
from services.evidence.bags import BagWriter
from services.evidence.seals import SealingKey
from services.nominations.campaigns.campaign_files import read_campaign_folder
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.campaign_parsing import parse_campaign
from services.nominations.forms.blocks import FormDocument
from services.nominations.forms.docx import render_docx
from services.nominations.forms.pdf import render_pdf
from services.nominations.forms.print_layout import parse_print_layout
from services.nominations.forms.xlsx import render_xlsx
from services.nominations.prints.rendering import form_document
from services.nominations.prints.sheet_rendering import sheet_document, summary_rows

FOLDER = Path("campaigns/shanxi-manufacturing-2025")
PORTRAIT = Path("services/demo/pictures/good.jpg").read_bytes()
ROWS, PAPERS = 1_000, 500
Make = Callable[[], object]


def cases(campaign: Campaign, data: dict[str, Any]) -> tuple[FormDocument, FormDocument, list[dict[str, str]]]:
    """One 附件6 with its portrait, one 附件4 of a thousand rows, and the rows alone."""
    values = nominee_part(new_nominee()) | unit_part()
    layouts = {name: parse_print_layout(data["print_layouts"][name]) for name in ("attachment_4", "attachment_6")}
    form = form_document(
        campaign,
        layouts["attachment_6"],
        "attachment_6",
        values=values,
        images={"photo": PORTRAIT},
        signatures=(),
        status="final",
        subject=uuid7(),
        pictures={},
    )
    table = campaign.forms["attachment_4"]
    rows = summary_rows(campaign, table, [(rank, values) for rank in range(1, ROWS + 1)])
    return form, sheet_document(campaign, layouts["attachment_4"], table, values={}, rows=rows, status="final"), rows


def plain_xlsx(rows: list[dict[str, str]]) -> bytes:
    """The same words in cells, by the same library, without a look."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, word in enumerate(row.values()):
                sheet.write_string(number, column, word)
    return file.getvalue()


def plain_docx(rows: int = 40) -> bytes:
    """python-docx as its manual shows it: a table of that many rows."""
    document = Document()
    table = document.add_table(rows=0, cols=4)
    for _ in range(rows):
        for cell in table.add_row().cells:
            cell.text = "示例内容"
    document.add_picture(io.BytesIO(PORTRAIT))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def papers() -> Iterator[tuple[str, bytes]]:
    for number in range(PAPERS):
        yield f"示例/{number:04}.jpg", PORTRAIT


def stored_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, content in papers():
            archive.writestr(name, content)
    return file.getvalue()


def bag() -> int:
    """As a package is sent: every paper hashed, parts handed on, nothing kept."""
    writer = BagWriter(info={"Bag-Software-Agent": "bench"}, at=datetime(2025, 2, 7, tzinfo=UTC))
    sent = sum(len(writer.add(name, content)) for name, content in papers())
    return sent + len(writer.finish(SealingKey("A" * 43 + "=")))


def milliseconds(make: Make) -> float:
    started = time.process_time()
    make()
    return 1000 * (time.process_time() - started)


def memory(make: Make) -> float:
    """The most that was held at a time, in MB, by Python objects."""
    tracemalloc.start()
    make()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1e6


def main() -> int:
    data = read_campaign_folder(FOLDER)
    campaign = parse_campaign(data)
    form, table, rows = cases(campaign, data)
    pairs: dict[str, tuple[Make, Make, float]] = {
        f"XLSX, {ROWS:,} rows of 附件4": (lambda: plain_xlsx(rows), lambda: render_xlsx(table), 10),
        "DOCX 附件6 with portrait": (plain_docx, lambda: render_docx(form), 12),
        f"ZIP of {PAPERS} papers, hashed": (stored_zip, bag, 0.60),
    }
    print(f"{'CPU ms':32}{'plain':>10}{'ours':>10}{'ratio':>7}{'goal':>7}{'MB ours':>9}")
    for name, (plain, ours, goal) in pairs.items():
        plain(), ours()
        tries = [(milliseconds(plain), milliseconds(ours)) for _ in range(5)]
        middle = [statistics.median(each[place] for each in tries) for place in (0, 1)]
        ratio = statistics.median(below / above for below, above in tries)
        print(f"{name:32}{middle[0]:10.1f}{middle[1]:10.1f}{ratio:7.2f}{goal:7.2f}{memory(ours):9.1f}", flush=True)
    render_pdf(form)
    one = statistics.median(milliseconds(lambda: render_pdf(form)) for _ in range(5))
    print(f"{'PDF 附件6, one by one':32}{'':10}{one:10.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
