"""Plain data → Campaign. Every fault is found in one pass, including references that lead nowhere."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.nominations.domain.campaign import (
    BalanceFact,
    Campaign,
    CampaignInvalid,
    Category,
    Disqualifier,
    DocumentNeed,
    Preference,
    QuotaRow,
    ScopeRule,
    WorkingGroup,
    WorkingGroupMember,
)
from services.nominations.domain.campaign_reader import Reader
from services.nominations.domain.campaign_references import loose_references
from services.nominations.domain.consultation import ConsultationRow
from services.nominations.domain.field_checks import plain_date
from services.nominations.domain.form_definition import EnumValue
from services.nominations.domain.form_parsing import parse_condition, parse_form, parse_optional_condition
from services.nominations.domain.publicity import PublicityRule

_BUREAUS = {"hrss": "hrss", "iit": "iit"}
_SUBJECTS = {"individual": "individual", "collective": "collective"}
_SEVERITIES = {"error": "error", "warning": "warning"}


def parse_campaign(data: Mapping[str, Any]) -> Campaign:
    """Raises CampaignInvalid with every fault."""
    reader = Reader(data)
    campaign = read_campaign(reader)
    problems = [*reader.problems, *loose_references(campaign)]
    if problems:
        raise CampaignInvalid(tuple(problems))
    return campaign


def read_campaign(reader: Reader) -> Campaign:
    """The shape alone; faults gather in the reader. A reader that notes what it is asked gives the JSON Schema."""
    campaign = _campaign(reader)
    reader.raw("print_layouts")
    reader.raw("docx_templates")
    reader.finish()
    return campaign


def _campaign(reader: Reader) -> Campaign:
    timezone = reader.text("timezone")
    categories = tuple(_category(item) for item in reader.children("categories"))
    issued_on = reader.day("issued_on")
    return Campaign(
        key=reader.text("key"),
        version=reader.number("version", minimum=1),
        title=reader.text("title"),
        notice_number=reader.text("notice_number"),
        basis_number=reader.text("basis_number"),
        basis_url=reader.optional_text("basis_url"),
        issuers=reader.texts("issuers"),
        issued_on=issued_on,
        opens_on=reader.day("opens_on") if reader.raw("opens_on") is not None else issued_on,
        disclosure=reader.text("disclosure"),
        commendation_level=reader.text("commendation_level"),
        contact=reader.text_map("contact"),
        participation=reader.text_map("participation"),
        working_group=_working_group(reader),
        region_prefix=reader.text("region_prefix"),
        timezone=timezone,
        categories=categories,
        quotas=tuple(_quota_row(item) for item in reader.children("quotas")),
        printed_unit_names=reader.text_map("printed_unit_names")
        if reader.raw("printed_unit_names") is not None
        else {},
        paths=_paths(reader),
        contact_form=reader.optional_text("contact_form"),
        contact_form_due=reader.day("contact_form_due"),
        materials_deadline=_moment(reader, "materials_deadline", timezone),
        reference_date=reader.day("reference_date"),
        min_years_of_work=reader.number("min_years_of_work"),
        deeds_limit=reader.number("deeds_limit", minimum=1),
        unit_opinion_text=reader.text("unit_opinion_text"),
        report_sections=tuple(reader.text_map("report_sections")),
        paper_copies=reader.number("paper_copies"),
        publicity={stage: _publicity(item) for stage, item in reader.members("publicity")},
        consultation=tuple(_consultation_row(item) for item in reader.children("consultation")),
        authorities=reader.text_map("authorities"),
        city_collected=reader.texts("city_collected", ()),
        disqualifiers=tuple(_disqualifier(item) for item in reader.children("disqualifiers")),
        preferences=tuple(_preference(item) for item in reader.children("preferences", optional=True)),
        balance=tuple(_balance_fact(item) for item in reader.children("balance", optional=True)),
        official_name_endings=reader.texts("official_name_endings", ()),
        gates=reader.text_map("gates"),
        review_dimensions=reader.text_map("review_dimensions"),
        review_prompts=reader.texts("review_prompts", ()),
        document_needs=tuple(_document_need(item) for item in reader.children("document_needs")),
        requirements=reader.text_map("requirements"),
        enums=_enums(reader) | _category_enums(categories),
        forms={key: parse_form(key, item) for key, item in reader.members("forms")},
    )


def _moment(reader: Reader, key: str, timezone: str) -> datetime:
    """A local time of the campaign, `24:00` included: “逾期” begins when the day is over (民法典 第二百零三条)."""
    day, _, clock = reader.text(key).partition(" ")
    try:
        zone = ZoneInfo(timezone)
        if clock == "24:00":
            start = plain_date(day).toordinal() + 1
            return datetime.fromordinal(start).replace(tzinfo=zone)
        hour = datetime.strptime(clock, "%H:%M").time()  # noqa: DTZ007  a clock of the campaign's own zone
        return datetime.combine(plain_date(day), hour, tzinfo=zone)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        reader.fault(key, "must be a local time such as 2025-02-28 24:00, in a known time zone")
        return datetime.max.replace(tzinfo=UTC)


def _category(reader: Reader) -> Category:
    category = Category(
        key=reader.text("key"),
        title=reader.text("title"),
        subject=reader.choice("subject", _SUBJECTS),
        form=reader.text("form"),
        nature_field=reader.text("nature_field"),
        name_field=reader.text("name_field"),
        enterprise_if=parse_optional_condition(reader, "enterprise_if"),
        grants=reader.texts("grants"),
        final_quota=reader.number("final_quota"),
        scopes=reader.text_map("scopes"),
        scope_rules=tuple(_scope_rule(item) for item in reader.children("scope_rules", optional=True)),
        conditions=reader.text_map("conditions"),
    )
    reader.finish()
    return category


def _scope_rule(reader: Reader) -> ScopeRule:
    rule = ScopeRule(
        scope=reader.text("scope"),
        needs=tuple(parse_condition(item) for item in reader.children("needs")),
        message=reader.text("message"),
        requirement=reader.text("requirement"),
        severity=reader.choice("severity", _SEVERITIES),
    )
    reader.finish()
    return rule


def _working_group(reader: Reader) -> WorkingGroup | None:
    if reader.raw("working_group") is None:
        return None
    child = reader.child("working_group")
    group = WorkingGroup(
        name=child.text("name"),
        office=child.text("office"),
        positions=child.text_map("positions"),
        members=tuple(_member(item) for item in child.children("members")),
    )
    child.finish()
    return group


def _member(reader: Reader) -> WorkingGroupMember:
    member = WorkingGroupMember(
        name=reader.text("name"),
        post=reader.text("post"),
        bureau=reader.choice("bureau", _BUREAUS),
        positions=reader.texts("positions"),
    )
    reader.finish()
    return member


def _quota_row(reader: Reader) -> QuotaRow:
    seats = reader.raw("seats")
    if not isinstance(seats, Mapping) or not all(map(_is_seat_count, seats.items())):
        reader.fault("seats", "must be whole numbers by category")
        seats = {}
    row = QuotaRow(quota_unit=reader.text("quota_unit"), name=reader.text("name"), seats=dict(seats))
    reader.finish()
    return row


def _is_seat_count(member: tuple[object, object]) -> bool:
    category, count = member
    return isinstance(category, str) and type(count) is int and count >= 0


def _paths(reader: Reader) -> dict[str, tuple[str, ...]]:
    child = reader.child("paths")
    paths = {name: child.texts(name) for name in child.names()}
    if "default" not in paths:
        child.fault("default", "is missing")
        paths["default"] = ("unit",)
    return paths


def _publicity(reader: Reader) -> PublicityRule:
    rule = PublicityRule(
        working_days=reader.number("working_days", minimum=1),
        count_first_day=reader.flag("count_first_day", default=False),
        place=reader.text("place", ""),
    )
    reader.finish()
    return rule


def _consultation_row(reader: Reader) -> ConsultationRow:
    row = ConsultationRow(
        subject=reader.choice("subject", _SUBJECTS),
        natures=reader.texts("natures"),
        enterprise_head=reader.optional_flag("enterprise_head"),
        authorities=reader.texts("authorities"),
        sheet=reader.optional_text("sheet"),
        jurisdiction=reader.text("jurisdiction"),
    )
    reader.finish()
    return row


def _disqualifier(reader: Reader) -> Disqualifier:
    disqualifier = Disqualifier(
        key=reader.text("key"),
        label=reader.text("label"),
        window_years=reader.optional_number("window_years"),
        requirement=reader.text("requirement"),
    )
    reader.finish()
    return disqualifier


def _preference(reader: Reader) -> Preference:
    preference = Preference(
        category=reader.text("category"),
        condition=parse_condition(reader.child("prefer")),
        message=reader.text("message"),
        requirement=reader.text("requirement"),
    )
    reader.finish()
    return preference


def _balance_fact(reader: Reader) -> BalanceFact:
    fact = BalanceFact(
        key=reader.text("key"),
        label=reader.text("label"),
        category=reader.text("category"),
        requirement=reader.text("requirement"),
        condition=parse_optional_condition(reader, "counts_if"),
        spread_of=reader.optional_text("spread_of"),
    )
    if (fact.condition is None) == (fact.spread_of is None):
        reader.fault("", "takes exactly one of counts_if, spread_of")
    reader.finish()
    return fact


def _document_need(reader: Reader) -> DocumentNeed:
    need = DocumentNeed(
        kind=reader.text("kind"),
        label=reader.text("label"),
        category=reader.text("category"),
        requirement=reader.text("requirement"),
        condition=parse_optional_condition(reader, "only_if"),
        or_else=reader.texts("or_else", ()),
    )
    reader.finish()
    return need


def _enums(reader: Reader) -> dict[str, tuple[EnumValue, ...]]:
    child = reader.child("enums")
    return {
        name: tuple(EnumValue(value, label) for value, label in child.text_map(name).items()) for name in child.names()
    }


def _category_enums(categories: Iterable[Category]) -> dict[str, tuple[EnumValue, ...]]:
    """Scopes and conditions stand once, with their category; forms offer them by these names."""
    return {
        f"{category.key}.{name}": tuple(EnumValue(value, label) for value, label in choices.items())
        for category in categories
        for name, choices in (("scopes", category.scopes), ("conditions", category.conditions))
    }
