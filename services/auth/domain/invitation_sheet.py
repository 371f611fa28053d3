"""The sheet of people to invite: a head row, then a person a row. Every fault of a row at once."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.auth.domain.roles import Role

COLUMNS = ("单位名称", "统一社会信用代码", "姓名", "手机号", "岗位")
ROLE_NAMES: Mapping[str, Role] = {
    "推荐对象": Role.NOMINEE,
    "单位经办人": Role.UNIT_CLERK,
    "单位负责人": Role.UNIT_HEAD,
    "县级评选机构经办人": Role.COUNTY_OFFICER,
    "县级审核人": Role.COUNTY_REVIEWER,
    "市级审核人": Role.CITY_REVIEWER,
}
MOST_ROWS = 1000
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn")


@dataclass(frozen=True, slots=True)
class Fault:
    column: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that reads well; whether it may be done is asked elsewhere."""

    number: int
    """As the spreadsheet counts: the head is 1."""
    unit_name: str
    credit_code: str | None
    full_name: str
    phone: str | None
    role: Role


@dataclass(frozen=True, slots=True)
class BadRow:
    number: int
    faults: tuple[Fault, ...]


def missing_columns(head: Sequence[str]) -> list[str]:
    return [column for column in COLUMNS if column not in head]


def read_row(number: int, cells: Mapping[str, str], *, default_unit: str) -> SheetRow | BadRow:
    """`default_unit`: of an inviter who only invites to their own body, the name that an empty cell means."""
    said = {column: _clean(cells.get(column, "")) for column in COLUMNS}
    unit = said["单位名称"] or default_unit
    faults = [
        *_text_fault("单位名称", unit, longest=100),
        *_text_fault("姓名", said["姓名"], longest=64),
        *_pattern_fault("手机号", said["手机号"], _MOBILE, "不是11位手机号"),
        *_pattern_fault("统一社会信用代码", said["统一社会信用代码"].upper(), _CREDIT_CODE, "不是18位统一社会信用代码"),
    ]
    role = ROLE_NAMES.get(said["岗位"])
    if role is None:
        faults.append(Fault("岗位", "role_unknown", f"岗位须为：{'、'.join(ROLE_NAMES)}"))
    if faults or role is None:
        return BadRow(number, tuple(faults))
    code = said["统一社会信用代码"].upper() or None
    return SheetRow(number, unit, code, said["姓名"], said["手机号"] or None, role)


def _clean(cell: str) -> str:
    return unicodedata.normalize("NFC", cell).strip()


def _text_fault(column: str, text: str, *, longest: int) -> list[Fault]:
    if not text:
        return [Fault(column, "required", f"请填写{column}")]
    if len(text) > longest:
        return [Fault(column, "too_long", f"{column}最多{longest}个字符")]
    if any(unicodedata.category(letter) in _INVISIBLE for letter in text):
        return [Fault(column, "text_not_clean", f"{column}含有不可见字符")]
    return []


def _pattern_fault(column: str, text: str, pattern: re.Pattern[str], message: str) -> list[Fault]:
    return [Fault(column, "invalid_value", f"{column}{message}")] if text and not pattern.fullmatch(text) else []
