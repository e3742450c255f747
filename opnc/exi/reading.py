"""Streams that do not say which message they are."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from opnc.exi.codec import Decoded, begins_message, decode, decode_first
from opnc.exi.errors import DecodeError, NoRoot, NotRead, Truncated
from opnc.exi.roots import DIN, HANDSHAKE, ISO2, ISO2_TYPED_EMAID, ISO20, ISO20_UNREAD, XMLDSIG

# Documents first, for those are what OPNC carries.
_DOCUMENTS = (ISO2, ISO20, HANDSHAKE, DIN)
_GRAMMARS = (
    *((schema, False) for schema in _DOCUMENTS),
    (ISO2, True),
    (ISO20, True),
    (XMLDSIG, True),
    (XMLDSIG, False),
    # As some peers digest the eMAID: what the standard form does not fit may be that.
    (ISO2_TYPED_EMAID, True),
)
MAX_MESSAGES = 1000
"""Messages one behind the other that are read."""

_BETWEEN = b"\0\r\n \t"
"""What stands between messages that were written one behind the other."""


@dataclass(frozen=True, slots=True)
class Row:
    """Streams that follow one another.

    Attributes:
        streams: What was read, in order.
        rest: Why no more was read although octets follow; None at the end.
    """

    streams: tuple[Decoded, ...]
    rest: DecodeError | None = None


def decode_any(data: bytes) -> Decoded:
    """Read a stream of any of the schemas, document or fragment: the first that fits it from end to end.

    One whose values keep the facets of its schema comes before one whose values do not, and both before one
    with a list that is too long.

    Raises:
        NotRead: It is a message that this codec does not read; says which.
        DecodeError: None fits; the error is that of the grammar that came furthest.
    """
    errors: dict[str, DecodeError] = {}
    for strict, loose in ((True, False), (False, False), (False, True)):
        for schema, fragment in _GRAMMARS:
            try:
                return decode(data, schema, fragment=fragment, strict=strict, loose=loose)
            except NotRead:
                raise
            except DecodeError as error:
                # The last word of a document of -20 tells whether it may be one of its other schemas.
                if schema is ISO20 and not fragment:
                    errors["iso20"] = error
                furthest = errors.get("furthest")
                if furthest is None or _reach(error) > _reach(furthest):
                    errors["furthest"] = error
    raise _of_other_schema(data, errors["iso20"]) or errors["furthest"]


def _reach(error: DecodeError) -> tuple[bool, int]:
    # Bits, not the order of trying: whoever reads furthest is most likely the grammar meant. The codes of
    # roots are of different widths, so among those who refuse the root bits say nothing.
    return not isinstance(error, NoRoot), error.bit


def _of_other_schema(data: bytes, error: DecodeError) -> DecodeError | None:
    """Name the message of another schema of ISO 15118-20 that a stream is; None where it is none."""
    # All schemas of -20 number their messages from the start: what fits the header of one that is read was
    # cut off, or changed, rather than meant for another schema.
    if isinstance(error, Truncated) or error.path.startswith("CertificateInstallation"):
        return None
    names = []
    for schema in ISO20_UNREAD:
        try:
            decode(data, schema, strict=True)
        except NotRead as unread:
            names.append(unread.message)
        except DecodeError:
            continue
    return NotRead(error.bit, "", " or ".join(names)) if names else None


def decode_row(data: bytes) -> Row:
    """Read a stream, or several documents that follow one another.

    Raises:
        NotRead: The first is a message that this codec does not read.
        DecodeError: Not even the first can be read.
    """
    try:
        return Row((decode_any(data),))
    except NotRead:
        raise
    except DecodeError:
        first = _first(data)
        if first is None:
            raise
    streams, rest = [first[0]], first[1].lstrip(_BETWEEN)
    # Bounded: each message costs a look at all octets behind it.
    while len(streams) < MAX_MESSAGES:
        try:
            return Row((*streams, decode_any(rest)))
        except DecodeError as error:
            following = _first(rest)
            if following is None:
                return Row(tuple(streams), error)
        streams.append(following[0])
        rest = following[1].lstrip(_BETWEEN)
    return Row(tuple(streams), DecodeError(0, "", f"more than {MAX_MESSAGES} messages"))


def _first(data: bytes) -> tuple[Decoded, bytes] | None:
    """Read the first document where another begins behind it."""
    for strict in (True, False):
        for schema in _DOCUMENTS:
            with suppress(DecodeError):
                found = decode_first(data, schema, strict=strict)
                if begins_message(found[1].lstrip(_BETWEEN)):
                    return found
    return None


def names_message(data: bytes) -> bool:
    """Tell whether octets are a message of charging, read by this codec or not."""
    try:
        decode_row(data)
    except NotRead:
        return True
    except DecodeError:
        return False
    return True
