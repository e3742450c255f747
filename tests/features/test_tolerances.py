"""What errata leave open in small things is no failure of who does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.variants import Trial

PEM = ("SYS-DATA-01", "RCP-OBJ-01", "RCP-OBJ-04", "RCP-DEL-01", "PCP-PUT-02", "CPS-CERTS-04", "CCP-ADD-01")
VEHICLES = ("PKI-CACERTS-07", "PKI-ENROLL-06", "PKI-REVOKE-16", "HDR-PKI-getCaCerts")


@pytest.mark.parametrize(
    ("variant", "requirements", "strict", "unjudged"),
    [
        pytest.param("common.certificates-in-pem", PEM, True, 0, id="base64-of-pem"),
        pytest.param("rcp.types-in-any-words", ("RCP-LIST-07", "RCP-LIST-02"), False, 0, id="types-of-roots"),
        pytest.param("rcp.key-named-by-sha1-of-key", ("RCP-OBJ-06",), False, 0, id="sha1-of-key"),
        pytest.param("pcp.chain-first", ("PCP-CTRL-09",), True, 0, id="chain-before-status"),
        pytest.param("cps.unknown-vehicles-signed", ("CPS-SIGN-24",), True, 0, id="unknown-vehicle"),
        pytest.param("cps.any-subscription-url", ("CPS-GEN-22",), False, 0, id="subscription-url"),
        pytest.param("pki.no-vehicle-certificates-403", VEHICLES, False, 4, id="no-vehicles"),
        pytest.param("pki.no-vehicle-certificates-400", VEHICLES, False, 4, id="vehicles-unknown"),
        pytest.param("pki.ocsp-by-sha1-alone", ("PKI-OCSP-01", "PKI-OCSP-06"), True, 0, id="ocsp-by-sha1"),
    ],
)
def test_what_an_erratum_leaves_open_is_no_failure(
    variant: str, requirements: tuple[str, ...], *, strict: bool, unjudged: int, trial: Trial
) -> None:
    trial.demand(variant, requirements, strict=strict, unjudged=unjudged)
