"""Switches for a CPS that signs something else, or otherwise, than what it was sent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from opnc.exi import encode
from opnc.provisioning.contract_data import installation_response, sign_contract_data
from opnc.provisioning.messages import schema_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from opnc.pki.credentials import Credential
    from opnc.provisioning.contract_data import ContractBundle, Session, SignedContractData
    from opnc.provisioning.messages import Message


def signing(spoil: Callable[[Message, Credential], Message]) -> dict[str, Callable[..., Any]]:
    """Sign in another way."""

    def sign_so(bundle: ContractBundle, cps: Credential, session: Session) -> SignedContractData:
        spoilt = spoil(installation_response(bundle, cps, session), cps)
        return replace(sign_contract_data(bundle, cps, session), response=encode(spoilt, schema_of(spoilt)))

    return {"cps.sign.message": sign_so}


def signing_bundle(change: Callable[[ContractBundle], ContractBundle]) -> dict[str, Callable[..., Any]]:
    """Sign another bundle than the one that was sent."""

    def sign_so(bundle: ContractBundle, cps: Credential, session: Session) -> SignedContractData:
        return sign_contract_data(change(bundle), cps, session)

    return {"cps.sign.message": sign_so}
