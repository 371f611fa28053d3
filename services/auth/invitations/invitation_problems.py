"""What is refused about invitations, one or a workbook of them, and about requests to be admitted."""

from services.common.problems import (
    Conflict,
    Forbidden,
    Unprocessable,
)
from services.common.text import Bilingual


class InvitationInvalid(Unprocessable):
    code = "invitation_invalid"
    title = Bilingual("邀请码不正确、已使用或已过期", "The invitation code is wrong, used or expired")


class InvitationUsed(Conflict):
    code = "invitation_used"
    title = Bilingual("该邀请已被使用", "The invitation has been used")


class InvitationOver(Conflict):
    code = "invitation_revoked"
    title = Bilingual("该邀请已撤销，请重新邀请", "The invitation was revoked; invite again")


class NotYoursToInvite(Forbidden):
    code = "not_yours_to_invite"
    title = Bilingual("您不能邀请该机构的这一岗位", "You do not invite to that role at that body")


class SheetUnreadable(Unprocessable):
    code = "sheet_unreadable"
    title = Bilingual("不是可读取的XLSX表格，请用下载的模板填写", "Not a readable XLSX sheet; fill in the template")


class SheetTooLong(Unprocessable):
    code = "sheet_too_long"
    title = Bilingual("表格最多1000行，请分几次上传", "A sheet holds 1000 rows at most; send several")


class SheetColumnsMissing(Unprocessable):
    code = "sheet_columns_missing"
    title = Bilingual("表格缺少列，请用下载的模板填写", "Columns are missing; fill in the template")


class AdmissionDecided(Conflict):
    code = "admission_decided"
    title = Bilingual("该申请已经办理", "The request has been decided")
