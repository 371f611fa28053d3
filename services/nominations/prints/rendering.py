"""Draws a case's official form, in a worker process: what the form says is put together here, the drawing is CPU work."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Literal, TypeVar, TypeVarTuple
from uuid import UUID

from services.common.problems import Unavailable
from services.common.worker_pool import WorkerPool, WorkerPoolError
from services.nominations.documents_client import HeldDocument
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.form_definition import FieldDefinition, FormDefinition
from services.nominations.domain.permissions import BUREAUS, STAGE_REVIEWERS, box_of
from services.nominations.forms.blocks import FormDocument
from services.nominations.forms.docx import render_docx
from services.nominations.forms.form_content import FormContent, SignedOpinion
from services.nominations.forms.form_document import compose, print_identity
from services.nominations.forms.pdf import render_pdf
from services.nominations.forms.print_layout import PrintLayout
from services.nominations.forms.values import Vocabulary
from services.nominations.forms.xlsx import render_xlsx
from services.nominations.procedure_tables import Endorsement
from services.nominations.tables import Nomination

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")
Format = Literal["pdf", "docx"]
TableFormat = Literal["pdf", "docx", "xlsx"]
MEDIA_TYPES: Mapping[Format, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PRELOAD = tuple(f"services.nominations.forms.{name}" for name in ("pdf", "docx", "xlsx"))
IMAGE_KINDS = {
    "portrait": "photo",
    "id_card_front": "id_card_front",
    "id_card_back": "id_card_back",
    "professional_title_certificate": "certificates",
    "degree_certificate": "certificates",
    "honour_certificate": "certificates",
}
"""Document kind → the place on the form where its picture stands (R184–R185)."""


_DRAW: Mapping[TableFormat, Callable[[FormDocument], bytes]] = {
    "pdf": render_pdf,
    "docx": render_docx,
    "xlsx": render_xlsx,
}


class Renderer:
    """Turns documents into files in the pool's processes."""

    def __init__(self, workers: WorkerPool) -> None:
        self._workers = workers

    async def draw(self, document: FormDocument, wanted: TableFormat) -> bytes:
        """Raises Unavailable when more forms wait than may wait, or the drawing failed in its process."""
        return await self.work(_DRAW[wanted], document)

    async def work(self, function: Callable[[*Arguments], Result], *arguments: *Arguments) -> Result:
        """Other office files are read and written in the same processes. Raises Unavailable, and what the function raises."""
        try:
            return await self._workers.run(function, *arguments)
        except WorkerPoolError:
            raise Unavailable from None


def form_document(
    campaign: Campaign,
    layout: PrintLayout,
    form_key: str,
    *,
    values: Mapping[str, Any],
    images: Mapping[str, bytes],
    signatures: tuple[Endorsement, ...],
    path: tuple[str, ...],
    status: Literal["blank", "draft", "final"],
    subject: UUID,
    pictures: Mapping[str, str],
) -> FormDocument:
    """What the form says: values as entered, words for codes, pictures and signed opinions in their places.

    `path`: the stages of the case; the boxes of a stage that is not on it say 无 (A13).
    `pictures`: place → SHA-256, for the identity of a final print.
    """
    opinions = {s.box: SignedOpinion(text=s.text, signer_name=s.signer_name, signed_on=s.signed_on) for s in signatures}
    words = vocabulary(campaign, campaign.forms[form_key])
    content = FormContent(
        values=values,
        enum_labels=words.enum_labels,
        field_enums=words.field_enums,
        images=images,
        opinions=opinions,
        unsigned_boxes=frozenset(
            box_of(stage, bureau) for stage in STAGE_REVIEWERS if stage not in path for bureau in BUREAUS
        ),
        status=status,
    )
    return known_print(layout, content, subject=subject, pictures=pictures)


def known_print(
    layout: PrintLayout, content: FormContent, *, subject: UUID | None, pictures: Mapping[str, str] | None = None
) -> FormDocument:
    """The composed form; a final one with the identity by which its paper is known again (R148)."""
    document = compose(layout, content)
    if content.status != "final" or subject is None:
        return document
    return replace(document, identity=print_identity(layout, content, subject=subject, pictures=pictures or {}))


def vocabulary(campaign: Campaign, form: FormDefinition) -> Vocabulary:
    """The words for the codes in a form."""
    labels = {name: {v.value: v.label for v in choices} for name, choices in campaign.enums.items()}
    return Vocabulary(labels, _enums_of(form.fields))


def _enums_of(fields: tuple[FieldDefinition, ...]) -> dict[str, str]:
    """Field key → enum; a list's own fields as `list.field`."""
    enums = {field.key: field.enum for field in fields if field.enum}
    for field in fields:
        enums |= {f"{field.key}.{item.key}": item.enum for item in field.items if item.enum}
    return enums


def printed_values(campaign: Campaign, nomination: Nomination, form: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a case with those that the form prints and nobody types."""
    return {
        **form,
        "recommending_organisation_name": campaign.printed_name_of(nomination.quota_unit),
        "commendation_level": campaign.commendation_level,
        "filled_on": campaign.local_day(nomination.submitted_at or nomination.saved_at).isoformat(),
    }


def picture_places(held: Iterable[HeldDocument]) -> dict[str, HeldDocument]:
    """Place on the form → document. Several certificates stand one below the other."""
    places: dict[str, HeldDocument] = {}
    for document in held:
        place = IMAGE_KINDS.get(document.kind)
        if place is None:
            continue
        taken = sum(key == place or key.startswith(f"{place}/") for key in places)
        places[f"{place}/{taken + 1}" if taken else place] = document
    return places


def file_name(title: str, full_name: str, nomination_id: UUID, wanted: TableFormat) -> str:
    """A name for the download; the case's number tells namesakes apart."""
    return f"{title}-{full_name or nomination_id}.{wanted}"
