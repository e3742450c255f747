"""Access tokens: made by the authorization server, read by every service (RFC 6750, RFC 7519).

The claims of the simulated ecosystem: `sub`, `iss`, `aud`, `iat`, `nbf`, `exp`, `party` (column of the rights
table), `wmis`, `provider_ids`, `operator_ids`. OPNC leaves them open (ERR-155).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, get_args

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from opnc.rights import Party
from simulators.kernel.messages import Principal, Refusal

if TYPE_CHECKING:
    from opnc.clock import Clock

ALGORITHM = "ES256"
LIFETIME = timedelta(minutes=15)
BEARER_CHALLENGE = "Bearer"
_REQUIRED = ["sub", "iss", "aud", "iat", "nbf", "exp", "party"]
_KEPT = 1024


class Tokens:
    """The token keys of one ecosystem.

    Verified tokens are remembered, since checking a signature costs a hundred times the look-up.
    """

    def __init__(self, issuer: str, clock: Clock) -> None:
        self.issuer = issuer
        self._clock = clock
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._key_id = "1"
        self._verified: dict[str, tuple[Principal, float, float]] = {}

    def issue(self, principal: Principal, lifetime: timedelta = LIFETIME) -> str:
        """Sign a token for an account."""
        now = self._clock.now()
        claims = {
            "sub": principal.subject,
            "iss": self.issuer,
            "aud": self.issuer,
            "iat": int(now.timestamp()),
            "nbf": int(now.timestamp()),
            "exp": int((now + lifetime).timestamp()),
            "party": principal.party,
            "wmis": sorted(principal.wmis),
            "provider_ids": sorted(principal.provider_ids),
            "operator_ids": sorted(principal.operator_ids),
        }
        return jwt.encode(claims, self._key, ALGORITHM, headers={"kid": self._key_id})

    def key_set(self) -> dict[str, Any]:
        """Return the public keys as a JWK set (RFC 7517)."""
        key = jwt.algorithms.ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {"keys": [{**key, "kid": self._key_id, "alg": ALGORITHM, "use": "sig"}]}

    def known(self, authorization: str | None) -> Principal | None:
        """Return who calls, or None where the header names nobody."""
        try:
            return self.principal(authorization)
        except Refusal:
            return None

    def principal(self, authorization: str | None) -> Principal:
        """Return who calls.

        Args:
            authorization: The value of the `Authorization` header.

        Raises:
            Refusal: 401, if the header is missing or the token is not one of ours or not valid now.
        """
        scheme, _, token = (authorization or "").partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            raise Refusal(401, "an access token is required", {"www-authenticate": BEARER_CHALLENGE})
        principal, not_before, expires = self._verified.get(token) or self._verify(token)
        if not not_before <= self._clock.now().timestamp() < expires:
            raise _invalid("the access token is not valid now")
        return principal

    def _verify(self, token: str) -> tuple[Principal, float, float]:
        # Times are judged by the ecosystem's clock, not by that of this machine.
        options = {"require": _REQUIRED, "verify_exp": False, "verify_nbf": False, "verify_iat": False}
        try:
            claims = jwt.decode(
                token,
                self._key.public_key(),
                algorithms=[ALGORITHM],
                audience=self.issuer,
                issuer=self.issuer,
                options=options,  # type: ignore[arg-type] # the stubs want a literal
            )
            verified = (principal_of(claims), float(claims["nbf"]), float(claims["exp"]))
        except (jwt.InvalidTokenError, ValueError, TypeError, RecursionError) as error:
            raise _invalid(f"the access token is not valid: {error}") from error
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


def _invalid(message: str) -> Refusal:
    return Refusal(401, message, {"www-authenticate": f'{BEARER_CHALLENGE} error="invalid_token"'})
