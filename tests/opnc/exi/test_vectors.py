"""The codec against bytes that EXIficient made, and against the message in the OPNC text."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from opnc.exi import decode, encode
from opnc.exi.json_form import from_json, to_json
from opnc.exi.reading import decode_any
from opnc.exi.xml_form import to_xml
from tests.opnc.exi.vectors import SCHEMAS

Vector = dict[str, Any]


def read(vector: Vector) -> Any:
    return decode(
        bytes.fromhex(vector["exi_hex"]), SCHEMAS[vector["schema"]], fragment=vector["kind"] == "fragment"
    )


def written(vector: Vector) -> bytes:
    decoded = read(vector)
    return encode(decoded.value, decoded.schema, fragment=decoded.fragment, tolerant=True)


def canonical(xml: str) -> str:
    return ET.canonicalize(xml, strip_text=True)


def test_a_vector_decodes_to_the_xml_it_was_made_from(vector: Vector) -> None:
    assert canonical(to_xml(read(vector))) == canonical(vector["xml_or_json"])


def test_a_vector_is_encoded_again_byte_for_byte(vector: Vector) -> None:
    if "DECODE ONLY" in vector["note"]:
        assert written(vector) != bytes.fromhex(vector["exi_hex"])
        assert read(vector).findings
    else:
        assert written(vector).hex() == vector["exi_hex"]


def test_a_vector_survives_json(vector: Vector) -> None:
    decoded = read(vector)
    value, schema, fragment = from_json(json.loads(json.dumps(to_json(decoded))))
    assert (value, schema, fragment) == (decoded.value, decoded.schema, decoded.fragment)


def test_a_vector_is_recognised_without_saying_what_it_is(vector: Vector) -> None:
    decoded = decode_any(bytes.fromhex(vector["exi_hex"]))
    assert (decoded.schema.name, decoded.root.name) == (vector["schema"], vector["root"].split(":")[1])


@pytest.mark.parametrize(
    ("name", "findings"),
    [
        ("iso2_CertificateInstallationReq_signed", []),
        ("iso2_CertificateInstallationReq_20roots", []),
        ("iso2_CertificateInstallationRes_FAILED_empty", ["empty-value"]),
        ("iso2_CertificateInstallationRes_FAILED_empty_exificient", ["undeclared-end", "empty-value"]),
        ("xmldsig_frag_SignedInfo_with_string_table_hits", ["string-table-hit"]),
    ],
)
def test_what_is_outside_the_norm_is_found(
    vectors: dict[str, Vector], name: str, findings: list[str]
) -> None:
    assert [finding.name for finding in read(vectors[name]).findings] == findings


def test_the_two_forms_of_an_empty_failure_mean_the_same(vectors: dict[str, Vector]) -> None:
    name = "iso2_CertificateInstallationRes_FAILED_empty"
    assert read(vectors[name]).value == read(vectors[f"{name}_exificient"]).value


def test_string_table_hits_stand_for_the_strings_written_out(vectors: dict[str, Vector]) -> None:
    hits = read(vectors["xmldsig_frag_SignedInfo_with_string_table_hits"])
    algorithms = {reference.DigestMethod.Algorithm for reference in hits.value.Reference}
    assert algorithms == {"http://www.w3.org/2001/04/xmlenc#sha256"}
    assert hits.findings[0].where == "the first of 7"


def test_the_response_of_the_opnc_text_is_encoded_again_byte_for_byte(example: Vector) -> None:
    assert len(bytes.fromhex(example["exi_hex"])) == 4020
    assert read(example).findings == ()
    assert written(example).hex() == example["exi_hex"]
    assert canonical(to_xml(read(example))) == canonical(example["xml_or_json"])
