"""The refusals of the procedure, each with its own stable code."""

from collections.abc import Sequence

from services.common.problems import (
    Conflict,
    FieldError,
    Forbidden,
    NotFound,
    Problem,
    TooManyRequests,
    Unavailable,
    Unprocessable,
)
from services.common.text import Bilingual
from services.nominations.domain.facts import Blocker


class CampaignNotFound(NotFound):
    code = "campaign_not_found"
    title = Bilingual("没有这项评选活动", "No such campaign")


class FormNotFound(NotFound):
    code = "form_not_found"
    title = Bilingual("没有这张表", "No such form")


class CategoryUnknown(Unprocessable):
    code = "category_unknown"
    title = Bilingual("这项活动没有这个评选类别", "The campaign has no such category")


class ImportUnreadable(Unprocessable):
    code = "import_unreadable"
    title = Bilingual("不是可读取的XLSX表格，请用下载的模板填写", "Not a readable XLSX workbook; fill in the template")


class ImportTooLong(Unprocessable):
    code = "import_too_long"
    title = Bilingual("一次最多导入200行，请分几次上传", "A workbook holds 200 nominees at most; send several")


class ImportSheetsChanged(Unprocessable):
    code = "import_sheets_changed"
    title = Bilingual("表格与模板的列不一致，请用下载的模板填写", "The columns are not those of the template")


class ImportRowsLoose(Unprocessable):
    code = "import_rows_loose"
    title = Bilingual("有的行不知属于哪一推荐对象，请核对序号", "Some rows belong to no nominee; check their numbers")


class NoticeSuperseded(Problem):
    status, code = 410, "publicity_notice_superseded"
    title = Bilingual("该公示已更正或撤回，不再展示", "This notice was corrected or taken back and is no longer shown")


class ChangesTokenOutdated(Problem):
    status, code = 410, "changes_token_outdated"
    title = Bilingual(
        "本地缓存已不可续，请清空后重新获取", "The copies cannot be kept up from here: drop them and start over"
    )


class TooManyWaiting(Unavailable):
    code = "too_many_waiting"
    title = Bilingual("等待的连接太多，请稍后再连", "Too many connections wait already; connect again later")


class AlreadyAsked(Conflict):
    code = "authority_already_asked"
    title = Bilingual("该部门的意见表已经发出，尚未答复", "This authority has an open sheet already")


class ConsultationLinkInvalid(NotFound):
    code = "consultation_link_invalid"
    title = Bilingual("链接无效，请核对短信中的链接", "No such link")


class ConsultationOver(Problem):
    status, code = 410, "consultation_over"
    title = Bilingual("这份意见表已不能填写", "This sheet can no longer be opened")


class SheetClosed(Problem):
    status, code = 410, "opinion_sheet_closed"
    title = Bilingual(
        "页面已失效，请重新获取验证码打开", "The opened sheet is no longer valid: open it again with a new code"
    )


class TextCodeWrong(Unprocessable):
    code = "text_code_wrong"
    title = Bilingual("验证码不正确或已过期", "The code is wrong or no longer valid")


class TooManyCodes(TooManyRequests):
    code = "too_many_codes"
    title = Bilingual("验证码发送太频繁，请稍后再试", "Codes were asked for too often; try again later")


class MisconductOpen(Conflict):
    code = "misconduct_case_open"
    title = Bilingual("此人已有未办结的违纪调查", "There is an open inquiry about this person already")


class NominationIncomplete(Unprocessable):
    code = "nomination_incomplete"
    title = Bilingual("推荐材料还不完整或不符合要求，请逐项修改", "The nomination is not complete")


class NominationHeld(Conflict):
    code = "nomination_held"
    title = Bilingual(
        "依法限制处理，这件推荐的内容只保存，不再向他人展示或者修改",
        "Processing is restricted: the case is kept, shown to nobody but the person, and not worked on",
    )


class QuotaExhausted(Conflict):
    code = "quota_exhausted"
    title = Bilingual("推荐名额已用完", "No seat is left for this recommending organisation")


class NoSeatGranted(Conflict):
    code = "no_seat_granted"
    title = Bilingual("本推荐单位没有此类推荐名额", "This recommending organisation has no seats in this category")


class CampaignNotOpen(Conflict):
    code = "campaign_not_open"
    title = Bilingual("评选活动尚未开始，届时所有人同时开始填报", "The campaign has not opened yet")


class CampaignClosed(Conflict):
    code = "campaign_closed"
    title = Bilingual("本次评选推荐工作已结束", "This campaign is closed")


class PackageNotReady(Conflict):
    code = "package_not_ready"
    title = Bilingual("材料包还在准备，请稍后下载", "The package is still being prepared")


class PackageOutdated(Conflict):
    code = "package_outdated"
    title = Bilingual("材料已有变化，请重新准备材料包", "Something in the package has changed: prepare it anew")


