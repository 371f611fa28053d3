"""Why a file is shown to nobody: for itself, or because its case is restricted."""

from services.documents.campaign_rules import CampaignRules
from services.documents.domain.holding import HeldFor, held_for
from services.documents.problems import DocumentHeld
from services.documents.queries import DocumentFacts


def reason_to_hold(rules: CampaignRules, facts: DocumentFacts) -> HeldFor | None:
    """Of a kind that its campaign no longer names, what lies sealed counts as taken by consent."""
    document, stored, bundle = facts
    kind = rules.kind_of(bundle.campaign_key, document.kind)
    return held_for(
        itself=HeldFor(document.held_for) if document.held_for is not None else None,
        case_worked_on=bundle.case_worked_on,
        by_consent=stored.sealed if kind is None else kind.consent_purpose is not None,
    )


def refuse_held(rules: CampaignRules, facts: DocumentFacts) -> None:
    """Also for the form renderer: nothing but keeping is left (个人信息保护法 第四十七条). Raises DocumentHeld."""
    if reason_to_hold(rules, facts) is not None:
        raise DocumentHeld
