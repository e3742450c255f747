"""Hosts in private networks: nobody may lead an ecosystem to them unless its operator has allowed it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from opnc.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

Address = IPv4Address | IPv6Address
HostAndPort = tuple[str, int]
"""Host, in lower case, and port."""

_NAT64 = IPv6Network("64:ff9b::/96")
_PORTS = {"https": 443, "http": 80}
_PLACE = re.compile(r"(\[[0-9A-Fa-f:]+\]|[^\s:@?#\[\]]+):[0-9]+")
_FORMS = "for example backend.example:8445 or 192.168.7.0/24"


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """What is allowed although it is private; everything public is allowed anyway.

    Attributes:
        places: Whatever addresses their names lead to.
        networks: All hosts in them.
        hosts: At all of their ports; lower case.
    """

    places: frozenset[HostAndPort] = frozenset()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    hosts: frozenset[str] = frozenset()

    @classmethod
    def of(cls, allowed: Iterable[str]) -> Self:
        """Read what an operator allows: `HOST:PORT` or a network, `192.168.7.0/24`.

        Raises:
            Problem: For the first that is neither.
        """
        given = list(allowed)
        networks = tuple(_network(text) for text in given if "/" in text)
        return cls(frozenset(_place(text) for text in given if "/" not in text), networks)

    def allows(self, place: HostAndPort, addresses: Iterable[str]) -> bool:
        """Tell whether a host may be asked, given all addresses that its name leads to."""
        # All of them: in which order they come is up to whoever answers for the name.
        found = map(ip_address, addresses)
        named = place in self.places or place[0] in self.hosts
        return named or all(_is_public(each) or self._holds(each) for each in found)

    def __or__(self, other: AddressPolicy) -> AddressPolicy:
        """Allow what either of two allows."""
        return AddressPolicy(
            self.places | other.places, self.networks + other.networks, self.hosts | other.hosts
        )

    def _holds(self, address: Address) -> bool:
        return any(address in network for network in self.networks)


def place_of(url: str) -> HostAndPort:
    """Return the place that an address leads to, HTTP or HTTPS."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or _PORTS[parts.scheme]


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text)
    except ValueError as error:
        raise Problem(f"{text} is no network: {error}", hint=_FORMS) from error


def _place(text: str) -> HostAndPort:
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or not port or not _PLACE.fullmatch(text):
        raise Problem(f"{text} is neither HOST:PORT nor a network", hint=_FORMS)
    return host, port


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and (inner := _embedded(address)):
        return _is_public(inner)
    # Some multicast addresses count as global.
    return address.is_global and not address.is_multicast


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that a translated IPv6 address leads to (RFC 4291, RFC 3056, RFC 6052)."""
    in_nat64 = IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None
    return address.ipv4_mapped or address.sixtofour or in_nat64
