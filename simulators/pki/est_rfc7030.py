"""EST where stock clients look for it: the path of RFC 7030, HTTP Basic, CA certificates for everybody.

Such clients know neither the parameters of OPNC nor OAuth2 (ERR-102, ERR-103). A label in the path says what
the parameters say: `cpo` for `caDomain=cpo`, `cpo-20` for ISO 15118-20 besides.

    https://HOST/.well-known/est/cpo/simpleenroll       RFC 7030 section 3.2.2
    https://HOST/est/cpo/.well-known/est/simpleenroll   for clients that add the path to a given address
    https://HOST/.well-known/est/simpleenroll           for clients that know no label, as `cpo`

No form of base64 suits all: libest wants lines, strongSwan 5.9 wants a single one. strongSwan is a client of
the second kind, so what is asked for there is answered in one line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from opnc import contract, rights
from opnc.http_headers import Headers
from simulators.kernel import Principal
from simulators.kernel.authorities import DOMAINS
from simulators.kernel.wsgi import App, Environ, StartResponse, call
from simulators.pki.service import CA_CERTIFICATES, ENROLL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from opnc.pki.profiles import Version
    from simulators.kernel.authorization import AuthorizationServer
    from simulators.kernel.tokens import Tokens

WELL_KNOWN, LABELLED = "/.well-known/est", "/est"
"""What the two forms of the path begin with."""

_PATH = re.compile(r"(?:/est/([^/]+))?/\.well-known/est/(?:([^/]+)/)?(cacerts|simpleenroll)")
_OPERATIONS = {"cacerts": CA_CERTIFICATES, "simpleenroll": ENROLL}
_VERSIONS: dict[str, Version] = {"": "ISO15118-2", "-20": "ISO15118-20"}
_LABELS = {
    f"{domain}{suffix}": {"caDomain": domain, "iso15118Version": version}
    for domain in DOMAINS
    for suffix, version in _VERSIONS.items()
}
UNLABELLED = "cpo"
"""What no label means, which RFC 7030 leaves open: most stock clients stand in charge points."""

_CHALLENGE = ("WWW-Authenticate", 'Basic realm="opnc"')


class Rfc7030Adapter:
    """A WSGI app in front of the PKI services; these decide, whichever way a request comes."""

    def __init__(self, services: App, authorization: AuthorizationServer, tokens: Tokens) -> None:
        """Put the paths in front of the PKI.

        Args:
            services: The PKI services.
            authorization: Knows the accounts: user name and password are client id and secret.
            tokens: Makes the token by which the PKI knows who calls.
        """
        self._services = services
        self._authorization = authorization
        self._tokens = tokens

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Hand a request on as the one of OPNC that it stands for."""
        # A label behind `/.well-known/est` is the form of RFC 7030 section 3.2.2, one before it that of
        # clients which add the path to a given address; both at once are neither.
        before, behind, name = _parts(environ["PATH_INFO"])
        query = _LABELS.get(before or behind or UNLABELLED)
        if query is None or not name or (before and behind):
            return _refused(start_response, "404 Not Found")
        operation = contract.load().operation(_OPERATIONS[name])
        authorization = self._bearer(operation.id, query["caDomain"], environ.get("HTTP_AUTHORIZATION"))
        if authorization is None:
            return _refused(start_response, "401 Unauthorized", _CHALLENGE)
        path = contract.load().service("pki").base + operation.path
        asked = {"PATH_INFO": path, "QUERY_STRING": urlencode(query), "HTTP_AUTHORIZATION": authorization}
        services = _in_one_line(self._services) if before else self._services
        return services({**environ, **asked}, start_response)

    def _bearer(self, operation: str, domain: str, authorization: str | None) -> str | None:
        """Return the credentials for the PKI; None where there are none."""
        if operation == CA_CERTIFICATES:
            # Trust begins here, so nobody can have credentials yet (RFC 7030 section 4.1.1).
            entitled = next(each for each in rights.PARTIES if rights.allowed(operation, each, domain))
            return f"Bearer {self._tokens.issue(Principal('anybody', entitled))}"
        token = self._authorization.by_basic(authorization)
        return f"Bearer {token}" if token else None


def _parts(path: str) -> tuple[str, str, str]:
    """Return the label before and behind the well-known path, and the operation; empty where missing."""
    found = _PATH.fullmatch(path)
    before, behind, name = found.groups(default="") if found else ("", "", "")
    return before, behind, name


def _in_one_line(app: App) -> App:
    """Return an app that leaves out the line breaks of the other's answers."""

    def answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        status, headers, content = call(app, environ)
        content = content.replace(b"\n", b"")
        start_response(status, [*Headers.of(headers).with_("Content-Length", str(len(content)))])
        return [content]

    return answer


def _refused(start_response: StartResponse, status: str, *headers: tuple[str, str]) -> Iterable[bytes]:
    start_response(status, [("Content-Length", "0"), *headers])
    return [b""]
