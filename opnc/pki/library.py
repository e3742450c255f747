"""How the `cryptography` library says no: its refusals, of many types, become one `Unreadable`."""

from __future__ import annotations

import re
import warnings
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_der_public_key
from cryptography.x509 import ocsp

from opnc.pki.deviations import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REFUSALS = (
    ValueError,
    TypeError,  # a name whose value has another ASN.1 type than its attribute
    NotImplementedError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
)
"""What the library raises on input that it does not read."""


_PLACE = re.compile(r'"(\w+)::(\w+)"')
_KIND = re.compile(r"kind: (\w+)")
_KINDS = {
    "InvalidValue": "an invalid value",
    "InvalidTag": "an invalid tag",
    "InvalidLength": "an invalid length",
    "UnexpectedTag": "another kind of element than belongs there",
    "ShortData": "it ends too early",
    "ExtraData": "bytes that do not belong there",
    "InvalidSetOrdering": "a set out of order",
    "EncodedDefault": "a default value written out",
    "OidTooLong": "an object identifier that is too long",
    "UnknownDefinedBy": "a value of an unknown kind",
}


def words(refusal: Exception) -> str:
    """Return what the library says against some bytes, in words: its own are meant for its makers."""
    text = str(refusal)
    kind = _KIND.search(text)
    if not kind or "ParseError" not in text:
        return text
    places = [f"{holder}.{member}" for holder, member in _PLACE.findall(text)]
    return ", ".join([*places, _KINDS.get(kind[1], kind[1])])


_STRUCTURES: tuple[tuple[str, Callable[[bytes], object]], ...] = (
    ("a certification request (PKCS#10)", x509.load_der_x509_csr),
    ("a CRL", x509.load_der_x509_crl),
    ("an OCSP response", ocsp.load_der_ocsp_response),
    ("an OCSP request", ocsp.load_der_ocsp_request),
    ("a public key", load_der_public_key),
    ("a private key", lambda data: load_der_private_key(data, None)),
)


def der_of(data: bytes) -> str:
    """Return what DER that is no certificate is; empty where that is unknown."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, load in _STRUCTURES:
            with suppress(*REFUSALS):
                load(data)
                return name
    return ""


@contextmanager
def refused_as(name: str, what: str) -> Iterator[None]:
    """Turn the library's refusals into an `Unreadable` of a name; its warnings about odd values are dropped.

    Args:
        name: The name of the reason.
        what: The sentence before the library's own words.

    Raises:
        Unreadable: The library refused something inside the block.
    """
    # Oddities of what a peer sent are judged elsewhere; as warnings they would be errors in a test run.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except REFUSALS as refusal:
            raise Unreadable(name, f"{what}: {words(refusal)}") from None
