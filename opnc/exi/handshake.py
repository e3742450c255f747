"""The handshake before any session: which protocols a vehicle speaks (`V2G_CI_AppProtocol.xsd`)."""

from __future__ import annotations

from typing import Annotated

from opnc.exi.datatypes import Enumeration, Text
from opnc.exi.numbers import Unsigned
from opnc.exi.schema import Occurs, complex_type

APP_PROTOCOL = "urn:iso:15118:2:2010:AppProtocol"

RESPONSE_CODE = Enumeration(
    ("OK_SuccessfulNegotiation", "OK_SuccessfulNegotiationWithMinorDeviation", "Failed_NoNegotiation")
)

_UNSIGNED_INT = Unsigned(2**32 - 1)
_UNSIGNED_BYTE = Unsigned(2**8 - 1)


@complex_type("")
class AppProtocolType:
    """A protocol that the vehicle speaks, with the number it gives to it; priority 1 is the first."""

    ProtocolNamespace: Annotated[str, Text(maximum=100)]
    VersionNumberMajor: Annotated[int, _UNSIGNED_INT]
    VersionNumberMinor: Annotated[int, _UNSIGNED_INT]
    SchemaID: Annotated[int, _UNSIGNED_BYTE]
    Priority: Annotated[int, Unsigned(20, 1)]


@complex_type("")
class SupportedAppProtocolReqType:
    """The protocols that the vehicle speaks."""

    AppProtocol: Annotated[tuple[AppProtocolType, ...], Occurs(1, 20)]


@complex_type("")
class SupportedAppProtocolResType:
    """The protocol that the charging station has chosen."""

    ResponseCode: Annotated[str, RESPONSE_CODE]
    SchemaID: Annotated[int | None, _UNSIGNED_BYTE] = None
