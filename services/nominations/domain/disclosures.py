"""What is told to whom about a person in the course of a case: recipient, fields and purpose (PIPL 第二十三、四十四条)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.nominations.domain.workflow import Event


class AccessKind(StrEnum):
    """How somebody came to see, or was given, data about a person."""

    IDENTITY_REVEALED = "identity_revealed"  # 查看完整身份证号码
    PAPER_VIEWED = "paper_viewed"  # 查看材料
    SHEET_OPENED = "sheet_opened"  # 打开征求意见表
    FORM_DRAWN = "form_drawn"  # 下载、打印表格
    PACKAGE_DOWNLOADED = "package_downloaded"  # 下载报送材料包
    HANDED_OVER = "handed_over"  # 提供给其他单位
    PUBLISHED = "published"  # 向社会公开


WHOLE_FORM = ("推荐审批表全部内容",)
SHEET_FIELDS = ("征求意见表所列内容",)
_NOTICE_FIELDS = ("基本情况（不含身份证号码、电话、住址）", "主要先进事迹")


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What one event of a case tells about the person. `recipient` empty: it stands with the event itself."""

    kind: AccessKind
    recipient: str
    fields: tuple[str, ...]
    purpose: str


BY_EVENT: Mapping[Event, Disclosure] = {
    Event.IDENTITY_REVEALED: Disclosure(AccessKind.IDENTITY_REVEALED, "", ("完整身份证号码",), ""),
    Event.OPINION_ASKED: Disclosure(AccessKind.HANDED_OVER, "", SHEET_FIELDS, "按管理权限征求意见"),
    Event.UNIT_SIGNED: Disclosure(AccessKind.HANDED_OVER, "县级评选机构或者市工作专班", WHOLE_FORM, "推荐、审核"),
    Event.REPORTED: Disclosure(AccessKind.HANDED_OVER, "市工作专班办公室", WHOLE_FORM, "报送上级审核"),
    Event.REPORTED_TO_PROVINCE: Disclosure(
        AccessKind.HANDED_OVER, "省评选表彰工作领导小组办公室", WHOLE_FORM, "上报省级"
    ),
    Event.PUBLICITY_OPENED: Disclosure(AccessKind.PUBLISHED, "社会公众", _NOTICE_FIELDS, "单位公示"),
    Event.PUBLICITY_CORRECTED: Disclosure(AccessKind.PUBLISHED, "社会公众", _NOTICE_FIELDS, "更正公示"),
    Event.CITY_PUBLICITY_OPENED: Disclosure(AccessKind.PUBLISHED, "社会公众", _NOTICE_FIELDS, "全市公示"),
    Event.STORY_PUBLISHED: Disclosure(AccessKind.PUBLISHED, "社会公众", ("典型事迹",), "典型事迹宣传"),
}
"""Events that give somebody else data about the person; every other event stays within who works on the case."""


class Release(StrEnum):
    """Whole forms and packages that an official takes out of the system."""

    FORM = "form"
    REPORT_TABLE = "report_table"
    PACKAGE = "package"
    CASE_FILE = "case_file"


RELEASES: Mapping[Release, Disclosure] = {
    Release.FORM: Disclosure(AccessKind.FORM_DRAWN, "", WHOLE_FORM, "下载、打印本件表格"),
    Release.REPORT_TABLE: Disclosure(AccessKind.FORM_DRAWN, "", ("汇总表所列内容",), "下载、打印汇总表"),
    Release.PACKAGE: Disclosure(
        AccessKind.PACKAGE_DOWNLOADED, "", (*WHOLE_FORM, "材料影像"), "报送材料包（光盘或邮件）"
    ),
    Release.CASE_FILE: Disclosure(AccessKind.PACKAGE_DOWNLOADED, "", (*WHOLE_FORM, "材料影像"), "本件档案"),
}
