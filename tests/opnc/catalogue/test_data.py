"""The data as such, and held against the lists they were made from."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
import yaml

from opnc import rights
from opnc.catalogue import load

if TYPE_CHECKING:
    from opnc.catalogue import Erratum, Requirement

EDITED = {
    "POOL-PCP-08": "the waits for several peers must not add up, and a peer may answer what is no answer",
    "POOL-PCP-11": "whose token a pool shows its peers is seen from outside as well",
    "POOL-CCP-03": "whose token a pool shows its peers is seen from outside as well",
    "POOL-CCP-06": "what is not for the vehicle, or leads to a root nobody knows, must not be delivered",
    "AUTH-401-PKI-getCaCerts": "ERR-103 accepts cacerts without authentication",
    "AUTH-401-PKI-simpleEnrollCert": "ERR-103 lets the target choose how enrolment authenticates",
    "AUTH-OWN-01": "a foreign object may be hidden (ERR-156), a foreign WMI refused with 400 (ERR-044)",
    "AUTH-OWN-02": "a foreign object may be hidden by 404 (ERR-156)",
    "AUTH-OWN-03": "a foreign object may be hidden by 404 (ERR-156)",
    "AUTH-ROLE-CCP-AddSignedContractData-OEM": 'no reading of "POST" makes it a must (ERR-150)',
    **dict.fromkeys(
        [
            cell.requirement
            for cell in rights.cells()
            if cell.row.operation == "getCaCertsV1" and not cell.allowed
        ],
        "ERR-103 accepts cacerts without authentication",
    ),
    **dict.fromkeys(
        [
            *("AUTH-401-RCP-putRootCertificate", "AUTH-401-RCP-deleteRootCertificate"),
            *(
                cell.requirement
                for cell in rights.cells()
                if cell.row.operation in {"putRootCertificateV1", "deleteRootCertificateV1"}
                and not cell.allowed
            ),
        ],
        "writing to the RCP need not be offered to participants at all (ERR-014)",
    ),
    **dict.fromkeys(
        [cell.requirement for cell in rights.cells() if cell.erratum == "ERR-151"],
        "the grant column is another reading (ERR-151)",
    ),
    "AUTH-SEC-01": "ERR-103 accepts cacerts without authentication",
    **dict.fromkeys(
        [
            cell.requirement
            for cell in rights.cells()
            if not cell.allowed and cell.row.service in {"pcp", "cps", "ccp", "pki"}
        ],
        "another status than 403 refuses as well (ERR-156)",
    ),
    **dict.fromkeys(
        ["AUTH-OAUTH-03", "CCP-ORG-01", "HDR-FROM-02", "PKI-ENROLL-18"],
        "another status than 403 refuses as well (ERR-156)",
    ),
    **dict.fromkeys(["CCP-EMAID-06", "CCP-PCID-06"], "an empty list gives nothing away (ERR-087)"),
    "PCP-CTRL-01": "a foreign WMI is refused like anything of another (ERR-156)",
    "CCP-ADD-12": "ERR-067 is about storing as well",
    "CCP-EMAID-07": "ERR-084 is about any value outside the enumeration",
    "CCP-SCD-02": "the literal limit of a session is 8 digits (ERR-083)",
    "CCP-SCD-10": "the literal limit of a session is 8 digits (ERR-083)",
    "CPS-SIGN-14": "ERR-060 lets a CPS sign without storing",
    "CPS-GEN-26": "ERR-072 lets a CPS refuse an unknown root with 404",
    "CPS-CERTS-08": "every role of the table has access, so only other accounts can meet a 403",
    "EVT-RETRY-01": "ERR-135 rules on 5xx",
    **dict.fromkeys(
        [f"HDR-ID-0{number}" for number in range(1, 6)], "any service can be told such ids (ERR-154)"
    ),
    "HDR-TO-01": "any service can be asked for something that is for another",
    "HDR-PKI-revokeCert": "ERR-014 is about the RCP",
    "HDR-RCP-deleteRootCertificate": "ERR-109 is about revocation at the PKI",
    "HDR-RCP-putRootCertificate": "ERR-109 is about revocation at the PKI",
    "HOOK-RCV-02": "the sample of the documentation does not look at the media type",
    "IDS-EVSE-03": "the ABNF allows 31 characters; a negative test violates both readings (ERR-111)",
    "PCP-ACC-01": "a foreign WMI may be refused with 400 (ERR-044)",
    "PKI-CACERTS-14": "ERR-103 accepts cacerts without authentication",
    "PKI-ENROLL-04": "spelling",
    "PKI-ENROLL-10": "the ABNF allows 31 characters; a negative test violates both readings (ERR-111)",
    "PKI-ENROLL-25": "what a suite can see of it: how stock clients ask, and what they read (ERR-104)",
    "RCP-ORG-01": "PUT lists no status but 200 (ERR-014)",
    "SYS-DATA-02": "601 bytes are 804 base64 characters, which the literal limit refuses (ERR-030)",
    "SYS-DATA-03": "the literal limit refuses more than 600 bytes (ERR-030)",
    "SYS-VER-01": "ERR-005 leaves the form of the version open",
    "SYS-VER-02": "what is compared are major versions, where there are any (ERR-005)",
    "ERR-030": "the literal limit knows no edition, and 600 bytes are within it",
    "ERR-014": "writing to the RCP need not be offered to participants at all",
    "CCP-ADD-14": "where somebody has subscribed, the event is required (ERR-094)",
    "CCP-ADD-15": "where somebody has subscribed, the event is required (ERR-094)",
    "CCP-DEL-08": "where somebody has subscribed, the event is required (ERR-094)",
    "EVT-TYPE-01": "ERR-094 rules on its level",
    "EVT-TYPE-02": "ERR-094 rules on its level",
    "EVT-TYPE-03": "ERR-094 rules on its level",
    "CCP-CIR-17": "the text has the CCP verify the validity of each certificate",
    "CCP-CIR-18": "no negative EXI is a warning at most (ERR-081)",
    "CCP-CIR-19": "no negative EXI is a warning at most (ERR-081)",
    "CCP-CLN-01": "certificates shall be removed from the CCP as from the other pools",
    "CCP-CLN-02": "certificates shall be removed from the CCP as from the other pools",
    "CPS-GEN-22": "the address is used for nothing (ERR-069)",
    "CPS-SIGN-22": "what says of a CPS that it validates",
    "CPS-SIGN-24": "to sign is a warning (ERR-067)",
    "CPS-SIGN-26": "what says of a CPS that it validates",
    "EVT-HOOK-02": "a missing timestamp is a warning at most (ERR-130)",
    "IDS-EMAID-11": "who looks at a check digit may refuse it (ERR-161)",
    "SYS-ERR-06": "the tester takes out of operation what it plays itself",
    "POOL-MR-05": "the tester plays the services of others",
    "OEM-03": "that the status is asked for is seen, the installation is not",
    "EMSP-07": "that nothing is renewed at once is seen, the contact is not",
    "IDS-PCID-03": "an inconsistency is a warning at most (ERR-162)",
    "IDS-PCID-05": "who looks at a check digit may refuse it (ERR-162)",
    "PCP-CTRL-09": "the order is judged by the absence of OCSP traffic (ERR-044)",
    "PCP-CTRL-10": "to refuse is a warning at most (ERR-048)",
    "PCP-LOOKUP-02": "an error body is judged, and not its words (ERR-042)",
    "PCP-PUT-03": "to refuse the chain alone is noted at most (ERR-040)",
    "PKI-CACERTS-07": "nobody has a right to the domain of vehicles (ERR-149)",
    "PKI-ENROLL-06": "nobody has a right to the domain of vehicles (ERR-149)",
    "PKI-ENROLL-09": "to serve is a warning at most (ERR-112)",
    "PKI-OCSP-05": "a PKI may have CRLs and no OCSP",
    "PKI-REVOKE-10": "to refuse it is noted at most (ERR-108)",
    "PKI-REVOKE-16": "nobody has a right to the domain of vehicles (ERR-149)",
    "RCP-LIST-07": "the words of objects and events may be understood (ERR-013)",
    "RCP-OBJ-06": "the description names the SHA-1 of the key (ERR-021)",
    "RCP-PUT-05": "the structure of roots must comply with ISO 15118",
    **dict.fromkeys(
        [
            *(f"POOL-PCP-{number:02}" for number in (1, 2, 3, 4, 5, 6, 7, 10)),
            *(f"POOL-CCP-{number:02}" for number in (1, 2, 4, 5)),
        ],
        "the text calls it a concept: it binds who claims it",
    ),
    "PKI-CRL-02": "no clock is needed where the next CRL can be waited for",
    "PKI-ENROLL-15": "a PKI may name SECCs by SECC ids alone in ISO 15118-20 (ERR-181)",
    "ERR-066": "an end that ignores the time ordered is no rounding",
    "ERR-015": "what becomes of a known root that is sent again",
    "ERR-021": "the description names the SHA-1 of the key",
    "ERR-044": "who looks at the chain first asks no responder that a stranger names",
    "ERR-162": "who looks at a check digit may refuse it",
    "ERR-102": "a PKI that follows RFC 7030 is where the text wants it as well",
    "ERR-053": "to look a vehicle up is not to read its certificate",
    "ERR-156": "the same refusals are in use where a role has no right at all",
    "ERR-150": "that the cell is undefined cannot fail who reads it otherwise",
    "ERR-108": "all seven values are spelled as in RFC 5280",
    "ERR-174": "422, 409 and 204 to DELETE are as common and as uneven as 5xx",
}
"""Entries that differ from their origin, with the reason."""

ADDED = {
    "PKI-OCSP-06": "RFC 6960 demands names by SHA-1 alone",
    **dict.fromkeys(
        ["CCP-ADD-17", "CCP-DEL-11"], "the origin does not look at every address after a change or deletion"
    ),
    **dict.fromkeys(["CCP-ADD-18", "CPS-SIGN-30"], "the origin does not say what becomes of a repetition"),
    "CCP-ADD-19": "the origin makes one request after the other",
    "CCP-EMAID-09": "the origin has no two contracts whose ids begin alike",
    "CCP-PCID-07": "the origin does not ask for more contracts than fit on a page",
    **dict.fromkeys(
        [
            *("CPS-CERTS-10", "CPS-GEN-28", "PKI-CACERTS-18", "PKI-ENROLL-27"),
            *("CPS-CERTS-11", "CPS-GEN-29", "PKI-ENROLL-28"),
        ],
        "the origin does not hold what a CA issues against the whole profile, nor against its issuer",
    ),
    "CPS-SIGN-29": "the origin compares such names in the list of the CPS alone",
    "PKI-CACERTS-17": "the origin does not say that each role has a CA of its own",
    "PKI-REVOKE-20": "RFC 5280 and RFC 6960 leave it to the CA whether a reason is told at all",
    "PKI-ENROLL-29": "the origin knows no SECC id (ERR-181)",
    "PKI-ENROLL-30": "the origin knows no request in armour (ERR-182)",
    "ERR-181": "found after the origin was written",
    "ERR-182": "found after the origin was written",
    "AUTH-TLS-04": "a version of TLS is as good as the suites that are agreed on",
    **dict.fromkeys(
        ("OEM-07", "OEM-08"), "no requirement of the origin is about an OEM that delivers contracts itself"
    ),
    **dict.fromkeys(
        ("EMSP-08", "EMSP-09", "EMSP-10"),
        "no requirement of the origin has an eMSP read roots, renew, remove, look up or list",
    ),
    "CPO-05": "no requirement of the origin says what becomes of a refusal on its way to the vehicle",
    "SYS-CLIENT-03": "no requirement of the origin compares what a client says of itself with its account",
    "SYS-CLIENT-04": "no requirement of the origin says what a client does with its tokens",
    "SYS-CLIENT-05": "no requirement of the origin is about those who subscribe",
    "SYS-CLIENT-06": "no requirement of the origin has others than a CPO enrol",
    "SYS-CLIENT-07": "no requirement of the origin has a client revoke",
    "SYS-CLIENT-08": "no requirement of the origin has a CPS read roots",
    "SYS-CLIENT-02": "no requirement of the origin says how often a client may ask for the same",
    "SYS-ERR-07": "no requirement of the origin says what an answer must not hold",
    "SYS-SCHEMA-01": "no requirement of the origin says what becomes of a flaw in any member but a few",
    "SYS-SCHEMA-02": "as SYS-SCHEMA-01, for what need not be there",
    **dict.fromkeys(
        [
            *("RCP-OBJ-07", "RCP-LIST-11", "RCP-PUT-09", "RCP-PUT-10", "RCP-PUT-11", "RCP-PUT-12"),
            *("PCP-CTRL-11", "PCP-CTRL-12", "PCP-GET-09", "PCP-UPD-08"),
        ],
        "foreign pools got it wrong, and no requirement of the origin says it",
    ),
}
"""Entries that the origin does not have, with the reason."""

NEEDS = {"admin access", "clock control", "ocsp control", "second ecosystem", "webhook receiver"}
IUTS = {
    *("rcp", "pcp", "cps", "ccp", "pki", "event"),
    *("ecosystem", "oem", "emsp", "cpo", "webhook-receiver"),
}


def origin(name: str) -> list[dict[str, Any]]:
    root = Path(__file__).resolve().parents[3]
    for folder in root.parents:
        path = folder / "shared" / "opnc" / f"{name}.yaml"
        if path.is_file():
            # libyaml where it is there: the pure Python loader takes seconds
            loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
            document = yaml.load(path.read_bytes(), loader)  # noqa: S506 - both are safe loaders
            return cast("list[dict[str, Any]]", document[name])
    pytest.skip(f"no shared/opnc/{name}.yaml above the repository")


def facts(entry: Requirement | Erratum, *but: str) -> dict[str, Any]:
    """Everything an entry says, without the members that are ours."""
    return {key: value for key, value in asdict(entry).items() if value and key not in but}


def requirement_facts(entry: dict[str, Any]) -> dict[str, Any]:
    # What the text does not force is no must, and what it forces is not merely implied.
    forced = ("implied",) if entry["level"] == "must" else ()
    return flat({**entry, **entry["evidence"]}, "evidence", *forced)


def erratum_facts(entry: dict[str, Any]) -> dict[str, Any]:
    renamed = {**entry, **entry["resolution"], "threads": entry.get("project_threads")}
    return flat(renamed, "resolution", "project_threads", "requirements")


def flat(entry: dict[str, Any], *but: str) -> dict[str, Any]:
    """Lists as tuples, without what stands for nothing."""
    plain = {
        key: tuple(item for item in value if item != "none") if isinstance(value, list) else value
        for key, value in entry.items()
        if key not in but
    }
    return {key: value for key, value in plain.items() if value}


def test_every_requirement_of_the_origin_is_there_unchanged_or_edited_for_a_reason() -> None:
    expected = {entry["id"]: requirement_facts(entry) for entry in origin("requirements")}
    found = {key: facts(entry, "not_tested") for key, entry in load().requirements.items()}
    assert found.keys() == expected.keys() | {name for name in ADDED if not name.startswith("ERR-")}
    assert {key for key in expected if found[key] != expected[key]} == EDITED.keys() & expected.keys()


def test_every_erratum_of_the_origin_is_there_unchanged_or_edited_for_a_reason() -> None:
    expected = {entry["id"]: erratum_facts(entry) for entry in origin("errata")}
    found = {key: facts(entry, "requirements", "graded", "not_shown") for key, entry in load().errata.items()}
    assert found.keys() == expected.keys() | {name for name in ADDED if name.startswith("ERR-")}
    assert {key for key in expected if found[key] != expected[key]} == EDITED.keys() & expected.keys()


def test_what_was_edited_or_added_exists() -> None:
    assert EDITED.keys() <= load().requirements.keys() | load().errata.keys()
    assert ADDED.keys() <= load().requirements.keys() | load().errata.keys()


def test_what_is_a_must_is_more_than_implied() -> None:
    assert [
        entry.id for entry in load().requirements.values() if entry.level == "must" and entry.implied
    ] == []


TOLERATED = {
    "CCP-CIR-18": "ERR-081",
    "CCP-CIR-19": "ERR-081",
    "CPS-GEN-22": "ERR-069",
    "CPS-SIGN-24": "ERR-067",
    **{f"HDR-ID-0{number}": "ERR-154" for number in range(1, 6)},
    "IDS-EMAID-11": "ERR-161",
    "IDS-PCID-03": "ERR-162",
    "IDS-PCID-05": "ERR-162",
    "PCP-ACC-04": "ERR-053",
    "PCP-CTRL-10": "ERR-048",
    "PCP-PUT-03": "ERR-040",
    "PKI-ENROLL-09": "ERR-112",
    "PKI-OCSP-06": "ERR-114",
    "PKI-REVOKE-10": "ERR-108",
}
"""Requirements whose breach an erratum, or the RFC behind it, lets pass with a note or a warning."""


@pytest.mark.parametrize(("name", "erratum"), TOLERATED.items())
def test_what_cannot_fail_in_the_lenient_profile_is_no_must(name: str, erratum: str) -> None:
    requirement = load().requirements[name]
    assert requirement.level != "must"
    assert erratum in requirement.errata


def test_needs_and_iut_are_of_the_documented_vocabulary() -> None:
    requirements = load().requirements.values()
    assert {need for entry in requirements for need in entry.needs} == NEEDS
    assert {iut for entry in requirements for iut in entry.iut} == IUTS


def test_what_cannot_be_seen_from_outside_has_a_reason_of_its_own() -> None:
    hidden = [entry for entry in load().requirements.values() if not entry.black_box]
    assert hidden
    reasons = [entry.not_tested or "" for entry in hidden]
    assert all(reason.endswith(".") for reason in reasons), reasons
    assert len(set(reasons)) == len(reasons)


def test_an_erratum_knows_the_requirements_that_name_it() -> None:
    catalogue = load()
    assert "RCP-GET-01" in catalogue.errata["ERR-012"].requirements
    assert catalogue.errata["ERR-001"].requirements == ()


def test_the_specification_is_pinned_to_a_full_commit() -> None:
    specification = load().specification
    assert specification.repository == "https://github.com/charinev/opnc"
    assert len(specification.commit) == 40
