"""A form as PDF, by Typst. Runs in a worker process.

The template is one file for every form; the form comes as JSON, so nothing a person typed is ever Typst source.
Pictures travel inside that JSON too: no identity card touches a disk.
"""

import base64
import json
import re
from dataclasses import asdict, replace
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import typst

from services.nominations.forms.blocks import FormDocument
from services.nominations.forms.pictures import UNREADABLE, PrintPicture, picture_for_print
from services.nominations.forms.print_identity import EDGE_MM, SIDE_MM, PrintIdentity
from services.nominations.forms.qr_code import qr_svg

_WORD = r"[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
_LONG_WORD = re.compile(_WORD + "{24,}")
_LONG_IN_A_LIST = re.compile(f"{_WORD}{{24,}}|{_WORD}+@{_WORD}+")
"""In the narrow columns of a list an e-mail address is long: unbroken it would run into its neighbour. Numbers stay whole
for whoever copies them from the page."""
_MAY_BREAK = "\u200b"


def render_pdf(document: FormDocument) -> bytes:
    """Draws the form. The same form gives the same bytes on every run."""
    data = asdict(replace(document, template=None, said={}))
    images = data.pop("images")
    data["identity"] = _printed(document.identity) if document.identity else None
    data["page"] |= dict(zip(("width", "height"), document.page.size_mm, strict=True))
    data["blocks"] = [_prepared(block, images) for block in data["blocks"]]
    compiler = typst.Compiler(
        _template(), font_paths=_fonts(), ignore_system_fonts=True, sys_inputs={"form": json.dumps(data)}
    )
    pdf = compiler.compile(format="pdf")
    assert isinstance(pdf, bytes)
    return pdf


def _printed(identity: PrintIdentity) -> dict[str, str | float]:
    return {"code": identity.code, "qr": qr_svg(identity.qr_text), "side": SIDE_MM, "edge": EDGE_MM}


@cache
def _template() -> bytes:
    return files(__package__).joinpath("form.typ").read_bytes()


@cache
def _fonts() -> typst.Fonts:
    """仿宋 and 宋体 beside this file, Noto Serif SC for the characters they lack. The machine's own fonts are not looked at."""
    with as_file(files(__package__) / "fonts") as own, as_file(files("pylopdf_fonts_zh_cn")) as wide:
        return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[own, wide])


def _prepared(node: Any, images: dict[str, bytes], long_word: re.Pattern[str] = _LONG_WORD) -> Any:
    """The tree with pictures put in place and long words made breakable: they break only where they do not fit."""
    if isinstance(node, str):
        return long_word.sub(lambda word: _MAY_BREAK.join(word[0]), node)
    if isinstance(node, list | tuple):
        return [_prepared(child, images, long_word) for child in node]
    if not isinstance(node, dict):
        return node
    if node.get("kind") == "table" and node["repeated_rows"]:
        long_word = _LONG_IN_A_LIST
    prepared = {key: _prepared(child, images, long_word) for key, child in node.items()}
    return prepared | _image(node, images) if node.get("kind") == "picture" else prepared


def _image(place: dict[str, Any], images: dict[str, bytes]) -> dict[str, Any]:
    if place["key"] not in images:
        return {"image": None}
    picture = picture_for_print(images[place["key"]], width=place["width"], height=place["height"])
    if picture is None:
        return {"image": None, "placeholder": UNREADABLE}
    return {"image": _as_svg(picture), "image_width": picture.width, "image_height": picture.height}


def _as_svg(picture: PrintPicture) -> str:
    """The JPEG wrapped as text. Typst decodes base64 only here, and its virtual files must be UTF-8."""
    size = f'width="{picture.width_px}" height="{picture.height_px}"'
    coded = base64.b64encode(picture.content).decode()
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><image {size} href="data:image/jpeg;base64,{coded}"/></svg>'
