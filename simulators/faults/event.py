"""What an Event Service may do wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from simulators.faults.tampering import answered, edited
from simulators.kernel.misbehaviour import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulators.kernel.messages import Answer, Call
    from simulators.kernel.misbehaviour import Tamper

POST, LIST, READ = "postEndpointV1", "get-webhook-endpoints", "getEndpointByIdV1"
PUT, DELETE = "updateEndpointByIdV1", "deleteEndpointByIdV1"


def _fault(
    name: str,
    requirements: tuple[str, ...] | str,
    summary: str,
    *without: str,
    instead: Mapping[str, Callable[..., Any]] | None = None,
    tamper: Mapping[str, Tamper] | None = None,
) -> Fault:
    broken = (requirements,) if isinstance(requirements, str) else requirements
    return Fault(f"event.{name}", "event", broken, summary, frozenset(without), instead or {}, tamper or {})


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
        instead={"event.post.secret": lambda: "s" * 64},
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
        instead={"event.put.stated": lambda endpoint, _sent: replace(endpoint, secret="n" * 64)},
    ),
    _fault(
        "unknown-removed",
        "EVT-DEL-02",
        "Removing an endpoint that does not exist is answered 200.",
        tamper={DELETE: answered(200, 404, b"")},
    ),
)

FAULTS: tuple[Fault, ...] = (*CREATION, *READING, *CHANGING)
