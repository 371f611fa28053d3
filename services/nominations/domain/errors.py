"""What a rule can say against a command. Edges translate it; nobody raises HTTP from here.

    RuleError
     ├─ QuotaExhausted, QuotaMisused      quotas.py: no seat is free; a seat is not where it is moved from
     └─ CampaignInvalid                   campaign.py: every fault of a campaign's data

Reasons against an action are not errors but answers: `permissions.Blocker`. Faults of a form are `Finding`s.
"""


class RuleError(Exception):
    """The base of all refusals by a rule."""
