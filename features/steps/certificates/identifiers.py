"""Names that certificates are issued to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.vocabulary.references import Ref
from features.vocabulary.steps import then
from fixtures.answers import est as est_answers
from fixtures.judgements import identifiers as judgements

if TYPE_CHECKING:
    from features.vocabulary.answers import Answers
    from features.vocabulary.references import Register
    from fixtures.judging import Judge
    from fixtures.testdata.csr import CertificationRequest


@then("the certificate issued is issued to the common name asked for")
def is_issued_to_name(judge: Judge, answers: Answers, csrs: Register[CertificationRequest]) -> None:
    """Look at the certificate that the PKI has issued."""
    found = est_answers.certificates(answers.latest.answer)
    name = csrs[Ref("csr")].spec.common_name
    judge.require(judgements.issued_to(found[0].der if found else None, name))
