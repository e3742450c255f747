"""The keys of access tokens: a new one every day, the old one known while its tokens last."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

if TYPE_CHECKING:
    from datetime import datetime

    from opnc.clock import Clock

ALGORITHM = "ES256"
ROTATION = timedelta(days=1)
"""How long tokens are signed with the same key."""


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A key and since when it signs.

    Attributes:
        id: The `kid` of its tokens (RFC 7515 section 4.1.4).
    """

    id: str
    private: ec.EllipticCurvePrivateKey = field(repr=False)
    made: datetime

    def public(self) -> dict[str, Any]:
        """Return what everybody may know of it, as a JWK (RFC 7517)."""
        key = jwt.algorithms.ECAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {**key, "kid": self.id, "alg": ALGORITHM, "use": "sig"}


class TokenKeys:
    """The keys of one ecosystem, made when they are needed."""

    def __init__(self, clock: Clock, longest: timedelta) -> None:
        """Begin without any.

        Args:
            clock: Says when a key is due.
            longest: How long a token lasts at most, and so the old key beside the new one.
        """
        self._clock = clock
        self._longest = longest
        self._keys: list[TokenKey] = []
        self._lock = threading.Lock()

    def current(self) -> TokenKey:
        """Return the key to sign with now."""
        with self._lock:
            # Under the lock: two threads that find no key would make one each, and sign with both.
            now = self._clock.now()
            signing = [key for key in self._keys if key.made <= now < key.made + ROTATION]
            return signing[-1] if signing else self._made(now)

    def known(self) -> list[TokenKey]:
        """Return the keys whose tokens may still be good, oldest first."""
        # A key set without a key could verify nothing that is signed a moment later.
        self.current()
        return [key for key in self._keys if key.made <= self._clock.now() < self._end(key)]

    def _made(self, now: datetime) -> TokenKey:
        # A clock that is set back may meet keys of its future: they wait for their time to come.
        kept = [key for key in self._keys if now < self._end(key)]
        key = TokenKey(uuid4().hex, ec.generate_private_key(ec.SECP256R1()), now)
        self._keys = sorted([*kept, key], key=lambda each: each.made)
        return key

    def _end(self, key: TokenKey) -> datetime:
        return key.made + ROTATION + self._longest
