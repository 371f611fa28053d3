"""“不得随意更改格式或改变原表版式” (R129, R148): a sealed scan shows the very print that the system made, and no older one."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.nominations.domain.facts import Blocker

ANOTHER_CASE = Blocker("scan_of_another_case", "扫描件上的打印编号属于另一件材料，请核对后重新上传", requirement="R148")
ANOTHER_FORM = Blocker("scan_of_another_form", "扫描件是另一张表，请核对后重新上传", requirement="R148")
OLDER_VERSION = Blocker(
    "scan_of_older_version", "扫描件是内容修改前打印的旧版，请重新打印、签署盖章后上传", requirement="R148"
)
UNKNOWN_PRINT = Blocker(
    "scan_of_unknown_print", "扫描件上的打印编号不是本系统打印的，请使用本系统打印的表格", requirement="R148"
)
ANOTHER_KIND = Blocker(
    "scan_of_another_kind",
    "部门盖章的征求意见表须按“征求意见表盖章件”上传，其他盖章的表格按“盖章扫描件”上传，请重新上传",
    requirement="R58",
)
WITHOUT_CODE = Blocker(
    "scan_without_code",
    "没有在扫描件上读到右下角的二维码，请平放、对焦后重新拍摄；确实无法读取的，请填写说明",
    requirement="R148",
)


SEALED_SCAN, OPINION_SHEET = "sealed_scan", "opinion_sheet"
"""The kinds of paper with a seal. What an authority sealed lies under its own, which the case's side does not read (R58)."""


@dataclass(frozen=True, slots=True)
class SeenPrint:
    """A print whose code stands on the scan. `own`: of the very case or report that the scan is named for."""

    content_hash: str
    own: bool
    form: str


def matched(codes: Iterable[str], seen: Iterable[SeenPrint], *, form: str, current: str | None) -> str | Blocker:
    """The hash of the print that the scan shows, or what is wrong with it.

    `codes`: the hashes on the scan; `current`: that of what the form says now, None while it is a draft. Several papers
    may be scanned together: one of them has to be the one.
    """
    on_paper = set(codes)
    if current is not None and current in on_paper:
        return current
    known = [each for each in seen if each.content_hash in on_paper]
    if not on_paper:
        return WITHOUT_CODE
    if any(each.own and each.form == form for each in known):
        return OLDER_VERSION
    if any(each.own for each in known):
        return ANOTHER_FORM
    return ANOTHER_CASE if known else UNKNOWN_PRINT
