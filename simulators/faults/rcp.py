"""What a Root Certificate Pool may do wrong."""

from __future__ import annotations

from base64 import b64decode
from datetime import datetime, timedelta
from hashlib import sha1
from itertools import count
from typing import TYPE_CHECKING, Any

from opnc.rights import PARTIES
from opnc.roots import WRAPPERS, instant
from simulators.faults import making
from simulators.faults.tampering import answered, edited

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.kernel.fault_injection import Fault, Tamper
    from simulators.kernel.messages import Answer, Call

LIST, READ = "getRootCertificatesV1", "getRootCertificateV1"
PUT, DELETE = "putRootCertificateV1", "deleteRootCertificateV1"
FILTERED = ("RCP-LIST-02", "RCP-LIST-03", "RCP-LIST-04", "RCP-LIST-05")

COLLECTION = "rootCertificateCollection"

Root = dict[str, Any]


_fault = making.faults_of("rcp")


def _each_root(change: Callable[[Root], Root]) -> dict[str, Tamper]:
    """Change every root object the pool sends."""
    return {
        LIST: edited(lambda body: {**body, COLLECTION: [change(root) for root in body.get(COLLECTION, [])]}),
        READ: edited(lambda body: {name: change(root) for name, root in body.items()}),
    }


def _member(name: str, value: Any) -> dict[str, Tamper]:
    """Set one member of every root object the pool sends; a function gets the root."""
    return _each_root(lambda root: {**root, name: value(root) if callable(value) else value})


def _listed(change: Callable[[list[Root]], list[Root]]) -> dict[str, Tamper]:
    """Change the list the pool sends."""
    return {LIST: edited(lambda body: {COLLECTION: change(body[COLLECTION])})}


def _only_single_typed(call: Call, answer: Answer) -> Answer:
    drop = edited(
        lambda body: {COLLECTION: [root for root in body[COLLECTION] if len(root["rootTypeList"]) == 1]}
    )
    return drop(call, answer) if "pkiType" in call.query else answer


def _fresh_ids() -> dict[str, Tamper]:
    numbers = count()
    return _member("rootCertificateId", lambda _root: f"00000000-0000-4000-8000-{next(numbers):012}")


def _growing() -> dict[str, Tamper]:
    numbers = count()
    return _member("labeledUri", lambda _root: f"https://example.test/{next(numbers)}")


def _as_hex(root: Root) -> str:
    return b64decode(root["caCertificate"]).hex()


def _as_der_of_nothing(root: Root) -> str:
    # It begins as DER does, so nothing is wrong with it as base64.
    return f"MIIB{root['caCertificate'][4:40]}"


def _sha1(root: Root) -> str:
    return sha1(b64decode(root["caCertificate"]), usedforsecurity=False).hexdigest()


READING = (
    _fault(
        "elsewhere",
        "SYS-VER-01",
        "There is nothing at the address of the list.",
        tamper={LIST: answered(404, 200, b"", "text/html")},
    ),
    _fault(
        "read-other-root",
        "RCP-GET-01",
        "A read is answered with another root's certificate.",
        tamper={
            READ: edited(
                lambda body: {name: {**root, "caCertificate": "AAAA"} for name, root in body.items()}
            )
        },
    ),
    _fault(
        "unwrapped",
        "RCP-GET-02",
        "A single root comes without its wrapper.",
        # Either name of the wrapper will do, but one must be there (ERR-012).
        tamper={READ: edited(lambda body: body[WRAPPERS[0]])},
    ),
    _fault(
        "unknown-id-empty",
        "RCP-GET-03",
        "An unknown id is answered 200 with nothing in it.",
        "rcp.read.known",
    ),
    _fault(
        "malformed-id-crashes",
        "RCP-GET-04",
        "An id that is no UUID is answered 500.",
        # 400 and 404 both say it (ERR-023).
        tamper={READ: answered(500, 400, b"")},
    ),
    _fault("fresh-ids", "RCP-GET-05", "Every answer gives the roots new ids.", tamper=_fresh_ids()),
    _fault(
        "one-id-for-all",
        "RCP-GET-05",
        "All roots have one and the same id.",
        tamper=_member("rootCertificateId", "00000000-0000-4000-8000-000000000000"),
    ),
)

