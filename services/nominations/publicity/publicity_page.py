"""公示页: one notice as a page that stands alone, can be archived, and says what was shown, when, and its hash (R47–R49, R62)."""

from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from services.nominations.domain.campaign import Campaign
from services.nominations.domain.form_definition import FieldDefinition, FormDefinition
from services.nominations.domain.publicity import masked_name
from services.nominations.forms.values import Vocabulary, chinese_date, plain
from services.nominations.prints.rendering import vocabulary
from services.nominations.procedure_tables import PublicityNotice
from services.nominations.schemas.procedure import PublicityNoticeBody

PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_STYLE = (
    "body{font:16px/1.8 serif;max-width:46em;margin:2em auto;padding:0 1em}h1{font-size:1.3em;text-align:center}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #999;padding:.4em .6em;vertical-align:top}"
    "th{width:9em;text-align:left;font-weight:normal;background:#f6f6f6}td{white-space:pre-wrap;overflow-wrap:anywhere}"
    "footer{margin-top:2em;font-size:.85em;color:#555;overflow-wrap:anywhere}"
)


def share_title(notice: PublicityNotice, campaign: Campaign) -> str:
    """What a shared link may say: a person's name masked, a collective's whole."""
    for category in campaign.categories:
        name = str(notice.content.get(category.name_field) or "")
        if name:
            shown_name = name if category.subject == "collective" else masked_name(name)
            return f"公示｜{category.title}：{shown_name}"
    return f"公示｜{campaign.title}"


def publicity_page(notice: PublicityNotice, campaign: Campaign, form: FormDefinition) -> str:
    """HTML without scripts, pictures or addresses of other places. Every value is text, whatever it holds."""
    words = vocabulary(campaign, form)
    rows = "".join(
        f"<tr><th>{escape(each.label)}</th><td>{escape(shown(each, notice.content[each.key], words))}</td></tr>"
        for each in form.fields
        if each.key in notice.content
    )
    title = f"{campaign.title}拟推荐对象公示"
    period = f"{chinese_date(notice.opened_on)}至{chinese_date(notice.closes_on)}24时（{notice.working_days}个工作日）"
    provisional = "，最后一日待国务院公布放假安排后确定" if notice.provisional else ""
    proof = (
        f"公示编号：{notice.id}　发布时刻：{_at(notice.opened_at, campaign)}<br>"
        f"{_ended(notice, campaign)}工作日历：{escape(notice.calendar_version)}<br>内容摘要（SHA-256）：{notice.content_hash}"
    )
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta property="og:title" content="{escape(share_title(notice, campaign))}"><meta name="robots" content="noindex">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{_STYLE}</style></head><body>'
        f"<h1>{escape(title)}</h1><p>公示范围：{escape(notice.place)}</p><p>公示时间：{period}{provisional}</p>"
        "<p>公示期内，任何单位和个人可以署名或匿名提出异议，由受理机构核实处理。</p>"
        f"<table>{rows}</table><footer>{proof}</footer></body></html>"
    )


def _at(moment: datetime, campaign: Campaign) -> str:
    """By the clock of the place, with its offset."""
    return moment.astimezone(ZoneInfo(campaign.timezone)).isoformat(sep=" ", timespec="seconds")


def _ended(notice: PublicityNotice, campaign: Campaign) -> str:
    """A page that was corrected or taken back says until when it stood."""
    if notice.superseded_at is None:
        return ""
    return f"更正或撤回时刻：{_at(notice.superseded_at, campaign)}<br>"


def notice_body(notice: PublicityNotice, campaign: Campaign) -> PublicityNoticeBody:
    facts = {name: getattr(notice, name) for name in PublicityNoticeBody.model_fields if hasattr(notice, name)}
    return PublicityNoticeBody(**facts, share_title=share_title(notice, campaign))


def shown(definition: FieldDefinition, value: Any, words: Vocabulary) -> str:
    """A value as people read it: words for codes, one line for each entry of a list."""
    if not isinstance(value, list):
        return _word(definition.key, value, words)
    return "\n".join(_entry(definition, each, words) for each in value)


def _entry(definition: FieldDefinition, entry: Any, words: Vocabulary) -> str:
    if not isinstance(entry, Mapping):
        return _word(definition.key, entry, words)
    said = [
        f"{each.label}：{_word(f'{definition.key}.{each.key}', entry[each.key], words)}"
        for each in definition.items
        if entry.get(each.key) not in (None, "")
    ]
    return "；".join(said)


def _word(key: str, value: Any, words: Vocabulary) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return plain(words.word(key, str(value)))
