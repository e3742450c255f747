from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from opnc.clock import VirtualClock
from simulators.kernel import Principal, Refusal
from simulators.kernel.token_keys import ROTATION
from simulators.kernel.tokens import LIFETIME, Tokens

if TYPE_CHECKING:
    from collections.abc import Callable

ISSUER = "https://auth.test"
OEM = Principal("oem-1", "oem", frozenset({"WDB", "WMA"}), frozenset(), frozenset())


@pytest.fixture(name="clock")
def _clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture(name="tokens")
def _tokens(clock: VirtualClock) -> Tokens:
    return Tokens(ISSUER, clock)


def claims_of(token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, options={"verify_signature": False}))


def part(value: Any) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def signed(tokens: Tokens, **changes: Any) -> str:
    """Sign a token with the ecosystem's own key, with other claims; None leaves one out."""
    claims = {**claims_of(tokens.issue(OEM)), **changes}
    kept = {name: value for name, value in claims.items() if value is not None}
    key = tokens.keys.current()
    return jwt.encode(kept, key.private, "ES256", headers={"kid": key.id})


def test_a_token_names_the_account_and_what_it_may_act_for(tokens: Tokens) -> None:
    assert tokens.principal(f"Bearer {tokens.issue(OEM)}") == OEM


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "bEaReR"])
def test_the_scheme_may_be_written_in_any_case(scheme: str, tokens: Tokens) -> None:
    assert tokens.principal(f"{scheme}  {tokens.issue(OEM)} ") == OEM


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic YTpi", "Token abc"])
def test_without_a_token_one_is_asked_for(header: str | None, tokens: Tokens) -> None:
    with pytest.raises(Refusal) as refusal:
        tokens.principal(header)
    assert refusal.value.status == 401
    assert refusal.value.headers == {"www-authenticate": "Bearer"}


def without(name: str) -> Callable[[Tokens], str]:
    """Return what signs a token that lacks a claim."""
    changes: dict[str, Any] = {name: None}
    return lambda tokens: signed(tokens, **changes)


CLAIMS = ("sub", "iss", "aud", "iat", "nbf", "exp", "party")

