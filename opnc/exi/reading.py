"""Streams as people and peers hand them over: in base64, and without saying which message it is."""

from __future__ import annotations

import base64
import binascii

from opnc.deviation import Deviation
from opnc.exi.codec import Decoded, decode
from opnc.exi.errors import DecodeError
from opnc.exi.roots import ISO2, ISO20, XMLDSIG

_GRAMMARS = (
    (ISO2, False),
    (ISO20, False),
    (ISO2, True),
    (ISO20, True),
    (XMLDSIG, True),
    (XMLDSIG, False),
)


def read_base64(text: str) -> tuple[bytes, tuple[Deviation, ...]]:
    """Decode base64 (RFC 4648, 4), as OPNC carries EXI in JSON.

    Returns:
        The octets, and a finding when line breaks or blanks stand in the text: OPNC wants it on one line.

    Raises:
        DecodeError: It is not base64.
    """
    joined = "".join(text.split())
    try:
        octets = base64.b64decode(joined, validate=True)
    except (binascii.Error, ValueError) as error:
        raise DecodeError(0, "", f"not base64: {error}") from error
    if joined == text:
        return octets, ()
    seen = f"{len(text.splitlines())} lines" if len(text.splitlines()) > 1 else "blanks"
    broken = Deviation(
        "base64-line-breaks", "base64", "the base64 alphabet only, on one line", seen, "RFC 4648, 3.1 and 3.3"
    )
    return octets, (broken,)


def decode_any(data: bytes) -> Decoded:
    """Read a stream of any of the schemas, document or fragment: the first that fits it from end to end.

    Raises:
        DecodeError: None fits; the error is that of the grammar that came furthest.
    """
    furthest: DecodeError | None = None
    for schema, fragment in _GRAMMARS:
        try:
            return decode(data, schema, fragment=fragment)
        except DecodeError as error:
            if furthest is None or error.bit > furthest.bit:
                furthest = error
    raise furthest or DecodeError(0, "", "no grammar to read it by")
