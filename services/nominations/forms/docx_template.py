"""An office's own DOCX, filled by docxtpl in Jinja's sandbox. Runs in a worker process.

Templates come with a campaign, never from a user. What a user typed is a value: escaped, and not looked at for markup again.
"""

import logging
from io import BytesIO
from typing import Any

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import ChainableUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.nominations.forms.blocks import FormDocument
from services.nominations.forms.pictures import picture_for_print
from services.nominations.forms.print_identity import SIDE_MM
from services.nominations.forms.qr_code import qr_png
from services.nominations.forms.template_data import places_of

log = logging.getLogger(__name__)
NAMES = frozenset({"values", "opinions", "rows", "pictures", "mark", "title", "code", "qr"})
"""What stands open to a template."""


def sandbox() -> ImmutableSandboxedEnvironment:
    """Without attributes of Python's own, without changes to what it is given; what is not answered is empty."""
    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=ChainableUndefined)
    environment.globals.clear()
    return environment


def fill_template(document: FormDocument) -> bytes | None:
    """None where the template fails on these values: our own form is drawn instead, whole and in time."""
    assert document.template is not None
    try:
        return filled(document.template, document)
    except Exception as error:  # noqa: BLE001  a template of somebody else's may fail in any way
        log.warning("template not filled", extra={"form": document.form, "error": type(error).__name__})
        return None


def filled(template: bytes, document: FormDocument) -> bytes:
    """Raises whatever the template raises."""
    word = DocxTemplate(BytesIO(template))
    identity = document.identity
    pictures = {
        place.key: _picture(word, document, place.key, (place.width, place.height)) for place in places_of(document)
    }
    data = {
        **document.said,
        "pictures": {key: picture for key, picture in pictures.items() if picture is not None},
        "mark": document.mark,
        "title": document.title,
        "code": identity.code if identity is not None else "",
        "qr": _image(word, qr_png(identity.qr_text), (SIDE_MM, SIDE_MM)) if identity is not None else "",
    }
    word.render(data, sandbox(), autoescape=True)
    file = BytesIO()
    word.save(file)
    return file.getvalue()


def _picture(word: Any, document: FormDocument, key: str, size: tuple[float, float]) -> Any:
    content = document.images.get(key)
    fitted = picture_for_print(content, width=size[0], height=size[1]) if content else None
    return _image(word, fitted.content, (fitted.width, fitted.height)) if fitted is not None else None


def _image(word: Any, content: bytes, size: tuple[float, float]) -> Any:
    return InlineImage(word, BytesIO(content), width=Mm(size[0]), height=Mm(size[1]))
