"""Characters that paper may not show as they were typed: a name printed as a box is nobody's name (R172)."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.nominations.domain.form_definition import Finding, FormDefinition

_BEYOND_BASIC = "\uffff"
"""Above it stand 生僻字 that few fonts draw, and pictures."""


def character_findings(form: FormDefinition, values: Mapping[str, Any]) -> Iterator[Finding]:
    """A character of somebody's own making warns: no other computer shows it. A rare one is told, to be looked at on paper."""
    for definition in form.fields:
        text = _text(values.get(definition.key)) if definition.printed else ""
        pointer = f"/form/{definition.key}"
        if any(_is_private(character) for character in text):
            message = (
                f"“{definition.label}”中有自造字，别的电脑和打印的表格上看不到，请改用国家标准汉字，或者说明如何处理"
            )
            yield Finding(pointer, "private_character", message, definition.requirement, "warning")
        elif any(character > _BEYOND_BASIC for character in text):
            message = f"“{definition.label}”中有生僻字或符号，打印前请核对；PDF中显示为方框的，请下载DOCX打印"
            yield Finding(pointer, "rare_character", message, definition.requirement, "notice")


def _is_private(character: str) -> bool:
    return "\ue000" <= character <= "\uf8ff" or character >= "\U000f0000"


def _text(value: object) -> str:
    rows = value if isinstance(value, list) else [{"": value}]
    return "".join(
        member for row in rows if isinstance(row, Mapping) for member in row.values() if isinstance(member, str)
    )
