"""`opnc pki new` and `opnc pki check`."""

from __future__ import annotations

import base64
import stat
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.serialization import pkcs12

from opnc.pki.est import build_certs_only, encode_body
from opnc.pki.files import read_file, to_pem
from opnc_conformance.__main__ import main
from opnc_conformance.commands.pki import PASSWORD_VARIABLE

if TYPE_CHECKING:
    from pathlib import Path

    from opnc.pki.testbed import SeededPki
    from tests.opnc.pki.conftest import Program

AT = "2026-03-01T12:00:00Z"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pki") / "made"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PASSWORD_VARIABLE, "a secret")
        assert main(["pki", "new", str(path), "--seed", "7", "--at", AT]) == 0
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_pki_is_complete(folder: Path) -> None:
    made = set(contents(folder))
    for tree in ("v2g1", "v2g2", "v2g1-20", "v2g1-20e", "oem1", "emsp1"):
        assert {f"{tree}/root.pem", f"{tree}/root.key"} <= made
    for form in ("pem", "chain.pem", "key", "p12"):
        for leaf in ("cpo/secc", "cps/cps", "emsp/contract", "oem/provisioning"):
            assert f"v2g1/{leaf}.{form}" in made
        assert f"v2g1-20/veh/vehicle.{form}" in made
    assert "v2g1/veh/vehicle.pem" not in made
    assert {"roots.pem", "README.md"} <= made


def test_the_readme_tells_what_is_there(folder: Path) -> None:
    readme = (folder / "README.md").read_text()
    for word in ("seed: `7`", "`v2g1-20e`", "`*/cpo/secc.pem`", "DETSTE0000001", "`roots.pem`"):
        assert word in readme


def test_only_the_owner_reads_secrets(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.suffix in (".key", ".p12"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_the_same_seed_writes_the_same_files_again(folder: Path, tmp_path: Path) -> None:
    assert main(["pki", "new", str(tmp_path / "again"), "--seed", "7", "--at", AT]) == 0
    first, second = contents(folder), contents(tmp_path / "again")
    assert (second.keys() ^ first.keys()) == {"password.txt"}
    salted = {name for name in first if name.endswith(".p12")}
    assert all(first[name] == second[name] for name in first.keys() - salted)


def test_a_password_that_was_made_lies_in_a_file_of_the_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(PASSWORD_VARIABLE, raising=False)
    assert main(["pki", "new", str(tmp_path), "--roots", "1"]) == 0
    password = (tmp_path / "password.txt").read_text().strip()
    assert stat.S_IMODE((tmp_path / "password.txt").stat().st_mode) == 0o600
    assert password not in capsys.readouterr().out
    key, own, above = pkcs12.load_key_and_certificates(
        (tmp_path / "oem1/oem/provisioning.p12").read_bytes(), password.encode()
    )
    assert key is not None
    assert own is not None
    assert len(above) == 3


def test_openssl_opens_the_pkcs12_and_verifies_the_chain(folder: Path, openssl: Program) -> None:
    said = openssl("pkcs12", "-in", str(folder / "v2g1/cpo/secc.p12"), "-passin", "pass:a secret", "-nodes")
    assert said.count("BEGIN CERTIFICATE") == 4
    assert "BEGIN PRIVATE KEY" in said
    chain = ("-untrusted", str(folder / "v2g1/cpo/secc.chain.pem"), str(folder / "v2g1/cpo/secc.pem"))
    openssl("verify", "-attime", "1772366400", "-CAfile", str(folder / "roots.pem"), *chain)


def test_a_folder_that_is_not_empty_is_left_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(folder)
    assert main(["pki", "new", str(folder)]) == 2
    assert "the folder is not empty" in capsys.readouterr().err
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--oem", "TOO-SHORT"], "'TOO-SHORT' is no PCID"),
        (["--emsp", "DE-TST-C00000001"], "is no EMAID"),
    ],
)
def test_identifiers_that_do_not_fit_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], message: str
) -> None:
    assert main(["pki", "new", str(tmp_path / "x"), *options]) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--at", "tomorrow"], "'tomorrow' is no time"),
        (["--roots", "0"], "'0' is no number from 1 to 10"),
        (["--roots", "many"], "'many' is no number"),
        (["--organization", ""], "is no name of 1 to 64 characters"),
        (["--organization", "x" * 65], "is no name of 1 to 64 characters"),
        (["--ocsp", "ocsp.example"], "'ocsp.example' is no URL"),
        (["--crl", "http://münchen.example/"], "is no URL"),
        (["--ocsp", "http://"], "is no URL"),
        (["--ocsp", "http://a.example/ b"], "is no URL"),
        (["--organization", "two\nlines"], "characters that cannot be printed"),
        (["--cps", "\udcff"], "characters that cannot be printed"),
        (["--seed", "\udcff"], "characters that cannot be printed"),
        (["--at", "0001-01-01T00:00+10:00"], "is no time"),
        (["--at", "0001-01-01"], "is not within 1950 to 9900"),
        (["--at", "1949-12-31"], "is not within"),
        (["--at", "9999-12-31"], "is not within"),
    ],
)
def test_options_that_make_no_sense_are_usage_errors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], message: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["pki", "new", str(tmp_path / "x"), *options])
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


