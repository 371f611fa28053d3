"""The story: one nominee, from the phone to the printed approval form, with the refusals that belong to it."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from uuid_utils import uuid7

from services.demo.cast import COUNTIES, Player, sign_in, sign_in_with_wechat
from services.demo.content import (
    APPID_USER,
    ASSESSMENT,
    CONTACT_FORM,
    SELF_REVIEW,
    DemoNominee,
    draft_form,
    new_nominee,
    nominee_part,
    unit_part,
)
from services.demo.narrator import DemoFailed, Narrator
from services.demo.specimen import card_front
from services.demo.uploads import upload_fields

CAMPAIGN = "shanxi-manufacturing-2025"
CATEGORY = "advanced_individual"
PICTURES = Path(__file__).parent / "pictures"
_ENDORSE = {"decision": "endorse", "assessment": ASSESSMENT}
_SECTIONS = {
    "organisation": "示例：成立评选推荐工作机构，人社、工信部门共同负责。",
    "process": "示例：经单位民主推荐、考察、集体研究和公示，县级审核后推荐。",
    "consultation": "示例：已征求公安部门意见，无不同意见。",
    "publicity": "示例：在所在单位公示5个工作日，无异议。",
    "recommendation": "示例：同意推荐。",
}


def tell(narrator: Narrator, *, output: Path, county: str | None) -> None:
    """Tells the whole story. Raises DemoFailed where the system answers otherwise than the story needs."""
    narrator.heading("一、单位和推荐对象")
    _set_clock(narrator, "2025-02-07T09:00:00+08:00")
    place, clerk = _county_with_a_seat(narrator, county)
    nominee_data = new_nominee()
    user = f"{APPID_USER}-{nominee_data.resident_id_number[-6:]}"
    nominee = sign_in_with_wechat(narrator, clerk, nominee_name=nominee_data.full_name, phone_user=user)

    narrator.heading("二、手机上填报")
    case = _fill_in(narrator, nominee, nominee_data)
    _submit(narrator, clerk, nominee, case)

    narrator.heading("三、单位推荐和公示")
    _unit_recommends(narrator, clerk, place, case)

    narrator.heading("四、县级审核和报送")
    _county_reviews(narrator, place, case)

    narrator.heading("五、市级审核和推荐审批表")
    _city_reviews(narrator, case, output)

    narrator.heading("六、流转记录")
    _history(narrator, nominee, case)


def _set_clock(narrator: Narrator, moment: str) -> None:
    narrator.ask(f"把业务时钟拨到 {moment}（仅内置模式）", "PUT", "/v1/clock", expect=200, json={"now": moment})


def _county_with_a_seat(narrator: Narrator, wanted: str | None) -> tuple[str, Player]:
    for place in (wanted,) if wanted else COUNTIES:
        clerk = sign_in(narrator, f"{place}-clerk", as_what="单位经办人")
        answer = narrator.ask(
            "查看本地名额", "GET", f"/v1/campaigns/{CAMPAIGN}/quota-accounts", expect=200, token=clerk.token
        ).json()
        (account,) = [item for item in answer["items"] if item["category"] == CATEGORY]
        narrator.say(f"先进个人名额 {account['granted']}，尚余 {account['available']}")
        if account["available"]:
            return str(place), clerk
    raise DemoFailed("every county's seats are taken by earlier runs: stop the server and delete its data folder")


def _fill_in(narrator: Narrator, nominee: Player, data: DemoNominee) -> str:
    body = {"campaign_key": CAMPAIGN, "category": CATEGORY, "form": draft_form(data)}
    headers = {"Idempotency-Key": f"demo-{uuid7()}"}
    created = narrator.ask(
        "建立推荐（草稿）", "POST", "/v1/nominations", expect=201, token=nominee.token, json=body, headers=headers
    )
    again = narrator.ask(
        "网络不好，同一请求再发一次",
        "POST",
        "/v1/nominations",
        expect=201,
        token=nominee.token,
        json=body,
        headers=headers,
    )
    case: str = created.json()["id"]
    narrator.say(f"仍是同一件推荐：{again.json()['id'] == case}")
    for name, why in (
        ("red_background.jpg", "红底照片"),
        ("too_few_bytes.jpg", "文件太小的照片"),
        ("png_renamed.jpg", "改名为 .jpg 的 PNG"),
    ):
        narrator.refusals(_upload(narrator, nominee, case, f"上传{why}", name, kind="portrait", expect=422))
    accepted = _upload(narrator, nominee, case, "上传合格的蓝底证件照", "good.jpg", kind="portrait", expect=201).json()
    narrator.say(f"照片检查：{accepted['verdict']}，{accepted['width']}×{accepted['height']}，{accepted['bytes']} 字节")
    narrator.refusals(
        _upload(narrator, nominee, case, "未同意就上传身份证", "id_card_front.jpg", kind="id_card_front", expect=422)
    )
    kinds = narrator.ask(
        "取出须单独同意的说明，给本人看", "GET", f"/v1/documents/kinds?campaign_key={CAMPAIGN}", expect=200
    ).json()["kinds"]
    narrator.say(kinds["id_card_front"]["consent"]["text"][:60] + "……")
    agreed = upload_fields(kinds, "id_card_front", case)
    front, back = card_front(data), "id_card_back.jpg"
    _send(narrator, nominee, case, "同意后上传身份证人像面", front, kind="id_card_front", expect=201, more=agreed)
    agreed = upload_fields(kinds, "id_card_back", case)
    _upload(narrator, nominee, case, "同意后上传身份证国徽面", back, kind="id_card_back", expect=201, more=agreed)
    _upload(
        narrator, nominee, case, "上传职称证书", "certificate.jpg", kind="professional_title_certificate", expect=201
    )

    narrator.refusals(
        narrator.ask(
            "不带版本号保存", "PUT", f"/v1/nominations/{case}", expect=428, token=nominee.token, json={"form": {}}
        )
    )
    saved = _save(narrator, nominee, case, "保存一半的草稿", etag=created.headers["etag"], form=draft_form(data))
    narrator.say(f"完成度：{_percents(saved.json())}，身份证号：{saved.json()['form'].get('resident_id_number')}")
    check = narrator.ask("提交前检查", "POST", f"/v1/nominations/{case}/checks", expect=200, token=nominee.token).json()
    narrator.say(f"尚有 {len(check['errors'])} 项问题，例如：")
    for error in check["errors"][:5]:
        narrator.say(f"  · {error['code']} {error['pointer']} {error['message']}（{error['requirement']}）")
    done = _save(narrator, nominee, case, "补齐本人部分", etag=saved.headers["etag"], form=nominee_part(data))
    count = done.json()["character_counts"]["deeds"]
    narrator.say(f"完成度：{_percents(done.json())}，事迹 {count['count']} 字（限 {count['limit']} 字）")
    nothing = {"fields": ["sanctions_received"], "confirmed": True}
    filled = _post(
        narrator,
        nominee,
        case,
        "没有受过处分，一键填“无”",
        "blank-fillings",
        json=nothing,
        headers={"If-Match": done.headers["etag"]},
    ).json()
    narrator.say(f"何时何地受过何种处分：{filled['form']['sanctions_received']}")
    stale = narrator.ask(
        "另一部手机用旧版本号保存",
        "PUT",
        f"/v1/nominations/{case}",
        expect=412,
        token=nominee.token,
        json={"form": {}},
        headers={"If-Match": created.headers["etag"]},
    ).json()
    narrator.say(f"{stale['title']}：现存版本 {stale['current']['saved_at']}，您的版本 {stale['yours']['saved_at']}")
    return case


def _submit(narrator: Narrator, clerk: Player, nominee: Player, case: str) -> None:
    """The unit's clerk fills the unit's part; each confirms their own; a warning is explained."""
    read = narrator.ask("单位经办人打开推荐", "GET", f"/v1/nominations/{case}", expect=200, token=clerk.token)
    _save(
        narrator,
        clerk,
        case,
        "填写单位部分",
        etag=read.headers["etag"],
        form=read.json()["form"] | unit_part(),
    )
    narrator.refusals(_post(narrator, clerk, case, "本人未确认就提交", "submissions", expect=422))
    check = _post(narrator, clerk, case, "提交前检查", "checks", expect=200).json()
    for warning in check["warnings"]:
        narrator.say(f"  · 须说明：{warning['pointer']} {warning['message']}")
    for criterion in check["eligibility"][-2:]:
        narrator.say(f"  · {criterion['label']}：{criterion['outcome']}（{criterion['explanation']}）")
    reasons = [
        {"pointer": each["pointer"], "code": each["code"], "reason": "其间脱产进修（示例）"}
        for each in check["warnings"]
    ]
    explained = {"explanations": reasons}
    narrator.refusals(_post(narrator, clerk, case, "说明后提交", "submissions", expect=409, json=explained))
    _post(narrator, nominee, case, "本人确认所填内容", "confirmations", json={"part": "nominee"})
    submitted = _post(narrator, clerk, case, "提交推荐", "submissions", json=explained).json()
    narrator.say(f"状态：{submitted['status_label']}")


def _percents(case: dict[str, Any]) -> str:
    return "，".join(f"{part['part']} {part['percent']}%" for part in case["parts"])


def _upload(
    narrator: Narrator,
    player: Player,
    case: str,
    title: str,
    name: str,
    *,
    kind: str,
    expect: int,
    more: Mapping[str, str] = MappingProxyType({}),
) -> Any:
    content = (PICTURES / name).read_bytes()
    return _send(narrator, player, case, title, content, kind=kind, expect=expect, more=more)


def _send(
    narrator: Narrator,
    player: Player,
    case: str,
    title: str,
    content: bytes,
    *,
    kind: str,
    expect: int,
    more: Mapping[str, str],
) -> Any:
    files = {"file": (f"{kind}.jpg", content, "image/jpeg")}
    data = {"kind": kind, "bundle_id": case, **more}
    return narrator.ask(title, "POST", "/v1/documents", expect=expect, token=player.token, files=files, data=data)


def _save(narrator: Narrator, player: Player, case: str, title: str, *, etag: str, form: dict[str, Any]) -> Any:
    headers = {"If-Match": etag}
    return narrator.ask(
        title, "PUT", f"/v1/nominations/{case}", expect=200, token=player.token, json={"form": form}, headers=headers
    )


def _post(
    narrator: Narrator, player: Player, case: str, title: str, noun: str, *, expect: int = 201, **more: Any
) -> Any:
    return narrator.ask(title, "POST", f"/v1/nominations/{case}/{noun}", expect=expect, token=player.token, **more)


def _unit_recommends(narrator: Narrator, clerk: Player, place: str, case: str) -> None:
    early = {"held_on": "2025-02-07", "attendance": ["示例甲"], "decision": "同意推荐"}
    narrator.refusals(
        _post(narrator, clerk, case, "未经民主推荐就集体研究", "leadership-decisions", expect=409, json=early)
    )
    deliberation = {"held_on": "2025-02-07", "form": "ballot", "present": 48, "in_favour": 46}
    _post(narrator, clerk, case, "记录民主推荐", "staff-deliberations", json=deliberation)
    inspection = {"held_on": "2025-02-07", "inspectors": ["示例考察员甲", "示例考察员乙"], "result": "符合评选条件"}
    _post(narrator, clerk, case, "记录考察", "inspections", json=inspection)
    decision = {"held_on": "2025-02-07", "attendance": ["示例甲", "示例乙", "示例丙"], "decision": "同意推荐"}
    _post(narrator, clerk, case, "记录领导班子集体研究", "leadership-decisions", json=decision)
    _post(narrator, clerk, case, "单位自审（政治关、条件关、事迹关、廉政关）", "self-reviews", json=SELF_REVIEW)
    opened = _post(narrator, clerk, case, "发布本单位公示", "publicity-notices").json()["publicity"]
    narrator.say(f"公示期：{opened['opened_on']} 起，至 {opened['closes_on']} 24时（5个工作日，2月8日调休上班）")
    notice = narrator.ask("公众查看公示（不登录）", "GET", f"/v1/publicity-notices/{opened['id']}", expect=200).json()
    narrator.say(f"公示内容：{'、'.join(notice['content'])}；哈希 {notice['content_hash'][:16]}…")
    head = sign_in(narrator, f"{place}-head", as_what="单位负责人")
    signature = {"signer_name": head.name}
    early_answer = _post(narrator, head, case, "公示未满就签署", "unit-signatures", expect=409, json=signature)
    narrator.refusals(early_answer)
    narrator.say(f"最早可办理：{early_answer.json()['available_on']}")
    _set_clock(narrator, "2025-02-14T09:00:00+08:00")
    signed = _post(narrator, head, case, "单位负责人签署意见并上报", "unit-signatures", json=signature).json()
    narrator.say(f"阶段：{signed['stage']}，状态：{signed['status_label']}")


def _county_reviews(narrator: Narrator, place: str, case: str) -> None:
    officer = sign_in(narrator, f"{place}-office", as_what="县级评选机构")
    narrator.ask(
        "报送评选工作联系表（附件9）",
        "PUT",
        f"/v1/campaigns/{CAMPAIGN}/contact-form",
        expect=200,
        token=officer.token,
        json={"form": CONTACT_FORM},
    )
    for bureau, name in (("hrss", "人社"), ("iit", "工信")):
        reviewer = sign_in(narrator, f"{place}-{bureau}", as_what=f"县级{name}部门审核人")
        reviewed = _post(narrator, reviewer, case, f"县级{name}部门签署", "reviews", json=_ENDORSE).json()
        narrator.say(f"状态：{reviewed['status_label']}")
    body = {"campaign_key": CAMPAIGN, "sections": _SECTIONS, "ranking": {CATEGORY: [case]}}
    report = narrator.ask(
        "建立推荐工作报告", "POST", "/v1/county-reports", expect=201, token=officer.token, json=body
    ).json()
    path = f"/v1/county-reports/{report['id']}/submissions"
    refused = narrator.ask("未征求部门意见就报送", "POST", path, expect=409, token=officer.token)
    narrator.refusals(refused)
    read = narrator.ask(
        "查看须征求意见的部门", "GET", f"/v1/nominations/{case}", expect=200, token=officer.token
    ).json()
    for need in read["required_opinions"]:
        narrator.say(f"{need['label']}：{need['reason']}")
        opinion = {"result": "favourable", "text": "同意", "signer_name": "示例警官", "signed_on": "2025-02-14"}
        narrator.ask(
            f"登记{need['label']}意见",
            "PUT",
            f"/v1/nominations/{case}/opinions/{need['authority']}",
            expect=200,
            token=officer.token,
            json=opinion,
        )
    narrator.ask("县级报送", "POST", path, expect=201, token=officer.token)


def _city_reviews(narrator: Narrator, case: str, output: Path) -> None:
    reviewer = None
    for bureau, name in (("hrss", "人社"), ("iit", "工信")):
        reviewer = sign_in(narrator, f"city-{bureau}", as_what=f"市{name}局审核人")
        reviewed = _post(narrator, reviewer, case, f"市{name}局签署", "reviews", json=_ENDORSE).json()
        narrator.say(f"阶段：{reviewed['stage']}，状态：{reviewed['status_label']}")
    assert reviewer is not None
    output.mkdir(parents=True, exist_ok=True)
    for kind in ("pdf", "docx"):
        form = narrator.ask(
            f"推荐审批表（附件6）{kind.upper()}",
            "GET",
            f"/v1/nominations/{case}/forms/attachment_6?format={kind}",
            expect=200,
            token=reviewer.token,
        )
        path = output / f"attachment_6.{kind}"
        path.write_bytes(form.content)
        narrator.say(f"{len(form.content)} 字节，保存为 {path}")


def _history(narrator: Narrator, nominee: Player, case: str) -> None:
    history = narrator.ask(
        "读取流转记录", "GET", f"/v1/nominations/{case}/events", expect=200, token=nominee.token
    ).json()
    for event in history["items"]:
        who = f"{event['actor']['name']}（{event['actor']['organisation_name']}）"
        day = event["recorded_at"][:10]
        narrator.say(f"{event['sequence']:2} {day} {event['event']:30} {who}  {event['hash'][:12]}")
    narrator.say(f"哈希链完整：{history['intact']}")
