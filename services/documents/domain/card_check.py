"""What a check of an ID card copy comes to. It never refuses: a person decides (R184, R193)."""

from dataclasses import dataclass

from services.documents.domain.card_text import CardText
from services.documents.domain.photo_findings import CONTENT_NOT_CHECKED, Finding, Verdict


@dataclass(frozen=True, slots=True)
class CardCheck:
    """`text` is None when nobody read it: then the copy goes to a person, however clear it is."""

    findings: tuple[Finding, ...]
    text: CardText | None

    @property
    def not_checked(self) -> tuple[str, ...]:
        return (CONTENT_NOT_CHECKED,) if self.text is None else ()

    @property
    def verdict(self) -> Verdict:
        return Verdict.REVIEW if self.findings or self.text is None else Verdict.ACCEPT
