from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from features.vocabulary.nouns import KINDS, Subject, Time
from features.vocabulary.plans import DraftPlan, RootPlan, VehiclePlan
from features.vocabulary.references import Ref

READ: dict[str, dict[str, Any]] = {
    "party": {
        "the OEM": Ref("party", "oem"),
        "the oem": Ref("party", "oem"),
        "the other eMSP": Ref("party", "other emsp"),
        "the eMSP with own PKI of beta": Ref("party", "emsp with own pki of beta"),
        "its eMSP": Ref("party", "its emsp"),
        "somebody without credentials": Ref("party", "somebody without credentials"),
        "a pool with a token of beta": Ref("party", "a pool with a token of beta"),
    },
    "vehicle": {
        "that vehicle": Ref("vehicle"),
        "the vehicle": Ref("vehicle"),
        "the other vehicle": Ref("vehicle", "other"),
        "the vehicle with its new certificate": Ref("vehicle", "new"),
        "the new certificate": Ref("vehicle", "new"),
        "the old certificate": Ref("vehicle"),
        'the PCID "WDB"': Ref("vehicle", literal="WDB"),
        "an impostor of that vehicle": Ref("vehicle", facet="impostor"),
    },
    "new_vehicle": {
        "a vehicle": Ref("vehicle", new=True, plan=VehiclePlan()),
        "another vehicle of beta": Ref("vehicle", "other", new=True, plan=VehiclePlan(owner="beta")),
        "a vehicle of the OEM of beta, below a root of beta": Ref(
            "vehicle", new=True, plan=VehiclePlan(owner="oem of beta", root_of="beta")
        ),
        "a vehicle of the OEM with secp521r1 keys whose certificate has 1600 bytes": Ref(
            "vehicle", new=True, plan=VehiclePlan(owner="oem", keys="secp521r1", size=1600)
        ),
        "a vehicle of the OEM whose subCa1Certificate is a number": Ref(
            "vehicle", new=True, plan=VehiclePlan(owner="oem", member="subCa1Certificate", garbage="a number")
        ),
        "a vehicle of both editions of ISO 15118": Ref(
            "vehicle", new=True, plan=VehiclePlan(both_editions=True)
        ),
        "a vehicle of the OEM, without a chain": Ref(
            "vehicle", new=True, plan=VehiclePlan(owner="oem", special="without a chain")
        ),
        "another vehicle whose Sub-CA 1 has expired and whose root nobody knows": Ref(
            "vehicle",
            "other",
            new=True,
            plan=VehiclePlan(special="whose Sub-CA 1 has expired and whose root nobody knows"),
        ),
    },
    "contract": {
        "that contract": Ref("contract"),
        "the second contract": Ref("contract", "second"),
        "the new data of that contract": Ref("contract", "new"),
        'the contract "DEABC"': Ref("contract", literal="DEABC"),
    },
    "contracts": {
        "both contracts": (Ref("contract"), Ref("contract", "second")),
        "all three contracts": (Ref("contract"), Ref("contract", "second"), Ref("contract", "third")),
        "no contract": (),
        "the third contract": (Ref("contract", "third"),),
    },
    "new_contract": {"a second contract": Ref("contract", "second", new=True)},
    "draft": {
        "an order": Ref("contract", new=True, plan=DraftPlan("order")),
        "a further order": Ref("contract", "further", new=True, plan=DraftPlan("order")),
        "new signed contract data": Ref("contract", "new", new=True, plan=DraftPlan("signed contract data")),
    },
    "draft_ref": {
        "those contract data": Ref("contract", plan=DraftPlan("contract data")),
        "the further order": Ref("contract", "further", plan=DraftPlan("order")),
    },
    "new_root": {
        "a root": Ref("root", new=True, plan=RootPlan()),
        'a root of types "oem, emsp"': Ref("root", new=True, plan=RootPlan(types=("oem", "emsp"))),
        "a root that has expired": Ref("root", new=True, plan=RootPlan(lasts=-timedelta(days=1))),
        "a root that expired 15 minutes ago": Ref(
            "root", new=True, plan=RootPlan(lasts=-timedelta(minutes=15))
        ),
        "a root that expires in 15 minutes": Ref(
            "root", new=True, plan=RootPlan(lasts=timedelta(minutes=15))
        ),
        "a root that is not valid yet": Ref("root", new=True, plan=RootPlan(valid_later=True)),
        "a root with a revocation list that names it": Ref(
            "root", new=True, plan=RootPlan(revocation_list=True, revoked=True)
        ),
        "another root with every member that it may have": Ref(
            "root", "other", new=True, plan=RootPlan(all_members=True)
        ),
        "a root of 700 bytes": Ref("root", new=True, plan=RootPlan(size=700)),
        "the tester's own OEM root, which lasts for 3 days": Ref(
            "root", new=True, plan=RootPlan(types=("oem",), lasts=timedelta(days=3), own=True)
        ),
        "the eMSP root of beta": Ref("root", new=True, plan=RootPlan(types=("emsp",), of="beta")),
        "a second OEM root with the name of a known one": Ref(
            "root", "second", new=True, plan=RootPlan(types=("oem",), twin=True)
        ),
        "a Sub-CA certificate as a root": Ref(
            "root", new=True, plan=RootPlan(no_root="a Sub-CA certificate")
        ),
        'a root without "types"': Ref("root", new=True, plan=RootPlan(without="types")),
    },
    "root": {
        "that root": Ref("root"),
        'the root with the id "a "b""': Ref("root", literal='a "b"'),
        "the root with an id nobody was given": Ref("root", facet="unknown"),
    },
    "certificate": {
        "that certificate": Ref("certificate"),
        "the certificate of the other vehicle": Ref(
            "certificate", facet="certificate of the vehicle", of=Ref("vehicle", "other")
        ),
        "the Sub-CA 2 of that vehicle": Ref(
            "certificate", facet="Sub-CA 2 of the vehicle", of=Ref("vehicle")
        ),
        "the certificate of the second contract": Ref(
            "certificate", facet="certificate of the contract", of=Ref("contract", "second")
        ),
        "the certificate of the CPS": Ref("certificate", facet="of the CPS"),
        "the other certificate": Ref("certificate", "other"),
        "its CA": Ref("certificate", facet="its CA"),
    },
    "new_certificate": {
        "a certificate": Ref("certificate", new=True),
        "another certificate": Ref("certificate", "other", new=True),
    },
    "answer": {
        "the answer": Ref("answer", "latest"),
        "the reading": Ref("answer", "reading"),
        "the second answer": Ref("answer", "second"),
        "the answer of the other CPO": Ref("answer", "of other cpo"),
    },
    "time": {
        "1 day and the cleansing interval": Time(1, cleansing=True),
        "the cleansing interval": Time(0, cleansing=True),
        "3 days": Time(3, cleansing=False),
    },
    "subject": {
        "something of the other oem under its second id": Subject("other oem", which="second"),
        "a PCID of 17 characters of the OEM": Subject("oem", length=17),
        'a PCID of the OEM that ends in "X"': Subject("oem", ends_in="X"),
    },
    "statuses": {"one of 400, 409 or 422": (400, 409, 422), "200": (200,)},
    "names": {'"a, b"': ("a", "b")},
    "text": {'""': ""},
    "domain": {"the domain veh": "veh"},
    "service": {"the rcp service": "rcp"},
}


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [(kind, text, expected) for kind, texts in READ.items() for text, expected in texts.items()],
)
def test_a_noun_is_read(kind: str, text: str, expected: object) -> None:
    assert re.fullmatch(KINDS[kind].pattern, text)
    assert KINDS[kind].read(text) == expected


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("vehicle", "that vehicle of the OEM"),
        ("new_vehicle", "a vehicle with Ed448 keys under a V2G root"),
        ("party", "the OEM backend"),
        ("party", "the eMSP of omega"),
        ("new_root", "a root of no type"),
        ("statuses", "20"),
    ],
)
def test_what_is_no_noun_of_a_kind_is_not_read(kind: str, text: str) -> None:
    assert not re.fullmatch(KINDS[kind].pattern, text)


@pytest.mark.parametrize("name", KINDS)
def test_kinds_have_examples_and_no_groups_of_their_own(name: str) -> None:
    kind = KINDS[name]
    assert re.compile(kind.pattern).groups == 0
    assert kind.examples
    for example in kind.examples:
        assert re.fullmatch(kind.pattern, example), example
        kind.read(example)
