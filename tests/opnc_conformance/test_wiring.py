"""`opnc serve --beside` and `--only`: a server that is wired to one product, and a vendor of one service."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from fixtures.target import file as target_file
from fixtures.target.declaration import STORED, TELLS, TOLD
from opnc.problem import Problem
from opnc_conformance import wiring
from simulators.parties.client import ServiceUnreachable
from tests.support.servers import serving_in

if TYPE_CHECKING:
    from pathlib import Path

    from fixtures.target.file import TargetFile

CPS = """
name = "My CPS"
[services]
cps = "https://cps.example.com:9443/opnc/v1/cps"
[authorization]
scheme = "token"
[supports]
plain_http = ["http://ocsp.example.com:9080"]
[parties.cps]
token_file = "secret"
[parties.emsp]
token_file = "secret"
provider_ids = ["DEXYZ"]
[tls]
"""


def written(folder: Path, text: str = CPS) -> Path:
    (folder / "secret").write_text("hunter2hunter2")
    path = folder / "my-cps.toml"
    path.write_text(text)
    return path


# What is known of the product


def test_the_hosts_of_a_product_may_be_asked_at_all_their_ports(tmp_path: Path) -> None:
    allowed = wiring.beside(written(tmp_path)).allowed
    assert allowed.allows(("cps.example.com", 9443), ["10.0.0.1"])
    assert allowed.allows(("ocsp.example.com", 9080), ["10.0.0.1"])
    assert not allowed.allows(("other.example.com", 9080), ["10.0.0.1"])


def test_a_product_on_this_machine_may_call_it_by_any_of_its_names(tmp_path: Path) -> None:
    allowed = wiring.beside(written(tmp_path, CPS.replace("cps.example.com", "127.0.0.1"))).allowed
    assert allowed.allows(("localhost", 9000), ["127.0.0.1"])
    assert not wiring.beside(written(tmp_path)).allowed.allows(("localhost", 9000), ["127.0.0.1"])


def test_a_product_that_has_everything_leaves_nothing_to_be_played(tmp_path: Path) -> None:
    services = '[services]\ncps = "https://cps.example.com:9443/opnc/v1/cps"\n'
    whole = CPS.replace(services, 'base_url = "https://x.example.com"\n')
    with pytest.raises(Problem, match="nothing to be played beside it"):
        wiring.beside(written(tmp_path, whole))


def test_whoever_the_product_knows_is_onboarded_with_the_same_ids(tmp_path: Path) -> None:
    parties = wiring.beside(written(tmp_path)).parties
    assert parties
    assert parties["emsp"].provider_ids == {"DEXYZ"}
    assert "oem" in parties


def test_what_the_product_is_nobody_else_plays(tmp_path: Path) -> None:
    assert wiring.beside(written(tmp_path)).elsewhere.services == {"cps"}
    assert "cps" not in wiring.only("cps", tmp_path / "x.toml").elsewhere.services


def test_a_file_of_backends_alone_will_do(tmp_path: Path) -> None:
    hooks = '[backends.emsp]\n[backends.emsp.use_cases]\nconclude-contract = "https://emsp.example.com/x"'
    companion = wiring.beside(written(tmp_path, f'name = "x"\nsimulated_by = "absent.toml"\n{hooks}'))
    assert companion.elsewhere.services == frozenset()
    assert companion.parties is None
    assert companion.allowed.allows(("emsp.example.com", 443), ["10.0.0.1"])


def test_services_are_asked_in_an_account_that_may(tmp_path: Path) -> None:
    place = wiring.whereabouts(target_file.load(written(tmp_path)))
    assert place.client("addSignedContractDataV1", "").account.principal.party == "cps"
    assert place.client("addSignedContractDataV1", "") is place.client("getProvisioningCertificateV1", "")
    assert place.client("revokeCertV1", "DEXYZ").account.principal.party == "emsp"
    with pytest.raises(ServiceUnreachable, match="names no account that may call putRootCertificateV1"):
        place.client("putRootCertificateV1", "")


# What is written into its file


@pytest.mark.parametrize(
    "text",
    [
        CPS,
        f'# simulated_by = "example.toml"\n{CPS}',
        f'simulated_by = "before.toml"\n# simulated_by = "example.toml"\n{CPS}',
        f'name = "x"\nbase_url = "https://x.example.com"\n{"# a comment"}',
    ],
)
def test_who_plays_the_rest_is_written_and_nothing_else(text: str, tmp_path: Path) -> None:
    path = written(tmp_path, text if "name =" in text else CPS)
    before = tomllib.loads(path.read_text())
    for name in ("one.toml", "two.toml"):
        wiring.name_simulator(path, name)
        assert tomllib.loads(path.read_text()) == before | {"simulated_by": name}
    assert path.read_text().count("\nsimulated_by =") <= 1


# Both together


def test_a_vendor_and_who_plays_the_rest_know_each_other_and_do_not_collide(tmp_path: Path) -> None:
    with serving_in(tmp_path / "vendor", "--only", "ccp") as vendor:
        assert set(tomllib.loads(vendor.target.read_text())["services"]) == {"ccp"}
        with serving_in(tmp_path / "beside", "--beside", str(vendor.target)) as rest:
            file = target_file.load(vendor.target)
            assert file.counterpart
            assert file.counterpart.path.resolve() == rest.target.resolve()
            assert set(file.counterpart.target.services) == {"rcp", "pcp", "cps", "pki", "event"}
            assert file.target.ties == {STORED, TOLD, TELLS}
            # The roots of the vendor are in the pool of the other.
            assert len(rest.roots()) == 2 * vendor.declared
            assert _accounts(file) == _accounts(file.counterpart)
    # A vendor that comes back still knows who plays the rest.
    with serving_in(tmp_path / "vendor", "--only", "ccp") as vendor:
        assert tomllib.loads(vendor.target.read_text())["simulated_by"].endswith("target.toml")


def _accounts(file: TargetFile) -> dict[str, tuple[str, ...]]:
    return {name: each.provider_ids + each.wmis for name, each in file.target.accounts.items()}


def test_a_file_that_is_wrong_stops_the_server_before_it_begins(tmp_path: Path) -> None:
    with (
        pytest.raises(Problem, match="there is no such target file"),
        serving_in(tmp_path, "--beside", str(tmp_path / "absent.toml")),
    ):
        pass
