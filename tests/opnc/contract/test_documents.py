from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from opnc import catalogue, contract
from opnc.contract import SERVICES, Service, document, load
from opnc.contract.documents import errata
from opnc.contract.reading import read_service
from opnc.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

GRADED = {"x-strict", "x-info"}
ALTERNATIVES = {"anyOf", "oneOf", "not", "if"}


def nodes(node: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every object of a document with the keys that lead to it."""
    if isinstance(node, list):
        for each in node:
            yield from nodes(each, above)
    elif isinstance(node, dict):
        yield above, node
        for key, value in node.items():
            yield from nodes(value, (*above, key))


@pytest.mark.parametrize("service", SERVICES)
def test_a_document_is_valid_openapi_3_1(service: str) -> None:
    OpenAPIV31SpecValidator(document(service)).validate()


@pytest.mark.parametrize("service", SERVICES)
def test_no_graded_schema_decides_between_alternatives(service: str) -> None:
    assert not [
        above
        for above, node in nodes(document(service))
        if GRADED & node.keys() and ALTERNATIVES & set(above)
    ]


@pytest.mark.parametrize("service", SERVICES)
def test_every_erratum_named_is_in_the_catalogue(service: str) -> None:
    known = catalogue.load().errata
    assert not [name for _, node in nodes(document(service)) for name in errata(node) if name not in known]


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_graded_or_was_published_otherwise_names_its_erratum(service: str) -> None:
    marked = GRADED | {"x-published", "x-severity", "x-no-body", "x-also"}
    assert not [
        above for above, node in nodes(document(service)) if marked & node.keys() and not errata(node)
    ]


def test_the_contract_has_the_28_operations() -> None:
    found = [(operation.service, operation.id) for operation in load()]
    assert len(found) == len(set(found)) == 28
    assert [sum(service == name for service, _ in found) for name in SERVICES] == [4, 4, 3, 7, 3, 5, 2]


def test_an_operation_is_found_by_its_published_id() -> None:
    operation = load().operation("getRootCertificateV1")
    assert (operation.service, operation.method) == ("rcp", "GET")
    assert operation.path == "/rootcertificates/{rootCertificateId}"
    assert operation is load().service("rcp").operations["getRootCertificateV1"]


def test_a_service_reads_its_own_document_only(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def noted(name: str) -> Service:
        read.append(name)
        return read_service(name)

    monkeypatch.setattr(contract, "read_service", noted)
    pki = contract.Contract()
    assert pki.service("pki") is pki.service("pki")
    assert read == ["pki"]


def test_an_unknown_operation_is_named_with_the_closest_one() -> None:
    with pytest.raises(Problem, match="getRootCertificate'") as caught:
        load().operation("getRootCertificate")
    assert caught.value.hint == "did you mean getRootCertificateV1?"


def test_an_unknown_service_is_named_with_the_known_ones() -> None:
    with pytest.raises(Problem, match="'rpc'") as caught:
        load().service("rpc")
    assert "rcp, pcp" in caught.value.hint
