"""Where a request came from. Forwarded addresses count only when one of our own proxies wrote them down."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Annotated

from fastapi import Depends, Request

Networks = Sequence[IPv4Network | IPv6Network]
UNKNOWN = "unknown"
_IPV6_PREFIX = 64
"""One subscriber's line: addresses within it are changed at will, so they count as one."""


def network_address(peer: str, forwarded_for: str, trusted: Networks) -> str:
    """The nearest address that is not a trusted proxy's, read from the right: what stands further left anyone may write."""
    address = _read(peer)
    for written in reversed(forwarded_for.split(",") if forwarded_for else []):
        if address is None or not any(address in network for network in trusted):
            break
        address = _read(written.strip())
    return UNKNOWN if address is None else _counted(address)


def _read(written: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(written)
    except ValueError:
        return None
    mapped: IPv4Address | None = getattr(address, "ipv4_mapped", None)
    return mapped or address


def _counted(address: IPv4Address | IPv6Address) -> str:
    if address.version == 6:
        return str(ip_network((int(address), _IPV6_PREFIX), strict=False))
    return str(address)


def address_of(request: Request) -> str:
    trusted: Networks = getattr(request.app.state, "trusted_proxies", ())
    peer = request.client.host if request.client else UNKNOWN
    return network_address(peer, ",".join(request.headers.getlist("x-forwarded-for")), trusted)


async def _network_address(request: Request) -> str:
    return address_of(request)


NetworkAddress = Annotated[str, Depends(_network_address)]
