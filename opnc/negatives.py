"""Requests that the contract does not allow: a valid one with one flaw in one place.

Which they are follows from the schemas of the contract, and so do the values; nothing is drawn at random.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from opnc import contract
from opnc.contract import Severity, check_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from opnc.contract import Operation, Schema

MUST, SHOULD = "SYS-SCHEMA-01", "SYS-SCHEMA-02"
"""What a flaw breaks in what must be there, and in what may be; unless the catalogue has more to say."""

MISSING: Final = "missing"
NULL: Final = "null"
ENTRY: Final = "[]"

_FORMS: Mapping[str, str] = {"date-time": "yesterday", "uri": "no address", "uuid": "no-uuid"}
_OTHER_TYPES: Mapping[str, tuple[str, Any]] = {
    "string": ("a number", 42),
    "array": ("a number", 42),
    "object": ("a text", "foo"),
    "integer": ("a text", "foo"),
    "boolean": ("a text", "foo"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request can have a flaw.

    Attributes:
        location: `body`, `path`, `query` or `header`.
        steps: Names of the members from the body down to the place, `ENTRY` for an entry of a list; the name
            of the parameter elsewhere.
        schema: What must be there.
        required: Whether it, and all it is part of, must be there.
    """

    location: str
    steps: tuple[str, ...]
    schema: Schema
    required: bool

    @property
    def is_entry(self) -> bool:
        """Whether it is an entry of a list."""
        return self.steps[-1] == ENTRY

    @property
    def name(self) -> str:
        """The place as scenarios call it."""
        return f"an entry of {'.'.join(self.steps[:-1])}" if self.is_entry else ".".join(self.steps)


@dataclass(frozen=True, slots=True)
class Case:
    """One flaw in one place.

    Attributes:
        flaw: What is wrong, in words that follow the name of the place.
        value: What stands there; nothing where the flaw is `missing`.
        requirement: What demands that the request is refused.
    """

    operation: Operation
    place: Place
    flaw: str
    value: Any
    requirement: str


def cases(operation: Operation) -> Iterator[Case]:
    """Yield every flaw that a request of an operation can have, place by place."""
    for place in places(operation):
        for flaw, value in _flaws(place):
            # Errata widen schemas: what they allow is no flaw, so each value is held against the schema
            # first.
            if _demanded(operation, place) if flaw == MISSING else _is_wrong(value, place.schema):
                yield Case(operation, place, flaw, value, _requirement(operation, place, flaw))


def case(operation_id: str, place: str, flaw: str) -> Case:
    """Return a case by its names.

    Raises:
        KeyError: If there is none.
    """
    for each in cases(contract.load().operation(operation_id)):
        if (each.place.name, each.flaw) == (place, flaw):
            return each
    raise KeyError(f"{operation_id} has no case {place!r} {flaw!r}")


def places(operation: Operation) -> Iterator[Place]:
    """Yield where a request of an operation can have a flaw; headers that are no switches have their own."""
    for parameter in operation.parameters:
        if parameter.location != "header" or "boolean" in _types(parameter.schema):
            yield Place(parameter.location, (parameter.name,), parameter.schema, parameter.required)
    body = operation.request.get("application/json")
    if body is not None:
        yield from _members(body.schema, (), required=operation.request_required)


def _members(schema: Schema, steps: tuple[str, ...], *, required: bool) -> Iterator[Place]:
    for name, member in schema.get("properties", {}).items():
        # A member that must be there may be absent together with what it is part of.
        there = required and name in schema.get("required", ())
        place = Place("body", (*steps, name), member, there)
        yield place
        yield from _members(member, place.steps, required=there)
        if "enum" in (entries := member.get("items", {})):
            yield Place("body", (*place.steps, ENTRY), entries, required=False)


def demanded_members(operation: Operation) -> Iterator[Place]:
    """Yield the members that a request cannot do without, whatever reading of the errata is followed."""
    for place in places(operation):
        if place.location == "body" and place.required and _demanded(operation, place):
            yield place


def _demanded(operation: Operation, place: Place) -> bool:
    return (operation.id, place.name) not in _OPTIONAL


def _flaws(place: Place) -> Iterator[tuple[str, Any]]:
    """Yield what can be wrong in a place, and what stands there then."""
    schema, (kind, *_) = place.schema, _types(place.schema)
    # Without a segment the path is another one, which no operation may have.
    if place.required and place.location != "path":
        yield MISSING, None
    if place.location == "body" and not place.is_entry:
        yield NULL, None
    if place.location in {"body", "header"}:
        yield _OTHER_TYPES[kind]
    if kind == "string":
        yield from _flaws_of_text(place)
    if schema.get("minItems"):
        yield "an empty list", []
    if schema.get("uniqueItems"):
        # The one such list of a request holds key identifiers (`v2gRootAuthorityKeyIdentifiers`).
        yield "a list that says one thing twice", ["00:11:22:33:44:55:66:77"] * 2


