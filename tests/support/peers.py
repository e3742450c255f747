"""Peers on real sockets of this machine, sound, tired and hostile ones, and certificates for them."""

from __future__ import annotations

import socket
import ssl
import struct
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from threading import Event, Thread
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.support.patience import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from opnc.problem import Problem

    Handle = Callable[["Connection"], None]

LOOPBACK = "127.0.0.1"
JSON = b"Content-Type: application/json\r\n"


@dataclass(frozen=True, slots=True)
class Identity:
    """PEM files of a certificate chain, its key, and the CA to be trusted."""

    certificate: Path
    key: Path
    ca: Path


def make_identity(
    folder: Path, *, ends: timedelta = timedelta(days=30), name: str = LOOPBACK, self_signed: bool = False
) -> Identity:
    """Make a certificate for a server or a client, below a CA of its own or signed by itself."""
    folder.mkdir(parents=True, exist_ok=True)
    now, key, ca_key = datetime.now(UTC), *(ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    ca_name, own_name = (
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)]) for text in (f"CA {folder.name}", name)
    )
    try:
        general: x509.GeneralName = x509.IPAddress(ip_address(name))
    except ValueError:
        general = x509.DNSName(name)

    def builder(
        subject: x509.Name, public: ec.EllipticCurvePublicKey, until: datetime
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(min(now, until) - timedelta(days=1))
            .not_valid_after(until)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        )

    ca = (
        builder(ca_name, ca_key.public_key(), now + timedelta(days=30))
        .issuer_name(ca_name)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .sign(ca_key, hashes.SHA256())
    )
    issuer_name, issuer_key = (own_name, key) if self_signed else (ca_name, ca_key)
    leaf = (
        builder(own_name, key.public_key(), now + ends)
        .issuer_name(issuer_name)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.SubjectAlternativeName([general]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
        .sign(issuer_key, hashes.SHA256())
    )
    paths = Identity(folder / "peer.pem", folder / "peer.key", folder / "ca.pem")
    paths.certificate.write_bytes(leaf.public_bytes(Encoding.PEM))
    paths.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    paths.ca.write_bytes(ca.public_bytes(Encoding.PEM))
    return paths


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


class Connection:
    """One connection to a peer: what it can do to whoever called."""

    def __init__(self, connection: socket.socket, closing: Event) -> None:
        self._connection = connection
        self._closing = closing

    def request(self) -> bytes:
        """Read the head of a request and what came with it; empty at the end of the connection."""
        received = b""
        while b"\r\n\r\n" not in received:
            more = self._connection.recv(65536)
            if not more:
                return b""
            received += more
        return received

    def send(self, *parts: bytes) -> None:
        """Send bytes as they are."""
        self._connection.sendall(b"".join(parts))

    def answer(self, status: bytes, content: bytes = b"", headers: bytes = JSON) -> None:
        """Send a proper answer."""
        length = b"Content-Length: %d\r\n" % len(content)
        self.send(b"HTTP/1.1 ", status, b"\r\n", headers, length, b"\r\n", content)

    def stay_silent(self) -> None:
        """Say nothing as long as the peer runs."""
        self._closing.wait()

    def drip(self, content: bytes, pause: float = 0.02) -> None:
        """Send byte after byte until somebody has had enough."""
        for number in range(100_000):
            if self._closing.wait(pause):
                return
            self.send(content[number % len(content) :][:1])

    def cut(self) -> None:
        """Reset the connection in the middle of it all."""
        # What was sent before is to arrive.
        self._closing.wait(0.2)
        raw = self._connection
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # Without the farewell of TLS.
        socket.socket(fileno=raw.detach()).close()


@contextmanager
def peer(handle: Handle, context: ssl.SSLContext | None) -> Iterator[int]:
    """Run a peer that deals with each connection in a way of its own; yield its port."""
    listening, closing = socket.create_server((LOOPBACK, 0)), Event()
    threads: list[Thread] = []

    def converse(connection: socket.socket) -> None:
        with suppress(OSError, ssl.SSLError, ValueError):
            connection.settimeout(PATIENCE_S)
            with context.wrap_socket(connection, server_side=True) if context else connection as secured:
                handle(Connection(secured, closing))

    def accept() -> None:
        while not closing.is_set():
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threads.append(Thread(target=converse, args=(connection,), daemon=True))
            threads[-1].start()

    accepting = Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield listening.getsockname()[1]
    finally:
        closing.set()
        # Wakes `accept`, which does not notice that its socket is closed.
        with suppress(OSError), socket.create_connection(listening.getsockname(), 1):
            pass
        listening.close()
        for thread in (accepting, *threads):
            thread.join(12)


def server_context(identity: Identity, clients: Path | None = None) -> ssl.SSLContext:
    """Return what a peer speaks TLS with; one that demands a client certificate names the CA."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(identity.certificate, identity.key)
    if clients:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(clients)
    return context


def always(*answers: bytes) -> Handle:
    """Give one answer to each request, the last one to all further ones."""

    def handle(connection: Connection) -> None:
        number = 0
        while connection.request():
            connection.send(answers[min(number, len(answers) - 1)])
            number += 1

    return handle


def said(problem: Problem) -> str:
    """Return all that a problem says, in one line."""
    return " ".join(str(problem).split())
