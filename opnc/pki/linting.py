"""RFC 5280 and RFC 6960 as such, judged by `pkilint`, which was made for it.

Imported when first used, for that takes a good part of a second. What is left out, and why, stands in
`LEFT_OUT`.
"""

from __future__ import annotations

import logging
import warnings
from functools import cache
from typing import TYPE_CHECKING, Any

from opnc.pki.deviations import Deviation
from opnc.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

LEFT_OUT = {
    # ISO 15118 writes the role of a certificate there: V2G, CPO, CPS, OEM, MO.
    "pkix.name_domain_components_invalid_domain_name",
    # No fault: how the key identifier was made, where every way is allowed.
    "pkix.subject_key_identifier_method_1_identified",
    "pkix.subject_key_identifier_method_2_identified",
    "pkix.subject_key_identifier_rfc7093_method_1_identified",
    "pkix.subject_key_identifier_rfc7093_method_2_identified",
    "pkix.subject_key_identifier_rfc7093_method_3_identified",
    "pkix.subject_key_identifier_rfc7093_method_4_identified",
    "pkix.unknown_subject_key_identifier_calculation_method",
    # ISO 15118-2 Annex F demands keyEncipherment of contract certificates, whose keys are on a curve.
    "pkix.key_usage_value_prohibited_for_ec",
    # Judged by the profile, with the clause of ISO 15118.
    "pkix.subject_key_identifier_extension_absent",
    "pkix.authority_key_identifier_extension_absent",
}
"""Codes of findings that do not fit the PKIs of Plug & Charge, or that are judged elsewhere."""

_OWN = {
    "pkix.certificate_signature_algorithm_mismatch": "signature-algorithm-mismatch",
    "pkix.certificate_version_is_not_v3": "certificate-version",
    "pkix.invalid_time_syntax": "time-form",
    "pkix.generalizedtime_incorrect_syntax": "time-form",
    "pkix.utctime_incorrect_syntax": "time-form",
    "pkix.certificate_serial_number_out_of_range": "serial-number",
}
"""Codes for which reading or profile have a finding of their own."""

_SEVERITIES = {
    "FATAL": Severity.FAIL,
    "ERROR": Severity.FAIL,
    "WARNING": Severity.WARN,
    "NOTICE": Severity.INFO,
}


def lint_certificate(data: bytes, named: Collection[str] = ()) -> tuple[Deviation, ...]:
    """Return what in a certificate breaks RFC 5280.

    Args:
        data: The certificate in DER.
        named: Names of findings that it has already: they are not told twice.
    """
    return _lint("certificate", data, "RFC 5280", named)


def lint_crl(data: bytes) -> tuple[Deviation, ...]:
    """Return what in a CRL, in DER, breaks RFC 5280."""
    return _lint("crl", data, "RFC 5280")


def lint_ocsp_response(data: bytes) -> tuple[Deviation, ...]:
    """Return what in an OCSP response, in DER, breaks RFC 6960."""
    return _lint("ocsp", data, "RFC 6960")


def _lint(kind: str, data: bytes, clause: str, named: Collection[str] = ()) -> tuple[Deviation, ...]:
    try:
        load, validator = _validators()[kind]
    except ImportError:
        seen = "pkilint is not installed"
        return (Deviation("not-linted", kind, f"a look by {clause}", seen, clause, Severity.INFO),)
    with warnings.catch_warnings():
        # What it thinks of its own libraries is no matter of the certificate.
        warnings.simplefilter("ignore")
        try:
            results = validator.validate(load(data, kind).root)
        except Exception as error:  # noqa: BLE001 - whatever a linter stumbles over is worth a word, no more
            seen = str(error).partition("\n")[0][:160] or type(error).__name__
            return (Deviation("not-linted", kind, "a structure that can be decoded", seen, clause),)
    return tuple(_deviations(results, clause, named))


def _deviations(results: Any, clause: str, named: Collection[str]) -> Iterator[Deviation]:
    told = set()
    for result in results:
        for description in result.finding_descriptions:
            code, severity = description.finding.code, _SEVERITIES.get(description.finding.severity.name)
            if severity is None or code in LEFT_OUT or _OWN.get(code) in named:
                continue
            name = code.rpartition(".")[2].replace("_", "-")
            field = str(result.node.path).removeprefix("certificate.") or "certificate"
            seen = (description.message or "").partition("\n")[0][:200] or "otherwise"
            # Several validators may come upon one thing.
            if (code, field, seen) in told:
                continue
            told.add((code, field, seen))
            yield Deviation(name, field, f"as {code} says", seen, clause, severity)


def _loading(loader: Any) -> Callable[[bytes, str], Any]:
    load: Callable[[bytes, str], Any] = loader.load_der_document
    return load


@cache
def _validators() -> dict[str, tuple[Callable[[bytes, str], Any], Any]]:
    from pkilint import loader, pkix  # noqa: PLC0415 - slow, and needed by one command
    from pkilint.pkix import certificate, crl, extension, name, ocsp  # noqa: PLC0415 - as above

    # It logs what its own validators stumble over: what it says of the certificate is all that is wanted.
    logger = logging.getLogger("pkilint")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    attributes = pkix.create_attribute_decoder(name.ATTRIBUTE_TYPE_MAPPINGS)
    extensions = pkix.create_extension_decoder(extension.EXTENSION_MAPPINGS)
    of_certificates = certificate.create_pkix_certificate_validator_container(
        certificate.create_decoding_validators(name.ATTRIBUTE_TYPE_MAPPINGS, extension.EXTENSION_MAPPINGS),
        [
            certificate.create_issuer_validator_container([]),
            certificate.create_validity_validator_container(),
            certificate.create_subject_validator_container([]),
            certificate.create_extensions_validator_container([]),
            certificate.create_spki_validator_container([]),
        ],
    )
    of_crls = crl.create_pkix_crl_validator_container(
        [attributes, extensions],
        [
            crl.create_issuer_validator_container([]),
            crl.create_validity_validator_container([]),
            crl.create_extensions_validator_container([]),
        ],
    )
    of_responses = ocsp.create_pkix_ocsp_response_validator_container(
        [ocsp.create_response_decoder(), attributes, extensions], []
    )
    return {
        "certificate": (_loading(loader.RFC5280CertificateDocumentLoader()), of_certificates),
        "crl": (_loading(loader.RFC5280CertificateListDocumentLoader()), of_crls),
        "ocsp": (_loading(loader.RFC6960OCSPResponseDocumentLoader()), of_responses),
    }