def _flaws_of_text(place: Place) -> Iterator[tuple[str, str]]:
    schema = place.schema
    shortest, longest = schema.get("minLength", 0), schema.get("maxLength")
    if place.location == "body" and not place.is_entry:
        yield "empty", ""
    if shortest > 1:
        yield "too short", "A" * (shortest - 1)
    if longest is not None:
        yield "too long", "A" * (longest + 1)
    if "enum" in schema:
        yield "outside the vocabulary", "foo"
    else:
        # Question marks: no pattern of the contract takes them; where there is no pattern, `cases` leaves
        # this out.
        yield "of another form", _FORMS.get(schema.get("format", ""), "?" * max(shortest, 1))


def _types(schema: Schema) -> tuple[str, ...]:
    stated = schema.get("type", ())
    return (stated,) if isinstance(stated, str) else tuple(stated)


def _is_wrong(value: Any, schema: Schema) -> bool:
    return any(found.severity is Severity.FAIL for found in check_value(value, schema))


def _requirement(operation: Operation, place: Place, flaw: str) -> str:
    known = _KNOWN.get(operation.id, {})
    return known.get((place.name, flaw), MUST if place.required else SHOULD)


def _each(*flaws: str, of: str, breaks: str) -> dict[tuple[str, str], str]:
    return {(of, flaw): breaks for flaw in flaws}


_TEXT = (NULL, "a number", "empty", "too short", "too long", "of another form", "outside the vocabulary")
_GIVEN = tuple(flaw for flaw in _TEXT if flaw != NULL)
_BUNDLE, _CHAIN = "contractCertificateBundle", "contractCertificateChain"
_VEHICLE = "provisioningCertificateChain"
_NAMESPACE, _FINGERPRINT = "xsdMsgDefNamespace", "cpsV2GRootCertificateFingerprint"

