"""Makes the signatures of the certificate messages.

    signed = sign(message, key)

The steps are open, so that a wrong signature can be put together: `reference`, `signed_info`, `seal`.
Source: ISO 15118-2 7.9.2.4; the grammars of digests and SignedInfo as real messages use them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from opnc.exi import XMLDSIG, encode
from opnc.exi.xmldsig import (
    CanonicalizationMethodType,
    DigestMethodType,
    ReferenceType,
    SignatureMethodType,
    SignatureType,
    SignatureValueType,
    SignedInfoType,
    TransformsType,
    TransformType,
)
from opnc.pki.keys import algorithm_of
from opnc.problem import Problem
from opnc.provisioning.algorithms import CANONICAL_EXI, DIGESTS, make_signature_value, suite_of
from opnc.provisioning.messages import Message, Signed, signed_elements, with_signature

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opnc.pki.signatures import PrivateKey
    from opnc.provisioning.algorithms import Suite

M = TypeVar("M", bound=Message)


def reference(element: Signed, digest_method: str) -> ReferenceType:
    """Return a reference to an element: its Id and the digest over its EXI fragment.

    Args:
        element: What is signed.
        digest_method: Name of the digest algorithm, one of `DIGESTS`.

    Raises:
        Problem: The element has no Id.
    """
    if element.id is None:
        raise Problem("an element without an Id cannot be signed", where=element.name)
    return ReferenceType(
        URI=f"#{element.id}",
        Transforms=TransformsType(Transform=(TransformType(Algorithm=CANONICAL_EXI),)),
        DigestMethod=DigestMethodType(Algorithm=digest_method),
        # Of the fragment, not of the octets in the message: there the element is not aligned to octets.
        DigestValue=DIGESTS[digest_method](encode(element.value, element.schema, fragment=True)),
    )


def signed_info(references: Sequence[ReferenceType], suite: Suite) -> SignedInfoType:
    """Return what a signature value is made over."""
    return SignedInfoType(
        CanonicalizationMethod=CanonicalizationMethodType(Algorithm=CANONICAL_EXI),
        SignatureMethod=SignatureMethodType(Algorithm=suite.signature),
        Reference=tuple(references),
    )


def seal(info: SignedInfoType, key: PrivateKey) -> SignatureType:
    """Return a signature over SignedInfo in the stand-alone grammar of XML signatures."""
    # Not in the grammar of the message, though SignedInfo has a code there: real messages verify in this one
    # only.
    octets = encode(info, XMLDSIG, fragment=True)
    value = make_signature_value(key, info.SignatureMethod.Algorithm, octets)
    return SignatureType(SignedInfo=info, SignatureValue=SignatureValueType(value=value))


def sign(message: M, key: PrivateKey) -> M:
    """Return a message with the signature in its header.

    Args:
        message: A request or response with the Ids that references need.
        key: The private key: of the OEM provisioning certificate, the old contract or the CPS.

    Raises:
        Problem: ISO 15118 does not sign with such a key, or an element has no Id.
    """
    suite = suite_of(algorithm_of(key))
    references = [reference(element, suite.digest) for element in signed_elements(message)]
    # The class stays; `with_signature` says so of two of them only.
    return cast("M", with_signature(message, seal(signed_info(references, suite), key)))
