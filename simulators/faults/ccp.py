"""What a Contract Certificate Pool may do wrong with what it keeps; deliveries have a file of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sql

from simulators.ccp.service import ADD, BY_EMAID, BY_PCID, DEFAULT, DELETE
from simulators.faults import making
from simulators.faults.tampering import answered, first, once, only_own, set_member
from simulators.kernel import Refusal

if TYPE_CHECKING:
    from simulators.kernel.fault_injection import Fault
    from simulators.kernel.messages import Call

FLOWS = ("SYS-FLOW-01", "SYS-FLOW-02", "SYS-FLOW-03", "SYS-FLOW-04")
"""What falls apart where the OEM is not told of contracts."""

SIGNED, LISTED = "signedContractDataCollection", "contractDataCollection"

Item = dict[str, Any]


_fault = making.faults_of("ccp")


def _not_the_cps(call: Call) -> None:
    if call.principal and call.principal.party == "cps":
        raise Refusal(403, "only eMSPs store contracts")


STORING = (
    _fault("add-without-storing", "CCP-ADD-01", "Contract data are taken but not stored.", "ccp.add.store"),
    _fault(
        "cps-may-not-store",
        "CCP-ADD-02",
        "Contract data of the CPS are refused.",
        replaced={"ccp.add.owner": _not_the_cps},
    ),
    _fault(
        "old-data-kept",
        ("CCP-ADD-03", "CPS-GEN-08", "CPS-SIGN-28"),
        "New data of a contract do not take the place of the old.",
        "ccp.store.replace",
    ),
    _fault(
        "one-contract-per-vehicle",
        ("CCP-ADD-04", "CPS-GEN-25", "CCP-PCID-01"),
        "A second contract of a vehicle takes the place of the first.",
        replaced={"ccp.store.key": lambda: ("pcid", "version")},
    ),
    _fault(
        "anything-stored",
        tuple(f"CCP-ADD-{number:02}" for number in range(5, 12)),
        "Contract data that cannot be delivered are answered as if they had been stored.",
        # The answer alone is wrong: nothing is stored.
        tamper={ADD: answered(201, 400, b"", "")},
    ),
    _fault(
        "emaid-unchecked",
        "CCP-ADD-11",
        "The EMAID of the object need not be that of the message.",
        "ccp.add.emaid",
    ),
    _fault(
        "cps-signature-unchecked",
        "CCP-ADD-11",
        "The signature of the CPS is not verified.",
        "ccp.add.signature",
    ),
    _fault(
        "vehicle-unchecked",
        "CCP-ADD-12",
        "Contracts are stored for vehicles that nobody knows.",
        "ccp.add.vehicle",
    ),
    _fault(
        "store-for-anybody",
        ("CCP-ADD-13", "CCP-ORG-01", "AUTH-OWN-02"),
        "An eMSP can store and overwrite contracts of others.",
        "ccp.add.owner",
    ),
    _fault(
        "storing-untold",
        ("CCP-ADD-14", "CCP-ADD-15", "EVT-TYPE-01", "EVT-TYPE-02", *FLOWS),
        "The OEM is not told of contracts.",
        "ccp.store.announce",
    ),
    _fault(
        "second-vehicle-for-emaid",
        "CCP-ADD-16",
        "One contract is stored for two vehicles.",
        # An EMAID is that of one contract, of one vehicle (ERR-071).
        "ccp.add.unique",
    ),
)

LISTING = (
    _fault(
        "other-certificate",
        ("CCP-EMAID-01", "CCP-EMAID-08"),
        "The list shows no certificate.",
        tamper=set_member(BY_EMAID, LISTED, "contractCertificate", ""),
    ),
    _fault(
        "edition-ignored",
        ("CCP-EMAID-02", "CCP-PCID-03", "CCP-SCD-08"),
        "The edition that is asked for is ignored.",
        "ccp.emaid.version",
        "ccp.pcid.version",
        "ccp.fetch.version",
    ),
    _fault(
        "root-ignored",
        ("CCP-EMAID-03", "CCP-SCD-09"),
        "The V2G root that is asked for is ignored.",
        "ccp.emaid.root",
        "ccp.fetch.root",
    ),
    _fault(
        "any-values-taken",
        ("CCP-EMAID-04", "CCP-EMAID-07", "CCP-PCID-04"),
        "Ids and values that are none are answered with an empty list.",
        tamper=dict.fromkeys((BY_EMAID, BY_PCID), answered(200, 400, b'{"contractDataCollection":[]}')),
    ),
    _fault(
        "nothing-listed-refused",
        ("CCP-EMAID-05", "CCP-PCID-05"),
        "Asking for contracts that are not there is answered 400.",
        # 404 is the reference and an empty list tolerated, 400 is neither (ERR-087).
        tamper=dict.fromkeys((BY_EMAID, BY_PCID), answered(400, 404)),
    ),
    _fault(
        "leaked-to-emsps",
        ("CCP-EMAID-06", "AUTH-OWN-02"),
        "An eMSP can list the contracts of others.",
        "ccp.emaid.owner",
    ),
    *(
        _fault(
            f"wrong-{name}",
            "CCP-EMAID-08",
            f"The member {name} contradicts the contract.",
            tamper=set_member(BY_EMAID, LISTED, name, value),
        )
        for name, value in {
            "certValidFrom": "2001-01-01T00:00:00Z",
            "certValidTo": "2099-12-31T23:59:59Z",
            "cpsV2GRootCertificateFingerprint": "0" * 64,
        }.items()
    ),
    _fault(
        "first-contract-listed",
        "CCP-PCID-01",
        "Of the contracts of a vehicle the first is listed.",
        tamper=first(BY_PCID, LISTED),
    ),
    _fault(
        "all-defaults",
        "CCP-PCID-02",
        "Every contract is said to be the default.",
        tamper=set_member(BY_PCID, LISTED, "defaultContract", value=True),
    ),
    _fault(
        "leaked-to-oems",
        ("CCP-PCID-06", "AUTH-OWN-01"),
        "An OEM can list the contracts of vehicles of others.",
        "ccp.pcid.owner",
    ),
)

CHOOSING = (
    _fault(
        "choice-ignored",
        ("CCP-DEF-01", "CCP-DEF-02", "CCP-PCID-02"),
        "The default that the OEM chooses is not kept.",
        "ccp.default.set",
    ),
    _fault(
        "two-defaults",
        ("CCP-DEF-03", "CCP-PCID-02"),
        "A new default does not replace the old one.",
        "ccp.default.clear",
    ),
    _fault(
        "any-choice-taken",
        "CCP-DEF-04",
        "Ids that are none are taken for a choice.",
        tamper={DEFAULT: answered(200, 400, b"", "")},
    ),
    _fault(
        "unknown-chosen",
        "CCP-DEF-05",
        "A contract that is not there can be made the default.",
        "ccp.default.known",
    ),
    _fault(
        "chosen-by-anybody",
        "CCP-DEF-06",
        "An OEM can choose for vehicles of others.",
        "ccp.default.owner",
    ),
    _fault("chosen-once", "CCP-DEF-07", "A choice cannot be repeated.", tamper=once(DEFAULT, SIGNED)),
)

WITHDRAWING = (
    _fault("delete-without-removing", "CCP-DEL-01", "A deleted contract stays.", "ccp.withdraw.remove"),
    _fault(
        "any-emaid-deleted",
        "CCP-DEL-02",
        "Deleting an EMAID that is none is answered 200.",
        tamper={DELETE: answered(200, 400, b"", "")},
    ),
    _fault(
        "unknown-deleted", "CCP-DEL-03", "Deleting an unknown contract is answered 200.", "ccp.delete.known"
    ),
    _fault(
        "delete-without-revoking",
        "CCP-DEL-04",
        "The certificate of a deleted contract stays valid.",
        # What a CA of the ecosystem has issued is revoked with the deletion (ERR-090).
        "ccp.withdraw.revoke",
    ),
    _fault(
        "always-revoked",
        "CCP-DEL-05",
        "The certificate of a deleted contract is revoked even if the eMSP does not want it.",
        replaced={"ccp.delete.skip": lambda _call: False},
    ),
    _fault(
        "deleted-by-anybody",
        ("CCP-DEL-07", "AUTH-OWN-02"),
        "An eMSP can delete contracts of others.",
        "ccp.delete.owner",
    ),
    _fault(
        "deletion-untold",
        ("CCP-DEL-08", "EVT-TYPE-03"),
        "The OEM is not told that a contract was deleted.",
        "ccp.withdraw.announce",
    ),
    _fault(
        "everything-deleted",
        "CCP-DEL-09",
        "Deleting one contract deletes others as well.",
        replaced={"ccp.delete.scope": lambda _call: sql.true()},
    ),
    _fault(
        "foreign-not-deleted",
        "CCP-DEL-10",
        "A contract that was not issued here cannot be deleted.",
        # What another CA has issued is deleted all the same, and nothing revoked (ERR-090).
        replaced={"ccp.withdraw.revoke": only_own},
    ),
    _fault(
        "expired-kept",
        "CCP-CLN-01",
        "Contracts that have expired stay in the pool.",
        "ccp.cleansing.expired",
    ),
    _fault(
        "revoked-kept",
        "CCP-CLN-02",
        "Contracts that are revoked stay in the pool.",
        "ccp.cleansing.revoked",
    ),
)

FAULTS: tuple[Fault, ...] = (*STORING, *LISTING, *CHOOSING, *WITHDRAWING)
