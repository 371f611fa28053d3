"""Rules that join two fields. They apply where a form has those fields, by these keys.

resident_id_number, sex, birth_month, id_card_valid_until · resume · deeds · awards_received · sanctions_received ·
is_state_owned, is_province_managed, administrative_rank
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from services.nominations.domain.award_levels import level_doubt
from services.nominations.domain.field_checks import plain_date
from services.nominations.domain.form_definition import NOTHING, Finding
from services.nominations.domain.identity import IdentityFault, parse_resident_id
from services.nominations.domain.periods import dated_periods
from services.nominations.domain.text import count_characters

_FIRST_PERSON = re.compile("(?<!自)我(?![国省市县区厂院校])")
_CHINESE_QUANTITY = re.compile("百分之[零一二三四五六七八九十百]+|[一二三四五六七八九十百千]+(?:万元|亿元|余万元)")
_LONG_DEEDS = 1500
"""Code points beyond which a text that is within the limit of 字 may still be too long for the paper (A18)."""
_FULL_WIDTH_DIGIT = re.compile("[０-９]")
_PERSONAL_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])(\d{17}[\dXx]|\d{6}[ -]\d{8}[ -]\d{3}[\dXx]|1[3-9]\d{9}|1[3-9]\d[ -]\d{4}[ -]\d{4})(?![0-9A-Za-z])",
    re.ASCII,
)


def cross_findings(values: Mapping[str, Any], *, today: date) -> Iterator[Finding]:
    """Errors and warnings, in the order of the form."""
    yield from _identity(values, today)
    yield from _identity_card(values, today)
    yield from _rank(values)
    yield from _resume(values, today)
    yield from _awards(values)
    yield from _yet_to_come(values, today)
    yield from _deeds(values)


def _warning(key: str, code: str, message: str, requirement: str) -> Finding:
    return Finding(f"/form/{key}", code, message, requirement, "warning")


def _identity(values: Mapping[str, Any], today: date) -> Iterator[Finding]:
    """A conflict is shown to both people, never silently overwritten."""
    try:
        holder = parse_resident_id(str(values.get("resident_id_number") or ""), today=today)
    except IdentityFault:
        return
    if not holder.region_is_known:
        message = "公民身份号码前6位不在行政区划代码表中，请对照证件核对"
        yield _warning("resident_id_number", "resident_id_region_unknown", message, "R146")
    if values.get("sex") not in (None, holder.sex):
        yield _warning("sex", "sex_differs_from_identity", "性别与身份证号第17位不一致，请核对", "R146")
    if values.get("birth_month") not in (None, holder.birth_month):
        yield _warning("birth_month", "birth_month_differs_from_identity", "出生年月与身份证号不一致，请核对", "R146")


def _identity_card(values: Mapping[str, Any], today: date) -> Iterator[Finding]:
    """“有效身份证件” (R193)."""
    until = values.get("id_card_valid_until")
    if isinstance(until, str) and _is_day(until) and until < today.isoformat():
        yield _warning("id_card_valid_until", "id_card_expired", "身份证已过有效期，请换领后重新上传", "R193")


def _is_day(text: str) -> bool:
    try:
        plain_date(text)
    except ValueError:
        return False
    return True


def _rank(values: Mapping[str, Any]) -> Iterator[Finding]:
    """“国有企业中，除省管干部外，行政级别均填“无”” (R180, A24)."""
    ranked = values.get("administrative_rank") not in (None, NOTHING)
    if values.get("is_state_owned") is True and values.get("is_province_managed") is not True and ranked:
        message = "国有企业中除省管干部外，行政级别应填“无”"
        yield Finding("/form/administrative_rank", "rank_must_be_none", message, "R180")


def _resume(values: Mapping[str, Any], today: date) -> Iterator[Finding]:
    """“个人简历”: continuous periods in whatever order they stand, gaps are pointed out (R190)."""
    reached: int | None = None
    for period in sorted(dated_periods(values.get("resume"), today=today), key=lambda period: period.start):
        if period.start > period.end:
            yield Finding(f"/form/resume/{period.index}/to", "period_reversed", "终止年月不能早于起始年月", "R190")
        if reached is not None and period.start - reached > 1:
            yield _warning(f"resume/{period.index}/from", "resume_gap", "与上一段经历之间有间断，请补充或说明", "R190")
        reached = max(reached or 0, period.start, period.end)


def _awards(values: Mapping[str, Any]) -> Iterator[Finding]:
    """“具体表彰奖励级别请咨询奖励颁授单位” (R159, R160)."""
    awards = values.get("awards_received")
    for index, award in enumerate(awards if isinstance(awards, list) else []):
        doubt = level_doubt(award.get("level"), str(award.get("authority") or ""))
        if doubt is not None:
            yield _warning(f"awards_received/{index}/level", "award_level_doubtful", doubt, "R159")


def _yet_to_come(values: Mapping[str, Any], today: date) -> Iterator[Finding]:
    """“何时何地受过何种奖励”, “何时何地受过何种处分” (R157, R166, R182): what was received lies behind us."""
    for key, requirement in (("awards_received", "R182"), ("sanctions_received", "R166")):
        rows = values.get(key)
        for index, row in enumerate(rows if isinstance(rows, list) else []):
            year, month = row.get("year"), row.get("month")
            if isinstance(year, int) and isinstance(month, int) and (year, month) > (today.year, today.month):
                yield Finding(f"/form/{key}/{index}/year", "date_in_future", "年月不能晚于今天", requirement)


def _deeds(values: Mapping[str, Any]) -> Iterator[Finding]:
    """“请以第三人称表述” (R161, R183), “数字统一使用阿拉伯数字” (R150): hints for people. Deeds are shown to the public (R48)."""
    deeds = values.get("deeds")
    if not isinstance(deeds, str):
        return
    if _FIRST_PERSON.search(deeds):
        yield _warning("deeds", "not_third_person", "主要事迹请以第三人称表述", "R161")
    if _FULL_WIDTH_DIGIT.search(deeds):
        yield _warning("deeds", "digits_not_arabic", "数字请使用半角阿拉伯数字", "R150")
    if _CHINESE_QUANTITY.search(deeds):
        yield _warning("deeds", "digits_in_chinese", "数字统一使用阿拉伯数字，例如写作30%", "R150")
    if len(deeds) > _LONG_DEEDS >= count_characters(deeds).count:
        message = f"主要事迹共{len(deeds)}个字符（含空格、字母和数字），请核对打印篇幅"
        yield Finding("/form/deeds", "deeds_long_on_paper", message, "R131", "notice")
    if _PERSONAL_NUMBER.search(unicodedata.normalize("NFKC", deeds)):
        yield _warning("deeds", "personal_number_in_deeds", "主要事迹将对外公示，请删去其中的身份证号或手机号", "R48")
