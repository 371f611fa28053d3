"""Addresses that somebody typed in: every address of a name counts, at every sending, and no second lookup leads elsewhere."""

import asyncio
import itertools
import socket
from contextlib import suppress
from ipaddress import ip_network

import pytest

from services.common.messages.outgoing import AddressRefused, NotReached, OutgoingRequests

PUBLIC, INSIDE = "93.184.216.34", "10.0.0.7"


def resolving(monkeypatch, *answers: list[str]) -> None:
    """The name server's answers, one list for each lookup."""
    waiting = list(answers)

    async def getaddrinfo(_host, port, **_more):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in waiting.pop(0)]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)


async def refused(url: str) -> bool:
    try:
        await OutgoingRequests().post(url, content=b"{}", headers={})
    except AddressRefused:
        return True
    except NotReached:
        return False
    return False


async def test_a_name_with_one_address_inside_is_refused_whatever_the_others_are(monkeypatch):
    resolving(monkeypatch, [PUBLIC, INSIDE])
    assert await refused("https://hooks.example.com/")


async def test_a_name_that_moved_inside_since_it_was_accepted_is_refused_when_it_is_sent_to(monkeypatch):
    outgoing = OutgoingRequests()
    resolving(monkeypatch, [PUBLIC], [INSIDE])
    accepted = await outgoing.address_of(outgoing.parse("https://hooks.example.com/"))
    assert (accepted, await refused("https://hooks.example.com/")) == (PUBLIC, True)


@pytest.mark.parametrize(
    ("name", "asked"), [("hooks.example.com", "hooks.example.com"), ("评选.example.cn", "xn--wd3a27f.example.cn")]
)
async def test_the_connection_goes_to_the_address_that_was_checked_and_is_not_looked_up_again(monkeypatch, name, asked):
    """A third lookup has no answer here: pop from an empty list would raise IndexError."""
    resolving(monkeypatch, ["127.0.0.1"])
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        outgoing = OutgoingRequests([ip_network("127.0.0.0/8")])
        sending = asyncio.create_task(outgoing.post(f"http://{name}:{port}/a", content=b"{}", headers={}))
        loop = asyncio.get_running_loop()
        listening.setblocking(False)
        connection, _ = await loop.sock_accept(listening)
        with connection:
            request = await loop.sock_recv(connection, 4096)
            await loop.sock_sendall(connection, b"HTTP/1.1 204 No Content\r\n\r\n")
            assert (await sending, f"host: {asked}:{port}".encode() in request.lower()) == (204, True)


@pytest.mark.parametrize(
    "told_at_once", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n"], ids=["drips its head", "drips its body"]
)
async def test_a_receiver_that_drips_its_answer_holds_a_delivery_no_longer_than_the_whole_time(told_at_once):
    async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            writer.write(told_at_once)
            for byte in itertools.cycle(b"H"):
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(0.05)

    async with await asyncio.start_server(drip, "127.0.0.1", 0) as dripping:
        port = dripping.sockets[0].getsockname()[1]
        outgoing = OutgoingRequests([ip_network("127.0.0.0/8")], whole_seconds=0.3)
        async with asyncio.timeout(5):
            with pytest.raises(NotReached, match="TimeoutError"):
                await outgoing.post(f"http://127.0.0.1:{port}/a", content=b"{}", headers={})


@pytest.mark.parametrize("host", ["a..example.com", f"{'a' * 64}.example.com"], ids=["empty label", "long label"])
async def test_a_name_that_is_none_is_refused(host):
    assert await refused(f"https://{host}/")


@pytest.mark.parametrize("address", ["100.64.0.1", "224.0.0.1", "0.0.0.0", "169.254.169.254", "192.0.2.1"])  # noqa: S104
async def test_shared_multicast_link_local_and_reserved_addresses_are_inside(monkeypatch, address):
    resolving(monkeypatch, [address])
    assert await refused("https://hooks.example.com/")
