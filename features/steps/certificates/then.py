"""What is demanded of the PKI services: CA certificates, certificates issued, OCSP responses and CRLs."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from features.vocabulary.references import Ref
from features.vocabulary.steps import then
from features.vocabulary.tables import Vocabulary
from fixtures.answers import certificate_status as status_answers
from fixtures.answers import est as est_answers
from fixtures.answers import roots as root_answers
from fixtures.answers.statuses import published_status
from fixtures.judgements import certificates as judgements
from fixtures.judgements.findings import fail, info, warn
from fixtures.judgements.identifiers import issued_to
from fixtures.judgements.ownership import denied
from fixtures.judgements.statuses import expect_status
from fixtures.judgements.stock_est import StockClient, understood
from fixtures.judging import Inconclusive, expect, expect_equal, expect_in
from fixtures.testdata.enrollment import demand_vehicle_domain
from reports import places
from reports.model import Finding, FindingLevel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from features.vocabulary.answers import Answers
    from features.vocabulary.references import Register
    from features.vocabulary.things import CertificationPath
    from fixtures.answers.certificate_status import StatusAnswer
    from fixtures.answers.roots import Root
    from fixtures.bench.interface import Bench
    from fixtures.evidence.exchange import Exchange, Response
    from fixtures.judging import Judge
    from fixtures.testdata.csr import CertificationRequest
    from opnc.pki.reading import ReadCertificate
    from opnc.pki.revocation import Status

CSR = Ref("csr")


# EST answers


EST_ANSWER: Vocabulary[Callable[[Response], Iterator[Finding]]] = Vocabulary(
    "judgement of an EST answer",
    {
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
    },
)


@then("the answer {EST_ANSWER}", EST_ANSWER=EST_ANSWER)
def est_answer_is_right(
    answers: Answers, judge: Judge, est_answer: Callable[[Response], Iterator[Finding]]
) -> None:
    """Judge an EST answer on its own."""
    demand_vehicle_domain(answers.latest)
    expect_status(answers.latest, 200)
    judge.require(est_answer(answers.latest.answer), exchange=answers.latest.number)


@then("the root of the CA certificates is one of the list")
def root_is_listed(answers: Answers, pool: list[Root], judge: Judge) -> None:
    """Compare with the root certificate pool."""
    listed = [read for root in pool if (read := root_answers.certificate(root))]
    answer = answers.latest
    judge.require(judgements.root_is_listed(answer.answer, listed), exchange=answer.number)


@then("stock EST clients understand both answers")
def stock_clients_understand(answers: Answers, csrs: Register[CertificationRequest], judge: Judge) -> None:
    """Judge a refusal and the answer after it by what widespread clients do with them."""
    refused, answer = answers.both
    client = StockClient(refused.answer, answer.answer)
    judge.require(understood(client, csrs[CSR]), exchange=answer.number)


# Certificates


@then("the certificate issued is the one asked for")
def is_asked_for(
    answers: Answers,
    csrs: Register[CertificationRequest],
    ca_chain: tuple[ReadCertificate, ...],
    bench: Bench,
    judge: Judge,
) -> None:
    """Judge the certificate issued: name, key, profile, chain, validity."""
    answer = answers.latest
    demand_vehicle_domain(answer)
    expect_status(answer, 200)
    found = judgements.issued(answer.answer, csrs[CSR], ca_chain, bench.clock.now())
    judge.require(found, exchange=answer.number)


def _issued(answer: Exchange) -> ReadCertificate:
    expect_status(answer, 200)
    found = est_answers.certificates(answer.answer)
    expect(
        found, "the answer", expected="a certificate", seen="none", place=places.BODY, exchange=answer.number
    )
    return found[0]


def _is_issued_to_name(answer: Exchange, asked: CertificationRequest) -> Iterator[Finding]:
    found = est_answers.certificates(answer.answer)
    return issued_to(found[0].der if found else None, asked.spec.common_name, place=places.BODY)


def _is_refused(answer: Exchange) -> bool:
    status = answer.answer.status
    return 400 <= status < 500 and status not in {401, 403}


def _has_nothing_more(answer: Exchange, asked: CertificationRequest) -> Iterator[Finding]:
    """Judge what was taken over from a request; to refuse what asks for too much is right as well."""
    return iter(()) if _is_refused(answer) else judgements.takes_nothing_over(_issued(answer), asked)


def _or_refused(
    judged: Callable[[Exchange, CertificationRequest], Iterator[Finding]], what: str, erratum: str
) -> Callable[[Exchange, CertificationRequest], Iterator[Finding]]:
    """Return a judgement that only notes a refusal."""

    def judge(answer: Exchange, asked: CertificationRequest) -> Iterator[Finding]:
        if not _is_refused(answer):
            _issued(answer)
            yield from judged(answer, asked)
        else:
            seen = str(answer.answer.status)
            yield info(what, expected="200", seen=seen, erratum=erratum, place="status")

    return judge


def _is_read_in_armour(answer: Exchange, asked: CertificationRequest) -> Iterator[Finding]:
    """Demand a refusal, or the key of the request; that PEM is read is noted."""
    if not _is_refused(answer):
        yield from judgements.public_key(_issued(answer), asked)
        yield info("a request in PEM", expected="base64 of DER alone", seen="served", erratum="ERR-182")


ISSUED: Vocabulary[Callable[[Exchange, CertificationRequest], Iterator[Finding]]] = Vocabulary(
    "judgement of a certificate issued",
    {
        "holds the key of the request": lambda answer, asked: judgements.public_key(_issued(answer), asked),
        "names where its status is told": lambda answer, _asked: judgements.names_status(_issued(answer)),
        "is issued to the common name asked for": _is_issued_to_name,
        "has nothing that only the request asks for, if there is one": _has_nothing_more,
        "is issued to the SECC id, unless that is refused as ERR-181 allows": _or_refused(
            _is_issued_to_name, "a SECC id in ISO 15118-20", "ERR-181"
        ),
        "holds the key of the request, unless that is refused as ERR-182 allows": _is_read_in_armour,
    },
)


@then("the certificate issued {ISSUED}", ISSUED=ISSUED)
def is_issued(
    answers: Answers,
    csrs: Register[CertificationRequest],
    judge: Judge,
    issued: Callable[[Exchange, CertificationRequest], Iterator[Finding]],
) -> None:
    """Judge the certificate in the answer, where need be by the request for it."""
    judge.require(issued(answers.latest, csrs[CSR]), exchange=answers.latest.number)


@then("{certificate} leads to the root of those CA certificates")
def leads_to_root(
    certificate: CertificationPath, ca_chain: tuple[ReadCertificate, ...], judge: Judge
) -> None:
    """Judge the chain of a certificate that was enrolled."""
    judge.require(judgements.chain(certificate.certificates[0], ca_chain))


# What an erratum allows besides


def _is_default_edition(answer: Exchange) -> Iterator[Finding]:
    """Demand the default edition; that the parameter is demanded is noted."""
    if published_status(answer) == 400:
        yield info("iso15118Version left out", expected="ISO15118-2", seen="400", erratum="ERR-101")
        return
    expect_status(answer, 200)
    yield from judgements.algorithm(answer.answer, expected="secp256r1")


def _is_revoked_or_refused(answer: Exchange) -> Iterator[Finding]:
    """Demand success; a refusal of a reason that is not for certificates is noted."""
    if published_status(answer) == 400:
        yield info("revocationReason aACompromise", expected="200", seen="400", erratum="ERR-108")
        return
    expect_status(answer, 200)


def _is_refused_or_served(answer: Exchange) -> Iterator[Finding]:
    """Demand a refusal; that the organization may be absent is noted as a warning."""
    if answer.answer.status == 200:
        noted = info("Organization left out", expected="400", seen="200", erratum="ERR-112")
        yield replace(noted, level=FindingLevel.WARN)
        return
    # Which refusal it is, no operation of EST says (ERR-110).
    refusals = frozenset(range(400, 500)) - {401, 403}
    expect_status(answer, within=refusals, expected="4xx other than 401 and 403")


OR_ALLOWED: Vocabulary[Callable[[Exchange], Iterator[Finding]]] = Vocabulary(
    "judgement with what an erratum allows besides",
    {
        "the answer is 200 as for ISO 15118-2, or a refusal that ERR-101 allows": _is_default_edition,
        "the revocation is done, or refused as ERR-108 allows for this reason": _is_revoked_or_refused,
        "the request is refused for its content, or served as ERR-112 allows": _is_refused_or_served,
    },
)


@then("{OR_ALLOWED}", OR_ALLOWED=OR_ALLOWED)
def is_right_or_allowed(
    answers: Answers, judge: Judge, or_allowed: Callable[[Exchange], Iterator[Finding]]
) -> None:
    """Demand what the specification says; what an erratum allows besides is noted."""
    judge.require(or_allowed(answers.latest), exchange=answers.latest.number)


# Two answers


def _is_closed_or_open(without_right: Exchange, anonymous: Exchange, *, status: int) -> Iterator[Finding]:
    """Demand a refusal: 403 of those without the right, 401 of whoever is unknown, unless nobody needs any.

    CA certificates are open to both or to neither: a service that knows rights knows who somebody is.
    """
    if without_right.answer.status == anonymous.answer.status == 200:
        yield info(
            "CA certificates",
            expected="for those with the right",
            seen="open to everybody",
            erratum="ERR-103",
        )
    elif status == 401:
        expect_status(anonymous, status)
    else:
        yield from denied(without_right)


def _is_no_failure(*both: Exchange) -> Iterator[Finding]:
    """Demand that asking twice is harmless."""
    for each in both:
        expect_status(each, within=range(500), expected="below 500")
    return iter(())


BOTH_ANSWERS: Vocabulary[Callable[[Exchange, Exchange], Iterator[Finding]]] = Vocabulary(
    "judgement of two answers",
    {
        "the answer is 401, or the CA certificates are open to everybody as ERR-103 allows": partial(
            _is_closed_or_open, status=401
        ),
        "the answer is 403, or the CA certificates are open to everybody as ERR-103 allows": partial(
            _is_closed_or_open, status=403
        ),
        "neither answer is a failure of the server": _is_no_failure,
    },
)


@then("{BOTH_ANSWERS}", BOTH_ANSWERS=BOTH_ANSWERS)
def are_both_right(
    answers: Answers, judge: Judge, both_answers: Callable[[Exchange, Exchange], Iterator[Finding]]
) -> None:
    """Judge the last two answers together."""
    judge.require(both_answers(*answers.both))


# Status


@then(
    "the responder tells that it is (state=good|revoked|not good)"
    "[ for the reason {reason}|(unknown=, or does not understand such a request)]"
)
def responder_tells(
    bench: Bench, told: StatusAnswer, judge: Judge, state: str, reason: str | None, unknown: str | None
) -> None:
    """Judge an OCSP response, or a CRL that was read in its place, and what it says.

    A responder need not know certificates by hashes other than SHA-1 (RFC 6960 section 4.3).

    Raises:
        Inconclusive: If it tells of a CA that it was revoked before the run began.
        Inconclusive: If a CRL is older than the revocation that it should tell of.
    """
    if told.by == "CRL":
        read = status_answers.status_by_crl(told)
        if state == "revoked" and read is not None and read.state == "good":
            # What was revoked just now stands in the next one.
            raise Inconclusive("the CRL, of which alone the status can be had, is that of before")
        crl_tells(told, judge, "lists it" if state == "revoked" else "does not list it", reason)
        return
    found = status_answers.status_by_ocsp(told)
    if unknown is not None and told.answer.status < 500 and (found is None or found.state == "unknown"):
        judge.record([warn("the OCSP response", expected=state, seen="not understood", place="body")])
        return
    _demand_answer(told, "the OCSP response")
    judge.require(judgements.ocsp_response(told), exchange=told.exchange)
    # An earlier run may have asked for that (PKI-REVOKE-18), and nobody can take it back.
    if told.certificate.is_ca and found and found.revocation and found.revocation.at < bench.began:
        raise Inconclusive(f"the CA was revoked before this run, at {found.revocation.at:%Y-%m-%d %H:%M:%SZ}")
    _demand_state(told, found, state)
    _demand_reason(told, found, reason, judge)


@then("the CRL (aspect=lists it|does not list it)[ for the reason {reason}]")
def crl_tells(crl: StatusAnswer, judge: Judge, aspect: str, reason: str | None) -> None:
    """Judge a CRL and what it says."""
    _demand_answer(crl, "the CRL")
    judge.require(judgements.revocation_list(crl), exchange=crl.exchange)
    state = "revoked" if aspect == "lists it" else "good"
    found = status_answers.status_by_crl(crl)
    _demand_state(crl, found, state)
    _demand_reason(crl, found, reason, judge)


def _demand_answer(told: StatusAnswer, what: str) -> None:
    seen, exchange = told.answer.status, told.exchange
    expect_equal(f"status of {what}", expected=200, seen=seen, place=places.STATUS, exchange=exchange)


def _demand_state(told: StatusAnswer, status: Status | None, state: str) -> None:
    # As in OCSP; a CRL lists the certificates that are revoked.
    inside = "certStatus" if told.by == "OCSP" else "revokedCertificates"
    seen = status.state if status else "nothing about this certificate"
    expected = ("revoked", "unknown") if state == "not good" else (state,)
    what, place = "status of the certificate", places.within(places.BODY, inside)
    expect_in(what, expected=expected, seen=seen, place=place, exchange=told.exchange)


def _demand_reason(told: StatusAnswer, status: Status | None, expected: str | None, judge: Judge) -> None:
    """Demand the reason asked for; to tell none is left to the CA (RFC 5280 section 5.3.1)."""
    if not (expected and status and status.revocation):
        return
    what, seen = "reason of the revocation", status.revocation.reason
    place = places.within(places.BODY, "revocationReason" if told.by == "OCSP" else "reasonCode")
    if seen == "unspecified" != expected:
        found = fail(what, expected=expected, seen="none", place=place, exchange=told.exchange)
        judge.record([found], requirement="PKI-REVOKE-20")
    else:
        expect_equal(what, expected=expected, seen=seen, place=place, exchange=told.exchange)
