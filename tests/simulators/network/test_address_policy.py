"""What an operator allows although it is private, and nothing else."""

from __future__ import annotations

import pytest

from opnc.problem import Problem
from simulators.network.address_policy import AddressPolicy

PUBLIC, PRIVATE, NEIGHBOUR = "93.184.215.14", "192.168.7.9", "192.168.8.9"
BACKEND = ("backend.example", 8445)


def test_what_is_public_needs_no_leave_and_what_is_private_has_none() -> None:
    nothing = AddressPolicy()
    assert nothing.allows(BACKEND, [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
    for address in (PRIVATE, "127.0.0.1", "::1", "fe80::1", "224.0.0.1", "ff02::1", "::ffff:10.0.0.1"):
        assert not nothing.allows(BACKEND, [address])


@pytest.mark.parametrize("text", ["backend.example:8445", "BACKEND.example:8445"])
def test_a_place_is_allowed_with_its_port_alone(text: str) -> None:
    allowed = AddressPolicy.of([text])
    assert allowed.allows(BACKEND, [PRIVATE])
    assert not allowed.allows(("backend.example", 443), [PRIVATE])
    assert not allowed.allows(("other.example", 8445), [PRIVATE])


def test_a_place_may_be_an_address() -> None:
    allowed = AddressPolicy.of(["127.0.0.1:8445", "[::1]:8445"])
    assert allowed.allows(("127.0.0.1", 8445), ["127.0.0.1"])
    assert allowed.allows(("::1", 8445), ["::1"])


def test_a_network_is_allowed_if_all_addresses_of_a_name_are_in_it() -> None:
    allowed = AddressPolicy.of(["192.168.7.0/24", "fd00::/8"])
    assert allowed.allows(BACKEND, [PRIVATE, "fd00::1", PUBLIC])
    assert not allowed.allows(BACKEND, [PRIVATE, NEIGHBOUR])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "backend.example",
        "backend.example:",
        "backend.example:0",
        "backend.example:99999",
        "backend.example:port",
        ":8445",
        "::1:8445",
        "[::1:8445",
        "user@backend.example:8445",
        "https://backend.example:8445",
        "backend.example:8445/hook",
        "192.168.7.9/24",
        "192.168.7.0/33",
        "*:8445 ",
    ],
)
def test_what_is_neither_a_place_nor_a_network_is_named(text: str) -> None:
    with pytest.raises(Problem) as told:
        AddressPolicy.of(["10.0.0.0/8", text])
    assert text in str(told.value)
    assert told.value.hint
