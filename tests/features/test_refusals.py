"""A right that lacks is refused with many a status, and nothing foreign is given away (ERR-156)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.variants import Trial

OF_OTHERS = (
    *("CCP-ADD-13", "CCP-ORG-01", "CCP-DEF-06", "CCP-DEL-07", "CCP-EMAID-06", "CCP-PCID-06", "CCP-SCD-13"),
    *("CPS-SIGN-25", "CPS-GEN-21", "EVT-GET-03", "EVT-PUT-07", "EVT-DEL-03", "HDR-FROM-02"),
    *("PCP-ACC-01", "PCP-ACC-04", "PCP-CTRL-01", "AUTH-OWN-01", "AUTH-OWN-02"),
)
"""Requirements that what belongs to another be left alone."""

OF_ROLES = (
    *("AUTH-OAUTH-03", "CPS-CERTS-08", "AUTH-ROLE-CCP-AddSignedContractData-OEM"),
    *("AUTH-ROLE-PCP-AddProvisioningCertificate-CPS", "AUTH-ROLE-CCP-GetContractDataByPcid-CPO"),
    *("AUTH-ROLE-CPS-SignContractData-CPO",),
)
"""Requirements that a role be kept from what is not for it."""

PKI = ("PKI-ENROLL-18", "PKI-ENROLL-20", "PKI-CACERTS-14", "PKI-REVOKE-03")


@pytest.mark.parametrize(
    ("variant", "requirements"),
    [
        pytest.param("common.404-for-403", (*OF_OTHERS, *OF_ROLES, *PKI), id="hidden"),
        pytest.param("common.401-for-403", (*OF_OTHERS, *OF_ROLES, *PKI), id="asked-to-authenticate"),
        pytest.param("common.400-for-403", (*OF_OTHERS, *OF_ROLES), id="bad-request"),
        pytest.param("pcp.vehicles-of-others-readable", ("AUTH-OWN-01", "PCP-ACC-04"), id="readable"),
        pytest.param(
            "ccp.contracts-of-others-not-listed",
            ("AUTH-OWN-01", "AUTH-OWN-02", "CCP-EMAID-06", "CCP-PCID-06"),
            id="empty-lists",
        ),
    ],
)
def test_how_a_right_that_lacks_is_told_is_no_failure(
    variant: str, requirements: tuple[str, ...], trial: Trial
) -> None:
    trial.demand(variant, requirements, strict=True)
