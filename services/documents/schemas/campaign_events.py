"""Events of a campaign that retention counts from."""

from datetime import date

from services.common.answers.strict_json import StrictRequest


class CampaignEventDay(StrictRequest):
    """The day on which it happened."""

    happened_on: date
