"""DIN SPEC 70121, as far as it takes to name its messages: none of them is read.

Its header is that of ISO 15118-2 to the bit; what may stand in the body has other names.
"""

from __future__ import annotations

from opnc.exi.iso2 import MessageHeaderType  # noqa: TC001 - the grammar is made of the annotations
from opnc.exi.schema import complex_type

MSG_DEF = "urn:din:70121:2012:MsgDef"
MSG_BODY = "urn:din:70121:2012:MsgBody"

_PAIRS = (
    "CableCheck",
    "CertificateInstallation",
    "CertificateUpdate",
    "ChargeParameterDiscovery",
    "ChargingStatus",
    "ContractAuthentication",
    "CurrentDemand",
    "MeteringReceipt",
    "PaymentDetails",
    "PowerDelivery",
    "PreCharge",
    "ServiceDetail",
    "ServiceDiscovery",
    "ServicePaymentSelection",
    "SessionSetup",
    "SessionStop",
    "WeldingDetection",
)
_BODY_ELEMENTS = ("BodyElement", *(f"{name}{way}" for name in _PAIRS for way in ("Req", "Res")))


@complex_type(MSG_BODY, refused=_BODY_ELEMENTS, messages="DIN SPEC 70121")
class BodyType:
    """The body of a message: one of the elements, none of which is read, or none."""


@complex_type(MSG_DEF)
class V2GMessage:
    """The document `V2G_Message`."""

    Header: MessageHeaderType
    Body: BodyType
