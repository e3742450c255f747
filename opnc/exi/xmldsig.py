"""XML signatures as ISO 15118 uses them (W3C XML Signature, second edition; `xmldsig-core-schema.xsd`)."""

from __future__ import annotations

from typing import Annotated

from opnc.exi.datatypes import Octets, Text
from opnc.exi.numbers import Integer
from opnc.exi.schema import Attribute, Content, Occurs, complex_type

XMLDSIG = "http://www.w3.org/2000/09/xmldsig#"

_TEXT = Text()
_OCTETS = Octets()
_ATTRIBUTE = Attribute()
_MANY = Occurs(1, None)
# Refused where the schema allows it, yet numbered: the widths of event codes depend on it.
_ANY_ELEMENT = "any element"


@complex_type(XMLDSIG, refused=(_ANY_ELEMENT,), mixed=True)
class CanonicalizationMethodType:
    """How SignedInfo is turned into octets."""

    Algorithm: Annotated[str, _TEXT, _ATTRIBUTE]


@complex_type(XMLDSIG, refused=("HMACOutputLength", _ANY_ELEMENT), mixed=True)
class SignatureMethodType:
    """The signature algorithm."""

    Algorithm: Annotated[str, _TEXT, _ATTRIBUTE]


@complex_type(XMLDSIG, refused=(_ANY_ELEMENT,), mixed=True)
class DigestMethodType:
    """The digest algorithm of one reference."""

    Algorithm: Annotated[str, _TEXT, _ATTRIBUTE]


@complex_type(XMLDSIG, refused=("XPath", _ANY_ELEMENT), mixed=True)
class TransformType:
    """How the element referred to is turned into octets."""

    Algorithm: Annotated[str, _TEXT, _ATTRIBUTE]


@complex_type(XMLDSIG)
class TransformsType:
    """The transforms of one reference, in order."""

    Transform: Annotated[tuple[TransformType, ...], _MANY]


@complex_type(XMLDSIG)
class ReferenceType:
    """One signed element: where it is and what its digest is."""

    Id: Annotated[str | None, _TEXT, _ATTRIBUTE] = None
    Type: Annotated[str | None, _TEXT, _ATTRIBUTE] = None
    URI: Annotated[str | None, _TEXT, _ATTRIBUTE] = None
    Transforms: TransformsType | None = None
    DigestMethod: DigestMethodType
    DigestValue: Annotated[bytes, _OCTETS]


@complex_type(XMLDSIG)
class SignedInfoType:
    """What the signature value is made over."""

    Id: Annotated[str | None, _TEXT, _ATTRIBUTE] = None
    CanonicalizationMethod: CanonicalizationMethodType
    SignatureMethod: SignatureMethodType
    Reference: Annotated[tuple[ReferenceType, ...], _MANY]


@complex_type(XMLDSIG)
class SignatureValueType:
    """The signature itself: r and s, each as long as the curve's order, or an Ed448 signature."""

    Id: Annotated[str | None, _TEXT, _ATTRIBUTE] = None
    value: Annotated[bytes, _OCTETS, Content()]


@complex_type(XMLDSIG, refused=("KeyInfo", "Object"))
class SignatureType:
    """The signature in a message header."""

    Id: Annotated[str | None, _TEXT, _ATTRIBUTE] = None
    SignedInfo: SignedInfoType
    SignatureValue: SignatureValueType


@complex_type(XMLDSIG)
class X509IssuerSerialType:
    """A root certificate the vehicle knows, named by issuer and serial number."""

    X509IssuerName: Annotated[str, _TEXT]
    X509SerialNumber: Annotated[int, Integer()]