OBJECTS = (
    _fault(
        "hex-certificate", "RCP-OBJ-01", "Certificates come in hex.", tamper=_member("caCertificate", _as_hex)
    ),
    _fault(
        "broken-certificate",
        "RCP-OBJ-01",
        "Certificates are cut short.",
        tamper=_member("caCertificate", _as_der_of_nothing),
    ),
    _fault(
        "no-types",
        "RCP-OBJ-02",
        "Roots do not say of which type they are.",
        tamper=_member("rootTypeList", []),
    ),
    _fault(
        "unknown-type",
        "RCP-OBJ-02",
        "Roots state a type outside the vocabulary.",
        # A type in none of the three vocabularies (ERR-013).
        tamper=_member("rootTypeList", ["CPO"]),
    ),
    _fault(
        "unknown-trust-list",
        "RCP-OBJ-03",
        "Roots name a trust list outside the vocabulary.",
        tamper=_member("rootCtlList", ["Lunar CTL"]),
    ),
    *(
        _fault(
            f"wrong-{member}",
            "RCP-OBJ-04",
            f"The member {member} contradicts the certificate.",
            tamper=_member(member, value),
        )
        for member, value in {
            "distinguishedName": "CN=Somebody Else, O=Another Organization",
            "commonName": "Somebody Else",
            "organizationName": "Another Organization",
            "validFrom": "2001-01-01T00:00:00Z",
            "validTo": "2099-12-31T23:59:59Z",
            "rootIssuerSerialNumber": "01",
        }.items()
    ),
    *(
        _fault(name, "RCP-OBJ-04", summary, tamper=_member(member, change))
        for name, summary, member, change in (
            (
                "decimal-serial-number",
                "Serial numbers are in decimal digits.",
                "rootIssuerSerialNumber",
                lambda root: str(int(root["rootIssuerSerialNumber"], 16)),
            ),
            (
                "ends-an-hour-late",
                "The end of validity is told in another zone.",
                "validTo",
                lambda root: instant(datetime.fromisoformat(root["validTo"]) + timedelta(hours=1)),
            ),
        )
    ),
    _fault("sha1-fingerprint", "RCP-OBJ-05", "Fingerprints are SHA-1.", tamper=_member("fingerprint", _sha1)),
    _fault(
        "wrong-key-identifier",
        "RCP-OBJ-06",
        "The key identifier is that of another key.",
        tamper=_member("rootAuthorityKeyIdentifier", "AAAAAAAAAAA="),
    ),
)

LISTING = (
    _fault(
        "root-missing",
        "RCP-LIST-01",
        "The list lacks one of the roots.",
        tamper=_listed(lambda roots: roots[1:]),
    ),
    _fault("filter-ignored", FILTERED, "The filter pkiType is ignored.", "rcp.list.type"),
    _fault(
        "filter-incomplete",
        ("RCP-LIST-02", "RCP-LIST-04"),
        "The filter finds only roots that have no other type.",
        tamper={LIST: _only_single_typed},
    ),
    _fault(
        "first-type-only",
        "RCP-LIST-06",
        "A root of two types is kept under the first of them only.",
        "rcp.put.further-types",
    ),
    _fault(
        "unknown-type-ignored",
        "RCP-LIST-07",
        "A type that does not exist is taken for no filter at all.",
        "rcp.parameters",
        # Both: the filter would find no root of such a type.
        "rcp.list.type",
    ),
    _fault(
        "no-match-crashes",
        "RCP-LIST-08",
        "A type that no root has is answered 500.",
        # 404 or an empty list says it (ERR-016).
        tamper={LIST: answered(500, 404, b"")},
    ),
    _fault(
        "expired-offered",
        "RCP-LIST-09",
        "Expired roots stay in the list.",
        "rcp.list.valid",
        # Cleansing too: it would take them out.
        "rcp.cleansing.remove",
    ),
    _fault("restless-list", "RCP-LIST-10", "Every answer differs from the one before.", tamper=_growing()),
)

