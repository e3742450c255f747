"""What happens to events when the server ends in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sql

from opnc.clock import VirtualClock
from simulators.event.queue import DELIVERIES
from tests.simulators.event.eventing import HOUR, World, ids, root_event

if TYPE_CHECKING:
    from pathlib import Path


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.sqlite'}"


def test_an_event_waiting_for_a_retry_outlives_the_server(database: str) -> None:
    first = World(database)
    first.ecosystem.reset("1")
    first.subscribe("oem", "o.test", "root.cert.added")
    first.receivers.answers["o.test"] = [503]
    first.publish(root_event())
    first.close()

    second = World(database, clock=VirtualClock())
    second.ecosystem.resume()
    second.ecosystem.advance(HOUR)
    assert ids(second.receivers.bodies("o.test")) == ids(first.receivers.bodies("o.test"))
    second.ecosystem.advance(5 * HOUR)
    assert second.receivers.told("o.test") == ["root.cert.added"]
    second.close()


def test_an_event_whose_answer_was_not_noted_is_sent_again_with_its_id(database: str) -> None:
    first = World(database)
    first.ecosystem.reset("1")
    first.subscribe("oem", "a.test", "root.cert.added")
    first.subscribe("emsp", "b.test", "root.cert.added")

    def die() -> None:
        raise Killed

    first.receivers.before_answer = die
    with pytest.raises(Killed):
        first.publish(root_event())
    first.close()

    second = World(database)
    second.ecosystem.resume()
    second.ecosystem.tick()
    sent = ids(first.receivers.bodies("a.test"))
    assert ids(second.receivers.bodies("a.test")) == ids(second.receivers.bodies("b.test")) == sent
    second.close()


def test_what_was_settled_is_forgotten_after_a_day_and_what_failed_is_kept() -> None:
    world = World()
    world.ecosystem.reset("1")
    world.subscribe("oem", "taken.test", "root.cert.added")
    world.subscribe("oem", "failing.test", "root.cert.added")
    world.receivers.answers["failing.test"] = [503] * 4
    world.publish(root_event())
    world.ecosystem.advance(50 * HOUR)
    with world.ecosystem.store.begin() as connection:
        states = connection.scalars(sql.select(DELIVERIES.c.state)).all()
    assert states == ["failed"]
    world.close()
