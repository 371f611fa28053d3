"""Rows of the summary tables and heads of the opinion sheets, read from cases: nothing is typed twice."""

from collections.abc import Mapping
from typing import Any

from services.nominations.domain.form_definition import NOTHING, Column, FormDefinition
from services.nominations.forms.values import Vocabulary, plain


def summary_row(
    form: FormDefinition, values: Mapping[str, Any], words: Vocabulary, *, rank: int | None = None
) -> dict[str, str]:
    """What each column says of one case, in the order of the form. No cell is empty: where nothing stands, 无 stands."""
    return {column.key: _cell(column, values, words, rank) for column in form.columns}


def _cell(column: Column, values: Mapping[str, Any], words: Vocabulary, rank: int | None) -> str:
    if not column.sources:
        return str(rank) if rank is not None else NOTHING
    parts = [_word(source, values.get(source), words) for source in column.sources]
    text = " ".join(part for part in parts if part)
    return column.renames.get(text, text) or NOTHING


def _word(field: str, value: Any, words: Vocabulary) -> str:
    if value is None or isinstance(value, list | dict | bool):
        return ""
    return plain(words.word(field, str(value)))
