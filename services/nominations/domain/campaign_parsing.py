"""Plain data → Campaign. Every fault is found in one pass, including references that lead nowhere."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.nominations.domain.campaign import (
    Campaign,
    CampaignInvalid,
    Category,
    Disqualifier,
    DocumentNeed,
    QuotaRow,
)
from services.nominations.domain.campaign_reader import Reader
from services.nominations.domain.campaign_references import loose_references
from services.nominations.domain.consultation import ConsultationRow
from services.nominations.domain.field_checks import plain_date
from services.nominations.domain.form_definition import (
    Condition,
    EnumValue,
    FieldDefinition,
    FieldType,
    FormDefinition,
    Part,
)
from services.nominations.domain.publicity import PublicityRule

_FIELD_TYPES = {kind.value: kind for kind in FieldType}
_PARTS = {part.value: part for part in Part}
_SUBJECTS = {"individual": "individual", "collective": "collective"}
_COMPARISONS = ("equals", "differs_from", "one_of")


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
    reader.finish()
    return campaign


def _campaign(reader: Reader) -> Campaign:
    timezone = reader.text("timezone")
    return Campaign(
        key=reader.text("key"),
        version=reader.number("version", minimum=1),
        title=reader.text("title"),
        notice_number=reader.text("notice_number"),
        basis_number=reader.text("basis_number"),
        issuers=reader.texts("issuers"),
        issued_on=reader.day("issued_on"),
        disclosure=reader.text("disclosure"),
        commendation_level=reader.text("commendation_level"),
        contact=reader.text_map("contact"),
        timezone=timezone,
        categories=tuple(_category(item) for item in reader.children("categories")),
        quotas=tuple(_quota_row(item) for item in reader.children("quotas")),
        paths=_paths(reader),
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
        disqualifiers=tuple(_disqualifier(item) for item in reader.children("disqualifiers")),
        document_needs=tuple(_document_need(item) for item in reader.children("document_needs")),
        enums=_enums(reader),
        forms={key: _form(key, item) for key, item in reader.members("forms")},
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
        grants=reader.texts("grants"),
        final_quota=reader.number("final_quota"),
        scopes=reader.texts("scopes"),
        conditions=reader.texts("conditions"),
    )
    reader.finish()
    return category


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


def _document_need(reader: Reader) -> DocumentNeed:
    need = DocumentNeed(
        kind=reader.text("kind"),
        label=reader.text("label"),
        category=reader.text("category"),
        requirement=reader.text("requirement"),
        condition=_condition(reader, "only_if"),
    )
    reader.finish()
    return need


def _condition(reader: Reader, key: str) -> Condition | None:
    if reader.raw(key) is None:
        return None
    child = reader.child(key)
    condition = Condition(
        field=child.text("field"),
        equals=child.raw("equals"),
        differs_from=child.raw("differs_from"),
        one_of=child.texts("one_of", ()),
    )
    if sum(child.raw(name) not in (None, []) for name in _COMPARISONS) != 1:
        child.fault("", f"takes exactly one of {', '.join(_COMPARISONS)}")
    child.finish()
    return condition


def _enums(reader: Reader) -> dict[str, tuple[EnumValue, ...]]:
    child = reader.child("enums")
    return {
        name: tuple(EnumValue(value, label) for value, label in child.text_map(name).items()) for name in child.names()
    }


def _form(key: str, reader: Reader) -> FormDefinition:
    form = FormDefinition(
        key=key, title=reader.text("title"), fields=tuple(_field(item) for item in reader.children("fields"))
    )
    reader.finish()
    return form


def _field(reader: Reader) -> FieldDefinition:
    definition = FieldDefinition(
        key=reader.text("key"),
        label=reader.text("label"),
        type=reader.choice("type", _FIELD_TYPES),
        part=reader.choice("part", _PARTS, "nominee"),
        sensitivity=reader.choice("sensitivity", {name: name for name in ("P0", "P1", "P2", "P3")}, "P1"),
        required=reader.flag("required", default=True),
        required_if=_condition(reader, "required_if"),
        blank_as=reader.optional_text("blank_as"),
        min_length=reader.number("min_length", 0),
        max_length=reader.number("max_length", 200),
        max_count=reader.optional_number("max_count"),
        minimum=reader.optional_number("minimum"),
        maximum=reader.optional_number("maximum"),
        pattern=reader.optional_text("pattern"),
        enum=reader.optional_text("enum"),
        suggestions=reader.texts("suggestions", ()),
        max_items=reader.number("max_items", 100),
        items=tuple(_field(item) for item in reader.children("items", optional=True)),
        help=reader.text("help", ""),
        requirement=reader.text("requirement", ""),
        printed=reader.flag("printed", default=True),
    )
    reader.finish()
    return definition
