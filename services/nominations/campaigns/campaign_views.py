"""A campaign and its forms described for front ends: enough to render any campaign without knowing it beforehand."""

from typing import Any

from services.nominations.campaigns.campaign_course import Course
from services.nominations.domain.campaign import Campaign, Disqualifier, WorkingGroup
from services.nominations.domain.eligibility_report import window
from services.nominations.domain.form_definition import Condition, FieldDefinition, FormDefinition
from services.nominations.schemas.campaigns import (
    CampaignBody,
    CampaignRequirements,
    CategoryBody,
    Choice,
    ConsultationRule,
    DisqualifierBody,
    QuotaRowBody,
    QuotaTable,
    WorkingGroupBody,
    WorkingGroupPerson,
)


def campaign_body(campaign: Campaign, course: Course) -> CampaignBody:
    return CampaignBody(
        key=campaign.key,
        version=campaign.version,
        title=campaign.title,
        notice_number=campaign.notice_number,
        basis_number=campaign.basis_number,
        basis_url=campaign.basis_url,
        issuers=list(campaign.issuers),
        issued_on=campaign.issued_on,
        opens_on=campaign.opens_on,
        disclosure=campaign.disclosure,
        commendation_level=campaign.commendation_level,
        contact=dict(campaign.contact),
        participation=dict(campaign.participation),
        categories=[
            CategoryBody(
                key=category.key,
                title=category.title,
                subject=category.subject,
                form=category.form,
                grants=list(category.grants),
                final_quota=category.final_quota,
                scopes=[Choice(key=key, text=text) for key, text in category.scopes.items()],
                conditions=[Choice(key=key, text=text) for key, text in category.conditions.items()],
            )
            for category in campaign.categories
        ],
        contact_form_due=campaign.contact_form_due,
        materials_deadline=course.deadline_of(campaign),
        closed_at=course.closed_at,
        working_group=_working_group(campaign.working_group),
        publicity_working_days={stage: rule.working_days for stage, rule in campaign.publicity.items()},
        reference_date=campaign.reference_date,
        min_years_of_work=campaign.min_years_of_work,
        disqualifiers=[_disqualifier(campaign, each) for each in campaign.disqualifiers],
        authorities=dict(campaign.authorities),
        consultation=[ConsultationRule.model_validate(row, from_attributes=True) for row in campaign.consultation],
        gates=dict(campaign.gates),
        review_dimensions=dict(campaign.review_dimensions),
        review_prompts=list(campaign.review_prompts),
        report_sections=list(campaign.report_sections),
        forms=list(campaign.forms),
    )


def requirements_body(campaign: Campaign) -> CampaignRequirements:
    return CampaignRequirements(items=[Choice(key=key, text=text) for key, text in campaign.requirements.items()])


def quota_table(campaign: Campaign) -> QuotaTable:
    items = [QuotaRowBody(quota_unit=r.quota_unit, name=r.name, seats=dict(r.seats)) for r in campaign.quotas]
    totals = {category: sum(row.seats.get(category, 0) for row in items) for category in campaign.category_keys}
    return QuotaTable(items=items, totals=totals)


def _working_group(group: WorkingGroup | None) -> WorkingGroupBody | None:
    if group is None:
        return None
    members = [
        WorkingGroupPerson(
            name=member.name,
            post=member.post,
            bureau=member.bureau,
            positions=[group.positions[position] for position in member.positions],
        )
        for member in group.members
    ]
    return WorkingGroupBody(name=group.name, office=group.office, members=members)


def _disqualifier(campaign: Campaign, disqualifier: Disqualifier) -> DisqualifierBody:
    years = disqualifier.window_years
    return DisqualifierBody(
        key=disqualifier.key,
        label=disqualifier.label,
        window_years=years,
        since=window(campaign, years)[0] if years is not None else None,
        requirement=disqualifier.requirement,
    )


def form_schema(campaign: Campaign, form: FormDefinition) -> dict[str, Any]:
    """Fields in order with label, help, limits, choices, who fills them, and when they are asked."""
    return {
        "key": form.key,
        "title": form.title,
        "campaign": campaign.key,
        "version": campaign.version,
        "category": form.category,
        "fields": [_field(campaign, definition) for definition in form.fields],
        "columns": [{"key": c.key, "label": c.label, "from": list(c.sources)} for c in form.columns],
        "boxes": [{"authority": authority, "label": label} for authority, label in form.boxes.items()],
        "notes": list(form.notes),
    }


def _field(campaign: Campaign, definition: FieldDefinition) -> dict[str, Any]:
    described: dict[str, Any] = {
        "key": definition.key,
        "label": definition.label,
        "type": definition.type.value,
        "part": definition.part.value,
        "required": definition.required,
        "sensitivity": definition.sensitivity,
        "printed": definition.printed,
    }
    limits = {
        "blank_as": definition.blank_as,
        "max_length": definition.max_length if definition.max_count is None else None,
        "max_count": definition.max_count,
        "minimum": definition.minimum,
        "maximum": definition.maximum,
        "pattern": definition.pattern,
        "pattern_without_county": definition.pattern_without_county,
        "suggestions": list(definition.suggestions),
        "help": definition.help,
        "requirement": definition.requirement,
        "required_if": _condition(definition.required_if),
    }
    described |= {name: value for name, value in limits.items() if value not in (None, "", [])}
    if definition.enum:
        described["choices"] = [{"value": c.value, "label": c.label} for c in campaign.enums[definition.enum]]
    if definition.window_years is not None:
        first, last = window(campaign, definition.window_years)
        described["window"] = {"from": first.isoformat(), "to": last.isoformat()}
    if definition.items:
        described |= {"min_items": definition.min_items, "max_items": definition.max_items}
        described["items"] = [_field(campaign, item) for item in definition.items]
    return described


def _condition(condition: Condition | None) -> dict[str, Any] | None:
    if condition is None:
        return None
    members = {"equals": condition.equals, "differs_from": condition.differs_from, "one_of": list(condition.one_of)}
    return {"field": condition.field} | {name: value for name, value in members.items() if value not in (None, [])}
