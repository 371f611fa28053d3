"""Who may be put forward, computed from the form against the campaign's reference date, and said in words."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from services.nominations.domain.campaign import Campaign
from services.nominations.domain.form_definition import NOTHING, Finding
from services.nominations.domain.identity import is_credit_code
from services.nominations.domain.periods import dated_periods, month_number, months_covered, working_rows

_DIVISION_RANKS = (
    "副处", "正处", "处级", "处县级", "副县", "正县", "县级正职", "县级副职",
    "副团", "正团", "团县级", "旅级", "旅职", "副师", "正师", "军级", "军职",
    "调研员", "巡视员", "高级警长", "警务专员", "高级法官", "高级检察官",
    "副局", "正局", "局级", "副厅", "正厅", "厅级", "省级", "部级", "地级", "地市级",
)  # fmt: skip
"""Words in a rank that mean 副处级 or above; 调研员 of every grade, 高级警长 and 副团 (正团 is 正处级) are its equivalents."""
_ARMY_RANK = re.compile("(?<![集社青舞剧])团[级职]|(?<![程教律医药计技济讲艺])师[级职]")
"""A regiment's or division's rank or post; 集团, 共青团, 工程师 and 技师 end alike and are none."""
_COUNTY_POST = re.compile(r"县级(?:领导干部|干部|领导|(?:非?领导)?职务|实职|待遇)(?!\w)|相当于县级(?!\w)")
"""县级 is a rank where it is somebody's (县级干部); in 县级机关, 县级先进 or 县级以下 it is none."""
_STAFF_GRADE = re.compile(
    "[1-6一二三四五六]级(?:管理)?(?:岗位?)?职员|管理(?:岗位?)?[1-6一二三四五六]级|[1-6一二三四五六]级管理"
)
"""管理岗位 of public institutions: the sixth grade is 副处级 (事业单位岗位设置管理试行办法)."""
_MONTH = re.compile("[0-9]{4}-(?:0[1-9]|1[0-2])")
_YOUNGEST_WORKER = 16
"""Years."""
_COUNTY_RANK = ("县级", "县", "县处")
"""A rank of just “县级” is 县处级; in longer words it may be a county's office of a lower rank."""
_BRACKETS = str.maketrans("", "", "()[]〔〕【】")


def eligibility_findings(campaign: Campaign, category: str, values: Mapping[str, Any], *, today: date) -> list[Finding]:
    """Errors and warnings of the eligibility criteria. What is not answered is not judged: the form asks for it."""
    return [
        *_years_of_work(campaign, values, today),
        *_years_in_field(campaign, values),
        *_years_since_birth(campaign, values),
        *_rank(values),
        *_scope(campaign, category, values),
        *_preferred(campaign, category, values),
        *_registered_here(campaign, values),
    ]


def months_of_work(campaign: Campaign, values: Mapping[str, Any], *, today: date) -> int:
    """Months of work that the résumé covers up to the reference date. School is no work."""
    until = month_number(campaign.reference_date)
    return months_covered(dated_periods(working_rows(values.get("resume")), today=today), until=until)


def _years_of_work(campaign: Campaign, values: Mapping[str, Any], today: date) -> Iterator[Finding]:
    """“从业时间5年（含）以上” (R30): the résumé's months up to the reference date, overlaps counted once (A15)."""
    if not values.get("resume"):
        return
    day, years = campaign.reference_date, campaign.min_years_of_work
    if months_of_work(campaign, values, today=today) < years * 12:
        school = "（在校学习时间不计）" if len(working_rows(values["resume"])) < len(values["resume"]) else ""
        message = f"截至{day.year}年{day.month}月，简历中的从业时间不满{years}年{school}"
        yield Finding("/form/resume", "work_years_too_few", message, "R30")


