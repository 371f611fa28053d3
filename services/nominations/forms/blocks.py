"""A form with its values in place, before it becomes a file: the tree that every renderer draws. Lengths in mm."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from services.nominations.forms.print_identity import PrintIdentity
from services.nominations.forms.print_specs import (
    PageSpec,
    TextSpec,
)


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs of a cell. `role` says how they stand: centred label or value, heading, or running prose."""

    role: Literal["label", "value", "heading", "prose", "lines"]
    text: str
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Picture:
    """A place of this size in mm for a picture; drawn inside it as large as its proportions allow."""

    key: str
    width: float
    height: float
    name: str
    """Read out to people who cannot see the picture."""
    placeholder: str = ""
    """Stands in the place while there is no picture."""
    kind: Literal["picture"] = "picture"


@dataclass(frozen=True, slots=True)
class Opinion:
    """A box to sign, with what was signed."""

    heading: str
    text: str
    signer: str
    seal: str
    date: str
    kind: Literal["opinion"] = "opinion"


@dataclass(frozen=True, slots=True)
class Pictures:
    """Places centred one below the other, under a heading."""

    heading: str
    places: tuple[Picture, ...]
    kind: Literal["pictures"] = "pictures"


@dataclass(frozen=True, slots=True)
class Cell:
    content: Text | Picture | Opinion | Pictures
    colspan: int = 1
    rowspan: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """`breakable` rows run on over pages; the others stay whole."""

    min_height: float
    cells: tuple[Cell, ...]
    breakable: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    column_widths: tuple[float, ...]
    rows: tuple[Row, ...]
    repeated_rows: int = 0
    """So many rows at its beginning stand on every page again."""
    size_pt: float = 0
    """0: the size of the form."""
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Cover:
    title_lines: tuple[str, ...]
    items: tuple[tuple[str, str], ...]
    kind: Literal["cover"] = "cover"


@dataclass(frozen=True, slots=True)
class Instructions:
    heading: str
    points: tuple[str, ...]
    kind: Literal["instructions"] = "instructions"


@dataclass(frozen=True, slots=True)
class NewPage:
    """`to_odd` begins a new sheet in duplex printing (R187)."""

    to_odd: bool = False
    kind: Literal["new_page"] = "new_page"


@dataclass(frozen=True, slots=True)
class Title:
    annex: str
    lines: tuple[str, ...]
    size_pt: float
    kind: Literal["title"] = "title"


@dataclass(frozen=True, slots=True)
class Line:
    """Labels and underlined values beside one another, each with its width."""

    items: tuple[tuple[str, float, str, float], ...]
    kind: Literal["line"] = "line"


@dataclass(frozen=True, slots=True)
class Notes:
    points: tuple[str, ...]
    size_pt: float
    kind: Literal["notes"] = "notes"


@dataclass(frozen=True, slots=True)
class Prose:
    heading: str
    text: str
    kind: Literal["prose"] = "prose"


@dataclass(frozen=True, slots=True)
class Closing:
    lines: tuple[str, ...]
    kind: Literal["closing"] = "closing"


Block = Cover | Instructions | NewPage | Table | Title | Line | Notes | Prose | Closing


@dataclass(frozen=True, slots=True)
class FormDocument:
    """A form ready to be drawn."""

    form: str
    """Its key."""
    title: str
    page: PageSpec
    text: TextSpec
    mark: str
    """Printed across every page; "" on a final print."""
    blocks: tuple[Block, ...]
    images: Mapping[str, bytes]
    identity: PrintIdentity | None = None
    """Printed on every page of a final print; a blank form and a draft have none."""
    template: bytes | None = None
    """The office's own DOCX; the other formats are always ours."""
    said: Mapping[str, Any] = field(default_factory=dict)
    """For the template: what the blocks say, by key."""
