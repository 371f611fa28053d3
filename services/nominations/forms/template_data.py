"""What an office's own DOCX may say: the same words that our layouts print, by the keys of the form."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from services.nominations.domain.form_definition import NOTHING
from services.nominations.forms.blocks import Cell, FormDocument, Picture, Pictures, Table
from services.nominations.forms.form_content import FormContent
from services.nominations.forms.print_specs import ValueSpec
from services.nominations.forms.values import chinese_date, plain, printed, scalar


def template_data(layout: Any, content: FormContent) -> dict[str, Any]:
    """`values` and `opinions` by key, `rows` of a table. An item of a list has its members, and its printed line as `text`."""
    specs = {key: spec for spec in _specs(layout) for key in spec.fields}
    return {
        "values": {key: _value(specs.get(key), key, value, content) for key, value in content.values.items()},
        "opinions": {box: {"text": NOTHING, "signer": NOTHING, "date": ""} for box in content.unsigned_boxes}
        | {
            box: {
                "text": plain(signed.text),
                "signer": plain(signed.signer_name),
                "date": chinese_date(signed.signed_on),
            }
            for box, signed in content.opinions.items()
        },
        "rows": [dict(row) for row in content.rows],
    }


def places_of(document: FormDocument) -> Iterator[Picture]:
    """Where our own layout has pictures, with their sizes."""
    for block in document.blocks:
        cells = [cell for row in block.rows for cell in row.cells] if isinstance(block, Table) else []
        for cell in cells:
            yield from _pictures(cell)


def _pictures(cell: Cell) -> Iterator[Picture]:
    if isinstance(cell.content, Picture):
        yield cell.content
    elif isinstance(cell.content, Pictures):
        yield from cell.content.places


def _value(spec: ValueSpec | None, key: str, value: Any, content: FormContent) -> Any:
    words = content.words
    if isinstance(value, list | tuple) and any(isinstance(item, Mapping) for item in value):
        formats = spec.item.formats if spec is not None and spec.item is not None else {}
        return [
            {name: scalar(told, formats.get(name, "text"), f"{key}.{name}", words) for name, told in item.items()}
            | ({"text": printed(ValueSpec((key,), item=spec.item), {key: [item]}, words)} if spec is not None else {})
            for item in value
            if isinstance(item, Mapping)
        ]
    if isinstance(value, list | tuple):
        return [scalar(item, "text", key, words) for item in value]
    return scalar(value, spec.format if spec is not None else "text", key, words)


def _specs(node: Any) -> Iterator[ValueSpec]:
    if isinstance(node, ValueSpec):
        yield node
    elif is_dataclass(node):
        for each in fields(node):
            yield from _specs(getattr(node, each.name))
    elif isinstance(node, list | tuple):
        for item in node:
            yield from _specs(item)
