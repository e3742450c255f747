from __future__ import annotations

import copy
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from opnc import catalogue
from opnc.contract.diff import compare
from opnc.problem import Problem
from tests.opnc.contract.specification import made

if TYPE_CHECKING:
    from collections.abc import Callable

KNOWN = frozenset(catalogue.load().errata)
RCP = "apis/rcp/rcp.api.v1.json"
CCP = "apis/ccp/ccp.api.v1.json"


@pytest.fixture
def files() -> dict[str, Any]:
    return copy.deepcopy(made())


def listing(files: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = files[RCP]["paths"]["/rootcertificates"]["get"]
    return found


def root(files: dict[str, Any]) -> dict[str, Any]:
    """The schema of a root, in the one place of the made-up files that a test changes."""
    return schema(files, RCP, "/rootcertificates", "put")


def schema(files: dict[str, Any], file: str, path: str, method: str) -> dict[str, Any]:
    request = files[file]["paths"][path][method]["requestBody"]
    found: dict[str, Any] = request["content"]["application/json"]["schema"]
    return found


def test_the_text_as_the_errata_describe_it_is_covered(files: dict[str, Any]) -> None:
    found = compare(files, KNOWN)
    assert found.open == ()
    assert found.operations == 28
    counts = Counter(erratum for each in found.covered for erratum in each.errata)
    assert counts["ERR-171"] == 12
    assert counts["ERR-010"] > 3


def add_status(files: dict[str, Any]) -> None:
    listing(files)["responses"]["418"] = {"description": "new"}


def drop_status(files: dict[str, Any]) -> None:
    del listing(files)["responses"]["503"]


def add_media_type(files: dict[str, Any]) -> None:
    listing(files)["responses"]["200"]["content"]["text/csv"] = {"schema": {}}


def rename_property(files: dict[str, Any]) -> None:
    root(files)["properties"]["commonname"] = root(files)["properties"].pop("commonName")


def drop_property(files: dict[str, Any]) -> None:
    del root(files)["properties"]["labeledUri"]


def change_enum(files: dict[str, Any]) -> None:
    listing(files)["parameters"][4]["schema"]["enum"].append("cpo")


def change_pattern(files: dict[str, Any]) -> None:
    root(files)["properties"]["rootCertificateId"]["pattern"] = "^.*$"


def change_pattern_at_an_erratum(files: dict[str, Any]) -> None:
    root(files)["properties"]["caCertificate"]["pattern"] = "^[A-Z]*$"


def change_limit_at_an_erratum(files: dict[str, Any]) -> None:
    root(files)["properties"]["caCertificate"]["maxLength"] = 1068


def drop_required(files: dict[str, Any]) -> None:
    schema(files, CCP, "/signedcontractdata", "put")["required"].remove("pcid")


def drop_required_at_an_erratum(files: dict[str, Any]) -> None:
    root(files)["required"].remove("caCertificate")


def change_type(files: dict[str, Any]) -> None:
    root(files)["properties"]["commonName"]["type"] = "integer"


def change_format(files: dict[str, Any]) -> None:
    del root(files)["properties"]["validTo"]["format"]


def add_keyword(files: dict[str, Any]) -> None:
    root(files)["additionalProperties"] = False


def require_parameter(files: dict[str, Any]) -> None:
    listing(files)["parameters"][4]["required"] = True


def add_parameter(files: dict[str, Any]) -> None:
    parameters = listing(files)["parameters"]
    parameters.append({"name": "page", "in": "query", "schema": {"type": "integer"}})


def add_operation(files: dict[str, Any]) -> None:
    files[RCP]["paths"]["/new"] = {"get": {"operationId": "newV1", "responses": {}}}


def rename_operation(files: dict[str, Any]) -> None:
    listing(files)["operationId"] = "listRootCertificatesV1"


def move_path(files: dict[str, Any]) -> None:
    paths = files[RCP]["paths"]
    paths["/roots"] = paths.pop("/rootcertificates")


def move_base(files: dict[str, Any]) -> None:
    files[RCP]["servers"][0]["url"] = "https://api.server.test/opnc/v2/rcp"


def add_document(files: dict[str, Any]) -> None:
    files["apis/new/new.api.v1.json"] = {"openapi": "3.0.2", "paths": {"/x": {"get": {"responses": {}}}}}


@pytest.mark.parametrize(
    ("change", "where", "published"),
    [
        (add_status, "getRootCertificatesV1 > responses > 418", '{"description": "new"}'),
        (drop_status, "getRootCertificatesV1 > responses > 503", "nothing"),
        (add_media_type, "getRootCertificatesV1 > responses > 200 > content > text/csv", '{"schema": {}}'),
        (rename_property, "schema > properties > commonName", "nothing"),
        (rename_property, "schema > properties > commonname", '{"type": "string"}'),
        (drop_property, "schema > properties > labeledUri", "nothing"),
        (change_enum, "parameters > pkiType > schema > enum", '["emsp", "v2g", "oem", "pe", "cpo"]'),
        (change_pattern, "schema > properties > rootCertificateId > pattern", '"^.*$"'),
        (change_pattern_at_an_erratum, "schema > properties > caCertificate > pattern", '"^[A-Z]*$"'),
        (change_limit_at_an_erratum, "schema > properties > caCertificate > maxLength", "1068"),
        (
            drop_required,
            "addSignedContractDataV1 > requestBody > content > application/json > schema > required",
            '["emaid", "certificateInstallationRes", ',
        ),
        (drop_required_at_an_erratum, "application/json > schema > required", '["rootType"]'),
        (change_type, "schema > properties > commonName > type", '"integer"'),
        (change_format, "schema > properties > validTo > format", "nothing"),
        (add_keyword, "schema > additionalProperties", "false"),
        (require_parameter, "getRootCertificatesV1 > parameters > pkiType > required", "true"),
        (add_parameter, "getRootCertificatesV1 > parameters > page", "{"),
        (add_operation, "newV1", "{"),
        (rename_operation, "getRootCertificatesV1", "nothing"),
        (rename_operation, "listRootCertificatesV1", "{"),
        (move_path, "getRootCertificatesV1 > path", '"/roots"'),
        (move_base, "putRootCertificateV1 > base", '"/opnc/v2/rcp"'),
        (add_document, "apis/new/new.api.v1.json get /x", "{"),
    ],
)
def test_a_seeded_difference_is_found(
    files: dict[str, Any], change: Callable[[dict[str, Any]], None], where: str, published: str
) -> None:
    change(files)
    found = compare(files, KNOWN)
    assert [
        each for each in found.open if each.where.endswith(where) and each.published.startswith(published)
    ]
    assert len(found.open) <= 4


def test_what_only_describes_is_not_compared(files: dict[str, Any]) -> None:
    root(files).update(title="Other", description="Other", example={})
    listing(files).update(summary="Other", tags=["x"])
    assert compare(files, KNOWN).open == ()


def test_a_property_named_like_a_keyword_is_compared(files: dict[str, Any]) -> None:
    endpoint = schema(files, "apis/event/event.api.v1.json", "/opnc/v1/event/endpoints", "post")
    del endpoint["properties"]["description"]
    assert [each.where.rpartition(" > ")[2] for each in compare(files, KNOWN).open] == ["description"]


def test_the_order_of_an_enumeration_does_not_matter(files: dict[str, Any]) -> None:
    listing(files)["parameters"][4]["schema"]["enum"].reverse()
    assert compare(files, KNOWN).open == ()


def test_an_erratum_that_the_catalogue_lacks_covers_nothing(files: dict[str, Any]) -> None:
    found = compare(files, KNOWN - {"ERR-107", "ERR-171"})
    assert len(found.open) == 12
    assert {each.errata for each in found.open} == {("ERR-171",)}


def test_a_repaired_text_needs_no_erratum(files: dict[str, Any]) -> None:
    before = compare(files, KNOWN)
    wrapper = listing(files)["responses"]["200"]["content"]["application/json"]["schema"]
    wrapper["required"] = ["rootCertificateCollection"]
    after = compare(files, KNOWN)
    assert after.open == ()
    assert [each.errata for each in before.covered if each not in after.covered] == [("ERR-172",)]


def test_references_lead_through_files(files: dict[str, Any]) -> None:
    item = files[RCP]["paths"]["/rootcertificates"]
    files["components/item.json"] = {"items": {"a/b": item}}
    files[RCP]["paths"]["/rootcertificates"] = {"$ref": "../../components/item.json#/items/a~1b"}
    assert compare(files, KNOWN).open == ()


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("./absent.json", "names nothing"),
        ("#/components/absent", "names nothing"),
        ("#", "leads back to itself"),
    ],
)
def test_a_reference_that_leads_nowhere_is_named(files: dict[str, Any], target: str, message: str) -> None:
    files[RCP]["paths"]["/rootcertificates"] = {"$ref": target}
    with pytest.raises(Problem, match=message) as caught:
        compare(files, KNOWN)
    assert "rcp.api.v1.json" in str(caught.value)


def test_a_missing_document_is_named(files: dict[str, Any]) -> None:
    del files[CCP]
    with pytest.raises(Problem, match=r"missing: apis/ccp/ccp\.api\.v1\.json"):
        compare(files, KNOWN)


@pytest.mark.parametrize("wrong", [None, 7, "x", [1]])
@pytest.mark.parametrize("key", ["paths", "servers"])
def test_a_document_of_another_shape_is_refused(files: dict[str, Any], key: str, wrong: Any) -> None:
    files[RCP][key] = wrong
    with pytest.raises(Problem, match="expected a JSON"):
        compare(files, KNOWN)
