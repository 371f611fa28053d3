"""个人信息删除证明: which papers of a case were erased, when, on what ground, and what is left of them (PIPL 第四十七条).

No form of the notice: its layout is ours. Printed as the forms are, so its paper is known again by its code.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from services.common.china_time import CHINA
from services.nominations.documents_client import ErasedPaper
from services.nominations.domain.campaign import Campaign
from services.nominations.forms.blocks import Block, Cell, Closing, FormDocument, Notes, Row, Table, Text, Title
from services.nominations.forms.form_document import SEAL, identified
from services.nominations.forms.print_specs import PageSpec, TextSpec
from services.nominations.forms.values import chinese_date, plain
from services.nominations.tables import Nomination

FORM = "erasure_certificate"
TITLE = "个人信息删除证明"
_PAGE = PageSpec(margin_top=24, margin_bottom=22, margin_side=24)
_TEXT = TextSpec(size_pt=12, line_pitch_pt=20)
_WIDTHS = (14.0, 28.0, 31.0, 54.0, 35.0)
_HEADS = ("序号", "材料", "上传时间", "删除依据", "删除时间")
_STATES = {
    "destroyed": "文件已销毁",
    "being_destroyed": "已不能读取，存储中的文件正在销毁",
    "held_by_another": "相同内容的文件另属其他材料，随该材料保存",
}
_KEPT = (
    "删除后只保留不含文件内容的记录：材料种类、检查结果，上传、查看和删除的时间与人员，删除依据和文件指纹。推荐办理过程的记录按档案规定保存，其中没有上述文件。",
    "文件指纹（SHA-256）由文件内容算出，不能由它还原文件。持有原文件的人可以据此核对删除的是哪一份。",
)


def erasure_certificate(
    campaign: Campaign, nomination: Nomination, papers: Sequence[ErasedPaper], *, today: date
) -> FormDocument:
    """As of `today`, of all that was erased of the case."""
    document = FormDocument(
        form=FORM,
        title=TITLE,
        page=_PAGE,
        text=_TEXT,
        mark="",
        blocks=tuple(_blocks(campaign, nomination, papers, today)),
        images={},
    )
    return identified(document, subject=nomination.id)


def _blocks(campaign: Campaign, nomination: Nomination, papers: Sequence[ErasedPaper], today: date) -> Iterator[Block]:
    width = _PAGE.text_width
    yield Title("", (TITLE,), 22)
    yield Table((32, width - 32), tuple(_fact(label, value) for label, value in _facts(campaign, nomination)))
    said = f"　　上述推荐的下列{len(papers)}份材料已经删除，不能再被查看、下载或者打印。"
    yield Notes((said,), 0)
    yield Table(_WIDTHS, tuple(_rows(papers)), repeated_rows=1, size_pt=10.5)
    yield Notes(tuple(f"　　{number}．{point}" for number, point in enumerate(_points(papers), start=1)), 10.5)
    yield Closing((SEAL, chinese_date(today)))


def _facts(campaign: Campaign, nomination: Nomination) -> Iterator[tuple[str, str]]:
    yield "评选活动", campaign.title
    yield "推荐对象", nomination.name
    yield "推荐编号", str(nomination.id)


def _fact(label: str, value: str) -> Row:
    return Row(9, (Cell(Text("label", label)), Cell(Text("value", plain(value)))))


def _rows(papers: Sequence[ErasedPaper]) -> Iterator[Row]:
    yield Row(9, tuple(Cell(Text("label", head)) for head in _HEADS))
    for number, paper in enumerate(papers, start=1):
        erased = f"{_moment(paper.erased_at)}\n{_STATES[paper.bytes_state]}"
        texts = (str(number), paper.kind_label, _moment(paper.uploaded_at), paper.reason, erased)
        yield Row(9, tuple(Cell(Text("value", plain(text))) for text in texts), breakable=True)
        yield Row(7, (Cell(Text("value", f"第{number}份指纹　{_grouped(paper.sha256)}"), colspan=len(_HEADS)),))


def _points(papers: Sequence[ErasedPaper]) -> Iterator[str]:
    yield from _KEPT
    last = [paper.backups_until for paper in papers if paper.backups_until is not None]
    if len(last) == len(papers):
        yield f"备份中的副本最迟于{chinese_date(max(last))}随备份到期销毁，此前只用于系统恢复。"
    else:
        yield "备份中的副本随备份到期销毁，此前只用于系统恢复。"


def _moment(at: datetime) -> str:
    local = at.astimezone(CHINA)
    return f"{chinese_date(local.date())}\n{local:%H:%M}"


def _grouped(sha256: str) -> str:
    """In eights, so that a line may end between them and people can compare them."""
    return " ".join(sha256[start : start + 8] for start in range(0, len(sha256), 8))
