"""The namespaces by which OPNC names the generation of ISO 15118 of a message (`xsdMsgDefNamespace`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opnc.exi import ISO2, ISO20, iso2, iso20
from opnc.problem import Problem

if TYPE_CHECKING:
    from opnc.exi import SchemaSet
    from opnc.pki.profiles import Version

NAMESPACES: dict[Version, str] = {
    "ISO15118-2": iso2.MSG_DEF,
    "ISO15118-20": "urn:iso:15118:20:2020:MsgDef",
}
"""What OPNC's services write."""

EVENT_NAMESPACES: dict[Version, str] = {**NAMESPACES, "ISO15118-20": "urn:iso:15118:20:2022:MsgDef"}
"""What OPNC's events write (ERR-085)."""

_VERSIONS: dict[str, Version] = {
    iso2.MSG_DEF: "ISO15118-2",
    "urn:iso:15118:20:2020:MsgDef": "ISO15118-20",
    "urn:iso:15118:20:2022:MsgDef": "ISO15118-20",
    # What the messages themselves carry; the two above only name the generation.
    iso20.COMMON_MESSAGES: "ISO15118-20",
}
_SCHEMAS: dict[Version, SchemaSet] = {"ISO15118-2": ISO2, "ISO15118-20": ISO20}


def version_of(namespace: str) -> Version:
    """Return the generation a namespace stands for; the three that mean ISO 15118-20 are synonyms (ERR-085).

    Raises:
        Problem: It stands for none.
    """
    if namespace not in _VERSIONS:
        raise Problem(
            f"{namespace!r} is no message namespace", where="xsdMsgDefNamespace", hint=", ".join(_VERSIONS)
        )
    return _VERSIONS[namespace]


def version_of_schema(schema: SchemaSet) -> Version:
    """Return the generation whose messages are coded by a set of schemas.

    Raises:
        Problem: It is that of no generation.
    """
    for version, coded_by in _SCHEMAS.items():
        if coded_by.name == schema.name:
            return version
    raise Problem(f"{schema.name!r} are no schemas of messages", hint=", ".join(_SCHEMAS))


def schema_of_version(version: Version) -> SchemaSet:
    """Return the set of schemas that messages of a generation are coded by."""
    return _SCHEMAS[version]
