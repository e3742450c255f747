"""The options of a run, as pytest carries them to its workers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from features.index import ROOT
from reports.model import Profile

if TYPE_CHECKING:
    import pytest

DEFAULT_SEED = 1

SOUND, FAULTS, VARIANTS = PROOFS = ("sound", "faults", "variants")
"""What a scenario runs with in a proof: the simulators as they are, each fault, each variant it meets."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run was asked to do.

    Attributes:
        seed: All randomness of the run follows from it.
        profile: Whether warnings count.
        report: Folder for the reports; None writes none.
        services: Judge only requirements of these services; empty means all.
        requirements: Judge only these; empty means all.
        levels: Judge only requirements of these levels; empty means all.
        scenarios: Run only these, by id or its beginning, with `*` for anything; empty means all.
        prove: What each scenario runs with, of `PROOFS`, where something is to be proven; else nothing.
        met: A file that says which variants matter in which scenario (`proof.write`), for a proof with these.
        features: The folder of the feature files.
        shuffle: Run in an order drawn from this number; None keeps the order of the files.
        target: The target file; None: the simulators in this process.
        read_only: Write nothing to the target.
        ledger: Folder of the ledgers; None: beside the target file.
        behaviour: Id of the fault or the variant that the simulators have all the time; None: they are sound.
        max_failures: After so many scenarios that fail the run ends; 0: it goes on to the end.
    """

    seed: int
    profile: Profile
    report: Path | None
    services: tuple[str, ...]
    requirements: tuple[str, ...]
    levels: tuple[str, ...]
    prove: tuple[str, ...]
    features: Path
    shuffle: int | None
    target: Path | None = None
    read_only: bool = False
    ledger: Path | None = None
    met: Path | None = None
    scenarios: tuple[str, ...] = ()
    behaviour: str | None = None
    max_failures: int = 0


def add(group: pytest.OptionGroup) -> None:
    """Declare the options to pytest; `opnc run` sets them from its own."""
    group.addoption("--opnc-seed", type=int, default=DEFAULT_SEED, metavar="N")
    group.addoption("--opnc-profile", choices=[each.value for each in Profile], default=Profile.LENIENT.value)
    group.addoption("--opnc-report", metavar="DIR")
    group.addoption("--opnc-service", action="append", default=[], metavar="SERVICE")
    group.addoption("--opnc-requirement", action="append", default=[], metavar="ID")
    group.addoption("--opnc-level", action="append", default=[], metavar="LEVEL")
    group.addoption("--opnc-scenario", action="append", default=[], metavar="ID")
    group.addoption("--opnc-fault", metavar="ID")
    group.addoption("--opnc-max-failures", type=int, default=0, metavar="N")
    group.addoption("--opnc-prove", action="append", choices=PROOFS, default=[])
    group.addoption("--opnc-met", metavar="FILE")
    group.addoption("--opnc-features", default=str(ROOT), metavar="DIR")
    group.addoption("--opnc-shuffle", type=int, metavar="N")
    group.addoption("--opnc-target", metavar="FILE")
    group.addoption("--opnc-read-only", action="store_true")
    group.addoption("--opnc-ledger", metavar="DIR")


def read(config: pytest.Config) -> Settings:
    """Return the settings of a pytest session."""
    option = config.getoption
    report, target, ledger, met = (option(f"--opnc-{name}") for name in ("report", "target", "ledger", "met"))
    return Settings(
        seed=option("--opnc-seed"),
        profile=Profile(option("--opnc-profile")),
        report=Path(report) if report else None,
        services=tuple(option("--opnc-service")),
        requirements=tuple(option("--opnc-requirement")),
        levels=tuple(option("--opnc-level")),
        prove=tuple(option("--opnc-prove")),
        features=Path(option("--opnc-features")),
        shuffle=option("--opnc-shuffle"),
        target=Path(target) if target else None,
        read_only=option("--opnc-read-only"),
        ledger=Path(ledger) if ledger else None,
        met=Path(met) if met else None,
        scenarios=tuple(option("--opnc-scenario")),
        behaviour=option("--opnc-fault"),
        max_failures=option("--opnc-max-failures"),
    )


def arguments(settings: Settings) -> list[str]:
    """Write settings as a command line of pytest; `read` gives the same settings back."""
    pairs = [
        ("--opnc-seed", str(settings.seed)),
        ("--opnc-profile", settings.profile.value),
        *[("--opnc-report", str(settings.report))] * (settings.report is not None),
        *(("--opnc-service", each) for each in settings.services),
        *(("--opnc-requirement", each) for each in settings.requirements),
        *(("--opnc-level", each) for each in settings.levels),
        ("--opnc-features", str(settings.features)),
        *[("--opnc-shuffle", str(settings.shuffle))] * (settings.shuffle is not None),
        *[("--opnc-target", str(settings.target))] * (settings.target is not None),
        *[("--opnc-ledger", str(settings.ledger))] * (settings.ledger is not None),
        *(("--opnc-prove", each) for each in settings.prove),
        *[("--opnc-met", str(settings.met))] * (settings.met is not None),
        *(("--opnc-scenario", each) for each in settings.scenarios),
        *[("--opnc-fault", str(settings.behaviour))] * (settings.behaviour is not None),
        ("--opnc-max-failures", str(settings.max_failures)),
    ]
    flags = {"--opnc-read-only": settings.read_only}
    # In one word: a value that begins with a hyphen would be taken for an option.
    return [f"{name}={value}" for name, value in pairs] + [name for name, on in flags.items() if on]
