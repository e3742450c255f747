"""How the `cryptography` library says no: its refusals, of many types, become one `Unreadable`."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from opnc.pki.deviations import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

REFUSALS = (
    ValueError,
    TypeError,  # a name whose value has another ASN.1 type than its attribute
    NotImplementedError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
)
"""What the library raises on input that it does not read."""


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
            raise Unreadable(name, f"{what}: {refusal}") from None