FORGERIES: dict[str, Callable[[Tokens], str]] = {
    "no token": lambda _tokens: "x",
    "three empty parts": lambda _tokens: "..",
    "a part too many": lambda tokens: tokens.issue(OEM) + ".x",
    "not ASCII": lambda _tokens: "\xe9.\xe9.\xe9",
    "a header of deep JSON": lambda _tokens: f"{urlsafe_b64encode(b'[' * 30_000).decode()}.e30.e30",
    "the signature cut off": lambda tokens: tokens.issue(OEM).rpartition(".")[0] + ".",
    "other claims": lambda tokens: ".".join(
        [
            (parts := tokens.issue(OEM).split("."))[0],
            part({**claims_of(tokens.issue(OEM)), "party": "administrator"}),
            parts[2],
        ]
    ),
    "no algorithm": lambda tokens: ".".join([part({"alg": "none"}), part(claims_of(tokens.issue(OEM))), ""]),
    "another key": lambda tokens: jwt.encode(
        claims_of(tokens.issue(OEM)),
        ec.generate_private_key(ec.SECP256R1()),
        "ES256",
        headers={"kid": tokens.keys.current().id},
    ),
    "a key that is not named": lambda tokens: jwt.encode(
        claims_of(tokens.issue(OEM)), tokens.keys.current().private, "ES256"
    ),
    "another issuer": lambda tokens: signed(tokens, iss="https://elsewhere.test"),
    "another audience": lambda tokens: signed(tokens, aud="https://elsewhere.test"),
    "an unknown party": lambda tokens: signed(tokens, party="auditor"),
    "a party of another kind": lambda tokens: signed(tokens, party=["oem"]),
    "rights of another kind": lambda tokens: signed(tokens, wmis=5),
    "an end of another kind": lambda tokens: signed(tokens, exp="never"),
    "a subject of another kind": lambda tokens: signed(tokens, sub=7),
    **{f"without {name}": without(name) for name in CLAIMS},
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_token_that_is_not_ours_is_refused(forgery: str, tokens: Tokens) -> None:
    with pytest.raises(Refusal) as refusal:
        tokens.principal(f"Bearer {FORGERIES[forgery](tokens)}")
    assert refusal.value.status == 401
    assert refusal.value.headers == {"www-authenticate": 'Bearer error="invalid_token"'}


@pytest.mark.parametrize(
    ("encoding", "form"),
    [
        (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        (Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        (Encoding.X962, PublicFormat.UncompressedPoint),
    ],
)
def test_a_token_signed_with_the_public_key_for_a_secret_is_refused(
    encoding: Encoding, form: PublicFormat, tokens: Tokens
) -> None:
    key = tokens.keys.current()
    public = key.private.public_key().public_bytes(encoding, form)
    text = f"{part({'alg': 'HS256', 'kid': key.id})}.{part(claims_of(tokens.issue(OEM)))}"
    signature = urlsafe_b64encode(hmac.digest(public, text.encode(), "sha256")).rstrip(b"=").decode()
    with pytest.raises(Refusal, match="alg value is not allowed"):
        tokens.principal(f"Bearer {text}.{signature}")


def test_a_token_lasts_its_time_and_no_longer(tokens: Tokens, clock: VirtualClock) -> None:
    header = f"Bearer {tokens.issue(OEM)}"
    clock.advance(LIFETIME - timedelta(seconds=1))
    assert tokens.principal(header) == OEM
    clock.advance(timedelta(seconds=1))
    with pytest.raises(Refusal, match="not valid now"):
        tokens.principal(header)


def test_a_token_of_the_future_is_refused_until_then(tokens: Tokens, clock: VirtualClock) -> None:
    header = f"Bearer {signed(tokens, nbf=int(clock.now().timestamp()) + 60)}"
    with pytest.raises(Refusal, match="not valid now"):
        tokens.principal(header)
    clock.advance(timedelta(seconds=60))
    assert tokens.principal(header) == OEM


def test_a_token_that_has_been_seen_is_still_judged_by_its_time(tokens: Tokens, clock: VirtualClock) -> None:
    token = tokens.issue(OEM)
    for _ in range(3):
        assert tokens.known(f"Bearer {token}") == OEM
    clock.advance(LIFETIME)
    assert tokens.known(f"Bearer {token}") is None


def test_no_more_tokens_are_remembered_than_there_is_room_for(tokens: Tokens) -> None:
    for number in range(1100):
        tokens._verified[str(number)] = (OEM, "1", 0.0, 0.0)
    tokens.principal(f"Bearer {tokens.issue(OEM)}")
    assert len(tokens._verified) == 1


def test_the_published_key_verifies_the_tokens(tokens: Tokens) -> None:
    (key,) = tokens.key_set()["keys"]
    assert "d" not in key
    verified = jwt.decode(
        tokens.issue(OEM),
        jwt.PyJWK(key),
        algorithms=["ES256"],
        audience=ISSUER,
        options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
    )
    assert verified["wmis"] == ["WDB", "WMA"]


def test_a_day_later_tokens_are_signed_with_another_key(tokens: Tokens, clock: VirtualClock) -> None:
    before = jwt.get_unverified_header(tokens.issue(OEM))["kid"]
    clock.advance(ROTATION - timedelta(seconds=1))
    assert jwt.get_unverified_header(tokens.issue(OEM))["kid"] == before
    clock.advance(timedelta(seconds=1))
    token = tokens.issue(OEM)
    assert jwt.get_unverified_header(token)["kid"] != before
    assert tokens.principal(f"Bearer {token}") == OEM


def test_tokens_of_the_old_key_last_their_time(tokens: Tokens, clock: VirtualClock) -> None:
    tokens.issue(OEM)
    clock.advance(ROTATION - timedelta(seconds=1))
    header = f"Bearer {tokens.issue(OEM)}"
    clock.advance(LIFETIME - timedelta(seconds=1))
    assert tokens.principal(header) == OEM
    assert len(tokens.key_set()["keys"]) == 2
    clock.advance(timedelta(seconds=2))
    assert len(tokens.key_set()["keys"]) == 1


def test_a_clock_that_is_set_back_finds_its_key_again(tokens: Tokens, clock: VirtualClock) -> None:
    first = tokens.keys.current()
    clock.advance(ROTATION)
    assert tokens.keys.current() != first
    clock.reset()
    assert tokens.keys.known() == [tokens.keys.current()] == [first]
