"""What an erratum says of a variant is what a scenario finds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from features.index import ROOT
from opnc_conformance import benches, proof, session
from opnc_conformance.options import DEFAULT_SEED, SOUND, Settings
from opnc_conformance.options import VARIANTS as WITH_VARIANTS
from reports.model import FindingLevel, Profile, Verdict
from simulators.variants import by_id
from tests.simulators.variants.test_errata import ERRATA

if TYPE_CHECKING:
    from pathlib import Path

    from opnc_conformance.aggregation import ResultAggregator

SHOWN_IN = {
    "ccp.200-for-201": "CCP-ADD-01",
    "ccp.any-root": "CCP-CIR-24",
    "ccp.contract-moves": "CCP-ADD-16",
    "ccp.contracts-of-others-not-listed": "CCP-EMAID-06",
    "ccp.empty-deliveries": "CCP-CIR-10",
    "ccp.empty-lists": "CCP-EMAID-05",
    "ccp.failures-by-http": "CCP-CIR-19",
    "ccp.failures-by-message": "CCP-CIR-20",
    "ccp.informative-members-left-out": "CCP-EMAID-01",
    "ccp.odd-sessions": "CCP-SCD-04",
    "ccp.post-cell": "AUTH-ROLE-CCP-AddSignedContractData-OEM",
    "ccp.root-by-id-in-events": "EVT-HOOK-07",
    "ccp.session-of-the-cps": "CCP-CIR-04",
    "ccp.short-sessions": "CCP-SCD-10",
    "ccp.unknown-edition-ignored": "CCP-EMAID-07",
    "ccp.updates-not-implemented": "SYS-OUT-01",
    "common.204-for-deletion": "RCP-DEL-01",
    "common.400-for-403": "CPS-GEN-21",
    "common.401-for-403": "CPS-GEN-21",
    "common.404-for-403": "CPS-GEN-21",
    "common.409-for-conflicts": "CPS-GEN-09",
    "common.422-for-400": "PCP-GET-04",
    "common.certificates-in-pem": "SYS-DATA-01",
    "common.errors-of-spring": "RCP-GET-03",
    "common.errors-without-body": "RCP-GET-03",
    "common.iso-name-refused": "SYS-NS-02",
    "common.iso-name-sent": "SYS-NS-02",
    "common.literal-length": "SYS-DATA-02",
    "common.problem-details": "RCP-GET-03",
    "cpo.refuses-itself": "CPO-05",
    "cps.200-for-201": "CPS-GEN-01",
    "cps.204-for-201": "CPS-GEN-01",
    "cps.any-subscription-url": "CPS-GEN-22",
    "cps.certificate-outlives-contract": "CPS-GEN-04",
    "cps.lax-encoding": "SYS-DATA-01",
    "cps.unknown-vehicles-signed": "CPS-SIGN-24",
    "event.bare-signatures": "EVT-SIG-01",
    "event.change-of-one-event": "EVT-PUT-01",
    "event.contract-events-signed-by-other-name": "EVT-TYPE-17",
    "event.id-of-its-own-each-time": "EVT-RETRY-05",
    "event.members-of-the-example": "EVT-SIG-01",
    "event.namespace-of-the-interfaces": "SYS-NS-03",
    "event.no-edition-of-vehicles": "EVT-TYPE-04",
    "event.no-revoked-roots": "EVT-POST-11",
    "event.retries-within-an-hour": "EVT-RETRY-02",
    "event.scope-not-shown": "EVT-POST-12",
    "event.sends-names-of-the-list": "EVT-TYPE-04",
    "event.types-of-the-pool": "EVT-HOOK-10",
    "event.without-timestamp": "RCP-DEL-04",
    "pcp.chain-alone": "PCP-GET-01",
    "pcp.chain-first": "PCP-CTRL-09",
    "pcp.control-steps-by-404": "PCP-CTRL-07",
    "pcp.control-steps-by-409": "PCP-CTRL-07",
    "pcp.control-steps-by-422": "PCP-CTRL-07",
    "pcp.foreign-wmi-is-bad-content": "PCP-CTRL-01",
    "pcp.grant-column": "AUTH-ROLE-PCP-GetProvisioningCertificate-CPS",
    "pcp.key-identifiers-in-base64": "PCP-PUT-04",
    "pcp.news-for-subscribers-of-the-wmi": "EVT-TYPE-05",
    "pcp.nothing-below-removed-roots": "RCP-DEL-05",
    "pcp.other-error-texts": "PCP-PUT-07",
    "pcp.pcids-case-sensitive": "IDS-PCID-03",
    "pcp.roots-of-oems-alone": "PCP-CTRL-10",
    "pcp.single-sub-ca-above-leaf": "PCP-PUT-13",
    "pcp.soft-fail": "PCP-CTRL-06",
    "pcp.three-members-demanded": "PCP-PUT-03",
    "pcp.two-sub-cas-demanded": "PCP-PUT-13",
    "pcp.vehicles-of-others-readable": "PCP-ACC-04",
    "pcp.wrong-serial-number": "PCP-PUT-04",
    "pki.grant-column": "AUTH-ROLE-PKI-revokeCert-EMSP-OWNPKI",
    "pki.media-type-pkcs7": "PKI-CACERTS-01",
    "pki.no-challenge": "PKI-ENROLL-25",
    "pki.no-transfer-encoding": "PKI-ENROLL-25",
    "pki.no-vehicle-certificates-400": "AUTH-OWN-01",
    "pki.organization-optional": "PKI-ENROLL-09",
    "pki.secc-ids-alone": "PKI-ENROLL-15",
    "rcp.administration-elsewhere": "RCP-ORG-01",
    "rcp.entry-per-put": "RCP-PUT-07",
    "rcp.types-united": "RCP-PUT-09",
    "rcp.event-of-deletion": "RCP-DEL-04",
    "rcp.grant-column": "AUTH-ROLE-RCP-GetRootCertificate-CPS",
    "rcp.intended-wrapper": "RCP-GET-02",
    "rcp.key-identifier-in-hexadecimal": "RCP-OBJ-06",
    "rcp.key-named-by-sha1-of-key": "RCP-OBJ-06",
    "rcp.key-named-by-sha1-of-key-with-algorithm": "RCP-OBJ-06",
    "rcp.older-name-of-types": "RCP-OBJ-02",
    "rcp.other-form-of-names": "RCP-OBJ-04",
    "rcp.single-trust-list-as-text": "RCP-OBJ-03",
    "rcp.single-type-as-text": "RCP-OBJ-02",
    "rcp.types-in-any-words": "RCP-LIST-07",
    "rcp.types-in-lower-case": "RCP-OBJ-02",
    "rcp.types-of-events": "RCP-OBJ-02",
    "receiver.bare-signatures-alone": "HOOK-RCV-01",
    "receiver.lines-joined": "HOOK-RCV-05",
    "receiver.signature-500": "HOOK-RCV-03",
}
"""Variant -> a requirement whose scenarios find it, with the weight that its erratum gives it."""

SHOWN_ELSEWHERE = {
    # Whoever has no administrator subscribes by WMI, and meets it: in `tests/features/test_occurrences.py`.
    "event.vehicles-without-contracts",
}

SERVICES = sorted({name.partition(".")[0] for name in SHOWN_IN})


def test_every_variant_to_be_warned_of_is_shown_somewhere() -> None:
    warned = {name for each in ERRATA for name, grade in each.graded.items() if grade == "warn"}
    assert warned - SHOWN_IN.keys() == SHOWN_ELSEWHERE


def run(settings: Settings) -> ResultAggregator:
    bench = benches.open_bench(settings)
    try:
        return session.run(settings, bench)
    finally:
        bench.close()


@pytest.mark.parametrize("service", SERVICES)
def test_a_scenario_finds_what_the_erratum_says(service: str, tmp_path: Path) -> None:
    shown = {name: where for name, where in SHOWN_IN.items() if name.startswith(f"{service}.")}
    settings = Settings(
        seed=DEFAULT_SEED,
        profile=Profile.LENIENT,
        report=None,
        services=(),
        requirements=tuple(sorted(set(shown.values()))),
        levels=(),
        prove=(SOUND,),
        features=ROOT,
        shuffle=None,
    )
    sound, path = run(settings), tmp_path / "met.json"
    assert {each.verdict for each in sound.results} == {Verdict.PASS}
    met = {
        each.id: [name for name in sound.met.get(each.id, ()) if shown.get(name) in each.requirements]
        for each in sound.results
    }
    proof.write(path, met)
    tried = run(replace(settings, prove=(WITH_VARIANTS,), met=path)).results
    wrong: list[tuple[str, object]] = []
    for name in shown:
        variant = by_id(name)
        results = [each for each in tried if each.fault == name]
        found = {(each.level, each.erratum) for result in results for each in result.findings}
        passed = {each.verdict for each in results} == {Verdict.PASS}
        graded = any((variant.lenient, source) in found for source in variant.sources)
        if not (passed and graded) or FindingLevel.FAIL in {level for level, _ in found}:
            wrong.append((name, found))
    assert wrong == []
