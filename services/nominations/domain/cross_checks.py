"""Rules that join two fields. They apply where a form has those fields, by these keys.

resident_id_number, sex, birth_month · resume · deeds · is_state_owned, is_province_managed, administrative_rank ·
awards_received
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from services.nominations.domain.form_definition import NOTHING, Finding
from services.nominations.domain.identity import IdentityFault, parse_resident_id
from services.nominations.domain.periods import dated_periods

_FIRST_PERSON = re.compile("(?<!自)我(?![国省市县区厂院校])")
_FULL_WIDTH_DIGIT = re.compile("[０-９]")
_PERSONAL_NUMBER = re.compile(r"(?<![0-9A-Za-z])(\d{17}[\dXx]|1[3-9]\d{9})(?![0-9A-Za-z])", re.ASCII)
_NATIONAL_AUTHORITIES = ("中共中央", "党中央", "国务院", "中央军委")


def cross_findings(values: Mapping[str, Any], *, today: date) -> Iterator[Finding]:
    """Errors and warnings, in the order of the form."""
    yield from _identity(values, today)
    yield from _rank(values)
    yield from _resume(values, today)
    yield from _awards(values)
    yield from _deeds(values)


def _warning(key: str, code: str, message: str, requirement: str) -> Finding:
    return Finding(f"/form/{key}", code, message, requirement, "warning")


def _identity(values: Mapping[str, Any], today: date) -> Iterator[Finding]:
    """A conflict is shown to both people, never silently overwritten."""
    try:
        holder = parse_resident_id(str(values.get("resident_id_number") or ""), today=today)
    except IdentityFault:
        return
    if values.get("sex") not in (None, holder.sex):
        yield _warning("sex", "sex_differs_from_identity", "性别与身份证号第17位不一致，请核对", "R146")
    if values.get("birth_month") not in (None, holder.birth_month):
        yield _warning("birth_month", "birth_month_differs_from_identity", "出生年月与身份证号不一致，请核对", "R146")


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
    """“国家级奖励是以党中央、国务院、中央军委名义…” (R159)."""
    awards = values.get("awards_received")
    for index, award in enumerate(awards if isinstance(awards, list) else []):
        authority = str(award.get("authority") or "")
        if award.get("level") == "national" and not any(name in authority for name in _NATIONAL_AUTHORITIES):
            message = "国家级奖励应由党中央、国务院、中央军委授予，请核对级别"
            yield _warning(f"awards_received/{index}/level", "award_level_doubtful", message, "R159")


def _deeds(values: Mapping[str, Any]) -> Iterator[Finding]:
    """“请以第三人称表述” (R161, R183), “数字统一使用阿拉伯数字” (R150): hints for people. Deeds are shown to the public (R48)."""
    deeds = values.get("deeds")
    if not isinstance(deeds, str):
        return
    if _FIRST_PERSON.search(deeds):
        yield _warning("deeds", "not_third_person", "主要事迹请以第三人称表述", "R161")
    if _FULL_WIDTH_DIGIT.search(deeds):
        yield _warning("deeds", "digits_not_arabic", "数字请使用半角阿拉伯数字", "R150")
    if _PERSONAL_NUMBER.search(deeds):
        yield _warning("deeds", "personal_number_in_deeds", "主要事迹将对外公示，请删去其中的身份证号或手机号", "R48")
