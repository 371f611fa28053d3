"""Chinese names of the codes that people see. A test checks that none is missing."""

from services.nominations.domain.workflow import Action, Event, Role, Status

STATUS: dict[Status, str] = {
    Status.DRAFT: "草稿",
    Status.DELIBERATION: "单位推荐",
    Status.DECIDED: "集体研究通过",
    Status.IN_PUBLICITY: "公示中",
    Status.UNDER_REVIEW: "审核中",
    Status.ENDORSED: "审核通过",
    Status.RETURNED: "退回修改",
    Status.REJECTED: "不予推荐",
    Status.WITHDRAWN: "已撤回",
}

ACTION: dict[Action, str] = {
    Action.EDIT: "填写",
    Action.CONFIRM: "确认内容",
    Action.SUBMIT: "提交",
    Action.WITHDRAW: "撤回",
    Action.RECORD_STAFF_DELIBERATION: "记录民主推荐",
    Action.RECORD_INSPECTION: "记录考察",
    Action.RECORD_LEADERSHIP_DECISION: "记录领导班子集体研究",
    Action.RECORD_SELF_REVIEW: "记录自审",
    Action.OPEN_PUBLICITY: "发布公示",
    Action.SIGN_FOR_UNIT: "单位负责人签署",
    Action.RECORD_OPINION: "登记部门意见",
    Action.ENDORSE: "审核同意",
    Action.RETURN: "退回修改",
    Action.REJECT: "不予推荐",
    Action.REPORT: "报送",
}

ROLE: dict[Role, str] = {
    Role.NOMINEE: "推荐对象",
    Role.UNIT_CLERK: "单位经办人",
    Role.UNIT_HEAD: "单位负责人",
    Role.COUNTY_OFFICER: "县级评选机构经办人",
    Role.COUNTY_REVIEWER: "县级审核人",
    Role.CITY_OFFICER: "专班办公室经办人",
    Role.CITY_REVIEWER: "市级审核人",
}

EVENT: dict[Event, str] = {
    Event.CREATED: "建立推荐",
    Event.SAVED: "保存内容",
    Event.CONFIRMED: "确认内容",
    Event.NOMINEE_JOINED: "本人接手填写",
    Event.SUBMITTED: "提交推荐",
    Event.WITHDRAWN: "撤回推荐",
    Event.STAFF_DELIBERATION_RECORDED: "记录民主推荐",
    Event.INSPECTION_RECORDED: "记录考察",
    Event.LEADERSHIP_DECISION_RECORDED: "记录集体研究",
    Event.SELF_REVIEW_RECORDED: "记录自审",
    Event.PUBLICITY_OPENED: "发布公示",
    Event.UNIT_SIGNED: "单位负责人签署意见",
    Event.OPINION_RECORDED: "登记部门意见",
    Event.REVIEW_ENDORSED: "审核同意",
    Event.REVIEW_RETURNED: "退回修改",
    Event.REVIEW_REJECTED: "不予推荐",
    Event.REPORTED: "报送上级",
    Event.DISQUALIFIER_RECORDED: "登记不予推荐情形",
    Event.DISQUALIFIER_LIFTED: "解除不予推荐情形",
    Event.STORY_SAVED: "撰写典型事迹",
    Event.STORY_CONSENTED: "同意宣传",
    Event.STORY_PUBLISHED: "发布典型事迹",
    Event.STORY_TAKEN_DOWN: "撤下典型事迹",
    Event.IDENTITY_REVEALED: "查看完整证件号码",
}

STAGE: dict[str, str] = {"unit": "单位", "county": "县级", "city": "市级"}
BUREAU: dict[str, str] = {"hrss": "人力资源和社会保障部门", "iit": "工业和信息化部门"}
