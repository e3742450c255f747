"""A target file declares backends under test; what is wrong there is told with the fix."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from fixtures.target import file as target_file
from fixtures.target.model import BACKEND, CLOCK, WEBHOOK
from opnc.problem import Problem
from reports.model import Profile, TargetKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fixtures.target.model import DeclaredBackend

    Load = Callable[[str], DeclaredBackend]

SERVER = """
name = "A backend"
base_url = "https://pool.example.com"
[authorization]
token_endpoint = "https://login.example.com/token"
[parties.oem]
client_id = "oem"
client_secret_env = "OEM_SECRET"
"""
MANAGEMENT = """
[management]
url = "http://127.0.0.1:8444"
token_env = "OEM_SECRET"
"""
HOOK = 'renew-vehicle = "https://oem.example.com/renew"'


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Writes a target file with a table of the OEM's backend and loads it."""
    monkeypatch.setenv("OEM_SECRET", "hunter2hunter2")
    monkeypatch.setenv("HOOK_TOKEN", "token of the hook")

    def load(table: str, management: str = MANAGEMENT) -> DeclaredBackend:
        path = tmp_path / "target.toml"
        path.write_text(SERVER + table + management, encoding="utf-8")
        (backend,) = target_file.load(path).target.backends
        return backend

    return load


def test_the_least_that_can_be_said_is_a_hook(load: Load) -> None:
    backend = load(f"[backends.oem.use_cases]\n{HOOK}")
    assert (backend.party, backend.account, backend.token) == ("oem", "oem", "")
    assert backend.use_cases == {"renew-vehicle": "https://oem.example.com/renew"}
    assert (backend.window, backend.patience) == (timedelta(seconds=10), timedelta(minutes=5))


def test_everything_can_be_said(load: Load) -> None:
    table = 'account = "oem"\ntoken_env = "HOOK_TOKEN"\nwindow_s = 0\npatience_s = 60'
    ways = f'{HOOK}\nremove-vehicle = "by hand"\nset-default = "http://localhost:8080/default"'
    backend = load(f"[backends.oem]\n{table}\n[backends.oem.use_cases]\n{ways}")
    assert backend.token == "token of the hook"
    assert "token of the hook" not in repr(backend)
    assert backend.use_cases["remove-vehicle"] == "by hand"
    assert (backend.window, backend.patience) == (timedelta(0), timedelta(minutes=1))


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (
            "[backends.ccp.use_cases]\nx = 'by hand'",
            "backends.ccp is no known key",
        ),
        ("[backends.oem]\nwindow_s = 1", "backends.oem.use_cases is missing"),
        ("[backends.oem.use_cases]", "backends.oem.use_cases is {}, but must be"),
        (
            "[backends.oem.use_cases]\nrenew-vehicles = 'by hand'",
            "backends.oem.use_cases.renew-vehicles is no known key (did you mean renew-vehicle?)",
        ),
        (
            "[backends.oem.use_cases]\nrenew-vehicle = 'yes'",
            'is "yes", but must be: "by hand", or',
        ),
        ("[backends.oem.use_cases]\nrenew-vehicle = 'http://oem.example.com/x'", '"by hand", or the address'),
        (f"[backends.oem]\nwindow_s = -1\n[backends.oem.use_cases]\n{HOOK}", "window_s is -1, but must be"),
        (f"[backends.oem]\npatience_s = 0\n[backends.oem.use_cases]\n{HOOK}", "patience_s is 0, but must be"),
        (
            f"[backends.oem]\ntoken = 'hunter2hunter2'\n[backends.oem.use_cases]\n{HOOK}",
            "backends.oem.token holds a secret in clear",
        ),
        (
            f"[backends.oem]\ntoken_env = 'NOT_SET'\n[backends.oem.use_cases]\n{HOOK}",
            "the environment variable NOT_SET is not set",
        ),
        (
            f"[backends.oem]\naccount = 'nobody'\n[backends.oem.use_cases]\n{HOOK}",
            "backends.oem.account is 'nobody', which is no account with the server",
        ),
    ],
)
def test_what_is_wrong_is_named(load: Load, table: str, said: str) -> None:
    with pytest.raises(Problem) as caught:
        load(table)
    assert said in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_file_of_its_own_says_what_the_server_does_not(load: Load, tmp_path: Path) -> None:
    load(f"[backends.oem.use_cases]\n{HOOK}")
    own = tmp_path / "own.toml"
    webhook = '[[webhooks]]\nurl = "https://cpo.example.com/e"\nsecret_env = "OEM_SECRET"\nparty = "cpo"'
    own.write_text(f"""
        name = "My backend"
        version = "7"
        profile = "strict"
        simulated_by = "target.toml"
        supports = {{ iso15118_20 = true }}
        [backends.oem.use_cases]
        {HOOK}
        {webhook}
    """)
    file = target_file.load(own)
    target, server = file.target, target_file.load(tmp_path / "target.toml")
    assert (target.name, target.version, target.kind) == ("My backend", "7", TargetKind.REAL)
    assert (file.path, file.profile, file.management) == (own, Profile.STRICT, server.management)
    assert (target.services, target.accounts) == (server.target.services, server.target.accounts)
    assert target.simulated == {"rcp", "pcp", "cps", "ccp", "pki", "event"}
    assert (len(target.backends), len(target.webhooks)) == (1, 1)
    assert target.declared == {"iso15118_20": True}
    assert {BACKEND, WEBHOOK, CLOCK} <= target.meets


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("", "backends needs simulated_by"),
        ('simulated_by = "server.toml"\n[parties.x]', "parties does not belong into the file of a backend"),
        ('simulated_by = "nothing.toml"', "there is no such target file"),
        ('simulated_by = "pool.toml"', "backends needs simulated_by"),
    ],
)
def test_a_file_of_its_own_needs_a_server_of_ours(load: Load, tmp_path: Path, lines: str, said: str) -> None:
    load(f"[backends.oem.use_cases]\n{HOOK}")
    (tmp_path / "target.toml").rename(tmp_path / "server.toml")
    (tmp_path / "pool.toml").write_text(SERVER)
    own = tmp_path / "own.toml"
    own.write_text(f'name = "My backend"\n{lines}\n[backends.oem.use_cases]\n{HOOK}')
    with pytest.raises(Problem) as caught:
        target_file.load(own)
    assert said in str(caught.value)


def test_without_a_server_of_ours_nobody_sees_what_a_backend_asks(load: Load) -> None:
    with pytest.raises(Problem, match="backends stand in a file of their own") as caught:
        load(f"[backends.oem.use_cases]\n{HOOK}", "")  # type: ignore[call-arg] # the fixture takes one more
    assert "simulated_by" in str(caught.value.hint)


def test_a_receiver_of_a_cpo_needs_no_vehicle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OEM_SECRET", "hunter2hunter2")
    path = tmp_path / "target.toml"
    webhook = (
        '[[webhooks]]\nurl = "https://cpo.example.com/events"\nsecret_env = "OEM_SECRET"\nparty = "{}"\n'
    )
    path.write_text(SERVER + webhook.format("cpo"), encoding="utf-8")
    assert target_file.load(path).target.webhooks[0].pcid == ""
    path.write_text(SERVER + webhook.format("oem"), encoding="utf-8")
    with pytest.raises(Problem, match=r"webhooks\[0\]\.pcid is missing"):
        target_file.load(path)
