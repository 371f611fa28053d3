"""Names of files that survive Windows, a disc (Joliet: 64 characters) and mail, whatever a firm or a person is called."""

import re
import unicodedata

LONGEST = 56
"""Characters of one name; an ending and a number still fit into Joliet's 64."""
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
_RESERVED = frozenset(
    {"CON", "PRN", "AUX", "NUL", *(f"COM{n}" for n in range(1, 10)), *(f"LPT{n}" for n in range(1, 10))}
)


def safe_name(text: str, *, longest: int = LONGEST) -> str:
    """Plain characters only: no controls, no marks that turn the direction of writing, nothing that Windows refuses."""
    plain = "".join(
        each
        for each in unicodedata.normalize("NFC", text)
        if unicodedata.category(each) not in {"Cf", "Cc", "Cs", "Co"}
    )
    name = _FORBIDDEN.sub("_", plain)[:longest].strip(" .")
    if not name or name.split(".")[0].upper() in _RESERVED:
        name = f"_{name}"
    return name


def apart(name: str, taken: set[str]) -> str:
    """The name, numbered where another has it already; Windows does not tell capital letters apart."""
    candidate, number = name, 1
    while candidate.casefold() in taken:
        number += 1
        candidate = f"{name}({number})"
    taken.add(candidate.casefold())
    return candidate
