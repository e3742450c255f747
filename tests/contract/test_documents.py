from __future__ import annotations

from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from opnc.contract import SERVICES, document, load

GRADED = {"x-strict", "x-info"}


@pytest.mark.parametrize("service", SERVICES)
def test_a_document_is_valid_openapi_3_1(service: str) -> None:
    OpenAPIV31SpecValidator(document(service)).validate()


def graded_below(node: Any, *, within: bool = False) -> bool:
    if isinstance(node, list):
        return any(graded_below(each, within=within) for each in node)
    if not isinstance(node, dict):
        return False
    return any(
        (within and key in GRADED)
        or graded_below(value, within=within or key in {"anyOf", "oneOf", "not", "if"})
        for key, value in node.items()
    )


@pytest.mark.parametrize("service", SERVICES)
def test_no_graded_schema_decides_between_alternatives(service: str) -> None:
    assert not graded_below(document(service))


def test_an_operation_is_found_by_its_published_id() -> None:
    operation = load().operation("getRootCertificateV1")
    assert (operation.service, operation.method, operation.path) == (
        "rcp",
        "GET",
        "/rootcertificates/{rootCertificateId}",
    )