def test_addresses_may_hold_braces_of_their_own_or_be_left_out(tmp_path: Path) -> None:
    options = ["--roots", "1", "--ocsp", "", "--crl", "http://crl.example/{x}/{ca}"]
    assert main(["pki", "new", str(tmp_path / "x"), *options]) == 0
    (leaf,) = read_file((tmp_path / "x/v2g1/cpo/secc.pem").read_bytes())
    assert leaf.extensions.ocsp_urls == ()
    assert leaf.extensions.crl_urls[0].startswith("http://crl.example/{x}/")


def test_a_folder_that_cannot_be_made_is_a_usage_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert main(["pki", "new", str(tmp_path / "file" / "x")]) == 2
    assert "cannot be written: Not a directory" in capsys.readouterr().err


def check(*arguments: str | Path) -> int:
    return main(["pki", "check", *map(str, arguments)])


def test_good_certificates_have_no_findings(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    leaf = folder / "v2g1/cpo/secc.chain.pem"
    assert check(leaf, "--trust", folder / "roots.pem", "--at", AT) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert all(line.endswith(": no findings") for line in lines)
    assert lines[0].split(" against ")[1] == "iso2/secc: no findings"
    assert lines[3].startswith("chain DETSTE0000001 < CPO Sub-CA 2 V2G1 < ")


def test_the_chains_of_a_whole_folder_are_checked_at_once(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chains = sorted(folder.rglob("*.chain.pem"))
    assert check(*chains, "--trust", folder / "roots.pem", "--at", AT) == 0
    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith("chain ")]
    assert len(told) == len(chains)
    assert all(line.count(" < ") == 3 and line.endswith(": no findings") for line in told)


def test_a_profile_that_is_named_is_the_one_that_counts(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(folder / "v2g1/cpo/secc.pem", "--profile", "iso20/contract") == 1
    assert "fail: subject.CN: expected EMAID" in capsys.readouterr().out


def test_every_form_of_file_is_read(
    pki: SeededPki, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    holder = pki.secc("DETSTE0000001")
    body = encode_body(build_certs_only(holder.chain))
    forms = {
        "der": holder.der,
        "base64": base64.b64encode(holder.der),
        "pem": b"Bag Attributes\n" + to_pem(holder.chain[:1]),
        "p7": b"-----BEGIN PKCS7-----\n" + body + b"-----END PKCS7-----\n",
        "p7 in der": build_certs_only(holder.chain),
        "answer of EST": body,
    }
    for name, content in forms.items():
        (tmp_path / name).write_bytes(content)
        assert check(tmp_path / name, "--at", AT) == 0
    assert capsys.readouterr().out.count("no findings") == 3 + 3 * 4


def test_a_chain_that_is_not_trusted_fails(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chain, foreign = folder / "v2g1/cpo/secc.chain.pem", folder / "oem1/root.pem"
    assert check(chain, "--trust", foreign, "--at", AT) == 1
    assert "issuer: expected a certificate of CN=V2G Root CA V2G1" in capsys.readouterr().out


def test_a_chain_is_checked_at_the_time_asked_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chain, roots = folder / "v2g1/cpo/secc.chain.pem", folder / "roots.pem"
    assert check(chain, "--trust", roots, "--at", "2026-09-01") == 1
    assert "validity: expected valid at 2026-09-01 00:00:00Z" in capsys.readouterr().out
    assert check(chain, "--trust", roots, "--at", "2026-09-01T00:00:00+02:00") == 1
    assert "validity: expected valid at 2026-08-31 22:00:00Z" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "expected base64, seen no characters"),
        (b"\x30\x82\x01\x00", "the certificate is cut off"),
        (b"%%%", "is not base64"),
        (bytes(2_000_000), "1048577 bytes, at most 1048576 are read"),
        (bytes.fromhex("3082010002010330"), "this is PKCS#12, which needs its password"),
        (b"\x30", "cannot be base64"),
        (b"\x30\x82", "the certificate is cut off"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "no certificate among"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "PEM block 1"),
    ],
)
def test_a_file_without_certificate_fails_and_hides_no_other(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, message: str
) -> None:
    (tmp_path / "bad").write_bytes(content)
    assert check(tmp_path / "bad", folder / "v2g1/cpo/secc.pem") == 1
    said = capsys.readouterr()
    assert message in said.err
    assert str(tmp_path / "bad") in said.err
    assert "CN=DETSTE0000001" in said.out


def test_a_file_that_is_not_there_and_an_unknown_profile_are_usage_errors(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(tmp_path / "nothing") == 2
    assert "cannot be read: No such file" in capsys.readouterr().err
    assert check(folder / "roots.pem", "--profile", "iso3") == 2
    assert "no certificate profile 'iso3'" in capsys.readouterr().err