WRITING = (
    _fault("put-without-storing", "RCP-PUT-01", "A root is accepted but not stored.", "rcp.put.store"),
    _fault("types-lost", "RCP-PUT-01", "Only the first type of a root is stored.", "rcp.put.further-types"),
    _fault("client-decides-id", "RCP-PUT-02", "The id sent by the client becomes the id.", "rcp.put.own-id"),
    _fault(
        "incomplete-accepted",
        "RCP-PUT-03",
        "A root object that lacks a member is answered 200.",
        tamper={PUT: answered(200, 400, b"")},
    ),
    _fault(
        "garbage-accepted",
        "RCP-PUT-04",
        "A certificate that cannot be read is answered 200.",
        tamper={PUT: answered(200, 400, b"")},
    ),
    _fault("any-certificate", "RCP-PUT-05", "Certificates that are no root are stored.", "rcp.put.root"),
    _fault(
        "any-key", "RCP-PUT-05", "Roots with keys that ISO 15118 does not know are stored.", "rcp.put.key"
    ),
    _fault(
        "expired-accepted",
        "RCP-PUT-06",
        "An expired root is stored and offered.",
        "rcp.put.validity",
        # The list too: it would leave the root out again.
        "rcp.list.valid",
    ),
    _fault("silent-put", ("RCP-PUT-08", "EVT-TYPE-13"), "Nobody is told of a new root.", "rcp.put.announce"),
    _fault(
        "renamed-when-put-again",
        "RCP-PUT-07",
        "A root registered again gets another id.",
        "rcp.put.recognise",
        # Two entries are another reading (ERR-015), so the earlier one has to go.
        tamper=_listed(lambda roots: list({root["caCertificate"]: root for root in roots}.values())),
    ),
    _fault("delete-without-removing", "RCP-DEL-01", "A deleted root stays.", "rcp.delete.remove"),
    # By which event is open, but by one (ERR-017).
    _fault("silent-delete", "RCP-DEL-04", "Nobody is told that a root was deleted.", "rcp.delete.announce"),
    _fault("unknown-deleted", "RCP-DEL-02", "Deleting an unknown id is answered 200.", "rcp.delete.known"),
    _fault(
        "malformed-id-deleted",
        "RCP-DEL-03",
        "Deleting an id that is no UUID is answered 200.",
        "rcp.delete.id",
        # Both: what is no UUID is the id of no root.
        "rcp.delete.known",
    ),
    _fault(
        "no-cleansing",
        "RCP-CLN-01",
        "Expired roots are never looked for.",
        "rcp.cleansing.remove",
        # The list too: what it leaves out might as well have been removed.
        "rcp.list.valid",
    ),
    _fault(
        "silent-cleansing",
        ("RCP-CLN-02", "EVT-TYPE-14", "RCP-CLN-03", "EVT-TYPE-15"),
        "Nobody is told that a root has expired or was revoked.",
        "rcp.cleansing.announce",
    ),
    _fault("revoked-stays", "RCP-CLN-03", "A revoked root stays in the pool.", "rcp.cleansing.remove"),
    _fault(
        "anybody-writes",
        "RCP-ORG-01",
        "Every party may register and delete roots.",
        rights={(operation, None, party): True for operation in (PUT, DELETE) for party in PARTIES},
    ),
)

FAULTS: tuple[Fault, ...] = (*READING, *OBJECTS, *LISTING, *WRITING)
