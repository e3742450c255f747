"""Streams that do not say which message they are."""

from __future__ import annotations

from opnc.exi.codec import Decoded, decode
from opnc.exi.errors import DecodeError
from opnc.exi.roots import ISO2, ISO20, XMLDSIG

# Documents first, for those are what OPNC carries.
_GRAMMARS = (
    (ISO2, False),
    (ISO20, False),
    (ISO2, True),
    (ISO20, True),
    (XMLDSIG, True),
    (XMLDSIG, False),
)


def decode_any(data: bytes) -> Decoded:
    """Read a stream of any of the schemas, document or fragment: the first that fits it from end to end.

    One whose values have the lengths that its schema allows comes before one whose values have not.

    Raises:
        DecodeError: None fits; the error is that of the grammar that came furthest.
    """
    furthest: DecodeError | None = None
    for strict in (True, False):
        for schema, fragment in _GRAMMARS:
            try:
                return decode(data, schema, fragment=fragment, strict=strict)
            except DecodeError as error:
                # Bits, not the order of trying: whoever reads furthest is most likely the grammar meant.
                if furthest is None or error.bit > furthest.bit:
                    furthest = error
    raise furthest or DecodeError(0, "", "no grammar to read it by")
