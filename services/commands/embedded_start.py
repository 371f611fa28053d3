"""The embedded default, made ready: servers up, settings in the environment, schemas migrated, demo people seeded."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from services.commands.importing import import_quickly
from services.embedded.stack import EmbeddedStack, default_data_folder

CHECKOUT = Path(__file__).parent.parent.parent
CLOCK_START = "2025-02-05T09:00:00+08:00"
"""The demo notice was issued on 2025-01-26 and closes on 2025-02-28: fresh data begins in between."""


@dataclass(frozen=True, slots=True)
class EmbeddedServers:
    """What the banner tells of the running servers."""

    data: Path
    api_port: int
    wechat_url: str


@contextmanager
def start_embedded(data: Path | None, *, read: Sequence[str] = ()) -> Iterator[EmbeddedServers]:
    """Starts, prepares, and on leaving stops everything. Modules to `read` are imported while the servers come up.

    Raises EmbeddedStartFailed with a sentence for people.
    """

    def meanwhile() -> None:
        for module in ("services.commands.preparing", *read):
            import_quickly(module)

    folder = data or default_data_folder(CHECKOUT)
    with EmbeddedStack.start(folder, meanwhile=meanwhile) as stack:
        from services.commands.preparing import fake_wechat, prepare  # noqa: PLC0415  read meanwhile

        os.environ.update(stack.environment())
        os.environ.setdefault("NOMINATIONS_CLOCK_START", CLOCK_START)
        prepare()
        wechat_url = os.environ["AUTH_WECHAT_BASE_URL"]
        with fake_wechat(wechat_url):
            yield EmbeddedServers(data=folder, api_port=stack.api_port, wechat_url=wechat_url)
