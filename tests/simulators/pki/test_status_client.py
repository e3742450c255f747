"""Asking for a status takes a bounded time, whatever a certificate names and however a responder behaves."""

from __future__ import annotations

import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import TYPE_CHECKING, cast

import httpx
import pytest
from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

from opnc.clock import START, VirtualClock
from opnc.pki.keys import Seed
from opnc.pki.testbed import OEM, Addresses, SeededPki, Variation
from simulators.network.address_policy import AddressPolicy
from simulators.network.deadline import DeadlineTransport
from simulators.network.outbound import Outbound
from simulators.pki.status_client import SOURCES, StatusClient
from tests.support.counting import Looks
from tests.support.patience import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulators.pki.ocsp_crl import StatusService

MANY = [f"http://{number}.test/status" for number in range(50)]


class Silent(Outbound):
    """Reaches nobody and counts how often it was to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def ask(self, url: str, *_arguments: object) -> None:
        self.asked.append(url)

    def fetch(self, url: str, _limit: int) -> None:
        self.asked.append(url)


class UnusedStatusService:
    """Stands for the status service of an ecosystem that has issued none of these certificates."""

    addresses = Addresses()


def test_a_certificate_does_not_decide_how_many_addresses_are_tried() -> None:
    responders = [
        x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(url))
        for url in MANY
    ]
    points = [x509.DistributionPoint([x509.UniformResourceIdentifier(url)], None, None, None) for url in MANY]
    extensions = (
        (x509.AuthorityInformationAccess(responders), False),
        (x509.CRLDistributionPoints(points), False),
    )
    leaf, issuer, *_ = (
        SeededPki(Seed("status_client"), START)
        .vehicle("WDB00000000000001", OEM, Variation(extensions=extensions))
        .certificates
    )
    outbound = Silent()
    status_client = StatusClient(VirtualClock(), outbound, cast("StatusService", UnusedStatusService()))
    assert status_client.by_ocsp(leaf, issuer) is None
    assert status_client.by_crl(leaf, issuer) is None
    assert outbound.asked == MANY[:SOURCES] * 2


@contextmanager
def dripping(sent: list[bytes]) -> Iterator[str]:
    """A server that answers one byte at a time, for ever, and notes each."""
    done = Event()

    def drip(peer: socket.socket) -> None:
        with peer:
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n")
            while not done.wait(0.02):
                try:
                    peer.sendall(b"0")
                    sent.append(b"0")
                except OSError:
                    return

    def accept(listening: socket.socket) -> None:
        while not done.is_set():
            try:
                Thread(target=drip, args=(listening.accept()[0],), daemon=True).start()
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        accepting = Thread(target=accept, args=(listening,), daemon=True)
        accepting.start()
        try:
            yield f"127.0.0.1:{listening.getsockname()[1]}"
        finally:
            done.set()
            # Wakes `accept`, which does not notice that its socket is closed.
            with suppress(OSError), socket.create_connection(listening.getsockname()):
                pass
            accepting.join()


@pytest.mark.parametrize("at_a_time", [1, 4])
def test_a_responder_that_drips_is_given_up(at_a_time: int) -> None:
    # Each look at the clock takes a twentieth of the time: so many reads, and no 60,000, are tried.
    transport = DeadlineTransport(ssl.create_default_context(), 1000.0, Looks(50.0))
    sent: list[bytes] = []
    with (
        dripping(sent) as place,
        httpx.Client(transport=transport, timeout=PATIENCE_S, trust_env=False) as http,
    ):
        outbound = Outbound(http, lookup=lambda _host: ["127.0.0.1"], private=AddressPolicy.of([place]))
        with ThreadPoolExecutor(at_a_time) as threads:
            answers = list(threads.map(lambda _: outbound.fetch(f"http://{place}/", 65536), range(at_a_time)))
    assert answers == [None] * at_a_time
    # It never stops, so whoever waits for the end is still there after thousands.
    assert len(sent) < 1000 * at_a_time
