"""Requests to addresses that somebody typed in: never into our own network, never where a second lookup would lead.

The name is looked up here, every address is checked, and the connection goes to the very address that was checked.
"""

import asyncio
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from urllib.parse import urlsplit

import httpx

_TIMEOUT = httpx.Timeout(10.0, connect=5.0)
_WHOLE_SECONDS = 15.0
"""From the lookup to the end of the answer. The times above begin anew with every byte: dripping, one would hold on for days."""
_MAX_ANSWER_BYTES = 64 * 1024


class AddressRefused(Exception):
    """The address leads where nothing of ours may be sent, or nowhere at all."""


class NotReached(Exception):
    """Nobody answered, or not within the time. The message names the kind of trouble."""


@dataclass(frozen=True, slots=True)
class Destination:
    """An https address split into what is connected to and what is asked for. `host` as the network knows it: in ASCII."""

    host: str
    port: int
    path: str
    scheme: str


class OutgoingRequests:
    """`inside` are networks of the operator's own that may be reached too, by http as well: none by default.

    `whole_seconds`: the most that one request takes, whatever the receiver does.
    """

    def __init__(
        self, inside: Sequence[IPv4Network | IPv6Network] = (), *, whole_seconds: float = _WHOLE_SECONDS
    ) -> None:
        self._inside = inside
        self._whole_seconds = whole_seconds

    def parse(self, url: str) -> Destination:
        """Raises AddressRefused for anything but a plain https address, or http where own networks are allowed."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise AddressRefused("unreadable") from None
        schemes = {"https", "http"} if self._inside else {"https"}
        if parts.scheme not in schemes or not parts.hostname or parts.username or parts.password or parts.fragment:
            raise AddressRefused("scheme")
        try:
            host = parts.hostname.encode("idna").decode()
        except UnicodeError:
            raise AddressRefused("unreadable") from None
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return Destination(host, port or (443 if parts.scheme == "https" else 80), path, parts.scheme)

    async def address_of(self, to: Destination) -> str:
        """The address to connect to. Raises AddressRefused when any of the name's addresses is not allowed."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(to.host, to.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise AddressRefused("unknown host") from None
        addresses = [str(entry[4][0]) for entry in found]
        if not addresses or not all(self._allowed(address, scheme=to.scheme) for address in addresses):
            raise AddressRefused("inside")
        return addresses[0]

    async def post(self, url: str, *, content: bytes, headers: Mapping[str, str]) -> int:
        """The status of the answer; redirections are not followed. Raises AddressRefused, NotReached."""
        try:
            async with asyncio.timeout(self._whole_seconds):
                return await self._post(url, content, headers)
        except TimeoutError as error:
            raise NotReached(type(error).__name__) from None

    async def _post(self, url: str, content: bytes, headers: Mapping[str, str]) -> int:
        to = self.parse(url)
        address = await self.address_of(to)
        host = _in_url(to.host) if to.port in {80, 443} else f"{_in_url(to.host)}:{to.port}"
        try:
            async with (
                httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False, follow_redirects=False) as http,
                http.stream(
                    "POST",
                    f"{to.scheme}://{_in_url(address)}:{to.port}{to.path}",
                    content=content,
                    headers={**headers, "Host": host},
                    extensions={"sni_hostname": to.host},
                ) as answer,
            ):
                await _drop(answer)
                return answer.status_code
        except httpx.InvalidURL:
            raise AddressRefused("unreadable") from None
        except httpx.HTTPError as error:
            raise NotReached(type(error).__name__) from None

    def _allowed(self, written: str, *, scheme: str) -> bool:
        address = ip_address(written.partition("%")[0])
        mapped = getattr(address, "ipv4_mapped", None)
        if mapped is not None:
            address = mapped
        if any(address.version == network.version and address in network for network in self._inside):
            return True
        return scheme == "https" and address.is_global and not address.is_multicast


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


async def _drop(answer: httpx.Response) -> None:
    """Reads so much of the answer as a polite receiver sends, and no more."""
    seen = 0
    async for chunk in answer.aiter_raw():
        seen += len(chunk)
        if seen > _MAX_ANSWER_BYTES:
            return
