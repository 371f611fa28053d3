"""The shape of a form as data: its fields in order, what each may hold, who fills it, and the rule that asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

NOTHING = "无"
"""“所有表格不可空白，对无相关情况的栏目，请填写“无”” (R151, R171): the word itself is the value."""


class FieldType(StrEnum):
    """What a field holds."""

    TEXT = "text"  # 文字
    LONG_TEXT = "long_text"  # 长文字
    INTEGER = "integer"  # 整数
    YEAR_MONTH = "year_month"  # 年月
    DATE = "date"  # 日期
    ENUM = "enum"  # 单选
    ENUM_SET = "enum_set"  # 多选
    PHONE = "phone"  # 电话
    MOBILE = "mobile"  # 手机
    LANDLINE = "landline"  # 座机
    POSTCODE = "postcode"  # 邮政编码
    EMAIL = "email"  # 电子邮箱
    ADDRESS = "address"  # 地址
    REGION = "region"  # 籍贯
    RESIDENT_ID = "resident_id"  # 身份证号
    CREDIT_CODE = "credit_code"  # 统一社会信用代码
    BOOLEAN = "boolean"  # 是否
    ATTESTATION = "attestation"  # 承诺
    LIST = "list"  # 列表


class Part(StrEnum):
    """Who fills a field (A30)."""

    NOMINEE = "nominee"  # 推荐对象
    UNIT = "unit"  # 所在单位


@dataclass(frozen=True, slots=True)
class EnumValue:
    """One choice: the value in JSON and database, the word on the form."""

    value: str
    label: str


Enums = Mapping[str, tuple[EnumValue, ...]]


@dataclass(frozen=True, slots=True)
class Condition:
    """A plain comparison with another field; no expression language. Exactly one of the three is set."""

    field: str
    equals: object = None
    differs_from: object = None
    one_of: tuple[object, ...] = ()

    def holds(self, values: Mapping[str, object]) -> bool:
        """An unanswered field satisfies no condition."""
        value = values.get(self.field)
        if value in (None, "", []):
            return False
        if self.one_of:
            return value in self.one_of
        return value == self.equals if self.equals is not None else value != self.differs_from


@dataclass(frozen=True, slots=True)
class FieldDefinition:
    """One field. Lengths in code points; `max_count` in 字 by the campaign's counting rule."""

    key: str
    label: str
    type: FieldType
    part: Part = Part.NOMINEE
    sensitivity: str = "P1"
    """P0 is public and must be said: what nobody classed is never published (R48)."""
    required: bool = True
    required_if: Condition | None = None
    """Required, and shown, only while the condition holds; it decides then, not `required`."""
    blank_as: str | None = None
    """The word for “nothing to tell”; None where something must be told."""
    min_length: int = 0
    max_length: int = 200
    max_count: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    pattern: str | None = None
    pattern_without_county: str | None = None
    """In place of `pattern` for organisations without a county stage, whose names have no county to tell (R137, A13)."""
    enum: str | None = None
    suggestions: tuple[str, ...] = ()
    official_name: bool = False
    """“填写规范全称” (R152): a name that looks shortened is pointed out, never refused."""
    future: bool = False
    """A date that may lie ahead."""
    window_years: int | None = None
    """An attestation about the last so many years, counted back from the campaign's reference date (R20, A14)."""
    min_items: int = 0
    max_items: int = 100
    items: tuple["FieldDefinition", ...] = ()
    help: str = ""
    requirement: str = ""
    printed: bool = True


REMARKS = "remarks"
"""The column of a summary table for whatever else is to be said (备注)."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a summary table: the fields it is read from, joined in order, and words it renames on the way (A5)."""

    key: str
    label: str
    sources: tuple[str, ...]
    renames: Mapping[str, str] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    """By the word that was renamed: what 备注 says about it."""
    requirement: str = ""


@dataclass(frozen=True, slots=True)
class FormDefinition:
    """One form of the notice. A summary table has columns, an opinion sheet has boxes, an approval form has neither."""

    key: str
    title: str
    fields: tuple[FieldDefinition, ...]
    category: str | None = None
    """Whose cases a summary table lists, or an opinion sheet asks about."""
    columns: tuple[Column, ...] = ()
    boxes: Mapping[str, str] = field(default_factory=dict)
    """Printed label of the opinion box of each authority (附件7, 附件8)."""
    notes: tuple[str, ...] = ()
    """备注 and 填表说明 in the words of the notice, its slips included (A10)."""
    _by_key: dict[str, FieldDefinition] = field(init=False, repr=False, compare=False, default_factory=dict)
    _by_part: dict[Part, tuple[FieldDefinition, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        self._by_key.update({definition.key: definition for definition in self.fields})
        self._by_part.update({part: tuple(each for each in self.fields if each.part is part) for part in Part})

    def get(self, key: str) -> FieldDefinition | None:
        return self._by_key.get(key)

    def without_county(self) -> "FormDefinition":
        """The form as organisations without a county stage fill it (A13)."""
        fields = tuple(
            each if each.pattern_without_county is None else replace(each, pattern=each.pattern_without_county)
            for each in self.fields
        )
        return replace(self, fields=fields)

    def of_type(self, kind: FieldType) -> FieldDefinition | None:
        """The first field that holds this kind of answer; None where the form asks for none."""
        return next((definition for definition in self.fields if definition.type is kind), None)

    def of_part(self, part: Part) -> tuple[FieldDefinition, ...]:
        return self._by_part[part]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a form. `pointer` is an RFC 6901 pointer into the request body, such as `/form/full_name`."""

    pointer: str
    code: str
    message: str
    requirement: str
    severity: str = "error"
    """`error` stands against submission; `warning` asks for a reason, which is recorded; `notice` only tells."""
