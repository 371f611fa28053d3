"""附件6 with an invented nominee, drawn by the real renderers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import yaml

from services.nominations.forms.blocks import FormDocument
from services.nominations.forms.form_content import FormContent, SignedOpinion
from services.nominations.forms.form_document import compose
from services.nominations.forms.print_layout import PrintLayout, parse_print_layout
from tests.nominations.forms.sample_form import CODED_FIELDS, CODES, FORMS, VALUES, picture


@pytest.fixture(scope="session")
def layout() -> PrintLayout:
    return parse_print_layout(
        yaml.load((FORMS / "attachment_6.print.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    )


@pytest.fixture(scope="session")
def content_of() -> Callable[..., FormContent]:
    """What 附件6 says: `values` replace the nominee's, the rest replaces parts of the content."""

    def say(values: dict[str, Any] | None = None, **parts: Any) -> FormContent:
        content = FormContent(
            values=VALUES | (values or {}),
            enum_labels=CODES,
            field_enums=CODED_FIELDS,
            images={
                "photo": picture(413, 579, "royalblue"),
                "id_card_front": picture(856, 540, "lightgrey"),
                "id_card_back": picture(856, 540, "lightyellow"),
                "certificates": picture(800, 500, "pink"),
            },
            opinions={
                "opinion_county_hrss": SignedOpinion(
                    text="经审核，同意推荐。", signer_name="赵曌", signed_on=date(2025, 2, 20)
                )
            },
            status="final",
        )
        return replace(content, **parts)

    return say


@pytest.fixture(scope="session")
def drawn_form(layout: PrintLayout, content_of: Callable[..., FormContent]) -> Callable[..., FormDocument]:
    """Composes 附件6."""

    def compose_with(values: dict[str, Any] | None = None, **parts: Any) -> FormDocument:
        return compose(layout, content_of(values, **parts))

    return compose_with


@pytest.fixture(scope="session")
def blank_form(layout: PrintLayout) -> FormDocument:
    return compose(layout, FormContent(values={}, status="blank"))
