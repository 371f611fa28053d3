"""What a form is to say, before the layout says where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from services.nominations.forms.values import Vocabulary

Status = Literal["blank", "draft", "final"]


@dataclass(frozen=True, slots=True)
class SignedOpinion:
    """What was signed in a box."""

    text: str
    signer_name: str
    signed_on: date


@dataclass(frozen=True, slots=True)
class FormContent:
    """What a form says. A picture of `certificates` after the first has a key such as `certificates/2`."""

    values: Mapping[str, Any]
    enum_labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    field_enums: Mapping[str, str] = field(default_factory=dict)
    images: Mapping[str, bytes] = field(default_factory=dict)
    opinions: Mapping[str, SignedOpinion] = field(default_factory=dict)
    unsigned_boxes: frozenset[str] = frozenset()
    """Boxes of stages that the case does not pass through: nobody signs them, so they say 无 (R171, A13)."""
    status: Status = "draft"
    rows: Sequence[Mapping[str, str]] = ()
    """Of a list: what each of its columns says, as it is printed."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Heads of the columns of a list, from the form definition."""
    notes: Sequence[str] = ()

    @property
    def words(self) -> Vocabulary:
        return Vocabulary(self.enum_labels, self.field_enums)
