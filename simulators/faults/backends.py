"""What the backend of any party may do wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.faults import making

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from simulators.kernel.fault_injection import Fault
    from simulators.parties.client import Client

    Headers = Mapping[str, str]

_fault = making.faults_of("common", "backends")

TYPE, ID = "OPNC-from-party-type", "OPNC-from-party-id"


def _says(
    kind: Callable[[Client], str], name: Callable[[Client], str]
) -> dict[str, Callable[[Callable[[], Headers]], Headers]]:
    """Name a party in the headers of every request."""

    def headers(control: Callable[[], Headers]) -> Headers:
        client: Client = control.__self__  # type: ignore[attr-defined]  # a bound method
        return {TYPE: kind(client), ID: name(client)}

    return {"client.party-headers": headers}


def _kind(client: Client) -> str:
    return client.account.principal.party.partition("_")[0]


def _id(client: Client) -> str:
    principal = client.account.principal
    return min((*principal.wmis, *principal.provider_ids, *principal.operator_ids), default="")


def _of_others(names: Sequence[str]) -> Sequence[str]:
    """Return the event that is for the other of OEM and eMSP alone."""
    other = (
        "emsp.prov.cert.updated" if any(name.startswith("oem.") for name in names) else "oem.contract.created"
    )
    return [other]


def _other_certificate(certificate: str) -> str:
    """Name something that differs in its last octets alone: the signature."""
    return f"{certificate[:-8]}AAAA{certificate[-4:]}"


FAULTS: tuple[Fault, ...] = (
    _fault(
        "request-storm",
        "SYS-CLIENT-02",
        "Every request is sent a dozen times, though the first was answered.",
        replaced={"client.repetitions": lambda: 11},
    ),
    _fault(
        "names-no-type",
        "SYS-CLIENT-01",
        "Requests name a party of a type that there is not.",
        around=_says(lambda client: _kind(client).upper(), _id),
    ),
    _fault(
        "names-other-type",
        "SYS-CLIENT-03",
        "Requests name a party of another type than that of the account.",
        around=_says(lambda client: "oem" if _kind(client) == "cpo" else "cpo", _id),
    ),
    _fault(
        "names-other-party",
        "SYS-CLIENT-03",
        "Requests name another party of the same type.",
        around=_says(_kind, lambda _client: "NLXXX"),
    ),
    _fault(
        "token-never-renewed",
        "SYS-CLIENT-04",
        "A token that has lapsed is used for ever.",
        "client.renew",
    ),
    _fault(
        "subscribes-to-events-of-others",
        "SYS-CLIENT-05",
        "Only events are subscribed to that are for another role.",
        replaced={"backend.events": _of_others},
    ),
    _fault(
        "subscribes-by-plain-http",
        "SYS-CLIENT-05",
        "Events are to be sent to an address without TLS.",
        replaced={"backend.events-url": lambda: "http://backend.opnc.test/events"},
    ),
    _fault(
        "enrols-without-organization",
        ("SYS-CLIENT-06", "CPO-04"),
        "Certification requests name no organization.",
        replaced={"backend.organization": lambda: ""},
    ),
    _fault(
        "enrols-under-other-name",
        ("SYS-CLIENT-06", "CPO-04"),
        "Certificates are asked for under a name of one's own making.",
        replaced={"backend.common-name": lambda _name: "SN-0001"},
    ),
    _fault(
        "enrols-in-other-domain",
        ("SYS-CLIENT-06", "CPO-04"),
        "Certificates are asked for in the domain of vehicles, whoever asks.",
        replaced={"backend.enrolment-query": lambda query: {**query, "caDomain": "veh"}},
    ),
    _fault(
        "revokes-other-certificate",
        "SYS-CLIENT-07",
        "Another certificate is revoked than the one that was named.",
        replaced={"backend.revoke": _other_certificate},
    ),
    _fault(
        "cps-roots-unread",
        "SYS-CLIENT-08",
        "Whoever runs the CPS never reads roots.",
        "cps-operator.roots",
    ),
)
