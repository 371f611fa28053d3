"""`make bench-exports`: processor time of what is written for people, beside plain ways to write the same.

No server is started. Ours and its rulers alternate in one process; the middle of several tries counts. A goal says how often
ours should go into the ruler at least. Every form and every row says something else, as in a county: a form that is drawn
twice is half remembered.
"""

import io
import itertools
import random
import statistics
import sys
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from uuid_utils.compat import uuid7

from bench.export_rulers import CutTemplate, FilledTemplate, docx_by_library, sheet_by_hand, xlsx_by_library
from services.common.lists.list_tables import XlsxTable
from services.demo.content import new_nominee, nominee_part, unit_part
from services.evidence.bags import BagWriter
from services.evidence.seals import SealingKey
from services.nominations.campaigns.campaign_files import read_campaign_folder
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.campaign_parsing import parse_campaign
from services.nominations.forms.blocks import FormDocument, NewPage
from services.nominations.forms.docx import render_docx
from services.nominations.forms.pdf import render_pdf
from services.nominations.forms.print_layout import parse_print_layout
from services.nominations.forms.xlsx import render_xlsx
from services.nominations.prints.rendering import form_document
from services.nominations.prints.sheet_rendering import sheet_document, summary_rows

FOLDER = Path("campaigns/shanxi-manufacturing-2025")
PORTRAIT = Path("services/demo/pictures/good.jpg").read_bytes()
ROWS, COLUMNS, PAPERS, FORMS = 10_000, 41, 500, 20
AT_A_TIME = 100
"""Rows of a page, as a list is written."""
ROUNDS = 5
Make = Callable[[], object]


class Candidates:
    """People who differ in everything that a form prints; what they did is told in the campaign's own words."""

    def __init__(self, campaign: Campaign, data: dict[str, Any]) -> None:
        self._campaign = campaign
        names = ("attachment_4", "attachment_6")
        self._layouts = {name: parse_print_layout(data["print_layouts"][name]) for name in names}
        self._prose = "".join(str(c) for c in str(data["print_layouts"]) if "\u4e00" <= c <= "\u9fff" or c in "，。；")
        self._dice = random.Random(2025)  # noqa: S311  the same people in every run
        self._values = nominee_part(new_nominee()) | unit_part()

    def words(self, length: int) -> str:
        start = self._dice.randrange(len(self._prose) - length)
        return self._prose[start : start + length]

    def values(self) -> dict[str, Any]:
        number = str(self._dice.randrange(10**8)).zfill(8)
        return self._values | {
            "full_name": self.words(3),
            "post": self.words(6),
            "employer_name": self.words(12),
            "mobile_phone": f"139{number}",
            "resident_id_number": f"140922{number}{number[:4]}",
            "deeds": self.words(1_500),
        }

    def form(self) -> FormDocument:
        """A final 附件6 with its portrait."""
        return form_document(
            self._campaign,
            self._layouts["attachment_6"],
            "attachment_6",
            values=self.values(),
            images={"photo": PORTRAIT},
            signatures=(),
            path=self._campaign.paths["default"],
            status="final",
            subject=uuid7(),
            pictures={},
        )

    def table(self, count: int) -> tuple[FormDocument, list[list[str]]]:
        """附件4, and the words of its rows alone."""
        form = self._campaign.forms["attachment_4"]
        rows = summary_rows(self._campaign, form, ((rank, self.values()) for rank in range(1, count + 1)))
        document = sheet_document(
            self._campaign, self._layouts["attachment_4"], form, values={}, rows=rows, status="final"
        )
        return document, [list(row.values()) for row in rows]

    def cells(self, count: int) -> list[list[str]]:
        """A list with many columns, as long as their words are on a screen."""
        return [[self.words(self._dice.randrange(2, 9)) for _ in range(COLUMNS)] for _ in range(count)]


