"""The requests of each kind that every server of a benchmark is sent."""

import itertools
import json
from collections.abc import Callable, Iterator

from bench.speed.load import request
from bench.speed.world import CAMPAIGN, DELIBERATION, World, case_id, create_body, upload_body


def operations(world: World) -> dict[str, Callable[[], Iterator[bytes]]]:
    """How requests of each kind are made: an endless row of them, each for another case."""
    count = itertools.count()
    noted = json.dumps(DELIBERATION).encode()
    path = "/v1/nominations"

    def each(make: Callable[[int], bytes]) -> Callable[[], Iterator[bytes]]:
        return lambda: (make(next(count)) for _ in itertools.repeat(None))

    token = world.token
    listed = f"{path}?campaign_key={CAMPAIGN}&status=deliberation&unit_id={world.unit_id}"
    return {
        "get": each(lambda n: request("GET", f"{path}/{case_id(n * 7919)}", token=token)),
        "list": each(lambda _: request("GET", listed, token=token)),
        "create": each(lambda n: request("POST", path, token=token, body=create_body(n))),
        "transition": each(
            lambda n: request("POST", f"{path}/{case_id(n * 7919)}/staff-deliberations", token=token, body=noted)
        ),
        "upload": each(
            lambda n: request(
                "POST",
                "/v1/documents",
                token=token,
                body=upload_body(world, n),
                media="multipart/form-data; boundary=bench",
            )
        ),
    }
