"""pydantic's findings as field errors: our codes, Chinese sentences, never the value that was sent."""

from collections.abc import Mapping
from typing import Any

from services.common.problems import FieldError

_MESSAGES: dict[str, tuple[str, str, str]] = {
    "missing": ("required", "必填", "Required"),
    "extra_forbidden": ("unknown_field", "没有这个字段", "Unknown field"),
    "string_type": ("wrong_type", "应为文字", "Must be a string"),
    "int_type": ("wrong_type", "应为整数", "Must be an integer"),
    "int_parsing": ("wrong_type", "应为整数", "Must be an integer"),
    "int_from_float": ("wrong_type", "应为整数", "Must be an integer"),
    "bool_type": ("wrong_type", "应为是或否", "Must be true or false"),
    "bool_parsing": ("wrong_type", "应为是或否", "Must be true or false"),
    "list_type": ("wrong_type", "应为列表", "Must be an array"),
    "dict_type": ("wrong_type", "应为对象", "Must be an object"),
    "model_attributes_type": ("wrong_type", "应为对象", "Must be an object"),
    "uuid_type": ("wrong_type", "应为编号", "Must be an id"),
    "uuid_parsing": ("invalid_id", "编号格式不正确", "Not a valid id"),
    "string_too_short": ("too_short", "太短", "Too short"),
    "string_too_long": ("too_long", "太长", "Too long"),
    "too_short": ("too_few", "数量太少", "Too few items"),
    "too_long": ("too_many", "数量太多", "Too many items"),
    "greater_than_equal": ("too_small", "数值太小", "Too small"),
    "greater_than": ("too_small", "数值太小", "Too small"),
    "less_than_equal": ("too_large", "数值太大", "Too large"),
    "less_than": ("too_large", "数值太大", "Too large"),
    "enum": ("not_in_list", "不在可选范围内", "Not one of the allowed values"),
    "literal_error": ("not_in_list", "不在可选范围内", "Not one of the allowed values"),
    "string_pattern_mismatch": ("invalid_format", "格式不正确", "Wrong format"),
    "date_parsing": ("invalid_date", "日期不正确", "Not a date"),
    "date_from_datetime_parsing": ("invalid_date", "日期不正确", "Not a date"),
    "date_type": ("invalid_date", "日期不正确", "Not a date"),
    "datetime_parsing": ("invalid_time", "时间不正确", "Not a date-time"),
    "datetime_from_date_parsing": ("invalid_time", "时间不正确", "Not a date-time"),
    "moment_out_of_range": ("invalid_time", "时间不正确", "Not a date-time of our days"),
    "timezone_aware": ("invalid_time", "时间须带时区", "The date-time needs an offset"),
    "string_unicode": ("text_not_clean", "含有不可见的控制字符，请删除后重新输入", "Holds characters that are no text"),
    "invalid_key": ("text_not_clean", "含有不可见的控制字符，请删除后重新输入", "Holds characters that are no text"),
    "text_not_clean": ("text_not_clean", "含有不可见的控制字符，请删除后重新输入", "Holds control characters"),
    "phone_invalid": ("phone_invalid", "不是有效的手机号", "Not a mobile number of the mainland"),
    "reason_required": ("required", "请填写理由", "Give a reason"),
}
_MAX_NAME = 80
_OTHER = ("invalid_value", "内容不符合要求", "Not acceptable")


def field_error(item: Mapping[str, Any]) -> FieldError:
    code, message, message_en = _MESSAGES.get(item["type"], _OTHER)
    return FieldError(_pointer(item["loc"]), code, message, message_en)


def _pointer(location: tuple[str | int, ...]) -> str:
    source, *path = location
    steps = path if source == "body" else [source, *path]
    return "".join("/" + pointer_step(str(step)) for step in steps)


def pointer_step(name: str) -> str:
    """One step of the pointer. A name that a client made up may be of any length and hold what UTF-8 cannot."""
    return name[:_MAX_NAME].replace("~", "~0").replace("/", "~1").encode("utf-8", "replace").decode()
