"""The certificates in the published OPNC text: real ones, read from there, never copied."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from opnc.pki.chains import check_chain
from opnc.pki.conformance import check_profile
from opnc.pki.profiles import profile
from opnc.pki.reading import ReadCertificate, read_certificate
from opnc.pki.texts import read_key_identifier

if TYPE_CHECKING:
    from collections.abc import Iterator

MOMENT = datetime(2025, 6, 1, tzinfo=UTC)
_CERTIFICATE = re.compile(r"MI[A-Za-z0-9+/=\s]{400,2200}")


@cache
def published() -> dict[str, ReadCertificate]:
    """Return the certificates of the published text by common name."""
    for folder in Path(__file__).resolve().parents:
        specification = folder / "shared" / "opnc" / "specification"
        if specification.is_dir():
            return {
                certificate.common_name or "": certificate for certificate in _certificates(specification)
            }
    pytest.skip("no shared/opnc/specification above the repository")


def _certificates(specification: Path) -> Iterator[ReadCertificate]:
    for path in specification.rglob("*.json"):
        for text in _strings(json.loads(path.read_text("utf-8"))):
            if _CERTIFICATE.fullmatch(text):
                yield read_certificate(base64.b64decode(text))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for member in value.values() if isinstance(value, dict) else value:
            yield from _strings(member)


def test_the_root_is_the_one_known() -> None:
    root = published()["V2G Root CA QA G1"]
    assert root.fingerprint.startswith("4e05b892")
    assert root.fingerprint.endswith("0ff809")
    assert len(root.der) == 599
    assert root.self_signed
    assert root.extensions.subject_key_identifier == read_key_identifier("4b:45:ff:82:25:fc:10:96").value
    assert [finding.name for finding in check_profile(root, profile("iso2/v2g-root"))] == [
        "extended-key-usage"
    ]


@pytest.mark.parametrize(
    ("name", "kind", "findings"),
    [
        ("DEHUBCOPNCPROVCER", "iso2/provisioning", []),
        ("DEICECOPNCCERT", "iso2/contract", ["basic-constraints-ca-default-encoded"]),
    ],
)
def test_the_leaves_keep_their_profile_and_their_chains_are_good(
    name: str, kind: str, findings: list[str]
) -> None:
    leaf = published()[name]
    assert [finding.name for finding in leaf.findings] == findings
    assert check_profile(leaf, profile(kind)) == ()
    root = published()["V2G Root CA QA G1"]
    checked = check_chain(leaf, tuple(published().values()), [root], MOMENT)
    assert checked.ok
    assert checked.anchor == root
    assert len(checked.path) == 4


def test_the_mixed_case_contract_is_read_although_it_breaks_the_literal_limit() -> None:
    contract = published()["TUAABcAz2BK7JRa"]
    assert len(contract.der) == 758
    assert len(base64.b64encode(contract.der)) == 1012
    found = check_profile(contract, profile("iso2/contract"))
    assert [(finding.name, finding.severity) for finding in found] == [("size-as-text", "info")]
    assert "DC=SubCA2-CC" in contract.extensions.crl_urls[0]
