"""Where a request comes from, and on what: for limits, the list of devices and the security log."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from services.common.network_address import NetworkAddress

_LONGEST_DEVICE = 160


@dataclass(frozen=True, slots=True)
class Origin:
    address: str
    device: str
    """What the client calls itself (User-Agent). It may say anything: shown to its owner, never decided upon."""


async def _origin(request: Request, address: NetworkAddress) -> Origin:
    said = request.headers.get("user-agent", "")
    return Origin(address, "".join(letter for letter in said if " " <= letter <= "~")[:_LONGEST_DEVICE])


TheOrigin = Annotated[Origin, Depends(_origin)]