_KNOWN: Mapping[str, Mapping[tuple[str, str], str]] = {
    "getRootCertificatesV1": _each(*_TEXT, of="pkiType", breaks="RCP-LIST-07"),
    "putRootCertificateV1": {
        ("caCertificate", MISSING): "RCP-PUT-03",
        **_each(*_TEXT, of="caCertificate", breaks="RCP-PUT-04"),
    },
    "addProvisioningCertificateV1": {
        **_each(MISSING, NULL, "a text", of=_VEHICLE, breaks="PCP-PUT-11"),
        **_each(MISSING, *_TEXT, of=f"{_VEHICLE}.certificate", breaks="PCP-PUT-08"),
        **_each(*_GIVEN, of=f"{_VEHICLE}.subCa2Certificate", breaks="PCP-PUT-09"),
        **_each(*_GIVEN, of=f"{_VEHICLE}.subCa1Certificate", breaks="PCP-PUT-10"),
        **_each(
            *("an empty list", "a list that says one thing twice"),
            of="v2gRootAuthorityKeyIdentifiers",
            breaks="PCP-PUT-05",
        ),
        **_each(*_GIVEN, of="previousPcid", breaks="PCP-PUT-06"),
    },
    "getProvisioningCertificateV1": _each(*_TEXT, of="pcid", breaks="PCP-GET-04"),
    "lookupVehicleV1": _each(*_TEXT, of="pcid", breaks="PCP-LOOKUP-03"),
    "deleteProvisioningCertificateV1": _each(*_TEXT, of="pcid", breaks="PCP-DEL-03"),
    "signContractDataV1": {
        **_each(*_GIVEN, of=_FINGERPRINT, breaks="CPS-SIGN-11"),
        **_each(MISSING, NULL, "a text", of=_BUNDLE, breaks="CPS-SIGN-12"),
        (_NAMESPACE, MISSING): "CPS-SIGN-13",
        (f"{_BUNDLE}.emaid", MISSING): "CPS-SIGN-15",
        (f"{_BUNDLE}.{_CHAIN}", MISSING): "CPS-SIGN-16",
        (f"{_BUNDLE}.contractSignatureEncryptedPrivateKey", MISSING): "CPS-SIGN-17",
        (f"{_BUNDLE}.dHpublickey", MISSING): "CPS-SIGN-18",
        **_each(*_TEXT, of=_NAMESPACE, breaks="CPS-SIGN-19"),
        **_each(*_TEXT, of=f"{_BUNDLE}.pcid", breaks="CPS-SIGN-20"),
        **_each(*_TEXT, of=f"{_BUNDLE}.emaid", breaks="CPS-SIGN-20"),
        **_each(MISSING, *_TEXT, of=f"{_BUNDLE}.{_CHAIN}.certificate", breaks="CPS-SIGN-21"),
    },
    "generateAndSignContractDataV1": {
        **_each(*_TEXT, of="emaid", breaks="CPS-GEN-10"),
        **_each(*_TEXT, of="pcid", breaks="CPS-GEN-11"),
        ("contractBegins", MISSING): "CPS-GEN-14",
        ("contractEnds", MISSING): "CPS-GEN-15",
        ("emaid", MISSING): "CPS-GEN-16",
        ("pcid", MISSING): "CPS-GEN-17",
        (_NAMESPACE, MISSING): "CPS-GEN-18",
        **_each(*_TEXT, of="contractBegins", breaks="CPS-GEN-19"),
        **_each(*_TEXT, of="contractEnds", breaks="CPS-GEN-19"),
    },
    "getSignedContractDataByCertificateInstallationReqV1": {
        **_each("a text", of="alwaysReturnEXI", breaks="CCP-CIR-21"),
        ("certificateInstallationReq", MISSING): "CCP-CIR-13",
        (_NAMESPACE, MISSING): "CCP-CIR-14",
    },
    "addSignedContractDataV1": {
        ("emaid", MISSING): "CCP-ADD-05",
        ("pcid", MISSING): "CCP-ADD-06",
        ("certificateInstallationRes", MISSING): "CCP-ADD-07",
        (_NAMESPACE, MISSING): "CCP-ADD-08",
        **_each(*_TEXT, of="emaid", breaks="CCP-ADD-09"),
        **_each(*_TEXT, of="pcid", breaks="CCP-ADD-09"),
        **_each(*_TEXT, of=_NAMESPACE, breaks="CCP-ADD-09"),
        **_each(*_GIVEN, of=_FINGERPRINT, breaks="CCP-ADD-09"),
    },
    "deleteSignedContractDataByEmaidV1": {
        **_each(*_TEXT, of="emaid", breaks="CCP-DEL-02"),
        **_each("a text", of="X-Skip-Revocation", breaks="CCP-DEL-06"),
    },
    "getContractDataByEmaidV1": {
        **_each(*_TEXT, of="emaid", breaks="CCP-EMAID-04"),
        **_each(*_TEXT, of=_NAMESPACE, breaks="CCP-EMAID-07"),
        **_each(*_TEXT, of=_FINGERPRINT, breaks="CCP-EMAID-07"),
    },
    "getContractDataByPcidV1": _each(*_TEXT, of="pcid", breaks="CCP-PCID-04"),
    "getSignedContractDataByEmaidAndPcidV1": {
        **_each(*_TEXT, of="sessionID", breaks="CCP-SCD-04"),
        **_each(*_TEXT, of="pcid", breaks="CCP-SCD-05"),
        **_each(*_TEXT, of="emaid", breaks="CCP-SCD-06"),
    },
    "setSignedContractDataAsDefaultV1": {
        **_each(*_TEXT, of="pcid", breaks="CCP-DEF-04"),
        **_each(*_TEXT, of="emaid", breaks="CCP-DEF-04"),
    },
    "getCaCertsV1": {
        ("caDomain", MISSING): "PKI-CACERTS-08",
        **_each(*_TEXT, of="caDomain", breaks="PKI-CACERTS-09"),
        **_each(*_TEXT, of="iso15118Version", breaks="PKI-CACERTS-12"),
    },
    "simpleEnrollCertV1": _each(MISSING, *_TEXT, of="caDomain", breaks="PKI-ENROLL-13"),
    "revokeCertV1": {
        **_each(*_TEXT, of="revocationReason", breaks="PKI-REVOKE-12"),
        ("certificate", MISSING): "PKI-REVOKE-13",
        ("revocationReason", MISSING): "PKI-REVOKE-14",
        **_each(*_TEXT, of="certificate", breaks="PKI-REVOKE-15"),
    },
    "postEndpointV1": {
        ("url", MISSING): "EVT-POST-06",
        ("enabledEvents", MISSING): "EVT-POST-07",
        **_each(*_TEXT, of="an entry of enabledEvents", breaks="EVT-POST-08"),
        **_each(*_TEXT, of="url", breaks="EVT-POST-09"),
    },
    "updateEndpointByIdV1": {("url", MISSING): "EVT-PUT-05"},
}
"""Requirements of the catalogue on single flaws, by operation, place and flaw."""

_OPTIONAL = {("signContractDataV1", f"{_BUNDLE}.pcid")}
"""Members that the schema requires and an erratum does not, by operation: signed, not stored (ERR-060)."""
