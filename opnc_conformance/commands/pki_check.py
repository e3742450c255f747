"""`opnc pki check` judges certificates and what goes with them, `opnc pki show` says what is in them."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from opnc.pki import description
from opnc.pki.chains import check_chain, check_extensions, check_validity
from opnc.pki.conformance import check_profile, check_request
from opnc.pki.contents import Content, read_contents
from opnc.pki.crl import ReadCrl
from opnc.pki.deviations import Deviation, Unreadable
from opnc.pki.files import MAX_FILE_BYTES
from opnc.pki.linting import lint_certificate, lint_crl, lint_ocsp_response
from opnc.pki.ocsp import StatusResponse
from opnc.pki.placing import place
from opnc.pki.profiles import profile
from opnc.pki.publication import adapted, check_publication, rules
from opnc.pki.reading import ReadCertificate
from opnc.pki.status import check_crl, check_response
from opnc.problem import Problem
from opnc.provisioning.arrangement import check_digit
from opnc.severity import Severity
from opnc_conformance.commands.terminal import printable, told

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from opnc.pki.placing import Placed
    from opnc.pki.profiles import Profile
    from opnc.pki.publication import Rules
    from opnc.pki.requests import ReadRequest

PASSWORD_VARIABLE = "OPNC_PKI_PASSWORD"  # noqa: S105 - the name of the variable, not a password

EXIT_CONFORMANT = 0
EXIT_FAILED = 1


def check(arguments: argparse.Namespace) -> int:
    """Run `opnc pki check` and return the exit code."""
    operator = rules().get(arguments.profile)
    wanted = profile(arguments.profile) if arguments.profile and not operator else None
    roots, others = _trusted(arguments.trust)
    at: datetime = arguments.at or datetime.now(UTC)
    contents: list[tuple[Path, Content]] = []
    failed = False
    for path in arguments.files:
        try:
            contents += [(path, content) for content in _read(path)]
        except Unreadable as problem:
            print(f"fail: {told(problem)}", file=sys.stderr)
            # The other files are still checked.
            failed = True
    certificates = [content.item for _, content in contents if isinstance(content.item, ReadCertificate)]
    placed = {each.certificate: each for each in place(list(dict.fromkeys(certificates)))}
    for path, content in contents:
        bench = _Bench(placed, wanted, operator, (*certificates, *roots, *others), at)
        title, findings = _judge(content, bench)
        # `|=` evaluates the report whatever failed before; `or` would stop telling.
        failed |= _report(f"{path}: {title}", (*content.findings, *findings))
    if roots or others:
        failed |= _report_trust(arguments.trust, others)
        failed |= _check_chains(certificates, others, roots, at)
    return EXIT_FAILED if failed else EXIT_CONFORMANT


def show(arguments: argparse.Namespace) -> int:
    """Run `opnc pki show` and return the exit code."""
    failed = False
    for path in arguments.files:
        try:
            for content in _read(path):
                where = f" ({content.place})" if content.place else ""
                print(f"{printable(str(path))}{where}: {description.kind(content.item)}")
                for name, value in description.facts(content.item, content.octets):
                    print(f"  {name + ':':<24}{printable(value)}")
        except Unreadable as problem:
            print(f"fail: {told(problem)}", file=sys.stderr)
            failed = True
    return EXIT_FAILED if failed else EXIT_CONFORMANT


def _read(path: Path) -> list[Content]:
    password = os.environ.get(PASSWORD_VARIABLE)
    try:
        if str(path) == "-":
            data = sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
        else:
            with path.open("rb") as stream:
                # A device never ends.
                data = stream.read(MAX_FILE_BYTES + 1)
        return list(read_contents(data, password.encode() if password is not None else None))
    except OSError as error:
        raise Problem(f"cannot be read: {error.strerror}", where=str(path)) from None
    except Unreadable as problem:
        place_ = f"{path}, {problem.where}" if problem.where else str(path)
        raise Unreadable(problem.name, problem.what, where=place_, hint=problem.hint) from None


def _trusted(path: Path | None) -> tuple[list[ReadCertificate], list[ReadCertificate]]:
    """Return the roots of a file, and what else is in it: only who signs itself is an anchor."""
    if path is None:
        return [], []
    found = [each.item for each in _read(path) if isinstance(each.item, ReadCertificate)]
    return [each for each in found if each.self_signed], [each for each in found if not each.self_signed]


def _report_trust(path: Path, others: Sequence[ReadCertificate]) -> bool:
    expected = "roots, which sign themselves"
    findings = [
        Deviation(
            "trust-not-root",
            "--trust",
            expected,
            f"{each.subject}, issued by {each.issuer}: it is not trusted, but may stand above others",
            "RFC 5280 section 6.1.1 (d)",
            Severity.WARN,
        )
        for each in others
    ]
    return _report(str(path), findings) if findings else False


@dataclass(frozen=True, slots=True)
class _Bench:
    """What the contents of files are judged with.

    Attributes:
        placed: The profiles of certificates by their place.
        wanted: The profile that was asked for; None leaves it to the place.
        operator: Whose rules of publication count; None: nobody's.
        known: All certificates at hand.
        at: When all must be valid.
    """

    placed: dict[ReadCertificate, Placed]
    wanted: Profile | None
    operator: Rules | None
    known: Sequence[ReadCertificate]
    at: datetime


def _judge(content: Content, bench: _Bench) -> tuple[str, Iterable[Deviation]]:
    item = content.item
    if isinstance(item, ReadCertificate):
        against = bench.wanted or bench.placed[item].profile
        close = bench.placed[item].close
        title = f"{item.subject} against {against.name}"
        if close and not bench.wanted:
            title += f" (as close: {close.name})"
        if bench.operator:
            title += f", {bench.operator.title}"
        return title, _of_certificate(item, against, bench)
    if isinstance(item, ReadCrl):
        return f"CRL of {item.issuer}", _of_crl(item, content.octets, bench.known, bench.at)
    if isinstance(item, StatusResponse):
        return "OCSP response", _of_response(item, content.octets, bench.known, bench.at)
    return f"request of {item.subject}", _of_request(item, bench.wanted)


def _of_certificate(certificate: ReadCertificate, against: Profile, bench: _Bench) -> Iterator[Deviation]:
    operator = bench.operator
    own = (
        *certificate.findings,
        *check_profile(certificate, adapted(against, operator) if operator else against),
        *(check_digit(certificate.common_name or "") if against.domain == "emsp" else ()),
        *(check_publication(certificate, against, operator, bench.at) if operator else ()),
    )
    yield from own
    yield from check_validity((certificate,), bench.at)
    told = {finding.name for finding in own}
    yield from (each for each in check_extensions(certificate) if each.name not in told)
    yield from lint_certificate(certificate.der, told)


def _of_crl(
    crl: ReadCrl, octets: bytes, known: Sequence[ReadCertificate], at: datetime
) -> Iterator[Deviation]:
    issuer = next((each for each in known if each.subject == crl.issuer), None)
    if issuer is None:
        yield from crl.findings
        yield _unverified("CRL", f"the certificate of {crl.issuer}")
    else:
        yield from check_crl(crl, issuer, at)
    if not octets.lstrip().startswith(b"-----"):
        yield from lint_crl(octets)


def _of_response(
    response: StatusResponse, octets: bytes, known: Sequence[ReadCertificate], at: datetime
) -> Iterator[Deviation]:
    pairs = [
        (subject, issuer)
        for subject in dict.fromkeys(known)
        for issuer in dict.fromkeys(known)
        if subject.issuer == issuer.subject
        for single in response.singles
        if single.cert_id.serial == subject.serial and single.cert_id.issued_by(issuer)
    ]
    if pairs:
        yield from check_response(response, *pairs[0], at)
    else:
        yield from response.findings
        yield _unverified("OCSP response", "the certificate it is about, and its issuer")
    yield from lint_ocsp_response(octets)


def _unverified(what: str, missing: str) -> Deviation:
    seen = f"not given: the signature of the {what} was not verified"
    return Deviation("not-verified", "signature", missing, seen, severity=Severity.INFO)


def _of_request(request: ReadRequest, wanted: Profile | None) -> Iterator[Deviation]:
    yield from request.proof()
    if wanted:
        yield from check_request(request.subject, request.key_algorithm, wanted)


def _check_chains(
    seen: Sequence[ReadCertificate],
    others: Sequence[ReadCertificate],
    roots: Sequence[ReadCertificate],
    moment: datetime,
) -> bool:
    """Check the chain of each certificate that issued none of the others."""
    issuers = {certificate.issuer for certificate in (*seen, *others, *roots) if not certificate.self_issued}
    failed = False
    for leaf in (certificate for certificate in seen if certificate.subject not in issuers):
        checked = check_chain(leaf, _above(leaf, (*seen, *others)), roots, moment)
        path = " < ".join(certificate.common_name or str(certificate.subject) for certificate in checked.path)
        findings = [*checked.findings, *_outlived(checked.path)]
        failed |= _report(f"chain {path}", findings)
    return failed


def _outlived(path: Sequence[ReadCertificate]) -> Iterator[Deviation]:
    """Yield the certificates that are valid longer than who issued them: in the shell model for nothing."""
    for below, above in pairwise(path):
        if below.not_after > above.not_after:
            expected, seen = f"until {above.not_after:%Y-%m-%d}, as its issuer", f"{below.not_after:%Y-%m-%d}"
            name, clause = "outlives-issuer", "RFC 5280 section 6.1.3 (a)(2)"
            where = str(below.subject)
            yield Deviation(name, "validity", expected, seen, clause, Severity.INFO, where)


def _above(leaf: ReadCertificate, seen: Sequence[ReadCertificate]) -> list[ReadCertificate]:
    """Return whatever may stand above a certificate by its name; of many files that is little."""
    found: dict[ReadCertificate, None] = {}
    names = {leaf.issuer}
    while named := [each for each in seen if each.subject in names and each not in found]:
        found |= dict.fromkeys(named)
        names = {each.issuer for each in named}
    return list(found)


def _report(title: str, findings: Iterable[Deviation]) -> bool:
    """Print findings under a title; return whether one of them fails."""
    listed = list(findings)
    # Escaped, for names and values come out of certificates: their characters must not move the cursor.
    print(printable(title if listed else f"{title}: no findings"))
    for finding in listed:
        print(f"  {printable(str(finding))} [{finding.name}]")
    return any(finding.severity is Severity.FAIL for finding in listed)
