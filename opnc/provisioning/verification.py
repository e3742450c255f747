"""Verifies the signatures of the certificate messages, and says exactly what does not hold.

    report = verify(message, key)
    report.valid, [finding.name for finding in report.findings]

Besides the forms that ISO 15118 wants, those of known peers are tried: what then fits is a finding that names
the form, so that a peer learns what to change.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from opnc.exi import XMLDSIG, encode
from opnc.exi.strings import StringsWritten
from opnc.pki.deviations import Deviation
from opnc.pki.keys import algorithm_of
from opnc.provisioning.algorithms import CANONICAL_EXI, DIGESTS, SUITES, raw_length
from opnc.provisioning.messages import schema_of, signature_of, signed_elements
from opnc.provisioning.references import CLAUSE, STANDARD, ReferenceCheck, check_references, check_set
from opnc.provisioning.spellings import RAW, SIGNATURE_SPELLINGS, spelling
from opnc.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from opnc.exi.xmldsig import ReferenceType, SignatureType, SignedInfoType
    from opnc.pki.signatures import PublicKey
    from opnc.provisioning.messages import Message

_ALLOWED = {"iso2": ("secp256r1",), "iso20": ("secp521r1", "ed448")}
"""The kinds of keys that sign the messages of a generation."""

_KEY_CLAUSES = {"iso2": CLAUSE, "iso20": "[V2G20-2473] to [V2G20-2476]"}


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """What a verification found.

    Attributes:
        references: One entry for each element that has to be signed.
        signed_info_form: The form of SignedInfo that the signature value fits: `standard`, or a key of
            `_FORMS` such as `message-schema`; None for none.
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
        missing = Deviation("signature-missing", "Header/Signature", "a signature", "none", CLAUSE)
        return SignatureReport(
            tuple(ReferenceCheck(element.name, None) for element in elements), None, (missing,)
        )
    references = signature.SignedInfo.Reference
    checks, digest_findings = check_references(message, elements, references)
    form, value_findings = _check_value(message, signature, key, others or {})
    findings = (
        *_check_algorithms(message, signature.SignedInfo, key),
        *check_set(elements, references),
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
    checks, findings = check_references(message, elements, references)
    return checks, (*check_set(elements, references), *findings)


def _check_algorithms(message: Message, info: SignedInfoType, key: PublicKey) -> Iterator[Deviation]:
    # By the message, not by the key: one of the other generation fits its own suite, and signs nothing here.
    schema = schema_of(message).name
    allowed, kind, clause = _ALLOWED[schema], algorithm_of(key), _KEY_CLAUSES[schema]
    if kind not in allowed:
        yield Deviation("signer-key", "signer's certificate", " or ".join(allowed), kind, clause)
    suites = [SUITES[each] for each in ((kind,) if kind in allowed else allowed)]
    canonical = info.CanonicalizationMethod.Algorithm
    if canonical != CANONICAL_EXI:
        yield Deviation("canonicalization", "CanonicalizationMethod", CANONICAL_EXI, canonical, "[V2G2-765]")
    method = info.SignatureMethod.Algorithm
    if method not in [suite.signature for suite in suites]:
        expected = " or ".join(suite.signature for suite in suites)
        yield Deviation("signature-algorithm", "SignatureMethod", expected, method, clause)
    for reference in info.Reference:
        digest = reference.DigestMethod.Algorithm
        if digest not in [suite.digest for suite in suites]:
            expected = " or ".join(suite.digest for suite in suites)
            yield Deviation("digest-algorithm", _where(reference), expected, digest, clause)
        transforms = [t.Algorithm for t in reference.Transforms.Transform] if reference.Transforms else []
        if transforms != [CANONICAL_EXI]:
            seen = ", ".join(transforms) or "none"
            yield Deviation("transform", _where(reference), CANONICAL_EXI, seen, "[V2G2-767]")


def _where(reference: ReferenceType) -> str:
    return f"Reference {reference.URI or 'without URI'}"


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
            spelt = spelling(candidate, method, value, octets)
            if spelt is not None:
                return form if not holder else None, list(_value_findings(form, holder, spelt))
    # The method named is part of what is signed; made by that of the key all the same, it is told apart.
    suite = SUITES.get(algorithm_of(key))
    if suite and suite.signature != method:
        for form, octets in forms:
            if spelling(key, suite.signature, value, octets) == RAW:
                seen = f"one by {suite.signature}"
                return form, [Deviation("signature-other-method", "SignatureValue", method, seen, CLAUSE)]
    length = raw_length(key)
    if len(value) != length:
        seen = f"{len(value)} octets that do not verify"
        return None, [Deviation("signature-length", "SignatureValue", f"{length} octets", seen, CLAUSE)]
    seen = "it does not verify: another key made it, or SignedInfo was changed"
    return None, [Deviation("signature-invalid", "SignatureValue", "a signature of the key", seen, CLAUSE)]


def _signed_info_forms(message: Message, info: SignedInfoType) -> Iterator[tuple[str, bytes]]:
    standard = encode(info, XMLDSIG, fragment=True)
    yield STANDARD, standard
    yield "message-schema", encode(info, schema_of(message), fragment=True)
    yield "string-tables", encode(info, XMLDSIG, fragment=True, strings=StringsWritten())
    # As libcbv2g and EXICodec make it, whatever Ids the message carries.
    bare = replace(info, Id=None, Reference=tuple(replace(each, Id=None) for each in info.Reference))
    if bare != info:
        yield "without-ids", encode(bare, XMLDSIG, fragment=True)
        yield "without-ids-message-schema", encode(bare, schema_of(message), fragment=True)
    yield "document", encode(info, XMLDSIG)
    suite = DIGESTS.get(info.Reference[0].DigestMethod.Algorithm)
    if suite:
        # Digested first, and then signed with a function that digests once more.
        yield "digested-twice", suite(standard)
        yield "digest-text", base64.b64encode(suite(standard))


_ALONE = "one in the grammar of XML signatures alone"
_FORMS = {
    "message-schema": (_ALONE, "a signature over SignedInfo in the grammar of the message", CLAUSE),
    "string-tables": (
        "one over strings written out",
        "a signature over SignedInfo with string table hits",
        "W3C EXI 1.0, 7.3",
    ),
    "without-ids": ("one over SignedInfo as sent", "a signature over SignedInfo without its Ids", CLAUSE),
    "without-ids-message-schema": (
        _ALONE,
        "a signature over SignedInfo without its Ids in the grammar of the message",
        CLAUSE,
    ),
    "document": ("one over the fragment", "a signature over SignedInfo as a document", CLAUSE),
    "digested-twice": ("one over SignedInfo", "a signature over its digest: it was digested twice", CLAUSE),
    "digest-text": ("one over SignedInfo", "a signature over its digest in base64", CLAUSE),
}
"""What is expected, what is seen and where it is written, by form of SignedInfo; its finding has its name."""


def _value_findings(form: str, holder: str, spelt: str) -> Iterator[Deviation]:
    field = "SignatureValue"
    if holder:
        yield Deviation("signature-wrong-key", field, "a signature of the key", f"one of {holder}", CLAUSE)
    if spelt != RAW:
        expected = "r and s, each as long as the order"
        yield Deviation(spelt, field, expected, SIGNATURE_SPELLINGS[spelt], CLAUSE)
    if form in _FORMS:
        expected, seen, clause = _FORMS[form]
        yield Deviation(f"signed-info-{form}", "SignedInfo", expected, seen, clause)
