"""Canaries: secrets that can be recognised, planted wherever a run meets secrets, must show up nowhere."""

from __future__ import annotations

import html
import json
from base64 import b64encode
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

import pytest

from fixtures.evidence.redaction import MASK
from tests.opnc_conformance.commands.made_up import suite
from tests.reports.reading import parse, unpacked
from tests.support.running import Outcome, apart

if TYPE_CHECKING:
    from collections.abc import Iterator

AT_START = r"""
import itertools
import json
import secrets
from pathlib import Path

numbers = itertools.count()

def client_secret(_size):
    secret = f'Canary {next(numbers)}"/+%:\\ü<&é-of-the-client'
    with (Path(__file__).parent / "planted").open("a") as file:
        file.write(json.dumps(secret) + "\n")
    return secret

secrets.token_urlsafe = client_secret
"""
"""The secrets of the accounts are drawn before pytest starts."""

PLANTING = r"""
    import json
    import logging
    import sys
    from base64 import b64encode
    from urllib.parse import quote

    from simulators.kernel.messages import Answer
    from simulators.kernel.fault_injection import Fault
    from simulators.kernel.tokens import Tokens

    LIST, READ, PUT = "getRootCertificatesV1", "getRootCertificateV1", "putRootCertificateV1"

    def plant(secret):
        with (HERE.parent / "planted").open("a") as file:
            file.write(json.dumps(secret) + "\n")
        return secret

    issue = Tokens.issue
    Tokens.issue = lambda self, *arguments: plant(issue(self, *arguments))

    @pytest.fixture
    def secret(bench):
        return bench.target.accounts["cps"].client_secret

    @pytest.fixture
    def token(parties):
        return parties.any_party().token()

    @pytest.fixture
    def answering(bench):
        def answer_with(operation, tamper):
            fault = Fault("echo", "rcp", (), "Echo.", tamper={operation: tamper})
            bench._simulation.ecosystem.inject_faults((fault,))
        return answer_with

    def body_of(secret, token):
        values = [secret, token, f"prefix {secret}", b64encode(f"id:{secret}".encode()).decode()]
        values += [b64encode(token.encode()).decode(), quote(secret, safe=""), quote(token)]
        return {"rootCertificateCollection": token, "caCertificate": secret, "all": values}

    @step("is echoed")
    def echoed(answering, parties, secret, token):
        def echo(call, answer):
            content = json.dumps(body_of(secret, token)).encode()
            credentials = call.headers["authorization"]
            headers = {"X-Echo": credentials, "X-Secret": quote(secret), "Location": f"/?t={token}"}
            return Answer(200, content, "application/json", headers)
        answering(LIST, echo)
        parties.any_party().ask(LIST)

    @step("is echoed in bytes")
    def echoed_in_bytes(answering, parties, secret, token):
        content = b"\xff\xfe" + json.dumps(body_of(secret, token), ensure_ascii=False).encode() + b"\x00"
        answering(LIST, lambda call, answer: Answer(200, content, f"text/x; a={token}"))
        parties.any_party().ask(LIST)

    @step("sends secrets")
    def sends(parties, secret, token):
        path, query = {"rootCertificateId": token}, {"secret": secret, "token": token}
        parties.any_party().ask(READ, path=path, query=query)
        parties.any_party().ask(PUT, body=body_of(secret, token), headers={"X-Token": token})
        parties.any_party().ask(PUT, body=b"\xff" + secret.encode() + token.encode())
        parties.any_party().ask_with(f"Token {token}", LIST)

    @step("compares secrets")
    def compares(secret, token):
        raise Mismatch(f"the secret {secret}", expected=token, seen=f"{secret} {token[:50]}…", place="body")

    @step("stumbles over secrets")
    def stumbles(secret, token):
        print(secret, token)
        print(secret, token, file=sys.stderr)
        logging.getLogger("canary").error("%s %s", secret, token)
        raise ValueError(f"{secret!r} {token}")

    @step("waits for secrets")
    def waits(secret, token):
        raise Inconclusive(f"no answer for {quote(secret)} {token}")

    @step("has no secrets")
    def has_none(secret, token):
        raise NotApplicable(f"{secret} {token}")

    @step("cannot clean up secrets")
    def cannot_clean_up(secret, token):
        yield
        raise ValueError(secret + token)
"""

SCENARIOS = (
    *("is echoed", "is echoed in bytes", "sends secrets", "compares secrets", "stumbles over secrets"),
    *("waits for secrets", "has no secrets", "cannot clean up secrets"),
)


@pytest.fixture(scope="module", params=["0", "2"], ids=["in one process", "with workers"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """A run that meets secrets everywhere, in scenarios that fail, break, wait and pass."""
    folder = tmp_path_factory.mktemp("canary")
    features = suite(folder, *SCENARIOS, conftest=PLANTING)
    (folder / "sitecustomize.py").write_text(AT_START)
    line = ("run", "--features", features, "--alluredir", folder / "allure", "-n", request.param)
    return apart(folder, *line, path=folder)


def artefacts(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """Yield everything that a run leaves behind, the packed evidence of the HTML report unpacked."""
    folder = outcome.report.parent
    yield "terminal", outcome.text
    for path in (*folder.glob("report/**/*"), *folder.glob("allure/**/*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_text(errors="replace")
    page = parse((outcome.report / "index.html").read_text())
    yield "evidence of index.html", json.dumps(unpacked(page), ensure_ascii=False)


def forms(secret: str) -> set[str]:
    """Return a secret plain, escaped and encoded."""
    plain = {secret, secret[:50], secret[-12:]}
    escaped = {
        form for part in plain for form in (json.dumps(part)[1:-1], html.escape(part), repr(part)[1:-1])
    }
    in_urls = {quote(secret), quote(secret, safe=""), quote_plus(secret)}
    in_base64 = {b64encode(prefix + secret.encode()).decode()[8:-4] for prefix in (b"", b"a", b"id:")}
    return plain | escaped | in_urls | in_base64


def test_the_run_met_the_secrets(run: Outcome) -> None:
    assert run.code == 1
    assert set(run.verdicts().values()) == {"pass", "fail", "error", "inconclusive", "not applicable"}
    shown = (run.report / "results.json").read_text()
    assert shown.count(MASK) > 50
    for where in ("X-Echo", "X-Token", "X-Secret", "?secret="):
        assert where.lower() in shown.lower()


def test_no_secret_shows_up_anywhere(run: Outcome) -> None:
    planted = {json.loads(line) for line in (run.report.parent / "planted").read_text().splitlines()}
    assert any(secret.startswith("Canary") for secret in planted)
    assert any(secret.startswith("eyJ") for secret in planted)
    found = [
        (name, form)
        for name, text in artefacts(run)
        for secret in planted
        for form in forms(secret)
        if form in text
    ]
    assert found == []
