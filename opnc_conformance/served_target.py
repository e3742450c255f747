"""The target file of a server of ours: what `opnc run` needs to test it at once."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fixtures.bench.in_process import EMAID, SUPPLIED
from fixtures.target.declaration import BOTH_EDITIONS, CLOCK, PLAIN_HTTP, SEVERAL_ROOTS, SIMULATOR
from fixtures.target.template import TargetFileContent
from opnc.pki.files import key_to_pem, to_pem
from opnc_conformance import suite
from simulators.ecosystem import CLEANSING_INTERVAL, VEHICLES
from simulators.serve import private_files
from simulators.serve.connections import OCCURRENCES
from simulators.serve.server import LOOPBACK, MANAGEMENT, PEERS

if TYPE_CHECKING:
    from opnc_conformance.ports import Ports
    from simulators.ecosystem import Ecosystem
    from simulators.parties.backend import Backend
    from simulators.serve.server import Server

ORIGIN = "Written by `opnc serve`, which writes it again on every start."

ELSEWHERE_S = 2.0
"""Seconds in which what follows from a request has been done by another server of ours."""

DELIVERY_WINDOW_S = 1.0
"""Seconds in which an event of a server on this machine arrives, or never."""


def target_file_content(
    server: Server, target: Path, ports: Ports, beside: Path | None = None
) -> TargetFileContent:
    """Return what the target file of a server says; writes the certificates that it names.

    Args:
        server: The server.
        target: Where its target file is going to be.
        ports: Where it and its testers listen.
        beside: The target file of the product that it plays the rest for.

    Raises:
        Problem: If a file cannot be written.
    """
    folder, ecosystem = _TargetFolder(target), server.ecosystem
    return TargetFileContent(
        origin=ORIGIN,
        name=f"opnc serve, ecosystem {ecosystem.name}",
        vendor="opnc-conformance",
        version=suite.version(),
        services={each.name: ecosystem.url(each.name) for each in ecosystem.served},
        token_endpoint=ecosystem.token_endpoint,
        parties={name: _party(ecosystem, name, folder) for name in ecosystem.accounts},
        trust_anchors=[folder.to(server.identity.ca)],
        roots=_roots(ecosystem, folder),
        test_cas=_test_cas(ecosystem, folder),
        supports={
            "ccp_broadcast": ecosystem.ccp.collaboration.reading,
            "cleansing_interval_hours": CLEANSING_INTERVAL.total_seconds() / 3600,
            # Simulators finish what follows from a request before they answer it.
            "cascade_window_s": 0,
            # Its CA is made anew with every start.
            "revocable_ca": True,
            BOTH_EDITIONS: True,
            SEVERAL_ROOTS: True,
            PLAIN_HTTP: [server.status_url],
        },
        receiver={
            "callback_url": f"https://{LOOPBACK}:{ports.receiver}",
            "certificate": folder.to(server.receiver.certificate),
            "key_file": folder.to(server.receiver.key),
            "delivery_window_s": DELIVERY_WINDOW_S,
        },
        status={"url": f"http://{LOOPBACK}:{ports.status}"},
        peers={
            "urls": [f"https://{LOOPBACK}:{port}" for port in ports.peers],
            "client_id": ecosystem.name,
            "client_secret_file": folder.secret(PEERS),
            "certificate": folder.to(server.receiver.certificate),
            "key_file": folder.to(server.receiver.key),
        },
        webhooks=[_webhook(ecosystem, each, folder) for each in ecosystem.backends],
        backends={each.party: _backend(ecosystem, each, folder) for each in ecosystem.backends},
        factory_reset={
            "url": f"{server.management_url}/vehicles/{{pcid}}/factory-reset",
            "token_file": folder.secret(MANAGEMENT),
        },
        occurrences={
            "url": f"{server.url}{OCCURRENCES}",
            "token_file": folder.secret(OCCURRENCES.strip("/")),
        },
        # Not its reset: others may use the server meanwhile. A proof has it by what a simulator offers.
        control={
            "url": server.management_url,
            "offers": [CLOCK, SIMULATOR],
            "token_file": folder.secret(MANAGEMENT),
        },
        beside=folder.to(beside) if beside else None,
    )


def of_vendor(content: TargetFileContent, role: str, simulated_by: str | None) -> TargetFileContent:
    """Return what the target file of a vendor of one service says, or of the backend of a party.

    Args:
        content: What that of a whole ecosystem does.
        role: The service or the party.
        simulated_by: The target file of who plays the rest; None as long as nobody does.
    """
    named = replace(content, name=f"opnc serve --only {role}", simulated_by=simulated_by)
    return _of_service(named, role) if role in content.services else _of_backend(named, role)


def _of_service(content: TargetFileContent, service: str) -> TargetFileContent:
    keeps_vehicles, keeps_contracts = service == "pcp", service == "ccp"
    return replace(
        content,
        # What follows elsewhere is handed on at once, yet by another server.
        supports={
            **content.supports,
            "cascade_window_s": ELSEWHERE_S,
            "tells_occurrences": True,
            # Of a vehicle with certificates of both a PCP tells others the later one alone.
            BOTH_EDITIONS: service not in {"pcp", "cps", "ccp"},
        },
        # The CAs of the tester are below the roots of the pool, whoever runs it.
        test_cas=content.test_cas if service == "rcp" else (),
        factory_reset=content.factory_reset if keeps_vehicles else {},
        peers=content.peers if keeps_vehicles or keeps_contracts else {},
        webhooks=(),
        backends={},
        occurrences=content.occurrences if service in {"pcp", "ccp", "event"} else {},
    )


def _of_backend(content: TargetFileContent, party: str) -> TargetFileContent:
    """Return a file without services: whom a backend asks, the other file says."""
    own = content.backends[party]
    # A webhook names the column of the rights table that the account stands in.
    column = content.parties[own["account"]]["party"]
    return TargetFileContent(
        origin=content.origin,
        name=content.name,
        vendor=content.vendor,
        version=content.version,
        simulated_by=content.simulated_by,
        scheme=None,
        trust_anchors=content.trust_anchors,
        roots=content.roots,
        webhooks=[each for each in content.webhooks if each["party"] in {party, column}],
        backends={party: own},
    )


def relative(path: Path, folder: Path) -> str:
    """Return a path as a target file in a folder names it."""
    # `relpath`, for a file may lie outside of the folder; relative, so that both can be moved together.
    return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()


class _TargetFolder:
    """What lies beside a target file, in folders named after it."""

    def __init__(self, target: Path) -> None:
        self._target = target

    def to(self, path: Path) -> str:
        """Return a path as the target file names it."""
        return relative(path, self._target.parent)

    def secret(self, name: str) -> str:
        return self.to(self._target.with_suffix(".secrets") / name)

    def write(self, name: str, content: bytes, *, mode: int) -> str:
        # Named after the target file: several may lie in one folder.
        path = self._target.with_suffix(".pki") / name
        private_files.write(path, content, mode=mode)
        return self.to(path)


def _party(ecosystem: Ecosystem, name: str, folder: _TargetFolder) -> dict[str, Any]:
    principal = ecosystem.accounts[name].principal
    limits = ("wmis", "provider_ids", "operator_ids")
    return {
        "party": principal.party,
        "client_id": principal.subject,
        "client_secret_file": folder.secret(principal.subject),
        **{limit: sorted(values) for limit in limits if (values := getattr(principal, limit))},
    }


def _webhook(ecosystem: Ecosystem, backend: Backend, folder: _TargetFolder) -> dict[str, Any]:
    return {
        "url": ecosystem.backends.events_url(backend),
        "secret_file": folder.secret(f"{backend.party} backend"),
        "party": backend.party,
        "pcid": VEHICLES[0],
        "emaid": EMAID,
    }


def _backend(ecosystem: Ecosystem, backend: Backend, folder: _TargetFolder) -> dict[str, Any]:
    return {
        "account": backend.account,
        "token_file": folder.secret(f"{backend.party} backend"),
        # It has acted when it answers its hook.
        "window_s": 0,
        "use_cases": ecosystem.backends.use_cases(backend),
    }


def _roots(ecosystem: Ecosystem, folder: _TargetFolder) -> list[dict[str, Any]]:
    return [
        {
            "certificate": folder.write(f"root-{number}.pem", to_pem([root.certificate]), mode=0o644),
            "types": root.types,
        }
        for number, root in enumerate(ecosystem.rcp.held(), start=1)
    ]


def _test_cas(ecosystem: Ecosystem, folder: _TargetFolder) -> list[dict[str, Any]]:
    found = []
    for number, tree in enumerate(SUPPLIED, start=1):
        ca = ecosystem.trust.pki.root(tree)
        found.append(
            {
                "root": tree.root,
                "chain": folder.write(f"ca-{number}.pem", to_pem(ca.chain), mode=0o644),
                "key_file": folder.write(f"ca-{number}.key", key_to_pem(ca.key), mode=0o600),
            }
        )
    return found
