"""Text for people: Chinese first, English for those who ask for it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One message in the two languages that the API answers in."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        return self.en if language == "en" else self.zh


def preferred_language(accept_language: str | None) -> str:
    """Gives 'en' only to a client that ranks English above Chinese; everybody else reads Chinese."""
    best, language = 0.0, "zh"
    for part in (accept_language or "").lower().split(",")[:10]:
        tag, _, parameters = part.strip().partition(";")
        weight = _weight(parameters)
        primary = tag.partition("-")[0]
        if primary in ("zh", "en") and weight > best:
            best, language = weight, primary
    return language


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
