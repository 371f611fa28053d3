"""Where a request came from. Forwarded addresses count only when one of our own proxies wrote them down."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Annotated

from fastapi import Depends, Request

Networks = Sequence[IPv4Network | IPv6Network]
UNKNOWN = "unknown"
_IPV6_PREFIX = 64
"""One subscriber's line: addresses within it are changed at will, so they count as one."""


def network_address(peer: str, forwarded_for: str, trusted: Networks) -> str:
    """The nearest address that is not a trusted proxy's, read from the right: what stands further left anyone may write."""
    address = _normal(peer)
    for written in reversed(forwarded_for.split(",") if forwarded_for else []):
        if not _is_among(address, trusted):
            break
        address = _normal(written.strip())
    return address


def _normal(written: str) -> str:
    try:
        address = ip_address(written)
    except ValueError:
        return UNKNOWN
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        return str(mapped)
    if address.version == 6:
        return str(ip_network((int(address), _IPV6_PREFIX), strict=False))
    return str(address)


def _is_among(address: str, trusted: Networks) -> bool:
    if address == UNKNOWN:
        return False
    first = ip_network(address).network_address
    return any(first in network for network in trusted if network.version == first.version)


def address_of(request: Request) -> str:
    trusted: Networks = getattr(request.app.state, "trusted_proxies", ())
    peer = request.client.host if request.client else UNKNOWN
    return network_address(peer, ",".join(request.headers.getlist("x-forwarded-for")), trusted)


async def _network_address(request: Request) -> str:
    return address_of(request)


NetworkAddress = Annotated[str, Depends(_network_address)]
