"""What anybody reads without signing in."""

from services.conformance.world import World


def read_open_pages(world: World) -> None:
    """The campaign, its rules and forms, what is publicised, and the keys that prove it."""
    key = world.campaign
    for path in (
        "/v1/campaigns",
        f"/v1/campaigns/{key}",
        f"/v1/campaigns/{key}/requirements",
        f"/v1/campaigns/{key}/quotas",
        f"/v1/campaigns/{key}/local-criteria",
        f"/v1/campaigns/{key}/seals",
        f"/v1/campaigns/{key}/forms/attachment_6",
        f"/v1/campaigns/{key}/forms/attachment_6?format=pdf",
        f"/v1/campaigns/{key}/forms/attachment_6?format=docx",
        f"/v1/campaigns/{key}/import-templates/advanced_individual",
        f"/v1/documents/kinds?campaign_key={key}",
        f"/v1/publicity-notices?campaign_key={key}",
        f"/v1/awards?campaign_key={key}",
        f"/v1/stories?campaign_key={key}",
        "/v1/evidence-keys",
        "/v1/auth/jwks.json",
        "/v1/auth/ended-sessions",
    ):
        world.send(None, "GET", path)
    world.send(None, "POST", "/v1/character-counts", json={"text": "先进个人ABC 123", "limit": 100})
