"""What the backend of a charge point operator may do wrong."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import TYPE_CHECKING

from opnc.exi.reading import decode_any
from opnc.provisioning.messages import content_of
from opnc.provisioning.namespaces import NAMESPACES
from simulators.faults import making
from simulators.parties.backend import UseCaseAborted

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.kernel.fault_injection import Fault
    from simulators.parties.receiver import EventReceiver, ReceivedEvent

_fault = making.faults_of("cpo")


def _altered(text: str) -> str:
    """Change the last octet, as somebody does who decodes a message and encodes it anew, but not quite so."""
    octets = b64decode(text)
    return b64encode(octets[:-1] + bytes((octets[-1] ^ 1,))).decode()


def _other_edition(namespace: str) -> str:
    return next(each for each in NAMESPACES.values() if each != namespace)


def _without_domain(query: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in query.items() if name != "caDomain"}


def _longer(text: str) -> str:
    return b64encode(b64decode(text) + b"\0").decode()


def _positive_only(hand_on: Callable[[str], str], text: str) -> str:
    """Hand on what brings a contract, and nothing else."""
    if not content_of(decode_any(b64decode(text)).value).ResponseCode.startswith("OK"):
        raise UseCaseAborted("the pool refuses the vehicle")
    return hand_on(text)


def _believing(verify: Callable[[ReceivedEvent], None], received: ReceivedEvent) -> None:
    receiver: EventReceiver = verify.__self__  # type: ignore[attr-defined]  # a bound method
    receiver.react(received)
    verify(received)


FAULTS: tuple[Fault, ...] = (
    _fault(
        "request-altered",
        "CPO-01",
        "The request of a vehicle is altered on its way to the pool.",
        replaced={"cpo.request": _altered},
    ),
    _fault(
        "other-edition",
        "CPO-01",
        "Requests are passed on as those of the other edition of ISO 15118.",
        replaced={"cpo.namespace": _other_edition},
    ),
    _fault(
        "answer-altered",
        "CPO-01",
        "The charge point gets another message than the pool has answered.",
        replaced={"cpo.response": _longer},
    ),
    _fault("v2g-roots-unread", "CPO-02", "V2G roots are never read from the pool.", "cpo.roots.v2g"),
    _fault("emsp-roots-unread", "CPO-02", "eMSP roots are never read from the pool.", "cpo.roots.emsp"),
    _fault(
        "refusal-withheld",
        "CPO-05",
        "The charge point hears nothing where the pool refuses a vehicle.",
        around={"cpo.response": _positive_only},
    ),
    _fault(
        "believes-anybody",
        "HOOK-RCV-03",
        "Roots are read whoever has sent the event, though it is refused.",
        around={"receiver.signature": _believing},
    ),
    _fault("root-events-ignored", "CPO-03", "Events about roots are of no consequence.", "cpo.root-event"),
    _fault(
        "named-by-station",
        "CPO-04",
        "SECC certificates are asked for under a name of the station's maker.",
        # The CN has to be the EVSE id (ERR-111).
        replaced={"backend.common-name": lambda _evse_id: "SN-0001"},
    ),
    _fault(
        "without-organization",
        "CPO-04",
        "The certification request names no organization.",
        # Requests carry CN, O, C and DC (ERR-112).
        replaced={"backend.organization": lambda: ""},
    ),
    _fault(
        "domain-missing",
        ("CPO-04", "SYS-CLIENT-01"),
        "A certificate is asked for without saying for which domain.",
        replaced={"backend.enrolment-query": _without_domain},
    ),
    _fault(
        "unknown-type",
        ("CPO-02", "SYS-CLIENT-01"),
        "Roots of a type are asked for that there is not.",
        # What events call an eMSP; the query knows no such value (ERR-013).
        replaced={"cpo.type": lambda _type: "mo"},
    ),
)
