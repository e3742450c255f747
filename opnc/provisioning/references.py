"""What a signature covers: its references, each with the digest over the fragment of an element."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from opnc.exi import encode, iso2
from opnc.exi.roots import ISO2_TYPED_EMAID
from opnc.exi.strings import StringsWritten
from opnc.pki.deviations import Deviation
from opnc.provisioning.algorithms import DIGESTS
from opnc.provisioning.messages import content_of, schema_of, with_signature
from opnc.provisioning.spellings import out_of_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from opnc.exi.xmldsig import ReferenceType
    from opnc.provisioning.messages import Message, Signed

STANDARD = "standard"
CLAUSE = "ISO 15118 7.9.2.4"


@dataclass(frozen=True, slots=True)
class ReferenceCheck:
    """What became of one signed element.

    Attributes:
        element: Its name.
        form: The form of its fragment that the digest fits: `standard`, `typed`, `string-tables`, or None.
    """

    element: str
    form: str | None


def check_set(elements: Sequence[Signed], references: Sequence[ReferenceType]) -> Iterator[Deviation]:
    """Compare the references with the elements that have to be signed: each once, nothing else."""
    expected = Counter(f"#{element.id}" for element in elements if element.id is not None)
    wanted = ", ".join(expected)
    for uri in (uri for uri, count in expected.items() if count > 1):
        names = " and ".join(element.name for element in elements if f"#{element.id}" == uri)
        yield Deviation("id-repeated", uri[1:], "an Id of one element", names, "XML 1.0, ID attributes")
    # Counted, not compared in order: the message in OPNC's text refers in another order than its elements
    # stand.
    sent = Counter(reference.URI for reference in references)
    # Only where the right one is missing: beside it, one without the sign is one too many.
    for stated in [uri for uri in sent if _fragment(uri) not in sent and _fragment(uri) in expected]:
        yield Deviation(
            "reference-uri", str(stated), f"#{stated}", "an Id without its number sign", "RFC 3986, 3.5"
        )
        sent[_fragment(stated)] += sent.pop(stated)
    # From both sides: an element that nobody refers to could be replaced, and a reference to anything else
    # may hide that one is missing.
    for element in elements:
        if f"#{element.id}" not in sent:
            seen = "no Id" if element.id is None else f"references to {', '.join(map(str, sent))}"
            yield Deviation("reference-missing", element.name, "a reference to it", seen, "[V2G2-771]")
    for target, count in sent.items():
        if target not in expected:
            seen = "one to something else"
            yield Deviation(
                "reference-extra", str(target), f"only references to {wanted}", seen, "[V2G2-771]"
            )
        elif count > 1:
            yield Deviation("reference-repeated", str(target), "one reference", str(count), "[V2G2-771]")


def check_references(
    message: Message, elements: Sequence[Signed], references: Sequence[ReferenceType]
) -> tuple[tuple[ReferenceCheck, ...], list[Deviation]]:
    """Compare the digests of the references with the elements they refer to."""
    # Of two references to one element the last counts here; that there are two is found in `check_set`.
    by_uri = {_fragment(reference.URI): reference for reference in references}
    by_uri |= {reference.URI: reference for reference in references}
    checks, findings = [], []
    for element in elements:
        reference = by_uri.get(f"#{element.id}")
        form = _fitting_form(element, reference) if reference else None
        checks.append(ReferenceCheck(element.name, form))
        if reference and form != STANDARD:
            findings.append(_digest_finding(message, element, reference, form, elements))
    return tuple(checks), findings


def _fragment(uri: str | None) -> str | None:
    """Return a reference with the number sign that some leave out before an Id."""
    return f"#{uri}" if uri and not uri.startswith("#") else uri


def _fitting_form(element: Signed, reference: ReferenceType) -> str | None:
    digest = DIGESTS.get(reference.DigestMethod.Algorithm)
    # An unknown algorithm has its own finding, in `opnc.provisioning.verification`.
    if digest is None:
        return None
    forms = _fragment_forms(element)
    return next((name for name, octets in forms if digest(octets) == reference.DigestValue), None)


def _fragment_forms(element: Signed) -> Iterator[tuple[str, bytes]]:
    """Yield the fragment of an element as ISO 15118 wants it, then as peers are known to make it."""
    # Tolerant, for the element came from a peer: a value that breaks a facet was signed all the same.
    as_sent = partial(encode, element.value, fragment=True, tolerant=True, facets=False)
    yield STANDARD, as_sent(element.schema)
    if element.name == "eMAID":
        # By its type, as libcbv2g makes it and a backend built on WWCP digests it.
        yield "typed", as_sent(ISO2_TYPED_EMAID)
    # As stacks make it that keep the defaults of EXI, RISE-V2G for one.
    yield "string-tables", as_sent(element.schema, strings=StringsWritten())


_EXPECTED = "the digest of its EXI fragment"
_FORMS = {
    "typed": (
        "digest-typed-emaid",
        "the digest of the fragment by its type, not by the element fragment grammar",
        "W3C EXI 1.0, 8.5.3",
    ),
    "string-tables": (
        "digest-string-tables",
        "the digest of the fragment with string table hits",
        "W3C EXI 1.0, 7.3",
    ),
}


def _digest_finding(
    message: Message,
    element: Signed,
    reference: ReferenceType,
    form: str | None,
    elements: Sequence[Signed],
) -> Deviation:
    if form is not None:
        name, seen, clause = _FORMS[form]
        return Deviation(name, element.name, _EXPECTED, seen, clause)
    # A digest of another signed element: the peer has mixed up its references.
    others = [other for other in elements if other is not element and _fitting_form(other, reference)]
    if others:
        seen = f"that of {others[0].name}"
        return Deviation("references-swapped", element.name, _EXPECTED, seen, "[V2G2-771]")
    name, seen = _known_mistake(message, element, reference) or ("digest-wrong", "another digest")
    return Deviation(name, element.name, _EXPECTED, seen, CLAUSE)


def _known_mistake(message: Message, element: Signed, reference: ReferenceType) -> tuple[str, str] | None:
    """Return the name of a mistake that explains a digest, and what was seen; None where none does."""
    value, method = reference.DigestValue, reference.DigestMethod.Algorithm
    digest = DIGESTS.get(method)
    if digest is None:
        return None
    fragments = [octets for _, octets in _fragment_forms(element)]
    if any(digest(octets) in out_of_text(value) for octets in fragments):
        return "digest-text", "the digest as text, in base64 or hexadecimal digits"
    for other, function in DIGESTS.items():
        if function is not digest and any(function(octets) == value for octets in fragments):
            return "digest-length", f"{len(value)} octets, that of {other}"
    for seen, octets in _wholes(message):
        if digest(octets) == value:
            return "digest-whole-message", f"the digest of {seen}"
    length = len(digest(b""))
    if len(value) != length:
        return "digest-length", f"{len(value)} octets, where {method} has {length}"
    return None


def _wholes(message: Message) -> Iterator[tuple[str, bytes]]:
    """Yield the message as a whole, which some take for what is signed."""
    content = content_of(message)
    for seen, whole in (("the message", message), ("the unsigned message", with_signature(message, None))):
        yield seen, encode(whole, schema_of(message), tolerant=True, facets=False)
    unsigned = content if isinstance(message, iso2.V2GMessage) else with_signature(message, None)
    for seen, value in (("the whole element of the message", content), ("the element, unsigned", unsigned)):
        # Only of what has a fragment: requests and responses of certificates, but not all others.
        if type(value) in schema_of(message).fragments.by_type:
            yield seen, encode(value, schema_of(message), fragment=True, tolerant=True, facets=False)
