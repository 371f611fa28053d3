"""What a draft may hold: anything well-formed, however incomplete. It is normalised once, here, on its way in.

A value of the wrong shape is refused by name; a value that is merely wrong is kept, and named when the form is checked.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from services.nominations.domain.form_definition import (
    Enums,
    FieldDefinition,
    FieldType,
    Finding,
    FormDefinition,
)
from services.nominations.domain.identity import normalise_number
from services.nominations.domain.numerals import plain_day, plain_phone, plain_year_month, whole_number

_UNCLEAN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u2060\ufeff]")
"""Marks that come along when text is pasted from a chat or a web page. They are dropped, never stored."""
_BESIDE_NUMBERS = re.compile("[\u00ad\u200c\u200d\u202a-\u202e\u2066-\u2069]")
"""Marks of direction that address books put around a number. In words they could turn a sentence round, and are refused."""
_UNCLEAN_LINES = re.compile("[\x0a]")
_PLAIN: Mapping[FieldType, Callable[[str], str]] = {
    FieldType.RESIDENT_ID: normalise_number,
    FieldType.CREDIT_CODE: normalise_number,
    FieldType.YEAR_MONTH: plain_year_month,
    FieldType.DATE: plain_day,
    FieldType.PHONE: plain_phone,
    FieldType.MOBILE: plain_phone,
    FieldType.LANDLINE: plain_phone,
    FieldType.POSTCODE: lambda text: "".join(unicodedata.normalize("NFKC", text).split()),
    FieldType.EMAIL: lambda text: unicodedata.normalize("NFKC", text),
}
"""Fields in which full-width digits and other ways of writing are typing accidents (R150)."""
_DOT = re.compile(r"(?<=\w)[•‧・･⋅∙](?=\w)")
"""Between two parts of a name stands · as on the identity card, whichever dot a keyboard offers: 阿依古丽·买买提."""
_FLAGS = frozenset({FieldType.BOOLEAN, FieldType.ATTESTATION})
_UNANSWERED: tuple[object, ...] = (None, "", [])
_MAX_POINTER_NAME = 80
_LARGEST_INTEGER = 2**53 - 1
"""Beyond it JSON readers disagree (RFC 8259 section 6), and canonical JSON refuses (RFC 8785)."""


class _Refused(Exception):
    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings


def accept_draft(
    form: FormDefinition, values: Mapping[str, object], enums: Enums
) -> tuple[dict[str, Any], list[Finding]]:
    """The normalised values, and a finding for each value that is not well-formed. Never raises."""
    accepted: dict[str, Any] = {}
    findings: list[Finding] = []
    for key, value in values.items():
        pointer = f"/form/{pointer_step(key)}"
        definition = form.get(key)
        if definition is None:
            findings.append(Finding(pointer, "unknown_field", "表中没有这个栏目", "R128"))
            continue
        try:
            clean = _accept(definition, value, pointer, enums)
        except _Refused as refused:
            findings += refused.findings
            continue
        if clean not in _UNANSWERED:
            accepted[key] = clean
    return accepted, findings


def pointer_step(key: object) -> str:
    """One step of an RFC 6901 pointer, cut short where a client sends nonsense."""
    return str(key)[:_MAX_POINTER_NAME].replace("~", "~0").replace("/", "~1").encode("utf-8", "replace").decode()


def _accept(definition: FieldDefinition, value: object, pointer: str, enums: Enums) -> Any:
    if value in (None, "", definition.blank_as):
        return value
    if definition.type is FieldType.LIST:
        return _accept_list(definition, value, pointer, enums)
    if definition.type is FieldType.ENUM_SET:
        return _accept_set(definition, value, pointer, enums)
    if definition.type is FieldType.INTEGER:
        return _accept_integer(definition, value, pointer)
    if definition.type in _FLAGS:
        return _of_type(value, bool, definition, pointer, "是或否")
    text = _clean_text(definition, _of_type(value, str, definition, pointer, "文字"), pointer)
    if definition.type is FieldType.ENUM:
        _require_choice(definition, text, pointer, enums)
    return text


def _accept_integer(definition: FieldDefinition, value: object, pointer: str) -> int:
    if isinstance(value, str):
        value = whole_number(value)
    number: int = _of_type(value, int, definition, pointer, "整数")
    if abs(number) > _LARGEST_INTEGER:
        raise _Refused([_finding(definition, pointer, "out_of_range", f"“{definition.label}”的数值太大")])
    return number


def _of_type(value: object, kind: type, definition: FieldDefinition, pointer: str, wanted: str) -> Any:
    if type(value) is not kind:
        raise _Refused([_finding(definition, pointer, "wrong_type", f"“{definition.label}”应为{wanted}")])
    return value


def _clean_text(definition: FieldDefinition, text: str, pointer: str) -> str:
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\t", " ")))
    plain = _PLAIN.get(definition.type)
    if plain is not None:
        text = _BESIDE_NUMBERS.sub("", text)
    lines_allowed = definition.type is FieldType.LONG_TEXT
    if _UNCLEAN.search(text) or (not lines_allowed and _UNCLEAN_LINES.search(text.strip())):
        message = f"“{definition.label}”含有不可见的控制字符，请删除后重新输入"
        raise _Refused([_finding(definition, pointer, "text_not_clean", message)])
    text = (_DOT.sub("·", text) if plain is None else plain(text)).strip()
    if len(text) > definition.max_length:
        message = f"“{definition.label}”太长，最多{definition.max_length}个字符"
        raise _Refused([_finding(definition, pointer, "too_long", message)])
    return text


def _require_choice(definition: FieldDefinition, value: object, pointer: str, enums: Enums) -> None:
    if value not in {choice.value for choice in enums[definition.enum or ""]}:
        raise _Refused([_finding(definition, pointer, "not_in_list", f"“{definition.label}”请从列表中选择")])


def _accept_set(definition: FieldDefinition, value: object, pointer: str, enums: Enums) -> list[str]:
    chosen = _bounded_list(definition, value, pointer)
    findings = []
    for index, item in enumerate(chosen):
        try:
            _require_choice(
                definition, _of_type(item, str, definition, f"{pointer}/{index}", "文字"), f"{pointer}/{index}", enums
            )
        except _Refused as refused:
            findings += refused.findings
    if findings:
        raise _Refused(findings)
    return [str(item) for item in dict.fromkeys(chosen)]


def _accept_list(definition: FieldDefinition, value: object, pointer: str, enums: Enums) -> list[dict[str, Any]]:
    rows = _bounded_list(definition, value, pointer)
    accepted, findings = [], []
    for index, row in enumerate(rows):
        try:
            accepted.append(_accept_row(definition, row, f"{pointer}/{index}", enums))
        except _Refused as refused:
            findings += refused.findings
    if findings:
        raise _Refused(findings)
    return [row for row in accepted if row]


def _bounded_list(definition: FieldDefinition, value: object, pointer: str) -> list[object]:
    rows: list[object] = _of_type(value, list, definition, pointer, "列表")
    if len(rows) > definition.max_items:
        message = f"“{definition.label}”最多{definition.max_items}条"
        raise _Refused([_finding(definition, pointer, "too_many_items", message)])
    return rows


def _accept_row(definition: FieldDefinition, row: object, pointer: str, enums: Enums) -> dict[str, Any]:
    if not isinstance(row, Mapping):
        raise _Refused([_finding(definition, pointer, "wrong_type", f"“{definition.label}”的每一条应为对象")])
    members = {item.key: item for item in definition.items}
    accepted: dict[str, Any] = {}
    findings = list(_unknown_members(definition, row, pointer))
    for key, member in members.items():
        try:
            clean = _accept(member, row.get(key), f"{pointer}/{key}", enums)
        except _Refused as refused:
            findings += refused.findings
            continue
        if clean not in _UNANSWERED:
            accepted[key] = clean
    if findings:
        raise _Refused(findings)
    return accepted


def _unknown_members(definition: FieldDefinition, row: Mapping[object, object], pointer: str) -> Iterator[Finding]:
    known = {item.key for item in definition.items}
    for key in row:
        if key not in known:
            yield _finding(definition, f"{pointer}/{pointer_step(key)}", "unknown_field", "没有这个栏目")


def _finding(definition: FieldDefinition, pointer: str, code: str, message: str) -> Finding:
    return Finding(pointer, code, message, definition.requirement)
