"""What services may do wrong in finding out who calls: which tokens they take, and which they do not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import jwt

from simulators.faults.rights import SERVICES
from simulators.kernel import Principal
from simulators.kernel.fault_injection import Fault
from simulators.kernel.tokens import LIFETIME, principal_of

if TYPE_CHECKING:
    from collections.abc import Iterator

SOMEBODY = Principal("oem", "oem")
"""Whom a service takes a caller for that it knows nothing of."""

Taken = Callable[[str], bool]
"""Tells whether a service wrongly takes the value of a header `Authorization`."""


def _fault(name: str, requirement: str, summary: str, taken: Taken, **only: str) -> Fault:
    """Make a fault of all services: they take what they should not."""

    def caller(principal: Principal | None, headers: Mapping[str, str]) -> Principal | None:
        authorization = headers.get("authorization")
        if principal or authorization is None or not taken(authorization):
            return principal
        return _named_by(authorization)

    replaced = {f"{service}.caller": caller for service in SERVICES}
    return Fault(f"tokens.{name}", "common", (requirement,), summary, replaced=replaced, only=only)


def _named_by(authorization: str) -> Principal:
    """Believe what a token says, or take the caller for somebody."""
    try:
        return principal_of(_claims(authorization))
    except (jwt.InvalidTokenError, ValueError):
        return SOMEBODY


def _claims(authorization: str) -> dict[str, Any]:
    # The last word: one of these faults takes tokens without a scheme before them.
    token = authorization.rsplit(maxsplit=1)[-1]
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def _having(condition: Callable[[dict[str, Any]], bool]) -> Taken:
    """Take tokens whose header fulfils a condition."""

    def taken(authorization: str) -> bool:
        try:
            return condition(jwt.get_unverified_header(authorization.partition(" ")[2]))
        except jwt.InvalidTokenError:
            return False

    return taken


def _once_good(authorization: str) -> bool:
    """Take tokens that live no longer than those we issue."""
    try:
        claims = _claims(authorization)
    except jwt.InvalidTokenError:
        return False
    # Forged tokens outlive genuine ones by years (`FAR_FUTURE_S`), and are those of other faults.
    return bool(claims["exp"] - claims["iat"] <= LIFETIME.total_seconds())


def _no_credentials() -> Iterator[Fault]:
    values: Mapping[str, tuple[str, Taken]] = {
        "an empty authorization": ("empty", lambda value: value == ""),
        "a scheme and no token": ("scheme-alone", lambda value: value == "Bearer"),
        "a token and no scheme": ("no-scheme", lambda value: value.startswith("ey")),
        "its client secret instead of a token": ("basic", lambda value: value.startswith("Basic ")),
    }
    for what, (name, taken) in values.items():
        yield _fault(name, "AUTH-SEC-01", f"A party is let in with {what}.", taken, what=what)


def _forgeries() -> Iterator[Fault]:
    # What was altered or cut looks signed in the usual way: such faults differ by their rows of Examples
    # alone.
    signed = _having(lambda header: header["alg"] == "ES256")
    values: Mapping[str, tuple[str, Taken]] = {
        "made up": ("made-up", lambda value: "." not in value),
        "cut short": ("cut-short", signed),
        "altered": ("altered", signed),
        "given other claims": ("other-claims", signed),
        "signed with another key": ("other-key", signed),
        "signed with a key nobody knows": ("unknown-key", _having(lambda header: header["kid"] == "unknown")),
        "signed with a key it brings along": ("brought-key", _having(lambda header: "jwk" in header)),
        "signed with a key it points to": ("pointed-at-key", _having(lambda header: "jku" in header)),
        "issued by somebody else": ("other-issuer", signed),
        "not signed": ("unsigned", _having(lambda header: header["alg"] == "none")),
        "signed with the public key as a secret": (
            "public-key-as-secret",
            _having(lambda header: header["alg"] == "HS256"),
        ),
    }
    for forgery, (name, taken) in values.items():
        yield _fault(name, "AUTH-OAUTH-02", f"A token is taken that is {forgery}.", taken, forgery=forgery)


def _spelled_so(principal: Principal | None, headers: Mapping[str, str]) -> Principal | None:
    # Schemes have no letter case (RFC 9110 section 11.1).
    return principal if headers.get("authorization", "").startswith("Bearer ") else None


FAULTS: tuple[Fault, ...] = (
    *_no_credentials(),
    *_forgeries(),
    _fault("never-expire", "AUTH-OAUTH-02", "A token is taken after it has expired.", _once_good),
    Fault(
        "tokens.scheme-case-sensitive",
        "common",
        ("AUTH-OAUTH-01",),
        "The scheme Bearer is only understood in this spelling.",
        replaced={f"{service}.caller": _spelled_so for service in SERVICES},
    ),
    Fault(
        "tokens.new-keys-unknown",
        "common",
        ("AUTH-OAUTH-01",),
        "The keys of the authorization server are fetched once and for all.",
        # The oldest of those whose tokens may still be good; what a newer one has signed is refused.
        replaced={f"{service}.keys": lambda keys: keys[:1] for service in SERVICES},
    ),
    Fault(
        "tokens.role-ignored",
        "common",
        ("AUTH-OAUTH-03",),
        "Every genuine token opens every operation.",
        disabled=frozenset(f"{service}.right" for service in SERVICES),
    ),
)
