"""Eligibility that explains itself: every criterion of the notice, whether it is met, and from what that was seen.

The report repeats no rule: outcomes come from the findings of `form.py` and `eligibility.py`; what is added is the sentence.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from services.nominations.domain.campaign import Campaign
from services.nominations.domain.eligibility import months_of_work
from services.nominations.domain.form import is_asked, still_asked
from services.nominations.domain.form_definition import FieldDefinition, FieldType, Finding, FormDefinition
from services.nominations.domain.periods import years_before


class Outcome(StrEnum):
    """What is known of a criterion."""

    MET = "met"  # 符合
    NOT_MET = "not_met"  # 不符合
    UNKNOWN = "unknown"  # 待填写
    TO_REVIEW = "to_review"  # 须说明或核实


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion, for a person to read."""

    key: str
    label: str
    requirement: str
    outcome: Outcome
    explanation: str


def eligibility_report(
    campaign: Campaign, category: str, values: Mapping[str, Any], findings: Sequence[Finding], *, today: date
) -> list[Criterion]:
    """Scope, conditions, attestations in the order of the form, then what is computed."""
    form = campaign.form_of(category)
    asked = still_asked(form, values)
    by_field = {finding.pointer.removeprefix("/form/").partition("/")[0]: finding for finding in findings}
    criteria = [
        _criterion(campaign, definition, asked, by_field.get(definition.key))
        for definition in form.fields
        if _decides(definition, category) and is_asked(definition, asked)
    ]
    return [*criteria, *_computed(campaign, form, values, by_field, today)]


def window(campaign: Campaign, years: int) -> tuple[date, date]:
    """First and last day of “近…年”, counted back from the campaign's reference date (A14)."""
    return years_before(campaign.reference_date, years), campaign.reference_date


def _decides(definition: FieldDefinition, category: str) -> bool:
    chosen = definition.enum in (f"{category}.scopes", f"{category}.conditions")
    return chosen or definition.type is FieldType.ATTESTATION


def _criterion(
    campaign: Campaign, definition: FieldDefinition, values: Mapping[str, Any], finding: Finding | None
) -> Criterion:
    value = values.get(definition.key)
    seen = ""
    if isinstance(value, str | list) and value:
        chosen = value if isinstance(value, list) else [value]
        words = {choice.value: choice.label for choice in campaign.enums[definition.enum or ""]}
        seen = "；".join(words[each] for each in chosen)
    elif value is True:
        seen = "已确认" + _window_words(campaign, definition)
    return _judged(_open(definition.key, definition.label, definition.requirement), finding, seen)


def _window_words(campaign: Campaign, definition: FieldDefinition) -> str:
    if definition.window_years is None:
        return ""
    first, last = window(campaign, definition.window_years)
    return f"（{_chinese(first)}至{_chinese(last)}）"


def _computed(
    campaign: Campaign,
    form: FormDefinition,
    values: Mapping[str, Any],
    by_field: Mapping[str, Finding],
    today: date,
) -> Iterator[Criterion]:
    if form.get("resume") is not None:
        months = months_of_work(campaign, values, today=today)
        day = campaign.reference_date
        seen = f"截至{day.year}年{day.month}月，简历中的从业时间为{months // 12}年{months % 12}个月"
        criterion = _open("years_of_work", f"从业时间{campaign.min_years_of_work}年（含）以上", "R30")
        finding = by_field.get("resume")
        short = finding if finding is not None and finding.code == "work_years_too_few" else None
        yield _judged(criterion, short, seen if values.get("resume") else "")
    for key in ("rank_reason", "administrative_rank", "collective_rank"):
        finding = by_field.get(key)
        if finding is not None and finding.requirement == "R74":
            yield _judged(_open("rank", "一般不推荐副处级以上集体和个人", "R74"), finding, finding.message)


def _open(key: str, label: str, requirement: str) -> Criterion:
    return Criterion(key, label, requirement, Outcome.UNKNOWN, "尚未填写")


def _judged(criterion: Criterion, finding: Finding | None, seen: str) -> Criterion:
    """`seen` is what speaks for the criterion; empty while nobody has answered."""
    if not seen:
        return criterion
    if finding is None:
        return replace(criterion, outcome=Outcome.MET, explanation=seen)
    outcome = Outcome.NOT_MET if finding.severity == "error" else Outcome.TO_REVIEW
    words = seen if finding.message == seen else f"{seen}。{finding.message}"
    return replace(criterion, outcome=outcome, explanation=words)


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
