from __future__ import annotations

import pytest

from opnc import catalogue, contract, negatives
from opnc.contract import Operation, Severity, check_value

OPERATIONS = [operation for operation in contract.load() if operation.service != "webhook"]
CASES = [case for operation in OPERATIONS for case in negatives.cases(operation)]


def named(operation_id: str) -> Operation:
    return contract.load().operation(operation_id)


def flaws(operation_id: str, place: str) -> list[str]:
    return [case.flaw for case in negatives.cases(named(operation_id)) if case.place.name == place]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.operation.id} {case.place.name} {case.flaw}")
def test_every_flaw_breaks_the_contract(case: negatives.Case) -> None:
    if case.flaw == negatives.MISSING:
        assert case.place.required
    else:
        severities = {found.severity for found in check_value(case.value, case.place.schema)}
        assert Severity.FAIL in severities


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_the_cases_of_an_operation_have_names_of_their_own(operation: Operation) -> None:
    names = [(case.place.name, case.flaw) for case in negatives.cases(operation)]
    assert len(set(names)) == len(names)


def test_the_requirements_that_flaws_break_are_in_the_catalogue() -> None:
    assert {case.requirement for case in CASES} <= catalogue.load().requirements.keys()


def test_text_can_be_too_short_too_long_or_of_another_form() -> None:
    assert flaws("generateAndSignContractDataV1", "pcid") == [
        *("missing", "null", "a number", "empty"),
        *("too short", "too long", "of another form"),
    ]


def test_a_vocabulary_can_be_left() -> None:
    assert flaws("revokeCertV1", "revocationReason") == [
        *("missing", "null", "a number", "empty", "outside the vocabulary")
    ]


def test_members_of_members_and_entries_of_lists_have_flaws_too() -> None:
    assert "missing" in flaws("signContractDataV1", "contractCertificateBundle.dHpublickey")
    assert flaws("postEndpointV1", "an entry of enabledEvents") == ["a number", "outside the vocabulary"]


def test_what_need_not_be_there_cannot_be_missing() -> None:
    assert flaws("postEndpointV1", "description") == ["null", "a number"]


def test_a_member_of_something_optional_is_optional_itself() -> None:
    chain = "provisioningCertificateChain"
    places = {place.name: place for place in negatives.places(named("addProvisioningCertificateV1"))}
    assert places[f"{chain}.certificate"].required
    assert not places[f"{chain}.subCa1Certificate"].required


def test_a_case_is_found_by_its_names_and_no_other_is() -> None:
    case = negatives.case("revokeCertV1", "certificate", "null")
    assert (case.value, case.requirement) == (None, "PKI-REVOKE-15")
    with pytest.raises(KeyError, match="no case 'certificate' 'too good'"):
        negatives.case("revokeCertV1", "certificate", "too good")
