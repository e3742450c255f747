"""What the steps about requests share: whose they are, and the tables of what may be changed in them."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from features.vocabulary.references import Ref
from features.vocabulary.tables import Vocabulary
from fixtures.answers import addresses
from fixtures.client.probes import Probe, probe
from fixtures.judging import NotApplicable
from fixtures.testdata.body_mutations import HOSTILE_IDS, MALFORMED_BODIES, with_id
from fixtures.testdata.spellings import (
    EMAID_SPELLINGS,
    INVALID_EMAIDS,
    INVALID_PCIDS,
    emaid_of,
    respelled,
    stated,
)
from opnc import contract

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from features.vocabulary.nouns import Subject
    from fixtures.client.parties import Party
    from fixtures.evidence.exchange import Exchange
    from fixtures.testdata.request_context import RequestContext
    from fixtures.testdata.requests import PreparedRequest
    from opnc.contract import Operation

    Change = Callable[[PreparedRequest], PreparedRequest]
    """Returns a request with one thing changed; the one given stays as it is."""

THAT, SECOND = Ref("call", new=True), Ref("call", "second", new=True)

ORDINALS = {"first": 0, "second": 1}
CHECK_DIGIT = "7"
"""The eighteenth character of a PCID where the sentence names none."""

NAMESPACE = "xsdMsgDefNamespace"


def about(context: RequestContext, subject: Subject | None) -> RequestContext:
    """Return the context in which a request is prepared about something of a party; None: of anybody."""
    if subject is None:
        return context
    check_digit = subject.ends_in or (CHECK_DIGIT if subject.length == 18 else "")
    index = ORDINALS[subject.which or "first"]
    return replace(context, caller=subject.owner, id_index=index, check_digit=check_digit)


def in_edition(context: RequestContext, edition: str | None) -> RequestContext:
    """Return the context in which a request is prepared about a vehicle of an edition of ISO 15118.

    Raises:
        NotApplicable: If the target does not declare that it knows the edition.
    """
    if edition != "ISO 15118-20":
        return context
    context.target.demand_declared("iso15118_20", default=True)
    return replace(context, check_digit=CHECK_DIGIT, algorithm="secp521r1")


def operation_of(call: PreparedRequest) -> Operation:
    """Return the operation of a request as the contract has it."""
    return contract.load().operation(call.operation)


def send_to(call: PreparedRequest, party: Party, where: Probe) -> Exchange:
    """Send a request to another place, or with another method."""
    return party.ask(where, path=call.path, query=call.query, headers=call.headers, body=call.body)


# Where it goes


def under_version(call: PreparedRequest, version: str) -> Probe:
    """Return where a request goes under another version of the interface.

    Raises:
        NotApplicable: When it is sent, if the address of the service names no version (ERR-005).
    """
    operation = operation_of(call)

    def rewritten(url: str) -> str:
        other = addresses.under_version(url, operation.service, version)
        if other is None:
            raise NotApplicable(f"the address of the {operation.service} service names no version")
        return other

    return probe(operation, rewrite_url=rewritten)


def _ending_in_slash(operation: Operation, url: str) -> str:  # noqa: ARG001 - as all of them
    address, mark, query = url.partition("?")
    return f"{address}/{mark}{query}"


def _with_double_slash(operation: Operation, url: str) -> str:
    fixed = operation.path.partition("{")[0].rstrip("/")
    return url.replace(fixed, f"/{fixed}", 1)


def _in_capitals(operation: Operation, url: str) -> str:
    fixed = operation.path.partition("{")[0].rpartition("/v1/")[2]
    return url.replace(fixed, fixed.upper(), 1)


CHANGED_PATHS: Mapping[str, Callable[[Operation, str], str]] = {
    "that ends in a slash": _ending_in_slash,
    "with a double slash": _with_double_slash,
    "in capitals": _in_capitals,
}
"""How a path may be spelled in another way."""


def _at_changed_path(changed: str, call: PreparedRequest) -> Probe:
    served = operation_of(call)
    # What is served at two paths is looked for at the one that was meant.
    operation = replace(served, path=served.also[0] if served.also else served.path)
    return probe(operation, rewrite_url=lambda url: CHANGED_PATHS[changed](operation, url))


def _with_encoded_emaid(call: PreparedRequest) -> Probe:
    """Write every character of an EMAID with hyphens as a code (RFC 3986 section 6.2.2.2)."""
    text = stated(call, "emaid")
    encoded = "".join(f"%{ord(character):02X}" for character in emaid_of(call).hyphenated)
    return probe(operation_of(call), rewrite_url=lambda url: url.replace(text, encoded, 1))


ADDRESS: Vocabulary[Callable[[PreparedRequest], Probe]] = Vocabulary(
    "spelling of an address",
    {
        **{f"at a path {changed}": partial(_at_changed_path, changed) for changed in CHANGED_PATHS},
        "with every character of its EMAID encoded": _with_encoded_emaid,
    },
)


# What it says


def _with_emaid(spell: Callable[[str], str], call: PreparedRequest) -> PreparedRequest:
    return respelled(call, "emaid", spell(stated(call, "emaid")))


def _with_spelled_emaid(written: str, call: PreparedRequest) -> PreparedRequest:
    return respelled(call, "emaid", EMAID_SPELLINGS[written](emaid_of(call)))


def _with_pcid(spell: Callable[[str], str], call: PreparedRequest) -> PreparedRequest:
    return respelled(call, "pcid", spell(stated(call, "pcid")))


def _with_body(content: str, call: PreparedRequest) -> PreparedRequest:
    return replace(call, body=MALFORMED_BODIES[content](call.body))


def _compressed(call: PreparedRequest) -> PreparedRequest:
    body = gzip.compress(json.dumps(call.body).encode(), mtime=0)
    return replace(call, body=body, headers={"Content-Encoding": "gzip"})


def _with_unknown_member(call: PreparedRequest) -> PreparedRequest:
    return replace(call, body={**call.body, "xOpncTest": "unknown"})


CHANGE: Vocabulary[Change] = Vocabulary(
    "change of a request",
    {
        **{f"its EMAID {written}": partial(_with_spelled_emaid, written) for written in EMAID_SPELLINGS},
        **{f"an EMAID {wrong}": partial(_with_emaid, spell) for wrong, spell in INVALID_EMAIDS.items()},
        "its PCID in lower case": partial(_with_pcid, str.lower),
        **{f"a PCID {wrong}": partial(_with_pcid, spell) for wrong, spell in INVALID_PCIDS.items()},
        **{f"{text} as its id": partial(with_id, text=hostile) for text, hostile in HOSTILE_IDS.items()},
        **{f"{content} as its body": partial(_with_body, content) for content in MALFORMED_BODIES},
        "its body compressed": _compressed,
        "a member that nobody knows": _with_unknown_member,
    },
)


def _accepting(call: PreparedRequest, media_type: str) -> PreparedRequest:
    """Say what is understood (RFC 9110 section 12.5.1)."""
    return replace(call, headers={"Accept": media_type})


def _called(call: PreparedRequest, media_type: str) -> PreparedRequest:
    return replace(call, headers={"Content-Type": media_type})


def _encoded(call: PreparedRequest, encoding: str) -> PreparedRequest:
    """Send a body in another encoding, and say so; JSON itself knows UTF-8 alone (RFC 8259 section 8.1)."""
    body = json.dumps(call.body, ensure_ascii=False).encode(encoding)
    return replace(call, body=body, headers={"Content-Type": f"application/json; charset={encoding}"})


def _namespaced(call: PreparedRequest, namespace: str) -> PreparedRequest:
    """Say which edition of ISO 15118 is meant, in the body or as a parameter."""
    said = {NAMESPACE: namespace}
    if isinstance(call.body, dict):
        return replace(call, body={**call.body, **said})
    return replace(call, query={**call.query, **said})


STATING: Vocabulary[Callable[[PreparedRequest, str], PreparedRequest]] = Vocabulary(
    "statement about a request",
    {
        ", accepting": _accepting,
        " with a body called": _called,
        " with its body in": _encoded,
        " with the namespace": _namespaced,
    },
)


# What provokes an error


def _beside(call: PreparedRequest, party: Party, rewrite_url: Callable[[str], str]) -> Exchange:
    return send_to(call, party, probe(operation_of(call), rewrite_url=rewrite_url))


MEANS: Vocabulary[Callable[[PreparedRequest, Party], Exchange]] = Vocabulary(
    "means to provoke an error at any operation",
    {
        "a token that is none": lambda call, party: call.ask_with(party, "Bearer none"),
        "a path that does not exist": lambda call, party: _beside(
            call, party, lambda url: f"{url}/none/such"
        ),
        "a method that does not exist": lambda call, party: send_to(
            call, party, probe(operation_of(call), method="FOO")
        ),
        "a query that cannot be read": lambda call, party: _beside(
            call, party, lambda url: f"{url}?%zz=%00&&="
        ),
    },
)
