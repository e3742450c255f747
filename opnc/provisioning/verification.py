"""Verifies the signatures of the certificate messages, and says exactly what does not hold.

    report = verify(message, key)
    report.valid, [finding.name for finding in report.findings]

Besides the forms that ISO 15118 wants, those of known peers are tried: what then fits is a finding that names
the form, so that a peer learns what to change.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from opnc.exi import XMLDSIG, encode
from opnc.exi.roots import ISO2_TYPED_EMAID
from opnc.exi.strings import StringsWritten
from opnc.pki.deviations import Deviation
from opnc.pki.keys import algorithm_of
from opnc.provisioning.algorithms import (
    CANONICAL_EXI,
    DIGESTS,
    SUITES,
    is_der_signature_of,
    is_signature_of,
    raw_length,
)
from opnc.provisioning.messages import schema_of, signature_of, signed_elements
from opnc.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from opnc.exi.xmldsig import ReferenceType, SignatureType, SignedInfoType
    from opnc.pki.signatures import PublicKey
    from opnc.provisioning.messages import Message, Signed

STANDARD = "standard"
_CLAUSE = "ISO 15118 7.9.2.4"


@dataclass(frozen=True, slots=True)
class ReferenceCheck:
    """What became of one signed element.

    Attributes:
        element: Its name.
        form: The form of its fragment that the digest fits: `standard`, `typed`, `string-tables`, or None.
    """

    element: str
    form: str | None


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """What a verification found.

    Attributes:
        references: One entry for each element that has to be signed.
        signed_info_form: The form of SignedInfo that the signature value fits: `standard`, `message-schema`,
            `string-tables`; None for none.
        findings: What does not hold.
    """

    references: tuple[ReferenceCheck, ...]
    signed_info_form: str | None
    findings: tuple[Deviation, ...]

    @property
    def valid(self) -> bool:
        """Whether the signature is as ISO 15118 wants it, and right."""
        return not any(finding.severity is Severity.FAIL for finding in self.findings)

    @property
    def authentic(self) -> bool:
        """Whether the key signed these elements, in whatever form."""
        forms = [self.signed_info_form, *(check.form for check in self.references)]
        return bool(self.references) and None not in forms


def verify(
    message: Message, key: PublicKey, others: Mapping[str, PublicKey] | None = None
) -> SignatureReport:
    """Verify the signature of a message.

    Args:
        message: A request or response.
        key: The public key of who has to sign it.
        others: Further keys by the name of their holder: if one of them signed instead, it is named.

    Raises:
        Problem: The body of the message is empty.
    """
    elements = signed_elements(message)
    signature = signature_of(message)
    if signature is None:
        missing = Deviation("signature-missing", "Header/Signature", "a signature", "none", _CLAUSE)
        return SignatureReport(
            tuple(ReferenceCheck(element.name, None) for element in elements), None, (missing,)
        )
    references = signature.SignedInfo.Reference
    checks, digest_findings = _check_references(elements, references)
    form, value_findings = _check_value(message, signature, key, others or {})
    findings = (
        *_check_algorithms(signature.SignedInfo, key),
        *_check_set(elements, references),
        *digest_findings,
        *value_findings,
    )
    return SignatureReport(checks, form, findings)


def verify_digests(message: Message) -> tuple[tuple[ReferenceCheck, ...], tuple[Deviation, ...]]:
    """Check the references of a signature whose key is not at hand: what is signed, and the digests.

    Raises:
        Problem: The body of the message is empty.
    """
    elements, signature = signed_elements(message), signature_of(message)
    if signature is None:
        return (), ()
    references = signature.SignedInfo.Reference
    checks, findings = _check_references(elements, references)
    return checks, (*_check_set(elements, references), *findings)


def _check_algorithms(info: SignedInfoType, key: PublicKey) -> Iterator[Deviation]:
    suite = SUITES.get(algorithm_of(key))
    canonical = info.CanonicalizationMethod.Algorithm
    if canonical != CANONICAL_EXI:
        yield Deviation("canonicalization", "CanonicalizationMethod", CANONICAL_EXI, canonical, "[V2G2-765]")
    method = info.SignatureMethod.Algorithm
    if suite is None or method != suite.signature:
        expected = suite.signature if suite else f"a key of {', '.join(SUITES)}"
        seen = method if suite else algorithm_of(key)
        yield Deviation("signature-algorithm", "SignatureMethod", expected, seen, _CLAUSE)
    for reference in info.Reference:
        digest = reference.DigestMethod.Algorithm
        if suite and digest != suite.digest:
            yield Deviation("digest-algorithm", _where(reference), suite.digest, digest, _CLAUSE)
        transforms = [t.Algorithm for t in reference.Transforms.Transform] if reference.Transforms else []
        if transforms != [CANONICAL_EXI]:
            seen = ", ".join(transforms) or "none"
            yield Deviation("transform", _where(reference), CANONICAL_EXI, seen, "[V2G2-767]")


def _where(reference: ReferenceType) -> str:
    return f"Reference {reference.URI or 'without URI'}"


def _check_set(elements: Sequence[Signed], references: Sequence[ReferenceType]) -> Iterator[Deviation]:
    """Compare the references with the elements that have to be signed: each once, nothing else."""
    expected = Counter(f"#{element.id}" for element in elements if element.id is not None)
    wanted = ", ".join(expected)
    for uri in (uri for uri, count in expected.items() if count > 1):
        names = " and ".join(element.name for element in elements if f"#{element.id}" == uri)
        yield Deviation("id-repeated", uri[1:], "an Id of one element", names, "XML 1.0, ID attributes")
    # Counted, not compared in order: the message in OPNC's text refers in another order than its elements
    # stand.
    sent = Counter(reference.URI for reference in references)
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


def _check_references(
    elements: Sequence[Signed], references: Sequence[ReferenceType]
) -> tuple[tuple[ReferenceCheck, ...], list[Deviation]]:
    # Of two references to one element the last counts here; that there are two is found in `_check_set`.
    by_uri = {reference.URI: reference for reference in references}
    checks, findings = [], []
    for element in elements:
        reference = by_uri.get(f"#{element.id}")
        form = _fitting_form(element, reference) if reference else None
        checks.append(ReferenceCheck(element.name, form))
        if reference and form != STANDARD:
            findings.append(_digest_finding(element, reference, form, elements))
    return tuple(checks), findings


def _fitting_form(element: Signed, reference: ReferenceType) -> str | None:
    digest = DIGESTS.get(reference.DigestMethod.Algorithm)
    # An unknown algorithm has its own finding, in `_check_algorithms`.
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


def _digest_finding(
    element: Signed, reference: ReferenceType, form: str | None, elements: Sequence[Signed]
) -> Deviation:
    expected = "the digest of its EXI fragment"
    if form == "typed":
        seen = "the digest of the fragment by its type, not by the element fragment grammar"
        return Deviation("digest-typed-emaid", element.name, expected, seen, "W3C EXI 1.0, 8.5.3")
    if form == "string-tables":
        seen = "the digest of the fragment with string table hits"
        return Deviation("digest-string-tables", element.name, expected, seen, "W3C EXI 1.0, 7.3")
    # A digest of another signed element: the peer has mixed up its references.
    others = [other for other in elements if other is not element and _fitting_form(other, reference)]
    if others:
        return Deviation(
            "references-swapped", element.name, expected, f"that of {others[0].name}", "[V2G2-771]"
        )
    return Deviation("digest-wrong", element.name, expected, "another digest", _CLAUSE)


def _check_value(
    message: Message, signature: SignatureType, key: PublicKey, others: Mapping[str, PublicKey]
) -> tuple[str | None, list[Deviation]]:
    """Find the form of SignedInfo, the key and the spelling of the signature that fit together."""
    info, value = signature.SignedInfo, signature.SignatureValue.value
    method = info.SignatureMethod.Algorithm
    # Made once, for they are tried with each key.
    forms = list(_signed_info_forms(message, info))
    # The right key first: if it fits in any form, whose else the signature could be is no question.
    for holder, candidate in ({"": key} | dict(others)).items():
        for form, octets in forms:
            raw = is_signature_of(candidate, method, value, octets)
            # DER is what crypto libraries return: peers forget to take r and s out of it.
            if raw or is_der_signature_of(candidate, method, value, octets):
                return form if not holder else None, list(_value_findings(form, holder, raw=raw))
    length = raw_length(key)
    if len(value) != length:
        seen = f"{len(value)} octets that do not verify"
        return None, [Deviation("signature-length", "SignatureValue", f"{length} octets", seen, _CLAUSE)]
    seen = "it does not verify: another key made it, or SignedInfo was changed"
    return None, [Deviation("signature-invalid", "SignatureValue", "a signature of the key", seen, _CLAUSE)]


def _signed_info_forms(message: Message, info: SignedInfoType) -> Iterator[tuple[str, bytes]]:
    yield STANDARD, encode(info, XMLDSIG, fragment=True)
    yield "message-schema", encode(info, schema_of(message), fragment=True)
    yield "string-tables", encode(info, XMLDSIG, fragment=True, strings=StringsWritten())


def _value_findings(form: str, holder: str, *, raw: bool) -> Iterator[Deviation]:
    field = "SignatureValue"
    if holder:
        yield Deviation("signature-wrong-key", field, "a signature of the key", f"one of {holder}", _CLAUSE)
    if not raw:
        yield Deviation("signature-der", field, "r and s, each as long as the order", "DER", _CLAUSE)
    if form == "message-schema":
        seen = "a signature over SignedInfo in the grammar of the message"
        expected = "one in the grammar of XML signatures alone"
        yield Deviation("signed-info-message-schema", "SignedInfo", expected, seen, _CLAUSE)
    elif form == "string-tables":
        seen, expected = "a signature over SignedInfo with string table hits", "one over strings written out"
        yield Deviation("signed-info-string-tables", "SignedInfo", expected, seen, "W3C EXI 1.0, 7.3")
