"""“不得随意更改格式或改变原表版式” (R129, R148): a sealed scan shows the very print that the system made, and no older one."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

REQUIREMENT = "R148"


class ScanFault(StrEnum):
    """Why a scan is not taken for the form that it is to be. The worst comes first."""

    ANOTHER_CASE = "scan_of_another_case"  # 另一件推荐的表
    ANOTHER_FORM = "scan_of_another_form"  # 本件的另一张表
    OLDER_VERSION = "scan_of_older_version"  # 修改前打印的
    UNKNOWN_PRINT = "scan_of_unknown_print"  # 不是本系统打印的
    WITHOUT_CODE = "scan_without_code"  # 读不到打印编号


MESSAGES = {
    ScanFault.ANOTHER_CASE: "扫描件上的打印编号属于另一件材料，请核对后重新上传",
    ScanFault.ANOTHER_FORM: "扫描件是另一张表，请核对后重新上传",
    ScanFault.OLDER_VERSION: "扫描件是内容修改前打印的旧版，请重新打印、签署盖章后上传",
    ScanFault.UNKNOWN_PRINT: "扫描件上的打印编号不是本系统打印的，请使用本系统打印的表格",
    ScanFault.WITHOUT_CODE: "没有在扫描件上读到右下角的二维码，请平放、对焦后重新拍摄；确实无法读取的，请填写说明",
}


@dataclass(frozen=True, slots=True)
class SeenPrint:
    """A print whose code stands on the scan. `own`: of the very case or report that the scan is named for."""

    content_hash: str
    own: bool
    form: str


def matched(codes: Iterable[str], seen: Iterable[SeenPrint], *, form: str, current: str | None) -> str | ScanFault:
    """The hash of the print that the scan shows, or what is wrong with it.

    `codes`: the hashes on the scan; `current`: that of what the form says now, None while it is a draft. Several papers
    may be scanned together: one of them has to be the one.
    """
    on_paper = set(codes)
    if current is not None and current in on_paper:
        return current
    known = [each for each in seen if each.content_hash in on_paper]
    if not on_paper:
        return ScanFault.WITHOUT_CODE
    if any(each.own and each.form == form for each in known):
        return ScanFault.OLDER_VERSION
    if any(each.own for each in known):
        return ScanFault.ANOTHER_FORM
    return ScanFault.ANOTHER_CASE if known else ScanFault.UNKNOWN_PRINT
