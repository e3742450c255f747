"""What steps demand of the PKI services."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from pytest_bdd import parsers, then

from fixtures.answers import certificate_status as status_answers
from fixtures.answers import est as est_answers
from fixtures.answers import roots as root_answers
from fixtures.judgements import certificates as judgements
from fixtures.judgements.findings import info
from fixtures.judgements.stock_est import understood
from fixtures.judging import expect, expect_equal, expect_in
from reports.model import Finding, FindingLevel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fixtures.answers.certificate_status import StatusAnswer
    from fixtures.answers.roots import Root
    from fixtures.bench.interface import Bench
    from fixtures.evidence.exchange import Exchange, Response
    from fixtures.judgements.stock_est import StockClient
    from fixtures.judging import Judge
    from fixtures.testdata.csr import CertificationRequest, IssuedCertificate
    from opnc.pki.reading import ReadCertificate
    from opnc.pki.revocation import Status


def _is_200(answer: Exchange) -> None:
    expect_equal(f"status of {answer.operation.id}", expected=200, seen=answer.answer.status)


ANSWERS: dict[str, Callable[[Response], Iterator[Finding]]] = {
    "is certs-only PKCS#7 in base64": judgements.form,
    "holds one certificate and nothing else": judgements.one_certificate,
    "holds the CA certificates of ISO 15118-2 up to a root": partial(
        judgements.ca_certificates, version="ISO15118-2"
    ),
    "holds the CA certificates of ISO 15118-20 up to a root": partial(
        judgements.ca_certificates, version="ISO15118-20"
    ),
    **{
        f"holds {algorithm} keys alone": partial(judgements.algorithm, expected=algorithm)
        for algorithm in ("secp256r1", "secp521r1", "ed448")
    },
}
"""What scenarios demand of an EST answer -> its judgement."""


@then(parsers.re(f"the answer (?P<what>{'|'.join(map(re.escape, ANSWERS))})"))
def est_answer_is_right(answer: Exchange, judge: Judge, what: str) -> None:
    """Judge an EST answer on its own."""
    _is_200(answer)
    judge.require(ANSWERS[what](answer.answer))


@then("its root is one of the list")
def root_is_listed(answer: Exchange, pool: list[Root], judge: Judge) -> None:
    """Compare with the root certificate pool."""
    listed = [read for root in pool if (read := root_answers.certificate(root))]
    judge.require(judgements.root_is_listed(answer.answer, listed))


@then("the answer is 200 as for ISO 15118-2, or a refusal that ERR-101 allows")
def is_default_edition(answer: Exchange, judge: Judge) -> None:
    """Demand the default edition; that the parameter is demanded is noted."""
    if answer.answer.status == 400:
        judge.require(
            [info("iso15118Version left out", expected="ISO15118-2", seen="400", erratum="ERR-101")]
        )
        return
    _is_200(answer)
    found = est_answers.certificates(answer.answer)
    expect(found, "the answer", expected="certificates", seen="none")
    for certificate in found:
        expect_equal(f"key of {certificate.subject}", expected="secp256r1", seen=certificate.key_algorithm)


@then("the answer holds the certificate asked for")
def holds_certificate(
    answer: Exchange,
    request_made: CertificationRequest,
    ca_chain: tuple[ReadCertificate, ...],
    bench: Bench,
    judge: Judge,
) -> None:
    """Judge the certificate issued: name, key, profile, chain, validity."""
    _is_200(answer)
    judge.require(judgements.issued(answer.answer, request_made, ca_chain, bench.clock.now()))


@then("stock EST clients understand both answers")
def stock_clients_understand(stock: StockClient, request_made: CertificationRequest, judge: Judge) -> None:
    """Judge the answers by what widespread clients do with them."""
    judge.require(understood(stock, request_made))


@then("the certificate issued holds the key of the request")
def holds_key(answer: Exchange, request_made: CertificationRequest, judge: Judge) -> None:
    """Judge the public key."""
    judge.require(judgements.public_key(_issued(answer), request_made))


@then("the certificate issued names where its status is told")
def names_status(answer: Exchange, judge: Judge) -> None:
    """Judge the addresses in a certificate."""
    judge.require(judgements.names_status(_issued(answer)))


def _issued(answer: Exchange) -> ReadCertificate:
    _is_200(answer)
    found = est_answers.certificates(answer.answer)
    expect(found, "the answer", expected="a certificate", seen="none")
    return found[0]


@then("the certificate leads to the root of those CA certificates")
def leads_to_root(enrolled: IssuedCertificate, ca_chain: tuple[ReadCertificate, ...], judge: Judge) -> None:
    """Judge the chain of a certificate that was enrolled."""
    judge.require(judgements.chain(enrolled.leaf, ca_chain))


@then("the answer is 403, or the CA certificates are open to everybody as ERR-103 allows")
def is_closed_or_open(answer: Exchange, anonymous: Exchange, judge: Judge) -> None:
    """Demand a refusal of those without the right, unless nobody needs any."""
    if answer.answer.status == 200 and anonymous.answer.status == 200:
        judge.require(
            [
                info(
                    "CA certificates",
                    expected="for those with the right",
                    seen="open to everybody",
                    erratum="ERR-103",
                )
            ]
        )
        return
    expect_equal(f"status of {answer.operation.id}", expected=403, seen=answer.answer.status)


@then("the request is refused for its content, or served as ERR-112 allows")
def is_refused_or_served(answer: Exchange, judge: Judge) -> None:
    """Demand a refusal; that the organization may be absent is noted as a warning."""
    if answer.answer.status == 200:
        warning = replace(
            info("Organization left out", expected="400", seen="200", erratum="ERR-112"),
            level=FindingLevel.WARN,
        )
        judge.require([warning])
        return
    expect_equal(f"status of {answer.operation.id}", expected=400, seen=answer.answer.status)


@then("the revocation is done, or refused as ERR-108 allows for this reason")
def is_revoked_or_refused(answer: Exchange, judge: Judge) -> None:
    """Demand success; a refusal of a reason that is not for certificates is noted."""
    if answer.answer.status == 400:
        judge.require([info("revocationReason aACompromise", expected="200", seen="400", erratum="ERR-108")])
        return
    _is_200(answer)


@then(
    parsers.re(
        r"the responder tells that it is (?P<state>good|revoked|not good)(?: for the reason (?P<reason>\w+))?"
    )
)
def responder_tells(told: StatusAnswer, judge: Judge, state: str, reason: str | None) -> None:
    """Judge an OCSP response and what it says."""
    expect_equal("status of the OCSP response", expected=200, seen=told.answer.status)
    judge.require(judgements.ocsp_response(told))
    _demand_state(status_answers.status_by_ocsp(told), state, reason)


@then(parsers.re(r"the CRL (?P<what>lists it|does not list it)(?: for the reason (?P<reason>\w+))?"))
def crl_tells(listed: StatusAnswer, judge: Judge, what: str, reason: str | None) -> None:
    """Judge a CRL and what it says."""
    expect_equal("status of the CRL", expected=200, seen=listed.answer.status)
    judge.require(judgements.revocation_list(listed))
    state = "revoked" if what == "lists it" else "good"
    _demand_state(status_answers.status_by_crl(listed), state, reason)


def _demand_state(status: Status | None, state: str, reason: str | None = None) -> None:
    seen = status.state if status else "nothing about this certificate"
    expected = ("revoked", "unknown") if state == "not good" else (state,)
    expect_in("status of the certificate", expected=expected, seen=seen)
    if reason and status and status.revocation:
        expect_equal("reason of the revocation", expected=reason, seen=status.revocation.reason)
