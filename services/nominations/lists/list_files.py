"""Which lists go out as files, with which columns, under which headings. A list that is not here is not offered as one."""

from collections.abc import Mapping
from typing import ClassVar

from fastapi import Request

from services.common.lists.list_files import ListFile, ListRoute, Words
from services.nominations.context import Context
from services.nominations.domain.campaign import Campaign
from services.nominations.labels import STAGE
from services.nominations.problems import CampaignNotFound

_CASE = {"name": "推荐对象", "unit_name": "所在单位", "category": "类别"}
_ROW = _CASE | {
    "quota_unit": "推荐单位",
    "stage": "环节",
    "status_label": "状态",
    "percent_nominee": "本人部分完成（%）",
    "percent_unit": "单位部分完成（%）",
    "missing_answers": "未填项数",
    "saved_at": "最后保存时间",
}
_PRINT = {
    "form": "表格",
    "code": "打印编号",
    "revision": "版本",
    "format": "格式",
    "printed_by_name": "打印人",
    "printed_at": "打印时间",
    "content_hash": "内容散列",
}
_SCAN = {
    "form": "表格",
    "shown.code": "打印编号",
    "shown.revision": "版本",
    "shown.content_hash": "内容散列",
    "explanation": "说明",
    "noted_by_name": "登记人",
    "noted_at": "登记时间",
    "document_id": "材料编号",
}
_NOTICE = {
    "level": "公示范围",
    "place": "公示地点",
    "opened_on": "开始日期",
    "closes_on": "截止日期",
    "working_days": "工作日",
    "share_title": "标题",
    "content_hash": "内容散列",
}
FILES: Mapping[str, ListFile] = {
    "list_nominations": ListFile("推荐列表", _ROW | {"id": "编号"}),
    "list_work_items": ListFile("待办事项", _ROW | {"actions": "可办事项", "id": "编号"}),
    "get_nomination_counts": ListFile(
        "各状态件数",
        {"category": "类别", "quota_unit": "推荐单位", "stage": "环节", "status_label": "状态", "cases": "件数"},
    ),
    "get_campaign_progress": ListFile(
        "进度看板",
        {
            "name": "推荐单位",
            "seats_granted": "名额",
            "seats_reported": "已报送",
            "on_time": "是否按时",
            "readiness.score": "就绪程度",
            "readiness.time": "按时",
            "readiness.completeness": "保质",
            "readiness.quota": "按名额",
            "steps": "各环节件数",
            "zero_declared": "申明不推荐的类别",
            "reported_at": "报送时间",
            "contact_form_filed_at": "联系表报送时间",
            "abandoned": "视为自动放弃",
            "reopened_until": "重新开放至",
        },
    ),
    "get_campaign_quotas": ListFile("名额分配", {"name": "推荐单位", "seats": "名额", "quota_unit": "代码"}),
    "list_quota_accounts": ListFile(
        "名额使用情况",
        {
            "quota_unit": "推荐单位",
            "category": "类别",
            "granted": "分配",
            "reserved": "占用",
            "consumed": "已报送",
            "forfeited": "作废",
            "waived": "放弃",
            "available": "可用",
        },
    ),
    "list_objections": ListFile(
        "异议",
        {
            "received_at": "收到时间",
            "due_on": "办理期限",
            "named": "是否实名",
            "handler_name": "承办人",
            "taken_up_at": "承办时间",
            "outcome": "结果",
            "concluded_at": "办结时间",
            "id": "编号",
            "nomination_id": "推荐编号",
        },
    ),
    "list_cases_to_ask_about": ListFile("待征求意见的推荐对象", _CASE | {"nomination_id": "编号"}),
    "list_consultations": ListFile(
        "征求意见",
        {
            "label": "部门",
            "officer_name": "经办人",
            "phone_masked": "手机",
            "state": "状态",
            "expires_at": "有效期至",
            "reminded_at": "催办时间",
            "answered_at": "答复时间",
        },
    ),
    "list_contact_forms": ListFile(
        "评选工作联系表",
        {
            "quota_unit": "推荐单位",
            "form": "联系人",
            "filed_at": "报送时间",
            "on_time": "是否按时",
            "saved_at": "最后保存时间",
        },
    ),
    "list_zero_declarations": ListFile(
        "不推荐申明",
        {
            "quota_unit": "推荐单位",
            "category": "类别",
            "seats": "名额",
            "reason": "理由",
            "signer_name": "签署人",
            "declared_at": "申明时间",
            "revoked_at": "撤销时间",
            "revoked_reason": "撤销理由",
        },
    ),
    "list_disqualifications": ListFile(
        "不予推荐的情形",
        {
            "label": "情形",
            "occurred_on": "发生日期",
            "finding": "查明情况",
            "recorded_at": "登记时间",
            "lifting_proposed_at": "提出解除时间",
            "lifting_proposed_reason": "提出解除理由",
            "lifted_at": "解除时间",
            "lifted_reason": "解除理由",
        },
    ),
    "list_local_criteria": ListFile(
        "各地细化条件",
        {"quota_unit": "推荐单位", "category": "类别", "criteria": "条件", "saved_at": "公布时间"},
    ),
    "get_county_report_gates": ListFile(
        "报送前关口", {"name": "推荐对象", "category": "类别", "blockers": "尚未满足的要求", "nomination_id": "编号"}
    ),
    "list_county_reports": ListFile(
        "推荐工作报告",
        {
            "quota_unit": "推荐单位",
            "cases": "件数",
            "saved_at": "最后保存时间",
            "submitted_at": "报送时间",
            "id": "编号",
        },
    ),
    "list_city_lists": ListFile(
        "拟推荐对象名单",
        {
            "cases": "件数",
            "seconded": "是否复核",
            "ranked_at": "排序时间",
            "reported_at": "上报时间",
            "saved_at": "最后保存时间",
            "id": "编号",
        },
    ),
    "list_material_receipts": ListFile(
        "材料签收",
        {
            "label": "材料",
            "paper_copies": "纸质份数",
            "electronic": "电子版",
            "copies_missing": "尚缺份数",
            "complete": "是否齐全",
        },
    ),
    "list_misconduct_cases": ListFile(
        "违规线索",
        {
            "person_name": "姓名",
            "organisation_name": "机构",
            "finding": "线索",
            "opened_at": "登记时间",
            "suspended_at": "停止岗位时间",
            "outcome": "结果",
            "conclusion": "结论",
            "concluded_at": "办结时间",
        },
    ),
    "list_reopenings": ListFile(
        "重新开放", {"quota_unit": "推荐单位", "until": "开放至", "reason": "理由", "opened_at": "决定时间"}
    ),
    "list_postponements": ListFile("延期", {"until": "延至", "reason": "理由", "decided_at": "决定时间"}),
    "list_publicity_notices": ListFile("公示", _NOTICE),
    "list_notices_of_nomination": ListFile("公示", _NOTICE),
    "list_awards": ListFile(
        "表彰结果",
        {
            "name": "名称",
            "category": "类别",
            "granted_on": "表彰日期",
            "decision_number": "决定文号",
            "status": "状态",
            "revoked_on": "撤销日期",
        },
    ),
    "list_form_prints": ListFile("打印记录", _PRINT),
    "list_form_prints_of_report": ListFile("打印记录", _PRINT),
    "list_form_prints_of_list": ListFile("打印记录", _PRINT),
    "list_sealed_scans_of_list": ListFile("盖章扫描件", _SCAN),
    "list_sealed_scans": ListFile("盖章扫描件", _SCAN),
    "list_sealed_scans_of_report": ListFile("盖章扫描件", _SCAN),
}
_CONCLUDED = {"substantiated": "属实", "unsubstantiated": "不属实", "not_accepted": "不予受理"}
WORDS: Words = {
    "stage": STAGE,
    "level": STAGE,
    "outcome": _CONCLUDED,
    "status": {"granted": "已表彰", "revoked": "已撤销称号"},
    "state": {"waiting": "待答复", "answered": "已答复", "revoked": "已撤回", "expired": "已过期"},
}


class ListingRoute(ListRoute):
    """Lists of this service: codes are written as the campaign calls them."""

    files: ClassVar[Mapping[str, ListFile]] = FILES

    async def words(self, request: Request) -> Words:
        key = request.query_params.get("campaign_key") or request.path_params.get("key")
        if key is None:
            return WORDS
        context: Context = request.app.state.context
        async with context.database.reading() as session:
            try:
                campaign = await context.campaigns.latest(session, key)
            except CampaignNotFound:
                return WORDS
        categories = {category.key: category.title for category in campaign.categories}
        return {
            **WORDS,
            **_contact_words(campaign),
            "category": categories,
            "zero_declared": categories,
            "seats": categories,
            "quota_unit": {row.quota_unit: row.name for row in campaign.quotas},
        }


def _contact_words(campaign: Campaign) -> Words:
    """Of the contact form's own choices, such as 负责人 and 联系人."""
    form = campaign.forms.get(campaign.contact_form or "")
    fields = [each for field in form.fields for each in (field, *field.items)] if form is not None else []
    return {
        field.key: {choice.value: choice.label for choice in campaign.enums[field.enum]}
        for field in fields
        if field.enum is not None
    }