def _years_in_field(campaign: Campaign, values: Mapping[str, Any]) -> Iterator[Finding]:
    years = values.get("years_in_field")
    if isinstance(years, int) and years < campaign.min_years_of_work:
        message = f"从事本领域工作年限不满{campaign.min_years_of_work}年，请核对"
        yield Finding("/form/years_in_field", "field_years_under_five", message, "R30", "warning")


def _years_since_birth(campaign: Campaign, values: Mapping[str, Any]) -> Iterator[Finding]:
    """Nobody works before they are sixteen (劳动法第十五条): more years in the field than since then ask for a look (R146)."""
    years, born = values.get("years_in_field"), str(values.get("birth_month") or "")
    if not isinstance(years, int) or not _MONTH.fullmatch(born):
        return
    year, month = map(int, born.split("-"))
    months_old = month_number(campaign.reference_date) - (year * 12 + month)
    if years * 12 > months_old - _YOUNGEST_WORKER * 12:
        message = f"按出生年月推算，从事本领域工作时不满{_YOUNGEST_WORKER}周岁，请核对工作年限"
        yield Finding("/form/years_in_field", "field_years_exceed_age", message, "R146", "warning")


def _rank(values: Mapping[str, Any]) -> Iterator[Finding]:
    """“各地一般不推荐副处级或相当于副处级以上集体和个人” (R74, A26): a reason, and the city's approval; never a bar."""
    if not is_of_division_rank(values):
        return
    if values.get("rank_reason") in (None, "", NOTHING):
        yield Finding("/form/rank_reason", "rank_reason_missing", "副处级及以上一般不推荐，确需推荐的请写明理由", "R74")
    else:
        yield Finding(
            f"/form/{_rank_field(values)}", "rank_needs_city_approval", "副处级及以上须经市专班同意", "R74", "notice"
        )


def is_of_division_rank(values: Mapping[str, Any]) -> bool:
    """Whether whoever the form is about holds 副处级 or above, or is a collective of that rank (R74).

    Brackets inside a word do not hide it: 县（处）级 is read as 县处级 too.
    """
    rank = "".join(unicodedata.normalize("NFKC", str(values.get(_rank_field(values)) or NOTHING)).split())
    return any(map(_names_division_rank, {rank, rank.translate(_BRACKETS)}))


def _names_division_rank(rank: str) -> bool:
    named = rank in _COUNTY_RANK or any(term in rank for term in _DIVISION_RANKS)
    return named or any(pattern.search(rank) for pattern in (_STAFF_GRADE, _ARMY_RANK, _COUNTY_POST))


def _rank_field(values: Mapping[str, Any]) -> str:
    return "collective_rank" if "collective_rank" in values else "administrative_rank"


def _scope(campaign: Campaign, category: str, values: Mapping[str, Any]) -> Iterator[Finding]:
    """“评选范围” (R6–R9): whoever chose a scope is what the notice says of it."""
    for rule in campaign.category(category).scope_rules:
        if values.get("scope") == rule.scope and rule.is_broken_by(values):
            yield Finding("/form/scope", "scope_does_not_fit", rule.message, rule.requirement, rule.severity)


def _preferred(campaign: Campaign, category: str, values: Mapping[str, Any]) -> Iterator[Finding]:
    """“各地先进集体中优先推荐制造业企业” (R16)."""
    for preference in campaign.preferences:
        if preference.category == category and not preference.condition.holds(values):
            pointer = f"/form/{preference.condition.field}"
            yield Finding(pointer, "not_preferred", preference.message, preference.requirement, "warning")


def _registered_here(campaign: Campaign, values: Mapping[str, Any]) -> Iterator[Finding]:
    """“在我市行政区域登记注册” (R9): the code names the registration office, which may be the province's: only a warning."""
    code = values.get("credit_code")
    if isinstance(code, str) and is_credit_code(code) and not code[2:].startswith(campaign.region_prefix):
        message = "统一社会信用代码的登记机关不在我市，请核对登记注册地"
        yield Finding("/form/credit_code", "registered_elsewhere", message, "R9", "warning")
