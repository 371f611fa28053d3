"""Whether one answer is right: by the kind of its field, with the rule of the 填表说明 that says so."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from services.nominations.domain.form_definition import FieldDefinition, FieldType
from services.nominations.domain.identity import IdentityFault, is_credit_code, parse_resident_id
from services.nominations.domain.text import count_characters

Fault = tuple[str, str]
"""Code and sentence. The sentence never repeats the answer."""

PROVINCES = (
    "北京市", "天津市", "上海市", "重庆市", "河北省", "山西省", "辽宁省", "吉林省", "黑龙江省", "江苏省", "浙江省", "安徽省",
    "福建省", "江西省", "山东省", "河南省", "湖北省", "湖南省", "广东省", "海南省", "四川省", "贵州省", "云南省", "陕西省",
    "甘肃省", "青海省", "台湾省", "内蒙古自治区", "广西壮族自治区", "西藏自治区", "宁夏回族自治区", "新疆维吾尔自治区",
    "香港特别行政区", "澳门特别行政区",
)  # fmt: skip

_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_LANDLINE = re.compile(r"0\d{2,3}-?\d{7,8}(-\d{1,6})?", re.ASCII)
_LOCAL_NUMBER = re.compile(r"\d{7,8}", re.ASCII)
_POSTCODE = re.compile(r"\d{6}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,5}")
_YEAR_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
_REGION_TAIL = re.compile(r".{1,30}(县|市|区|旗)")


def faults_of(definition: FieldDefinition, value: object, *, today: date) -> Iterator[Fault]:
    """Everything wrong with one answer of a field that holds a single value."""
    if definition.type is FieldType.INTEGER and isinstance(value, int):
        yield from _range(definition, value)
    elif definition.type is FieldType.ATTESTATION and value is not True:
        yield "attestation_missing", f"请确认：{definition.label}"
    elif isinstance(value, str):
        check = _BY_TYPE.get(definition.type)
        if check is not None:
            yield from check(definition, value, today)
        yield from _text_rules(definition, value)


def year_month_is_valid(text: str) -> bool:
    return _YEAR_MONTH.fullmatch(text) is not None


def plain_date(text: str) -> date:
    """Raises ValueError also for week dates and dates without hyphens, which Python reads and people do not."""
    day = date.fromisoformat(text)
    if day.isoformat() != text:
        raise ValueError("not written as year-month-day")
    return day


def _range(definition: FieldDefinition, value: int) -> Iterator[Fault]:
    if definition.minimum is not None and value < definition.minimum:
        yield "out_of_range", f"“{definition.label}”不能小于{definition.minimum}"
    if definition.maximum is not None and value > definition.maximum:
        yield "out_of_range", f"“{definition.label}”不能大于{definition.maximum}"


def _text_rules(definition: FieldDefinition, value: str) -> Iterator[Fault]:
    if len(value) < definition.min_length:
        yield "too_short", f"“{definition.label}”至少{definition.min_length}个字符"
    if definition.pattern is not None and re.fullmatch(definition.pattern, value) is None:
        yield "invalid_format", f"“{definition.label}”格式不正确：{definition.help}"
    if definition.max_count is not None and count_characters(value).count > definition.max_count:
        yield "too_many_characters", f"“{definition.label}”超过{definition.max_count}字"


def _resident_id(_: FieldDefinition, value: str, today: date) -> Iterator[Fault]:
    try:
        parse_resident_id(value, today=today)
    except IdentityFault as fault:
        yield fault.code, fault.message


def _credit_code(definition: FieldDefinition, value: str, _: date) -> Iterator[Fault]:
    if not is_credit_code(value):
        yield "invalid_credit_code", f"“{definition.label}”校验不通过，请对照营业执照逐位核对"


def _phone(definition: FieldDefinition, value: str, _: date) -> Iterator[Fault]:
    if _MOBILE.fullmatch(value) is None and _LANDLINE.fullmatch(value) is None:
        yield "invalid_phone", f"“{definition.label}”应为11位手机号，或带区号的座机号"


def _mobile(definition: FieldDefinition, value: str, _: date) -> Iterator[Fault]:
    if _MOBILE.fullmatch(value) is None:
        yield "invalid_phone", f"“{definition.label}”应为11位手机号"


def _landline(definition: FieldDefinition, value: str, _: date) -> Iterator[Fault]:
    """“填写办公电话和传真时，须填写区号” (R205)."""
    if _LOCAL_NUMBER.fullmatch(value) is not None:
        yield "area_code_missing", f"“{definition.label}”须填写区号"
    elif _LANDLINE.fullmatch(value) is None:
        yield "invalid_phone", f"“{definition.label}”应为带区号的座机号"


def _postcode(definition: FieldDefinition, value: str, _: date) -> Iterator[Fault]:
    if _POSTCODE.fullmatch(value) is None:
        yield "invalid_postcode", f"“{definition.label}”应为6位数字"


def _email(definition: FieldDefinition, value: str, _: date) -> Iterator[Fault]:
    if _EMAIL.fullmatch(value) is None:
        yield "invalid_email", f"“{definition.label}”不是有效的电子邮箱"


def _address(definition: FieldDefinition, value: str, _: date) -> Iterator[Fault]:
    """“要从省级行政区划开始如实填写” (R154, R181)."""
    if not value.startswith(PROVINCES):
        yield "address_without_province", f"“{definition.label}”要从省级行政区划开始填写，例如山西省忻州市"


def _region(definition: FieldDefinition, value: str, _: date) -> Iterator[Fault]:
    """“填写格式为XX省XX县（市、区）” (R173); municipalities and autonomous regions are provinces too."""
    tail = next((value.removeprefix(name) for name in PROVINCES if value.startswith(name)), None)
    if tail is None or _REGION_TAIL.fullmatch(tail) is None:
        yield "invalid_native_place", f"“{definition.label}”填写格式为XX省XX县（市、区）"


def _year_month(definition: FieldDefinition, value: str, today: date) -> Iterator[Fault]:
    if not year_month_is_valid(value):
        yield "invalid_date", f"“{definition.label}”应为年月，例如1985-03"
    elif value > f"{today:%Y-%m}":
        yield "date_in_future", f"“{definition.label}”不能晚于今天"


def _date(definition: FieldDefinition, value: str, today: date) -> Iterator[Fault]:
    try:
        day = plain_date(value)
    except ValueError:
        otherwise = f"，或者填“{definition.blank_as}”" if definition.blank_as else ""
        yield "invalid_date", f"“{definition.label}”应为日期，例如2025-02-07{otherwise}"
        return
    if day > today and not definition.future:
        yield "date_in_future", f"“{definition.label}”不能晚于今天"


_BY_TYPE: Mapping[FieldType, Callable[[FieldDefinition, str, date], Iterator[Fault]]] = {
    FieldType.RESIDENT_ID: _resident_id,
    FieldType.CREDIT_CODE: _credit_code,
    FieldType.PHONE: _phone,
    FieldType.MOBILE: _mobile,
    FieldType.LANDLINE: _landline,
    FieldType.POSTCODE: _postcode,
    FieldType.EMAIL: _email,
    FieldType.ADDRESS: _address,
    FieldType.REGION: _region,
    FieldType.YEAR_MONTH: _year_month,
    FieldType.DATE: _date,
}
