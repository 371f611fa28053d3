"""Rows of the summary tables and heads of the opinion sheets, read from cases: nothing is typed twice."""

from collections.abc import Mapping
from typing import Any

from services.nominations.domain.form_definition import NOTHING, REMARKS, Column, FormDefinition
from services.nominations.forms.values import Vocabulary, plain


def summary_row(
    form: FormDefinition, values: Mapping[str, Any], words: Vocabulary, *, rank: int | None = None
) -> dict[str, str]:
    """What each column says of one case, in the order of the form. No cell is empty: where nothing stands, 无 stands.

    A word that a column renames is told in 备注 (A5).
    """
    read = {column.key: _read(column, values, words, rank) for column in form.columns}
    cells = {column.key: column.renames.get(read[column.key], read[column.key]) for column in form.columns}
    told = [column.remarks[read[column.key]] for column in form.columns if read[column.key] in column.remarks]
    if told:
        own = [] if cells[REMARKS] == NOTHING else [cells[REMARKS]]
        cells[REMARKS] = "；".join([*own, *told])
    return cells


def _read(column: Column, values: Mapping[str, Any], words: Vocabulary, rank: int | None) -> str:
    if not column.sources:
        return str(rank) if rank is not None else NOTHING
    parts = [_word(source, values.get(source), words) for source in column.sources]
    return " ".join(part for part in parts if part) or NOTHING


def _word(field: str, value: Any, words: Vocabulary) -> str:
    if value is None or isinstance(value, list | dict | bool):
        return ""
    return plain(words.word(field, str(value)))
