"""Forwarded addresses count only when a trusted proxy wrote them."""

from ipaddress import ip_network

import pytest

from services.common.network_address import network_address

PROXIES = [ip_network("10.0.0.0/8"), ip_network("fd00::/8"), ip_network("2001:db8::5/128")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "rubbish", "unknown"),
        ("fd00::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8::5", "198.51.100.1", "198.51.100.1"),
        ("2001:db8::6", "198.51.100.1", "2001:db8::/64"),
        ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("fe80::1%eth0", "198.51.100.1", "fe80::/64"),
        ("::ffff:203.0.113.9", "", "203.0.113.9"),
        ("/run/socket", "198.51.100.1", "unknown"),
    ],
)
def test_the_address_is_the_nearest_that_is_no_proxy_of_ours(peer: str, forwarded: str, expected: str) -> None:
    assert network_address(peer, forwarded, PROXIES) == expected
