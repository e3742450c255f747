"""What a Provisioning Certificate Pool may do wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from opnc.vehicles import CHAIN, WRAPPER
from simulators.faults import making
from simulators.faults.tampering import answered, edited, when
from simulators.kernel.messages import Answer
from simulators.pcp.publication import read_publication
from simulators.pcp.service import DELETE, LOOKUP, PUT, READ

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.kernel.fault_injection import Fault, Tamper
    from simulators.kernel.messages import Call

Entry = dict[str, Any]


_fault = making.faults_of("pcp")


def _entry(change: Callable[[Entry], Entry]) -> dict[str, Tamper]:
    """Change the object in the answer to a read."""
    return {READ: edited(lambda body: {WRAPPER: change(body[WRAPPER])})}


def _chain(change: Callable[[dict[str, str]], dict[str, str]]) -> dict[str, Tamper]:
    """Change the chain in the answer to a read."""
    return _entry(lambda entry: {**entry, CHAIN: change(entry[CHAIN])})


def _sent(call: Call, member: str) -> Any:
    return call.body.get(member) if isinstance(call.body, dict) else None


def _is_of_a_v2g_root(call: Call) -> bool:
    # By their names: those of test roots hold the type.
    return "V2G" in str(read_publication(call.body).certificates[-1].issuer)


def _remembering() -> dict[str, Tamper]:
    """Refuse to publish a vehicle anew that was deleted, once."""
    deleted: set[str] = set()

    def remember(call: Call, answer: Answer) -> Answer:
        if answer.status == 200:
            deleted.add(call.path["pcid"])
        return answer

    def refuse(call: Call, answer: Answer) -> Answer:
        pcid = read_publication(call.body).leaf.common_name or ""
        if pcid not in deleted:
            return answer
        deleted.discard(pcid)
        return Answer(400, media_type="")

    return {DELETE: remember, PUT: refuse}


def _listing(call: Call, answer: Answer) -> Answer:
    anything = call.path["pcid"] == "*"
    return Answer.json(200, {"provisioningCertificateCollection": []}) if anything else answer


def _accepted(name: str, requirements: tuple[str, ...] | str, what: str) -> Fault:
    """Answer 200 to what is refused, though it is stored nowhere."""
    return _fault(name, requirements, f"{what} is answered 200.", tamper={PUT: answered(200, 400, b"")})


PUBLISHING = (
    _fault(
        "put-without-storing",
        ("PCP-PUT-01", "PCP-PUT-02"),
        "A chain is accepted but not stored.",
        "pcp.put.add",
    ),
    _fault(
        "chain-alone-crashes",
        "PCP-PUT-03",
        "A chain without further members is answered 500.",
        # By the letter three members are the least, so a refusal would be noted alone (ERR-040).
        tamper={PUT: when(lambda call: not _sent(call, "fingerprint"), 500)},
    ),
    _fault(
        "optional-members-refused",
        "PCP-PUT-04",
        "An object with optional members is refused.",
        tamper={PUT: when(lambda call: _sent(call, "previousPcid"), 400)},
    ),
    _accepted("list-of-v2g-roots-unchecked", "PCP-PUT-05", "A list of V2G roots without or with equal ones"),
    _accepted("previous-pcid-unchecked", "PCP-PUT-06", "A previous PCID that is none"),
    _accepted("common-name-unchecked", "PCP-PUT-07", "A common name that is no PCID"),
    _accepted("garbage-accepted", ("PCP-PUT-08", "PCP-PUT-09", "PCP-PUT-10"), "What is no certificate"),
    _fault(
        "garbage-crashes",
        ("PCP-PUT-08", "PCP-PUT-09", "PCP-PUT-10", "PCP-PUT-11"),
        "What is no certificate is answered 500.",
        tamper={PUT: answered(500, 400, b"")},
    ),
    _accepted("chain-not-demanded", "PCP-PUT-11", "An object without a chain"),
    _accepted("any-base64", "PCP-PUT-12", "A certificate in PEM or in another base64"),
    _fault(
        "second-sub-ca-demanded",
        "PCP-PUT-13",
        "A chain with a single Sub-CA is answered 500.",
        # Sub-CA 2 is optional (ERR-031).
        tamper={PUT: when(lambda call: "subCa2Certificate" not in _sent(call, CHAIN), 500)},
    ),
    _fault(
        "key-identifier-unreadable",
        "PCP-PUT-04",
        "The key identifier of the root is neither base64 nor hexadecimal.",
        # Another value or form would be a warning (ERR-021, ERR-052).
        tamper=_entry(lambda entry: {**entry, "rootAuthorityKeyIdentifier": "not a key identifier"}),
    ),
    _fault(
        "iso20-refused",
        "PCP-PUT-14",
        "Chains of ISO 15118-20 are refused.",
        tamper={PUT: when(lambda call: read_publication(call.body).leaf.key_algorithm != "secp256r1", 400)},
    ),
    _fault(
        "update-without-storing", "PCP-UPD-01", "An update is accepted but not stored.", "pcp.put.replace"
    ),
    _fault(
        "update-unchecked",
        "PCP-UPD-06",
        "A certificate that has expired takes the place of a valid one.",
        "pcp.put.validity",
    ),
    _fault(
        "gone-for-good",
        "PCP-UPD-07",
        "A vehicle that was deleted cannot be published again.",
        tamper=_remembering(),
    ),
)

CONTROLS = (
    _fault(
        "wmi-unchecked",
        ("PCP-CTRL-01", "PCP-ACC-01", "AUTH-OWN-01"),
        "An OEM may publish under any WMI.",
        "pcp.put.wmi",
    ),
    _fault("validity-unchecked", "PCP-CTRL-02", "Certificates may have expired.", "pcp.put.validity"),
    _fault("status-unchecked", ("PCP-CTRL-03", "PCP-CTRL-04"), "Nobody asks for a status.", "pcp.put.status"),
    _fault("leaf-status-unchecked", "PCP-CTRL-03", "The leaf may be revoked.", "pcp.status.leaf"),
    _fault("sub-ca-status-unchecked", "PCP-CTRL-04", "Sub-CAs may be revoked.", "pcp.status.sub-cas"),
    _fault(
        "revoked-accepted",
        ("PCP-CTRL-03", "PCP-CTRL-04", "PCP-CTRL-05"),
        "Revocation is ignored.",
        "pcp.status.revoked",
    ),
    # Without `told`: what nobody tells would be refused, as it should.
    _fault("crl-ignored", "PCP-CTRL-05", "CRLs are not read.", "pcp.status.crl", "pcp.status.told"),
    _fault(
        "untold-refused-and-stored",
        "PCP-CTRL-06",
        "A certificate whose status cannot be had is refused, and stored nevertheless.",
        # The control lets it pass, so it is stored; the answer alone says otherwise.
        "pcp.status.told",
        tamper={PUT: answered(400, 200, b"")},
    ),
    _fault("chain-unchecked", ("PCP-CTRL-07", "PCP-CTRL-08"), "Any chain will do.", "pcp.put.chain"),
    _fault(
        "status-first",
        "PCP-CTRL-09",
        "Statuses are asked for before anything else.",
        # Seen by the OCSP requests for what is refused without any (ERR-044).
        moved_first="pcp.put.status",
    ),
    _fault(
        "v2g-root-crashes",
        "PCP-CTRL-10",
        "A chain below a V2G root is answered 500.",
        tamper={PUT: when(_is_of_a_v2g_root, 500)},
    ),
)

READING = (
    _fault(
        "read-without-sub-cas",
        ("PCP-GET-01", "PCP-GET-03"),
        "The chain is handed out without its Sub-CAs.",
        tamper=_chain(lambda chain: {"certificate": chain["certificate"]}),
    ),
    _fault(
        "read-swapped",
        ("PCP-GET-01",),
        "The Sub-CAs are handed out in each other's place.",
        tamper=_chain(
            lambda chain: {
                "certificate": chain["certificate"],
                "subCa1Certificate": chain["subCa2Certificate"],
                "subCa2Certificate": chain["subCa1Certificate"],
            }
        ),
    ),
    _fault(
        "unwrapped",
        "PCP-GET-02",
        "The object comes without its wrapper.",
        # The schema requires no member; the wrapper is demanded nevertheless (ERR-172).
        tamper={READ: edited(lambda body: body[WRAPPER])},
    ),
    _fault(
        "malformed-pcid-crashes",
        ("PCP-GET-04", "PCP-LOOKUP-03", "PCP-DEL-03"),
        "What is no PCID is answered 500.",
        tamper={operation: answered(500, 400, b"") for operation in (READ, LOOKUP, DELETE)},
    ),
    _fault(
        "malformed-pcid-unknown",
        ("PCP-GET-04", "PCP-LOOKUP-03", "PCP-DEL-03"),
        "What is no PCID is answered 404.",
        tamper={operation: answered(404, 400) for operation in (READ, LOOKUP, DELETE)},
    ),
    _fault("unknown-read", "PCP-GET-05", "An unknown PCID is answered 200 with nothing.", "pcp.read.known"),
    _fault("unknown-known", "PCP-LOOKUP-02", "Every PCID is known.", "pcp.lookup.known"),
    _fault(
        "one-oem-per-emsp",
        "PCP-GET-06",
        "An eMSP may read the vehicles of one OEM only.",
        tamper={READ: when(lambda call: not call.path["pcid"].startswith("W"), 403)},
    ),
    _fault(
        "one-emsp-only",
        ("PCP-GET-06", "PCP-LOOKUP-01"),
        "Only one eMSP may read and look up.",
        tamper={
            operation: when(lambda call: call.principal and call.principal.subject != "emsp", 403)
            for operation in (READ, LOOKUP)
        },
    ),
    _fault(
        "expired-handed-out",
        ("PCP-GET-07", "PCP-CLN-01"),
        "What has expired stays and is handed out.",
        # Either alone would keep it from being handed out.
        "pcp.read.valid",
        "pcp.cleansing.expired",
    ),
    _fault(
        "revoked-handed-out", ("PCP-GET-07", "PCP-CLN-02"), "What was revoked stays.", "pcp.cleansing.revoked"
    ),
    _fault(
        "wrong-fingerprint",
        "PCP-GET-08",
        "The fingerprint is that of another certificate.",
        tamper=_entry(lambda entry: {**entry, "fingerprint": "0" * 64}),
    ),
    _fault(
        "look-up-discloses",
        "PCP-LOOKUP-04",
        "A look-up is answered with the certificate.",
        # Any body without certificate data would do (ERR-050).
        tamper={LOOKUP: answered(200, 200, b'{"certificate":"MIIB' + b"A" * 400 + b'"}', "application/json")},
    ),
    _fault(
        "listing",
        "PCP-ACC-02",
        "Who asks for * gets a list.",
        tamper={READ: _listing},
    ),
    _fault(
        "foreign-read-crashes",
        "PCP-ACC-04",
        "An OEM that asks for the vehicle of another is answered 500.",
        # To answer would be a warning in the lenient profile, so it takes a crash (ERR-053).
        tamper={operation: answered(500, 403, b"") for operation in (READ, LOOKUP)},
    ),
    _fault("root-gone-unnoticed", "RCP-DEL-06", "Roots that have left are still relied on.", "pcp.put.chain"),
    _fault(
        "root-gone-crashes", "RCP-DEL-05", "Reading is answered 500.", tamper={READ: answered(500, 200, b"")}
    ),
)


def _lookup_that_remembers() -> Callable[[Callable[[Call], None], Call], None]:
    """Go on finding by a lookup whatever one has found before."""
    found: set[str] = set()

    def control(demand_known: Callable[[Call], None], call: Call) -> None:
        if call.operation.id != LOOKUP or call.path["pcid"] not in found:
            demand_known(call)
        found.add(call.path["pcid"])

    return control


WITHDRAWING = (
    replace(
        _fault(
            "lookup-cached",
            ("PCP-DEL-01", "PCP-LOOKUP-02"),
            "What a lookup has found once it finds for ever.",
        ),
        around={"pcp.lookup.known": _lookup_that_remembers()},
    ),
    _fault("delete-without-removing", "PCP-DEL-01", "A deleted certificate stays.", "pcp.delete.remove"),
    _fault("unknown-deleted", "PCP-DEL-02", "Deleting an unknown PCID is answered 200.", "pcp.delete.known"),
    _fault("foreign-deleted", "PCP-ACC-01", "An OEM may delete the vehicles of others.", "pcp.delete.owner"),
)

FAULTS: tuple[Fault, ...] = (*PUBLISHING, *CONTROLS, *READING, *WITHDRAWING)
