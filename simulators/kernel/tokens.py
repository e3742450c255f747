"""Access tokens: made by the authorization server, read by every service (RFC 6750, RFC 7519).

The claims of the simulated ecosystem: `sub`, `iss`, `aud`, `iat`, `nbf`, `exp`, `party` (column of the rights
table), `wmis`, `provider_ids`, `operator_ids`. OPNC leaves them open (ERR-155).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, get_args

import jwt

from opnc.rights import Party
from simulators.kernel.messages import Principal, Refusal
from simulators.kernel.token_keys import ALGORITHM, TokenKey, TokenKeys

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from opnc.clock import Clock

    Trusted = Callable[[Sequence[TokenKey]], Sequence[TokenKey]]

LIFETIME = timedelta(minutes=15)
BEARER_CHALLENGE = "Bearer"
_REQUIRED = ["sub", "iss", "aud", "iat", "nbf", "exp", "party"]
# Tokens: far more than a run has accounts, so that a flood of others costs memory for a while only.
_KEPT = 1024


def every_key(keys: Sequence[TokenKey]) -> Sequence[TokenKey]:
    """Trust all keys whose tokens may still be good."""
    return keys


class Tokens:
    """The tokens of one ecosystem.

    Verified tokens are remembered, since checking a signature costs a hundred times the look-up.

    Attributes:
        keys: What they are signed with.
        lifetimes: How long those of some accounts last, by subject; those of all others `LIFETIME`.
    """

    def __init__(self, issuer: str, clock: Clock) -> None:
        self.issuer = issuer
        self._clock = clock
        self.keys = TokenKeys(clock, LIFETIME)
        self.lifetimes: dict[str, timedelta] = {}
        self._verified: dict[str, tuple[Principal, str, float, float]] = {}

    def lifetime(self, principal: Principal) -> timedelta:
        """Return how long tokens of an account last."""
        return self.lifetimes.get(principal.subject, LIFETIME)

    def issue(self, principal: Principal, lifetime: timedelta | None = None) -> str:
        """Sign a token for an account.

        Returns:
            A JWT (RFC 7519); its times are whole seconds of the ecosystem's clock.
        """
        now, lasts = self._clock.now(), lifetime or self.lifetime(principal)
        claims = {
            "sub": principal.subject,
            "iss": self.issuer,
            "aud": self.issuer,
            "iat": int(now.timestamp()),
            "nbf": int(now.timestamp()),
            "exp": int((now + lasts).timestamp()),
            "party": principal.party,
            "wmis": sorted(principal.wmis),
            "provider_ids": sorted(principal.provider_ids),
            "operator_ids": sorted(principal.operator_ids),
        }
        key = self.keys.current()
        return jwt.encode(claims, key.private, ALGORITHM, headers={"kid": key.id})

    def key_set(self) -> dict[str, Any]:
        """Return the public keys as a JWK set (RFC 7517)."""
        return {"keys": [key.public() for key in self.keys.known()]}

    def known(self, authorization: str | None, trusted: Trusted = every_key) -> Principal | None:
        """Return who calls, or None where the header names nobody; arguments as of `principal`."""
        try:
            return self.principal(authorization, trusted)
        except Refusal:
            return None

    def principal(self, authorization: str | None, trusted: Trusted = every_key) -> Principal:
        """Return who calls.

        Args:
            authorization: The value of the `Authorization` header.
            trusted: Chooses among the keys of the ecosystem, oldest first, those that a service trusts.

        Raises:
            Refusal: 401, if the header is missing or the token is not one of ours or not valid now.
        """
        scheme, _, token = (authorization or "").partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            raise Refusal(401, "an access token is required", {"www-authenticate": BEARER_CHALLENGE})
        # What is remembered is that the signature is good, never that the token is valid: time and trusted
        # keys are looked at on each call, for the clock moves and faults come and go.
        principal, key_id, not_before, expires = self._verified.get(token) or self._verify(token)
        if key_id not in {key.id for key in trusted(self.keys.known())}:
            raise _unknown_key()
        if not not_before <= self._clock.now().timestamp() < expires:
            raise _invalid("the access token is not valid now")
        return principal

    def _verify(self, token: str) -> tuple[Principal, str, float, float]:
        # Times are judged by the ecosystem's clock, not by that of this machine.
        options = {"require": _REQUIRED, "verify_exp": False, "verify_nbf": False, "verify_iat": False}
        try:
            key_id = jwt.get_unverified_header(token).get("kid")
            key = next((each for each in self.keys.known() if each.id == key_id), None)
            if key is None:
                raise _unknown_key()
            claims = jwt.decode(
                token,
                key.private.public_key(),
                algorithms=[ALGORITHM],
                audience=self.issuer,
                issuer=self.issuer,
                options=options,  # type: ignore[arg-type] # the stubs want a literal
            )
            verified = (principal_of(claims), key.id, float(claims["nbf"]), float(claims["exp"]))
        except (jwt.InvalidTokenError, ValueError, TypeError, RecursionError) as error:
            raise _invalid(f"the access token is not valid: {error}") from error
        # All at once: whoever calls often is soon remembered again, and no order has to be kept.
        if len(self._verified) >= _KEPT:
            self._verified.clear()
        self._verified[token] = verified
        return verified


def principal_of(claims: dict[str, Any]) -> Principal:
    """Return the account that claims speak of.

    Raises:
        ValueError: If there is no such party; `KeyError` or `TypeError` where claims are not as we make them.
    """
    if claims["party"] not in get_args(Party):
        raise ValueError("unknown party")
    return Principal(
        subject=claims["sub"],
        party=claims["party"],
        wmis=frozenset(claims.get("wmis", ())),
        provider_ids=frozenset(claims.get("provider_ids", ())),
        operator_ids=frozenset(claims.get("operator_ids", ())),
    )


def _unknown_key() -> Refusal:
    return _invalid("the access token is signed with a key that is not known")


def _invalid(message: str) -> Refusal:
    return Refusal(401, message, {"www-authenticate": f'{BEARER_CHALLENGE} error="invalid_token"'})
