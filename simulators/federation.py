"""Several ecosystems side by side, each onboarded with each other as a peer."""

from __future__ import annotations

from dataclasses import dataclass
from secrets import token_urlsafe
from typing import TYPE_CHECKING

from simulators.collaboration import SHARED, Peer
from simulators.ecosystem import PARTIES, Ecosystem
from simulators.kernel import Principal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from opnc.clock import MovableClock
    from simulators.network.outbound import Outbound


@dataclass(frozen=True, slots=True)
class MemberAddress:
    """Where a member lives.

    Attributes:
        outbound: Its way to the others.
        base_url: As for `Ecosystem`.
        status_url: As for `Ecosystem`.
    """

    outbound: Outbound
    base_url: str | None = None
    status_url: str | None = None


class Federation:
    """Ecosystems that know each other; each with its own roots, pools and authorization server.

    Attributes:
        members: By name.
    """

    def __init__(
        self,
        places: Mapping[str, MemberAddress],
        clock: MovableClock,
        *,
        parties: Mapping[str, Principal] | None = None,
        guests: Mapping[str, str] | None = None,
    ) -> None:
        """Put them together and introduce them to each other.

        Args:
            places: Name of each member to where it lives.
            clock: What all of them take for the present.
            parties: Who is onboarded with each of them, as for `Ecosystem`.
            guests: Client id to secret of peers of all members that are no members themselves.
        """
        self._guests = dict(guests or {})
        # Each member has an account with each other, under its name; so have the guests, with one secret for
        # all.
        everywhere = {**(parties or PARTIES), **{name: _pool(name) for name in self._guests}}
        self.members = {
            name: Ecosystem(
                name,
                clock=clock,
                outbound=place.outbound,
                base_url=place.base_url,
                status_url=place.status_url,
                secret=self._secret,
                parties={**everywhere, **{each: _pool(each) for each in places if each != name}},
            )
            for name, place in places.items()
        }
        self.add_peers(())

    def _secret(self, account: str) -> str:
        return self._guests.get(account) or token_urlsafe(24)

    def add_peers(self, strangers: Sequence[Peer]) -> None:
        """Let all members know each other, and exactly these others."""
        for name, member in self.members.items():
            others = (peer_of(each, name) for each in self.members.values() if each is not member)
            member.peers.onboard((*strangers, *others))

    def reset(self, seed: str) -> None:
        """Bring all members to their first state, without any fault."""
        for member in self.members.values():
            member.inject_faults(())
            member.reset(seed)

    def tick(self) -> None:
        """Let all members do what is due."""
        for member in self.members.values():
            member.tick()

    def close(self) -> None:
        """Give everything back."""
        for member in self.members.values():
            member.close()


def peer_of(ecosystem: Ecosystem, account: str) -> Peer:
    """Return an ecosystem as a peer knows it that has an account there."""
    known = ecosystem.accounts[account]
    return Peer(
        name=ecosystem.name,
        services={service: ecosystem.url(service) for service in SHARED},
        token_endpoint=ecosystem.token_endpoint,
        client_id=known.principal.subject,
        client_secret=known.secret,
    )


def _pool(name: str) -> Principal:
    return Principal(subject=name, party="peer")
