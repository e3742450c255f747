from __future__ import annotations

import subprocess
import sys

import pytest

from opnc_conformance import suite
from opnc_conformance.__main__ import COMMANDS, main


def ended(line: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Run a command that ends while its line is read."""
    with pytest.raises(SystemExit) as end:
        main(line)
    captured = capsys.readouterr()
    return int(end.value.code or 0), captured.out, captured.err


def test_without_arguments_the_commands_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ended([], capsys)
    assert (code, err) == (0, "")
    assert all(f"  {command} " in out for command in COMMANDS)


def test_the_version_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(["--version"], capsys) == (0, f"opnc {suite.version()}\n", "")


def test_an_unknown_command_is_refused_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ended(["rnu"], capsys)
    assert (code, out) == (2, "")
    assert "invalid choice: 'rnu' (choose from" in err
    assert all(command in err for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = ended([command, "--help"], capsys)
    assert code == 0
    assert out.startswith(f"usage: opnc {command} ")


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - {"exi", "pki"}))
def test_help_loads_none_of_the_libraries_that_only_the_work_needs(command: str) -> None:
    script = (
        "import sys; from opnc_conformance.__main__ import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: print(*sys.modules)"
    )
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", script, command, "--help"], check=True, capture_output=True, text=True
    )
    slow = {
        "pytest",
        "httpx",
        "cryptography",
        "sqlalchemy",
        "falcon",
        "granian",
        "jinja2",
        "jsonschema",
        "yaml",
    }
    assert not slow.intersection(done.stdout.splitlines()[-1].split())


def test_ctrl_c_outside_of_a_run_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_name: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("opnc_conformance.commands.requirements.run", interrupted)
    assert main(["requirements"]) == 3
    assert capsys.readouterr().err == "opnc requirements: interrupted\n"
