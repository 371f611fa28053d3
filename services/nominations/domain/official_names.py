"""“填写规范全称” (R152), “是指被推荐单位的上级单位” (R153): what a reader of the form would ask about a name. Only warnings."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.nominations.domain.campaign import Campaign
from services.nominations.domain.form_definition import NOTHING, Finding, FormDefinition

_SHORTEST_FULL_NAME = 5


def name_findings(campaign: Campaign, form: FormDefinition, values: Mapping[str, Any]) -> Iterator[Finding]:
    """Names that look shortened, and a superior organisation that is the collective itself."""
    for definition in form.fields:
        name = values.get(definition.key)
        if not definition.official_name or not isinstance(name, str) or name in ("", NOTHING):
            continue
        if len(name) < _SHORTEST_FULL_NAME or not name.endswith(campaign.official_name_endings or ("",)):
            message = f"“{definition.label}”像是简称，请填写规范全称；确为全称的请说明"
            yield Finding(f"/form/{definition.key}", "name_maybe_shortened", message, "R152", "warning")
    superior, own = values.get("parent_organisation_name"), values.get("collective_name")
    if superior not in (None, "", NOTHING) and superior == own:
        message = "“集体所属单位”是指被推荐单位的上级单位，不应与集体名称相同"
        yield Finding("/form/parent_organisation_name", "superior_is_itself", message, "R153", "warning")
