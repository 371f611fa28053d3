"""Whether an office's DOCX can be filled: what it names stands in the form, and where in the document what does not."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import TemplateSyntaxError, nodes

from services.nominations.domain.form_definition import FormDefinition
from services.nominations.forms.docx_template import NAMES, filled, sandbox
from services.nominations.forms.form_content import FormContent
from services.nominations.forms.form_document import compose
from services.nominations.forms.print_layout import PrintLayout, with_template

PRINTED_BESIDE_THE_FORM = frozenset({"recommending_organisation_name", "commendation_level", "filled_on"})
"""What a form prints and nobody types."""
MOST_BYTES = 5_000_000
_MUST = ("mark", "qr")
"""草稿 must show on a draft, and a final print must be known again (R148)."""
_QUOTED = 40
Members = Mapping[str, Collection[str]]


def printable_keys(form: FormDefinition) -> set[str]:
    """What a layout or a template of this form may name."""
    items = {item.key for field in form.fields for item in field.items}
    return {f.key for f in form.fields} | {c.key for c in form.columns} | items | PRINTED_BESIDE_THE_FORM


@dataclass(frozen=True, slots=True)
class TemplateFault:
    """`paragraph` counts those of the body, from 1, tables included; 0 where it is no single one."""

    paragraph: int
    message: str


def template_faults(content: bytes, layout: PrintLayout, form: FormDefinition) -> list[TemplateFault]:
    """Every fault at once. An empty list: it is filled for everybody."""
    fields = printable_keys(form)
    lists = {field.key: [item.key for item in field.items] for field in form.fields if field.items}
    if len(content) > MOST_BYTES:
        return [TemplateFault(0, f"is larger than {MOST_BYTES} bytes")]
    try:
        word = DocxTemplate(BytesIO(content))
        word.init_docx()
        sources = [word.patch_xml(word.get_xml()), *_beside(word)]
    except Exception as error:  # noqa: BLE001  a broken archive makes the reader raise anything
        return [TemplateFault(0, f"is no DOCX: {type(error).__name__}")]
    paragraphs = [
        "".join(text.text or "" for text in each.iter(qn("w:t"))) for each in word.docx.element.iter(qn("w:p"))
    ]
    faults: list[TemplateFault] = []
    named: set[str] = set()
    for source in sources:
        try:
            tree = sandbox().parse(source)
        except TemplateSyntaxError as error:
            faults.append(TemplateFault(0, f"cannot be read as a template: {error.message}"))
            continue
        named |= {node.name for node in tree.find_all(nodes.Name)}
        faults += [_placed(paragraphs, name) for name in _unknown(tree, fields, lists)]
    faults += [TemplateFault(0, f"must show {{{{ {name} }}}}") for name in _MUST if not faults and name not in named]
    return faults or _tried(content, layout)


def _beside(word: Any) -> Iterator[str]:
    """Headers and footers."""
    for uri in (word.HEADER_URI, word.FOOTER_URI):
        for _, part in word.get_headers_footers(uri):
            yield word.patch_xml(word.get_part_xml(part))


def _unknown(tree: nodes.Template, fields: Collection[str], lists: Members) -> Iterator[str]:
    """Names and members that nothing stands behind, as they are written."""
    items = {
        loop.target.name: {*lists[key], "text"} if (key := _list_of(loop.iter)) in lists else set()
        for loop in tree.find_all(nodes.For)
        if isinstance(loop.target, nodes.Name)
    }
    for node in tree.find_all(nodes.Name):
        if node.ctx == "load" and node.name not in NAMES and node.name not in {*items, "loop"}:
            yield node.name
    for member in tree.find_all(nodes.Getattr):
        if not isinstance(member.node, nodes.Name):
            continue
        owner = member.node.name
        known = fields if owner == "values" else items.get(owner)
        if known and member.attr not in known:
            yield f"{owner}.{member.attr}"


def _list_of(source: nodes.Node) -> str:
    """`resume` for `values.resume`."""
    own = isinstance(source, nodes.Getattr) and isinstance(source.node, nodes.Name) and source.node.name == "values"
    return source.attr if own and isinstance(source, nodes.Getattr) else ""


def _placed(paragraphs: list[str], name: str) -> TemplateFault:
    pattern = re.compile(rf"(?<![\w.]){re.escape(name)}(?!\w)")
    for number, text in enumerate(paragraphs, start=1):
        if pattern.search(text):
            return TemplateFault(number, f"no value {name} in paragraph {number}: {text.strip()[:_QUOTED]}")
    return TemplateFault(0, f"no value {name} in a header or footer")


def _tried(content: bytes, layout: PrintLayout) -> list[TemplateFault]:
    """Filled once with nothing: what fails then fails for everybody."""
    try:
        filled(content, compose(with_template(layout, content), FormContent(values={}, status="draft")))
    except Exception as error:  # noqa: BLE001  whatever a template raises
        return [TemplateFault(0, f"cannot be filled: {type(error).__name__}")]
    return []