def list_file(pages: Iterator[Sequence[Sequence[str]]]) -> int:
    """As a list is sent: page by page, nothing kept."""
    table = XlsxTable()
    sent = len(table.begin("名单", [f"第{number}栏" for number in range(COLUMNS)]))
    for page in pages:
        sent += len(table.rows(page))
    return sent + len(table.end())


def pages_of(rows: Sequence[Sequence[str]]) -> Iterator[Sequence[Sequence[str]]]:
    return (rows[start : start + AT_A_TIME] for start in range(0, len(rows), AT_A_TIME))


def in_one(forms: Sequence[FormDocument]) -> FormDocument:
    """All of them in one document."""
    blocks = itertools.chain.from_iterable((*form.blocks, NewPage(to_odd=True)) for form in forms)
    return replace(forms[0], blocks=tuple(blocks))


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


def compare(name: str, rulers: dict[str, tuple[Make, float]], ours: Make, *, forms: int = 1) -> None:
    """Prints milliseconds of the ruler and of ours, a form, and how often ours goes into it, beside the goal."""
    made = [ours, *(ruler for ruler, _ in rulers.values())]
    for make in made:
        make()
    tries = [[milliseconds(make) / forms for make in made] for _ in range(ROUNDS)]
    middle = [statistics.median(each) for each in zip(*tries, strict=True)]
    held = memory(ours)
    for place, (ruler, (_, goal)) in enumerate(rulers.items(), start=1):
        ratio = statistics.median(each[place] / each[0] for each in tries)
        met = "" if ratio >= goal else "  MISSED"
        print(
            f"{name:34}{ruler:32}{middle[place]:9.1f}{middle[0]:9.1f}{ratio:7.2f}{goal:7.2f}{held:8.1f}{met}",
            flush=True,
        )


def main() -> int:
    data = read_campaign_folder(FOLDER)
    candidates = Candidates(parse_campaign(data), data)
    table, words = candidates.table(ROWS)
    cells = candidates.cells(ROWS)
    print(f"{'CPU ms':34}{'ruler':32}{'ruler':>9}{'ours':>9}{'ratio':>7}{'goal':>7}{'MB ours':>8}")
    compare(
        f"XLSX, a list of {ROWS:,} x {COLUMNS}",
        {
            "xlsxwriter, constant memory": (lambda: xlsx_by_library(cells, styled=False), 10),
            "rows escaped and deflated": (lambda: sheet_by_hand(cells), 0.70),
        },
        lambda: list_file(pages_of(cells)),
    )
    compare(
        f"XLSX, 附件4 of {ROWS:,} rows",
        {
            "xlsxwriter, in the same look": (lambda: xlsx_by_library(words, styled=True), 10),
            "rows escaped and deflated": (lambda: sheet_by_hand(words), 0.70),
        },
        lambda: render_xlsx(table),
    )
    form = candidates.form()
    template, cut = FilledTemplate(form), CutTemplate(form)
    compare(
        "DOCX, 附件6 with portrait",
        {
            "python-docx": (lambda: docx_by_library(form), 12),
            "docxtpl": (template.filled, 8),
            "parts escaped and zipped": (cut.filled, 0.85),
        },
        lambda: render_docx(form),
    )
    compare(f"ZIP of {PAPERS} papers, hashed", {"zipfile, stored": (stored_zip, 0.60)}, bag)
    always_others = iter(candidates.form, None)
    compare(
        "PDF, 附件6, each by itself",
        {f"{FORMS} in one compile": (lambda: render_pdf(in_one(list(itertools.islice(always_others, FORMS)))), 0.85)},
        lambda: [render_pdf(each) for each in itertools.islice(always_others, FORMS)],
        forms=FORMS,
    )
    page = candidates.cells(AT_A_TIME)
    for count in (1_000, 10_000, 100_000):
        most = memory(partial(list_file, itertools.repeat(page, count // AT_A_TIME)))
        print(f"{f'XLSX, a list of {count:,}: held at most':66}{most:39.1f}  goal 16", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
