"""“没有符合条件的推荐对象可不推荐” (R13): which office says so for which recommending organisation.

A county's office speaks for its own. 市级 of 附件2 has no office of its own and no county (A13): the city's speaks for it.
"""

from services.nominations.domain.campaign import Campaign
from services.nominations.domain.facts import Actor, Blocker
from services.nominations.domain.workflow import Role

QUOTA_UNIT_OF_ANOTHER = Blocker(
    "quota_unit_of_another",
    "只能为本推荐单位申明不推荐；专班办公室只为不经县级的推荐单位（市级）申明",
    "R13",
    about_role=True,
    pointer="/quota_unit",
)


def speaks_for(quota_unit: str, *, campaign: Campaign, actor: Actor) -> bool:
    """Whether this officer declares for this organisation, and takes that back."""
    if actor.has(Role.COUNTY_OFFICER) and quota_unit == actor.jurisdiction:
        return True
    return actor.has(Role.CITY_OFFICER) and campaign.recommends(quota_unit) and campaign.is_city_level(quota_unit)
