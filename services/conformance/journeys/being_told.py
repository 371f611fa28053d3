"""Inboxes for people, webhooks for machines."""

from services.conformance.world import World


def inbox(world: World) -> None:
    """Read, counted, marked."""
    world.send("unit_clerk", "GET", "/v1/notifications/unread-count")
    items = world.send("unit_clerk", "GET", "/v1/notifications").json()["items"]
    if items:
        world.send("unit_clerk", "PUT", "/v1/notifications/read-mark", json={"notification_id": items[0]["id"]})


def webhooks(world: World) -> None:
    """An endpoint made, tried, its secret changed, its deliveries read and sent again, removed."""
    url = f"{world.recorder.http.base_url}".rstrip("/") + "/livez"
    made = world.send("unit_clerk", "POST", "/v1/webhook-endpoints", json={"url": url, "events": []}).json()
    path = f"/v1/webhook-endpoints/{made['id']}"
    world.send("unit_clerk", "GET", "/v1/webhook-endpoints")
    world.send("unit_clerk", "POST", f"{path}/secrets")
    sent = world.send("unit_clerk", "POST", f"{path}/tests").json()
    world.send("unit_clerk", "GET", f"{path}/deliveries")
    world.send("unit_clerk", "POST", f"{path}/deliveries/{sent['id']}/redeliveries")
    world.send("unit_clerk", "DELETE", path)
