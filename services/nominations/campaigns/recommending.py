"""“名额分配表详见附件2” (R14): only an organisation that the campaign names as a recommending one speaks for itself in it."""

from services.common.callers.tokens import Caller
from services.nominations.domain.campaign import Campaign
from services.nominations.domain.facts import Blocker
from services.nominations.problems import refusal

_NOT_RECOMMENDING = Blocker("not_recommending", "本单位不是这项活动的推荐单位", "R14", about_role=True)


def require_recommending(campaign: Campaign, caller: Caller) -> None:
    """An office of another city signs in here too, and every campaign is public. Raises ActionForbidden."""
    if not campaign.recommends(caller.jurisdiction):
        raise refusal([_NOT_RECOMMENDING])
