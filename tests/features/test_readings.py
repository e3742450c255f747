"""Readings that errata accept, once judged wrongly: who has one is not failed, and warned where they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.variants import Trial

CA_CERTIFICATES = ("PKI-CACERTS-08", "PKI-CACERTS-09", "PKI-CACERTS-12")
REVOCATION = ("PKI-ENROLL-22", "PKI-REVOKE-02", "PKI-REVOKE-17", "AUTH-ROLE-PKI-revokeCert-CPS")


@pytest.mark.parametrize(
    ("variant", "requirements", "strict", "unjudged"),
    [
        pytest.param("pki.edition-required", ("SYS-VER-01", "PKI-CACERTS-10"), False, 0, id="edition"),
        pytest.param("pki.404-for-400", (*CA_CERTIFICATES, "PKI-ENROLL-09"), False, 0, id="404-for-400"),
        pytest.param("pki.crl-alone", (*REVOCATION, "PKI-OCSP-02"), False, 1, id="crl-alone"),
        pytest.param("event.names-of-the-payload", ("EVT-POST-11", "EVT-TYPE-05"), False, 0, id="mo"),
        pytest.param("event.members-of-the-example", ("SYS-FLOW-03",), True, 0, id="no-edition-in-events"),
        pytest.param(
            "event.none-not-found", ("HDR-EVENT-listEndpoints", "EVT-LIST-03"), False, 0, id="no-endpoints"
        ),
        pytest.param("common.emaids-of-the-documentation", ("IDS-EMAID-08",), False, 0, id="short-emaids"),
        pytest.param("common.problem-details", ("CPS-CERTS-08", "RCP-GET-03"), True, 0, id="rfc-9457"),
        pytest.param("common.409-for-conflicts", ("CPS-GEN-09",), True, 0, id="409"),
        pytest.param("ccp.updates-not-implemented", ("SYS-OUT-01",), True, 0, id="501"),
        pytest.param("ccp.root-by-id-in-events", ("EVT-HOOK-07",), True, 0, id="root-by-id"),
    ],
)
def test_a_reading_that_is_accepted_is_no_failure(
    variant: str, requirements: tuple[str, ...], *, strict: bool, unjudged: int, trial: Trial
) -> None:
    trial.demand(variant, requirements, strict=strict, unjudged=unjudged)
