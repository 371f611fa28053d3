"""Tells the other services of a day in a campaign's course: papers are kept from it on, roles end with it (R43)."""

from services.nominations.context import Context


async def tell_services(context: Context, payload: str) -> None:
    """`campaign event day`, as `put_campaign_day_out` wrote it. May be told twice. Raises Unavailable to be tried again."""
    key, event, day = payload.split(" ")
    await context.documents.set_campaign_event(key, event, day)
    if event == "campaign_closed":
        await context.auth.end_roles_of_campaign(key)
