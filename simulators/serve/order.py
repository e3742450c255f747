"""How to serve an ecosystem."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from opnc.broadcast import Reading
    from simulators.kernel import Principal
    from simulators.kernel.authorities import Root
    from simulators.network.address_policy import AddressPolicy
    from simulators.parties.client import Client
    from simulators.parties.elsewhere import Elsewhere


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """How to serve.

    Attributes:
        host: Name or address to listen on.
        port: Where to listen; 0 takes any free port.
        management_port: Likewise for the management port, which is on the loopback address.
        status_port: Likewise for where the status of certificates is told, in the clear as RFC 5280 section 8
            wants it.
        backends_port: Likewise for the backends of parties.
        public_name: The name or address by which others reach the server; None: `host`, or the name of this
            machine if `host` stands for all addresses.
        database: As SQLAlchemy names it.
        tls: Folder of the server's certificate, key and CA.
        secret: Gives the secret of a name: an account's, or that of the management port.
        private: What may be asked although it is in a private network: the tester's servers among others.
        reading: How the CCP reads the mark of a broadcast.
        peers: Base URLs of the ecosystems that this one is onboarded with: the tester's.
        trusted: PEM files of further CAs that vouch for receivers of events.
        name: What the ecosystem is called.
        parties: Who is onboarded, by the names scenarios use; None: `PARTIES`.
        elsewhere: The services that somebody else runs, which are not served here; None: there are none.
        registered: Roots of others that the pool holds from the start.
        locate: Tells the backends where the services are that somebody else runs; None: they are those here.
    """

    host: str
    port: int
    management_port: int
    status_port: int
    backends_port: int
    public_name: str | None
    database: str
    tls: Path
    secret: Callable[[str], str]
    private: AddressPolicy
    trusted: tuple[Path, ...] = ()
    peers: tuple[str, ...] = ()
    reading: Reading = "A"
    name: str = "alpha"
    parties: Mapping[str, Principal] | None = None
    elsewhere: Elsewhere | None = None
    registered: tuple[Root, ...] = ()
    locate: Callable[[Client], None] | None = None
