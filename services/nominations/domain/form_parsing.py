"""Plain data → forms, fields and the conditions under which they are asked."""

from services.nominations.domain.campaign_reader import Reader
from services.nominations.domain.form_definition import (
    Column,
    Condition,
    FieldDefinition,
    FieldType,
    FormDefinition,
    Part,
)

_FIELD_TYPES = {kind.value: kind for kind in FieldType}
_PARTS = {part.value: part for part in Part}
_CLASSES = {name: name for name in ("P0", "P1", "P2", "P3")}
_COMPARISONS = ("equals", "differs_from", "one_of")


def parse_form(key: str, reader: Reader) -> FormDefinition:
    form = FormDefinition(
        key=key,
        title=reader.text("title"),
        category=reader.optional_text("category"),
        fields=tuple(_field(item) for item in reader.children("fields")),
        columns=tuple(_column(item) for item in reader.children("columns", optional=True)),
        boxes=reader.text_map("boxes") if reader.raw("boxes") is not None else {},
        notes=reader.texts("notes", ()),
    )
    reader.finish()
    return form


def _column(reader: Reader) -> Column:
    column = Column(
        key=reader.text("key"),
        label=reader.text("label"),
        sources=reader.texts("from", ()),
        renames=reader.text_map("renames") if reader.raw("renames") is not None else {},
        remarks=reader.text_map("remarks") if reader.raw("remarks") is not None else {},
        requirement=reader.text("requirement", ""),
    )
    reader.finish()
    return column


def _field(reader: Reader) -> FieldDefinition:
    definition = FieldDefinition(
        key=reader.text("key"),
        label=reader.text("label"),
        type=reader.choice("type", _FIELD_TYPES),
        part=reader.choice("part", _PARTS, "nominee"),
        sensitivity=reader.choice("sensitivity", _CLASSES, "P1"),
        required=reader.flag("required", default=True),
        required_if=parse_optional_condition(reader, "required_if"),
        blank_as=reader.optional_text("blank_as"),
        min_length=reader.number("min_length", 0),
        max_length=reader.number("max_length", 200),
        max_count=reader.optional_number("max_count"),
        minimum=reader.optional_number("minimum"),
        maximum=reader.optional_number("maximum"),
        pattern=reader.optional_text("pattern"),
        pattern_without_county=reader.optional_text("pattern_without_county"),
        enum=reader.optional_text("enum"),
        suggestions=reader.texts("suggestions", ()),
        official_name=reader.flag("official_name", default=False),
        future=reader.flag("future", default=False),
        window_years=reader.optional_number("window_years"),
        min_items=reader.number("min_items", 0),
        max_items=reader.number("max_items", 100),
        items=tuple(_field(item) for item in reader.children("items", optional=True)),
        help=reader.text("help", ""),
        requirement=reader.text("requirement", ""),
        printed=reader.flag("printed", default=True),
    )
    reader.finish()
    return definition


def parse_optional_condition(reader: Reader, key: str) -> Condition | None:
    return None if reader.raw(key) is None else parse_condition(reader.child(key))


def parse_condition(child: Reader) -> Condition:
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
