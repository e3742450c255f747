"""Endpoints: what is refused leaves nothing behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.simulators.event.eventing import BASE, World

if TYPE_CHECKING:
    from collections.abc import Iterator

URL = "https://receiver.test/hook"
GOOD = {"url": URL, "enabledEvents": ["root.cert.added"]}


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    made.ecosystem.reset("1")
    yield made
    made.close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "foo",
        "//receiver.test/hook",
        "https:///hook",
        "https://",
        "http://receiver.test/hook",
        "ftp://receiver.test/hook",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://user:password@receiver.test/hook",
        "https://user@receiver.test/hook",
        "https://receiver.test:0x50/hook",
        "https://receiver.test:99999/hook",
        "https://127.0.0.1/hook",
        "https://127.9.9.9/hook",
        "https://[::1]/hook",
        "https://[::ffff:10.0.0.1]/hook",
        "https://10.1.2.3/hook",
        "https://172.16.0.1/hook",
        "https://192.168.0.1/hook",
        "https://169.254.169.254/latest/meta-data",
        "https://[fd00::1]/hook",
        "https://[fe80::1%25eth0]/hook",
        "https://0.0.0.0/hook",
        "https://224.0.0.1/hook",
        "https://localhost/hook",
        "https://LOCALHOST/hook",
        "https://localhost./hook",
        "https://some.localhost/hook",
        f"https://receiver.test/{'x' * 5000}",
        "https://receiver.test/a b",
        "https://receiver.test/\n",
        42,
        None,
        ["https://receiver.test/hook"],
    ],
)
def test_a_url_that_must_not_be_used_is_refused(world: World, url: Any) -> None:
    assert world.ask("oem", "POST", body={**GOOD, "url": url}).status_code == 400
    assert world.ask("oem", "GET").json() == []


def test_a_host_that_cannot_be_resolved_is_refused_and_named() -> None:
    def fail(host: str) -> list[str]:
        raise OSError(f"no such host: {host}")

    world = World(lookup=fail)
    world.ecosystem.reset("1")
    answer = world.ask("oem", "POST", body=GOOD)
    assert answer.status_code == 400
    assert "receiver.test cannot be resolved" in answer.json()["errorMessages"][0]
    assert world.ask("oem", "GET").json() == []
    world.close()


@pytest.mark.parametrize(
    "events",
    [
        [],
        ["foo"],
        ["root.cert.added", "foo"],
        ["root.cert.added", "root.cert.added"],
        "root.cert.added",
        {"root.cert.added": True},
        [["root.cert.added"]],
        [None],
        None,
    ],
)
def test_a_list_of_events_that_is_none_is_refused(world: World, events: Any) -> None:
    assert world.ask("oem", "POST", body={**GOOD, "enabledEvents": events}).status_code == 400
    assert world.ask("oem", "GET").json() == []


@pytest.mark.parametrize(
    ("member", "value", "status"),
    [
        ("status", "asleep", 400),
        ("status", 1, 400),
        ("metadata", "text", 400),
        ("wmi", "WDB", 400),
        ("wmi", ["VF1"], 403),
        ("wmi", ["WDB", "VF1"], 403),
    ],
)
def test_a_member_that_cannot_be_kept_is_refused(world: World, member: str, value: Any, status: int) -> None:
    assert world.ask("oem", "POST", body={**GOOD, member: value}).status_code == status
    assert world.ask("oem", "GET").json() == []


def test_a_change_to_a_url_that_must_not_be_used_changes_nothing(world: World) -> None:
    endpoint = f"{BASE}/{world.subscribe('oem', 'receiver.test', 'root.cert.added')}"
    for body in (
        {"url": "https://127.0.0.1/"},
        {"url": URL, "enabledEvents": []},
        {"url": URL, "status": "x"},
    ):
        assert world.ask("oem", "PUT", endpoint, body).status_code == 400
    kept = world.ask("oem", "GET", endpoint).json()
    assert (kept["url"], kept["enabledEvents"], kept["status"]) == (URL, ["root.cert.added"], "enabled")


def test_a_change_keeps_what_it_does_not_mention(world: World) -> None:
    body = {**GOOD, "description": "first", "metadata": {"a": 1}, "status": "disabled", "wmi": ["WMA"]}
    created = world.ask("oem", "POST", body=body).json()
    changed = world.ask("oem", "PUT", f"{BASE}/{created['id']}", {"url": "https://other.test/"}).json()
    assert changed == {**created, "url": "https://other.test/"}


def test_a_change_takes_a_single_event_without_a_list(world: World) -> None:
    endpoint = f"{BASE}/{world.subscribe('oem', 'receiver.test', 'root.cert.added')}"
    changed = world.ask("oem", "PUT", endpoint, {"url": URL, "enabledEvents": "root.cert.expired"}).json()
    assert changed["enabledEvents"] == ["root.cert.expired"]


def test_both_forms_of_the_path_are_served(world: World) -> None:
    literal = BASE.replace("/endpoints", "/opnc/v1/event/endpoints")
    created = world.ask("oem", "POST", literal, GOOD).json()
    assert world.ask("oem", "GET", f"{BASE}/{created['id']}").json() == created


def test_the_secret_of_an_endpoint_is_long_and_follows_from_the_seed(world: World) -> None:
    first = world.ask("oem", "POST", body=GOOD).json()["secret"]
    world.ecosystem.reset("1")
    again = world.ask("oem", "POST", body=GOOD).json()["secret"]
    world.ecosystem.reset("2")
    other = world.ask("oem", "POST", body=GOOD).json()["secret"]
    assert len(first) == 64
    assert first == again != other
