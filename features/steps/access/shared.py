"""What the steps about access share: how long tokens last, what is no authorization, plain HTTP."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from features.vocabulary.tables import Vocabulary
from fixtures.client.probes import probe
from fixtures.judging import NotApplicable, Unreachable
from fixtures.target.declaration import PLAIN_HTTP
from opnc import contract

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from fixtures.client.parties import Party
    from fixtures.evidence.exchange import Exchange
    from fixtures.target.declaration import Credentials, Target
    from fixtures.testdata.requests import PreparedRequest

LEEWAY = timedelta(minutes=5)
"""How much later than a token says its target may still take it: clocks differ."""

SHORT_LIFETIME = timedelta(minutes=1)
"""How long the tester waits for a token to expire where it cannot move the clock of the target."""

SHORT_LEEWAY = timedelta(seconds=65)
"""`LEEWAY` where the tester has to wait it out: a minute is what libraries grant by default."""

NOT_AT_ALL = timedelta(0)

ASSUMED_LIFETIME = timedelta(days=1)
"""After which a token that does not say when it expires is taken for expired."""


@dataclass(slots=True)
class SpentTokens:
    """Tokens that have expired while the tester waited; each is waited for once in a run.

    Attributes:
        spent: Those that have expired.
    """

    spent: set[str] = field(default_factory=set)
    _last: dict[str, str] = field(default_factory=dict)

    def had(self, party: str, token: str) -> str:
        """Note which token a party has."""
        self._last[party] = token
        return token

    def of(self, party: str) -> str | None:
        """Return a token of a party that has expired; None where there is none yet."""
        token = self._last.get(party)
        return token if token in self.spent else None


@pytest.fixture(scope="session")
def spent_tokens() -> SpentTokens:
    """The tokens that have expired while the tester waited."""
    return SpentTokens()


def _basic(account: Credentials) -> str:
    return "Basic " + b64encode(f"{account.client_id}:{account.client_secret}".encode()).decode()


NO_CREDENTIALS: Mapping[str, Callable[[Party], str | None]] = {
    "an empty authorization": lambda _party: "",
    "a scheme and no token": lambda _party: "Bearer",
    "a token and no scheme": lambda party: party.token(),
    "its client secret instead of a token": lambda party: _basic(party.account),
}
"""What may stand in the header `Authorization` without being an authorization."""


def _in_header(what: str, call: PreparedRequest, party: Party) -> Exchange:
    return call.ask_with(party, NO_CREDENTIALS[what](party))


def _in_address(call: PreparedRequest, party: Party) -> Exchange:
    """Call with the token as a query parameter (RFC 6750 section 2.3)."""
    query = {**call.query, "access_token": party.token()}
    return replace(call, query=query).ask_with(party, None)


UNAUTHORIZED: Vocabulary[Callable[[PreparedRequest, Party], Exchange]] = Vocabulary(
    "thing that is no authorization",
    {
        **{f"{what} in its header": partial(_in_header, what) for what in NO_CREDENTIALS},
        "its token in the address": _in_address,
    },
)


def address_of(service: str, target: Target) -> str:
    """Return the address of a service.

    Raises:
        NotApplicable: If the target declares none.
    """
    if service not in target.services:
        raise NotApplicable(f"the target declares no {service} service")
    return target.services[service]


def _at_same_port(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(scheme="http", netloc=f"{parts.hostname}:{parts.port or 443}").geturl()


def _at_usual_port(url: str) -> str:
    """Return the address at port 80, which belongs to the service where the other port is the usual one."""
    parts = urlsplit(url)
    host = str(parts.hostname) if parts.port in {None, 443} else parts.netloc
    return parts._replace(scheme="http", netloc=host).geturl()


def _at(origin: str, url: str) -> str:
    place = urlsplit(origin)
    return urlsplit(url)._replace(scheme="http", netloc=place.netloc).geturl()


def plain_addresses(target: Target) -> Iterator[Callable[[str], str]]:
    """Yield where plain HTTP may be beside HTTPS, each as a change of a service's address."""
    yield from (_at_same_port, _at_usual_port)
    yield from (partial(_at, origin) for origin in target.declared.get(PLAIN_HTTP, ()))


def ask_plainly(party: Party, call: PreparedRequest, change: Callable[[str], str]) -> Exchange | None:
    """Return the answer of plain HTTP; None where there is none, which is what is wanted."""
    where = probe(contract.load().operation(call.operation), rewrite_url=change)
    try:
        return party.ask_with(None, where, path=call.path, query=call.query)
    except Unreachable:
        return None
