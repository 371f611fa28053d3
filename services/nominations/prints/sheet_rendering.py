"""What the forms without a cover say: summary tables, opinion sheets, the contact table and the reports (R114–R120, R204).

Each is the form definition's columns, boxes and notes in the layout of the campaign; only where the values come from differs.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from services.nominations.domain.campaign import Campaign
from services.nominations.domain.form_definition import FormDefinition
from services.nominations.forms.blocks import FormDocument
from services.nominations.forms.form_content import FormContent, SignedOpinion, Status
from services.nominations.forms.print_layout import PrintLayout
from services.nominations.forms.summary import summary_row
from services.nominations.forms.values import plain
from services.nominations.prints.rendering import known_print, vocabulary
from services.nominations.procedure_tables import Opinion

WORDS_OF_A_RESULT = {"favourable": "无异议。", "unfavourable": "有异议。", "not_applicable": "不适用。"}


def sheet_document(
    campaign: Campaign,
    layout: PrintLayout,
    form: FormDefinition,
    *,
    values: Mapping[str, Any],
    status: Status,
    rows: Sequence[Mapping[str, str]] = (),
    opinions: Mapping[str, SignedOpinion] | None = None,
    subject: UUID | None = None,
) -> FormDocument:
    """Any of them: `values` beside the table, `rows` in it, `opinions` in the boxes of the authorities.

    `subject`: the case or report that a final print is about.
    """
    words = vocabulary(campaign, form)
    labels = {column.key: column.label for column in form.columns}
    labels |= {item.key: item.label for field in form.fields for item in field.items}
    content = FormContent(
        values=values,
        enum_labels=words.enum_labels,
        field_enums=words.field_enums,
        opinions=opinions or {},
        status=status,
        rows=rows,
        labels=labels,
        notes=form.notes,
    )
    return known_print(layout, content, subject=subject)


def opinion_values(campaign: Campaign, form: FormDefinition, values: Mapping[str, Any]) -> dict[str, str]:
    """The head of 附件7 or 附件8, read from the case (R194–R202)."""
    assert form.category is not None
    return summary_row(form, values, vocabulary(campaign, campaign.form_of(form.category)))


def signed_opinions(opinions: Iterable[Opinion]) -> dict[str, SignedOpinion]:
    """By authority. An opinion that was given without words is printed by its result."""
    return {
        opinion.authority: SignedOpinion(
            text=opinion.text or WORDS_OF_A_RESULT[opinion.result],
            signer_name=opinion.signer_name,
            signed_on=opinion.signed_on,
        )
        for opinion in opinions
    }


def summary_rows(
    campaign: Campaign, form: FormDefinition, ranked: Iterable[tuple[int | None, Mapping[str, Any]]]
) -> list[dict[str, str]]:
    """附件3 or 附件4: each candidate at its rank (R135, R142)."""
    assert form.category is not None
    words = vocabulary(campaign, campaign.form_of(form.category))
    return [summary_row(form, values, words, rank=rank) for rank, values in ranked]


def contact_rows(campaign: Campaign, form: FormDefinition, values: Mapping[str, Any]) -> list[dict[str, str]]:
    """附件9: 负责人 and 联系人, each on its row (R204)."""
    words = vocabulary(campaign, form)
    people = [person for person in values.get("people") or [] if isinstance(person, Mapping)]
    return [
        {key: plain(words.word(f"people.{key}", str(value))) for key, value in person.items() if value is not None}
        for person in people
    ]
