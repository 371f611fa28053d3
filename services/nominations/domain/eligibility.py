"""Who may be put forward, computed from the form against the campaign's reference date, and said in words."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from services.nominations.domain.campaign import Campaign
from services.nominations.domain.field_checks import year_month_is_valid
from services.nominations.domain.form_definition import NOTHING, Finding

_DIVISION_RANKS = (
    "副处", "正处", "处级", "副局", "正局", "局级", "副厅", "正厅", "厅级", "省级", "部级", "地级", "县级正职", "县级副职",
)  # fmt: skip


def eligibility_findings(campaign: Campaign, values: Mapping[str, Any], *, today: date) -> list[Finding]:
    """Errors and warnings of the eligibility criteria. What is not answered is not judged: the form asks for it."""
    return [*_years_of_work(campaign, values, today), *_years_in_field(campaign, values), *_rank(values)]


def _years_of_work(campaign: Campaign, values: Mapping[str, Any], today: date) -> Iterator[Finding]:
    """“从业时间5年（含）以上” (R30): the résumé's months up to the reference date, overlaps counted once (A15)."""
    resume = values.get("resume")
    if not isinstance(resume, list) or not resume:
        return
    months: set[int] = set()
    last = _month(f"{campaign.reference_date:%Y-%m}")
    for period in resume:
        start, end = str(period.get("from") or ""), str(period.get("to") or f"{today:%Y-%m}")
        if year_month_is_valid(start) and year_month_is_valid(end):
            months |= set(range(_month(start), min(_month(end), last)))
    if len(months) < campaign.min_years_of_work * 12:
        message = f"截至{campaign.reference_date:%Y年%m月}，简历中的从业时间不满{campaign.min_years_of_work}年"
        yield Finding("/form/resume", "work_years_too_few", message, "R30")


def _month(year_month: str) -> int:
    return int(year_month[:4]) * 12 + int(year_month[5:7])


def _years_in_field(campaign: Campaign, values: Mapping[str, Any]) -> Iterator[Finding]:
    years = values.get("years_in_field")
    if isinstance(years, int) and years < campaign.min_years_of_work:
        message = f"从事本领域工作年限不满{campaign.min_years_of_work}年，请核对"
        yield Finding("/form/years_in_field", "field_years_under_five", message, "R30", "warning")


def _rank(values: Mapping[str, Any]) -> Iterator[Finding]:
    """“各地一般不推荐副处级或相当于副处级以上集体和个人” (R74, A26): a reason, and the city's approval; never a bar."""
    rank = str(values.get("administrative_rank") or values.get("collective_rank") or "")
    if rank in ("", NOTHING) or not any(term in rank for term in _DIVISION_RANKS):
        return
    if not values.get("rank_reason"):
        yield Finding("/form/rank_reason", "rank_reason_missing", "副处级及以上一般不推荐，确需推荐的请写明理由", "R74")
    else:
        message = "副处级及以上人员须经市专班同意"
        yield Finding("/form/administrative_rank", "rank_needs_city_approval", message, "R74", "warning")