class PackagePartUnknown(NotFound):
    code = "package_part_unknown"
    title = Bilingual("没有这一部分，请重新查询分卷", "There is no such part; ask for the plan again")


class NomineeJoined(Conflict):
    code = "nominee_already_joined"
    title = Bilingual("推荐对象本人已接手这件推荐", "The nominee has taken this case over already")


class HandOverCodeInvalid(Unprocessable):
    code = "hand_over_code_invalid"
    title = Bilingual("接手码无效、已使用或已过期，请向单位经办人重新索取", "The code is unknown, used or expired")


class SeatsInUse(Conflict):
    code = "seats_in_use"
    title = Bilingual("已有推荐占用此类名额，不能申明不推荐", "Seats of this category are in use")


class AlreadyDeclared(Conflict):
    code = "zero_already_declared"
    title = Bilingual("此类不推荐的申明已作出", "The zero nomination was declared already")


class ListExists(Conflict):
    code = "city_list_exists"
    title = Bilingual("本次活动已有一份办理中的拟推荐名单", "This campaign has a list on the way already")


class ListReported(Conflict):
    code = "city_list_reported"
    title = Bilingual("名单已上报省级，不能再改", "The list has been reported to the province")


class NoChoice(Conflict):
    code = "no_choice_among_candidates"
    title = Bilingual(
        "候选数不多于拟推荐数，不是差额评选；确需如此的须写明理由并由另一人复核", "There is nobody to choose between"
    )


class TooManyObjections(TooManyRequests):
    code = "too_many_objections"
    title = Bilingual("您提交的异议较多，请稍后再试，或电话联系评选机构", "Too many objections from here for now")


class ReceiptUnknown(NotFound):
    code = "receipt_unknown"
    title = Bilingual("没有这个回执号，请核对", "No objection has this receipt code")


class AlreadyConcluded(Conflict):
    code = "objection_concluded"
    title = Bilingual("这件异议已处理完毕", "This objection has been concluded")


class MisconductConcluded(Conflict):
    code = "misconduct_case_concluded"
    title = Bilingual("这件违纪违法登记已办结", "This case of misconduct has been concluded")


class TooManyEndpoints(Conflict):
    code = "too_many_webhook_endpoints"
    title = Bilingual(
        "推送地址已达上限，请先删除不用的", "This body has as many endpoints as it may have; remove one first"
    )


class SecondPersonNeeded(Conflict):
    code = "second_person_needed"
    title = Bilingual("须由另一人复核，本人不能复核自己的决定", "Another person has to second this")


class ProposalChanged(Conflict):
    code = "proposal_changed"
    title = Bilingual(
        "所提意见已另行提出，与您看到的不是同一份，请重新阅读后再复核",
        "Another proposal has taken the place of the one that you read: read it before you second it",
    )


class AlreadyNominated(Conflict):
    code = "already_nominated"
    title = Bilingual(
        "此人或此集体在本次活动中已有一件推荐", "This person already has an open nomination in this campaign"
    )


class MailboxMissing(Conflict):
    code = "mailbox_missing"
    title = Bilingual("本次活动没有公布接收材料的邮箱", "The campaign names no mailbox")


class ReportExists(Conflict):
    code = "county_report_exists"
    title = Bilingual("本推荐单位已建立推荐报告", "This organisation has a report already")


class AlreadyReported(Conflict):
    code = "nomination_in_another_report"
    title = Bilingual("有推荐已列入另一份推荐报告", "A nomination stands in another report")


class ReportSubmitted(Conflict):
    code = "county_report_submitted"
    title = Bilingual("推荐报告已报送", "The report has been submitted")


class ActionForbidden(Forbidden):
    code = "action_forbidden"
    title = Bilingual("您不能办理这一步", "You may not take this action")


class ActionBlocked(Conflict):
    code = "action_blocked"
    title = Bilingual("现在还不能办理这一步", "This action cannot be taken now")


class NothingErased(Conflict):
    code = "nothing_erased"
    title = Bilingual(
        "这件推荐没有已删除的材料，不需要删除证明", "None of this case's papers was erased: there is nothing to certify"
    )


def refusal(blockers: Sequence[Blocker]) -> ActionForbidden | ActionBlocked:
    """403 when the person is wrong, 409 when the time or state is; either way every reason is listed."""
    errors = [
        FieldError(blocker.pointer, blocker.code, blocker.message, requirement=blocker.requirement)
        for blocker in blockers
    ]
    days = [blocker.available_on for blocker in blockers if blocker.available_on]
    extra = {"available_on": max(days).isoformat()} if days else {}
    detail = Bilingual("；".join(blocker.message for blocker in blockers), ", ".join(b.code for b in blockers))
    kind = ActionForbidden if any(blocker.about_role for blocker in blockers) else ActionBlocked
    return kind(detail, errors=errors, extra=extra)
