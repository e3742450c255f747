"""What an Event Service may do wrong."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from opnc.events import SIGNATURE_HEADER, signature
from simulators.faults import making
from simulators.faults.tampering import answered, edited

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulators.event.endpoints import Endpoint
    from simulators.kernel.events import Event
    from simulators.kernel.fault_injection import Fault, Tamper
    from simulators.kernel.messages import Answer, Call

POST, LIST, READ = "postEndpointV1", "get-webhook-endpoints", "getEndpointByIdV1"
PUT, DELETE = "updateEndpointByIdV1", "deleteEndpointByIdV1"


_fault = making.faults_of("event")


def _lacking(*members: str) -> dict[str, Tamper]:
    """Leave members out of every endpoint that is handed out."""

    def without(endpoint: Mapping[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in endpoint.items() if name not in members}

    return {
        POST: edited(without, status=201),
        READ: edited(without),
        PUT: edited(without),
        LIST: edited(lambda endpoints: [without(each) for each in endpoints]),
    }


def _stating(**members: Any) -> dict[str, Tamper]:
    """Hand out every new endpoint with other members."""
    return {POST: edited(lambda endpoint: {**endpoint, **members}, status=201)}


def _refusing_events(call: Call, answer: Answer) -> Answer:
    """Refuse the events that are not about roots."""
    about_roots = all(name.startswith("root.") for name in (call.body or {}).get("enabledEvents", ()))
    return answer if about_roots else replace(answer, status=400, content=b"")


CREATION = (
    _fault(
        "created-with-200",
        "EVT-POST-01",
        "A new endpoint is answered 200.",
        tamper={POST: answered(200, 201)},
    ),
    _fault(
        "address-not-returned", "EVT-POST-01", "An endpoint comes without its url.", tamper=_lacking("url")
    ),
    _fault(
        "events-not-returned",
        "EVT-POST-01",
        "A new endpoint is answered with other events than were asked for.",
        tamper=_stating(enabledEvents=["root.cert.expired"]),
    ),
    _fault("no-secret", "EVT-POST-02", "No answer holds the secret.", tamper=_lacking("secret")),
    _fault(
        "one-secret",
        "EVT-POST-03",
        "All endpoints have the same secret.",
        replaced={"event.post.secret": lambda: "s" * 64},
    ),
    _fault(
        "options-lost",
        "EVT-POST-05",
        "Optional members of an endpoint are not kept.",
        tamper=_lacking("description", "metadata"),
    ),
    _fault(
        "incomplete-taken",
        ("EVT-POST-06", "EVT-POST-07"),
        "A subscription that lacks something is answered 201.",
        tamper={POST: answered(201, 400)},
    ),
    _fault(
        "unknown-event-taken",
        "EVT-POST-08",
        "An event that does not exist is subscribed.",
        "event.body",
    ),
    _fault("any-address", "EVT-POST-09", "Any text is taken for an address.", "event.body", "event.sent.url"),
    _fault(
        "roots-only",
        "EVT-POST-11",
        "Only events about roots can be subscribed.",
        tamper={POST: _refusing_events},
    ),
    _fault(
        "foreign-scope",
        "EVT-POST-12",
        "An endpoint is returned with WMIs and provider ids of somebody else.",
        # An endpoint is for its owner's objects alone, whatever was subscribed (ERR-140).
        tamper=_stating(wmis=["ZZZ"], providerIds=["XXZZZ"]),
    ),
    _fault("wrong-role", "EVT-POST-12", "Every endpoint is that of a CPO.", tamper=_stating(userRole="CPO")),
)

READING = (
    _fault(
        "list-incomplete",
        "EVT-LIST-01",
        "The list lacks the first endpoint.",
        tamper={LIST: edited(lambda endpoints: endpoints[1:])},
    ),
    _fault("all-listed", "EVT-LIST-02", "The endpoints of all parties are listed.", "event.list.own"),
    _fault(
        "empty-list-crashes",
        "EVT-LIST-03",
        "The list of a party without endpoints is answered 500.",
        tamper={LIST: answered(500, 200, b"")},
    ),
    _fault(
        "secret-hidden",
        "EVT-GET-01",
        "An endpoint is read with its secret masked.",
        tamper={READ: edited(lambda endpoint: {**endpoint, "secret": "***"})},
    ),
    _fault(
        "unknown-read",
        "EVT-GET-02",
        "An endpoint that does not exist is answered 200.",
        tamper={READ: answered(200, 404, b"{}")},
    ),
    _fault(
        "foreign-access",
        ("EVT-GET-03", "EVT-PUT-07", "EVT-DEL-03"),
        "Whoever knows its id may read, change and remove an endpoint.",
        "event.owner",
    ),
)

CHANGING = (
    *(
        _fault(
            f"{member}-stays",
            "EVT-PUT-01",
            f"A change leaves {member} of an endpoint as it was.",
            f"event.put.{member}",
        )
        for member in ("url", "events", "status")
    ),
    _fault(
        "incomplete-change-taken",
        "EVT-PUT-05",
        "A change without an address is answered 200.",
        tamper={PUT: answered(200, 400)},
    ),
    _fault(
        "unknown-changed",
        "EVT-PUT-06",
        "A change of an endpoint that does not exist is answered 200.",
        tamper={PUT: answered(200, 404, b"{}")},
    ),
    _fault(
        "new-secret",
        "EVT-PUT-08",
        "A change gives the endpoint a new secret.",
        replaced={"event.put.stated": lambda endpoint, _sent: replace(endpoint, secret="n" * 64)},
    ),
    _fault(
        "unknown-removed",
        "EVT-DEL-02",
        "Removing an endpoint that does not exist is answered 200.",
        tamper={DELETE: answered(200, 404, b"")},
    ),
)


def _in_plain_text(_endpoint: Endpoint, _content: bytes) -> dict[str, str]:
    return {"Content-Type": "text/plain"}


def signing(
    sign: Callable[[Endpoint, bytes], str],
) -> dict[str, Callable[[Endpoint, bytes], dict[str, str]]]:
    """Put another signature into the header."""
    return {"event.send.signature": lambda endpoint, content: {SIGNATURE_HEADER: sign(endpoint, content)}}


def _reserialised(endpoint: Endpoint, content: bytes) -> str:
    # With the blanks that `json.dumps` writes by default, and the body has not (ERR-127).
    return signature(endpoint.secret, json.dumps(json.loads(content)).encode())


def _in_base64(endpoint: Endpoint, content: bytes) -> str:
    # What the guide of a real operator asks for; OPNC wants hex digits (ERR-126).
    digest = bytes.fromhex(signature(endpoint.secret, content).removeprefix("sha256="))
    return f"sha256={b64encode(digest).decode()}"


def _once_per_account() -> Callable[[Endpoint, Event], bool]:
    """Entitle only the first endpoint of an account to an event."""
    served: dict[str, Event] = {}

    def is_first(endpoint: Endpoint, event: Event) -> bool:
        # The same object for all endpoints, where two events could well be equal.
        if not endpoint.wants(event.type) or served.get(endpoint.owner) is event:
            return False
        served[endpoint.owner] = event
        return True

    return is_first


def _payload(**changes: str) -> dict[str, Callable[[Event], dict[str, Any]]]:
    """Send another payload."""
    return {"event.body.payload": lambda event: {"payload": {**event.payload, **changes}}}


DELIVERING = (
    _fault(
        "plain-text",
        "EVT-HOOK-01",
        "Events come as text/plain.",
        replaced={"event.send.media-type": _in_plain_text},
    ),
    *(
        _fault(f"no-{member}", "EVT-HOOK-02", f"Events come without {name}.", f"event.body.{member}")
        for member, name in (("id", "eventId"), ("type", "eventType"), ("payload", "payload"))
    ),
    _fault(
        "id-no-uuid",
        "EVT-HOOK-02",
        "The eventId is no UUID.",
        replaced={"event.body.id": lambda _event: {"eventId": "4711"}},
    ),
    _fault(
        "one-event-id",
        "EVT-HOOK-03",
        "All events have the same id.",
        replaced={"event.body.id": lambda _event: {"eventId": "00000000-0000-4000-8000-000000000000"}},
    ),
    _fault(
        "other-root-named",
        "EVT-HOOK-09",
        "Events name another root than the pool does.",
        replaced=_payload(commonName="Somebody Else"),
    ),
    _fault(
        "wrong-root-type",
        "EVT-HOOK-10",
        "Every root is called a V2G root.",
        replaced=_payload(rootType="V2G"),
    ),
    _fault(
        "wrong-serial-number",
        "EVT-HOOK-11",
        "The serial number is that of another certificate.",
        replaced=_payload(rootSerialNumber="01"),
    ),
    _fault(
        "everything-sent",
        ("EVT-HOOK-12", "EVT-PUT-04"),
        "Endpoints get events that they did not subscribe to.",
        "event.entitled.subscribed",
    ),
    _fault(
        "one-per-account",
        "EVT-HOOK-16",
        "Only the first endpoint of an account gets an event.",
        replaced={"event.entitled.subscribed": _once_per_account()},
    ),
    _fault("unsigned", ("EVT-SIG-01", "EVT-SIG-05"), "Events are not signed.", "event.send.signature"),
    _fault(
        "wrong-time",
        "EVT-HOOK-02",
        "Every event is dated like the example of the payload file.",
        replaced={"event.body.timestamp": lambda _event: {"timestamp": "2021-05-11T00:00:00Z"}},
    ),
    _fault(
        "signed-reserialised",
        "EVT-SIG-02",
        "The signature is made over the JSON written anew, not over the body that is sent.",
        replaced=signing(_reserialised),
    ),
    _fault(
        "foreign-secret",
        "EVT-SIG-02",
        "Events are signed with the secret of another endpoint.",
        replaced=signing(lambda endpoint, content: signature(f"not {endpoint.secret}", content)),
    ),
    _fault("base64-signature", "EVT-SIG-03", "Signatures come in base64.", replaced=signing(_in_base64)),
    _fault(
        "one-secret-signs",
        "EVT-SIG-04",
        "All events are signed with one secret of the service.",
        replaced=signing(lambda _endpoint, content: signature("one for all", content)),
    ),
)

FOLLOWING = (
    _fault("old-address", "EVT-PUT-02", "Events still go to the old address.", "event.put.url"),
    _fault("disabled-served", "EVT-PUT-03", "A disabled endpoint gets events.", "event.entitled.enabled"),
    _fault(
        "disabled-for-good",
        "EVT-PUT-03",
        "An endpoint that is enabled again gets no events.",
        replaced={"event.put.status": lambda endpoint, _sent: replace(endpoint, status="disabled")},
    ),
    _fault("events-kept", "EVT-PUT-04", "Events that are no longer subscribed are sent.", "event.put.events"),
    _fault(
        "retries-while-disabled",
        "EVT-PUT-03",
        "What waits for a retry is sent although its endpoint was disabled meanwhile.",
        "event.put.hold",
    ),
    _fault("not-removed", "EVT-DEL-01", "A removed endpoint stays and gets events.", "event.delete.remove"),
)

FAULTS: tuple[Fault, ...] = (*CREATION, *READING, *CHANGING, *DELIVERING, *FOLLOWING)
