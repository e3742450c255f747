"""Target files: what they say, and how what is wrong with them is told."""

from __future__ import annotations

import re
import shutil
import ssl
import tomllib
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from fixtures.target import file as target_file
from fixtures.target.check import schema
from fixtures.target.model import Scheme
from fixtures.target.text import Content, text
from opnc.problem import Problem
from opnc_conformance import suite
from reports.model import Profile, TargetKind
from tests.peers import Identity, make_identity, said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from fixtures.target.file import TargetFile

    Load = Callable[..., TargetFile]

EXAMPLE = suite.ROOT / "docs" / "reference" / "target.example.toml"

LEAST = """
name = "My pool"
base_url = "https://pool.example.com/"
[authorization]
token_endpoint = "https://login.example.com/token"
[parties.oem]
client_id = "oem"
client_secret_env = "OEM_SECRET"
wmis = ["WDB"]
"""


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    """A certificate with its key and CA."""
    return make_identity(tmp_path_factory.mktemp("identity"))


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Writes a target file and loads it."""
    monkeypatch.setenv("OEM_SECRET", "hunter2hunter2")

    def load(*parts: str) -> TargetFile:
        path = tmp_path / "target.toml"
        path.write_text("\n".join(parts), encoding="utf-8")
        return target_file.load(path)

    return load


def refusal(load: Load, *parts: str) -> str:
    with pytest.raises(Problem) as caught:
        load(*parts)
    assert "hunter2" not in str(caught.value)
    assert "target.toml" in str(caught.value)
    return said(caught.value)


def test_the_least_that_can_be_said_is_enough(load: Load) -> None:
    file = load(LEAST)
    target = file.target
    assert target.services["rcp"] == "https://pool.example.com/opnc/v1/rcp"
    assert len(target.services) == 6
    assert target.simulated == frozenset()
    assert target.kind is TargetKind.REAL
    assert target.meets == {"sockets"}
    account = target.accounts["oem"]
    assert (account.party, account.client_secret, account.wmis) == ("oem", "hunter2hunter2", ("WDB",))
    assert "hunter2" not in repr(file)
    assert (file.profile, file.trust_anchors, file.limits.exchange_s) == (None, (), 30.0)


def test_services_that_are_not_named_are_simulated(load: Load) -> None:
    target = load(
        LEAST.replace('base_url = "https://pool.example.com/"', ""),
        '[services]\nrcp = "https://rcp.example.com/opnc/v1/rcp/"',
    ).target
    assert target.services == {"rcp": "https://rcp.example.com/opnc/v1/rcp"}
    assert target.simulated == {"pcp", "cps", "ccp", "pki", "event"}


def test_a_service_may_be_somewhere_else_than_the_rest(load: Load) -> None:
    target = load(LEAST, '[services]\nevent = "https://events.example.com/opnc/v1/event"').target
    assert target.services["event"] == "https://events.example.com/opnc/v1/event"
    assert target.services["rcp"].startswith("https://pool.example.com/")


def test_a_secret_may_lie_in_a_file_beside_the_target_file(load: Load, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from a file\n")
    file = load(LEAST.replace('client_secret_env = "OEM_SECRET"', 'client_secret_file = "secret"'))
    assert file.target.accounts["oem"].client_secret == "from a file"


def test_everything_else_is_understood(load: Load, tmp_path: Path, identity: Identity) -> None:
    (tmp_path / "token").write_text("t0k3n-of-management")
    file = load(
        'profile = "strict"',
        LEAST,
        f"""
        [tls]
        trust_anchors = ["{identity.ca}"]
        [[roots]]
        certificate = "{identity.ca}"
        types = ["v2g", "oem"]
        [pki]
        source = "supplied"
        [[pki.ca]]
        root = "oem"
        chain = "{identity.certificate}"
        key_file = "{identity.key}"
        [supports]
        cleansing_interval_hours = 2
        [receiver]
        callback_url = "https://tester.example.com/hook/"
        bind = "[::1]:8445"
        certificate = "{identity.certificate}"
        key_file = "{identity.key}"
        delivery_window_s = 3
        [status]
        url = "http://tester.example.com"
        [[webhooks]]
        url = "https://oem.example.com/events"
        secret_env = "OEM_SECRET"
        party = "oem"
        pcid = "WDB00000000000001"
        emaid = "DEABCC00000001"
        [limits]
        requests_per_second = 5
        patience_s = 1
        [management]
        url = "http://127.0.0.1:8444"
        token_file = "token"
        """,
    )
    target = file.target
    assert file.profile is Profile.STRICT
    assert target.roots[0].certificate == ssl.PEM_cert_to_DER_cert(identity.ca.read_text())
    assert target.supplied[0].root == "oem"
    assert target.cleansing_interval == timedelta(hours=2)
    assert target.delivery_window == timedelta(seconds=3)
    assert target.meets == {"clock", "receiver", "ocsp", "webhook", "sockets"}
    assert target.kind is TargetKind.SERVED
    assert file.receiver
    assert (file.receiver.url, file.receiver.bind) == ("https://tester.example.com/hook", ("::1", 8445))
    assert file.status
    assert file.status.bind == ("tester.example.com", 80)
    assert (file.limits.requests_per_second, file.limits.patience_s) == (5, 1)
    assert file.management
    assert file.management.token == "t0k3n-of-management"


def test_accounts_may_have_tokens_that_stay(load: Load) -> None:
    file = load(
        'name = "x"\nbase_url = "https://x"',
        '[authorization]\nscheme = "token"',
        '[parties.oem]\ntoken_env = "OEM_SECRET"',
    )
    assert file.target.accounts["oem"].scheme is Scheme.TOKEN
    assert file.target.accounts["oem"].token == "hunter2hunter2"


def test_accounts_may_show_certificates(load: Load, identity: Identity) -> None:
    account = f'certificate = "{identity.certificate}"\nkey_file = "{identity.key}"'
    file = load(
        'name = "x"\nbase_url = "https://x"',
        '[authorization]\nscheme = "mtls"',
        f"[parties.cpo]\n{account}",
    )
    assert file.target.accounts["cpo"].certificate == identity.certificate


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="there is no such target file"):
        target_file.load(tmp_path / "absent.toml")


def test_a_folder_is_no_target_file(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="cannot be read"):
        target_file.load(tmp_path)


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    (tmp_path / "t.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Problem, match="not UTF-8"):
        target_file.load(tmp_path / "t.toml")


@pytest.mark.parametrize(
    ("parts", "seen"),
    [
        (("this is no TOML",), "the target file is not TOML: "),
        (('name = "x"',), "the file must have base_url and/or services and/or backends"),
        (('base_url = "https://x"',), "name is missing"),
        ((LEAST, "[limit]"), "limit is no known key (did you mean limits?)"),
        ((LEAST, 'wmi = ["WDB"]'), "parties.oem.wmi is no known key (did you mean wmis?)"),
        ((LEAST, "[supports]\nspaceship = 1"), "supports.spaceship is no known key (known are iso15118_20,"),
        ((LEAST.replace('["WDB"]', '"WDB"'),), 'parties.oem.wmis must be a list, not "WDB"'),
        ((LEAST.replace('"WDB"', '"W"'),), 'parties.oem.wmis[0] is "W", but must be: ^[A-Z0-9]{3}$'),
        (('profile = "mild"', LEAST), 'profile must be lenient or strict, not "mild"'),
        (("name = 3", LEAST.replace('name = "My pool"', "")), "name must be a text in quotes, not 3"),
        ((LEAST.replace("https://pool", "http://pool"),), "must be: an address that begins with https://"),
        ((LEAST.replace("pool.example", "me:secret@pool.example"),), "must be: an address that begins"),
        ((LEAST, "[limits]\nread_s = 0"), "limits.read_s is 0, but must be: seconds until something"),
        ((LEAST, '[management]\nurl = "http://10.0.0.1:1"\ntoken_env = "X"'), "must be: on this machine"),
        ((LEAST, '[management]\nurl = "http://127.0.0.1:1"'), "management must have token_env or token_file"),
        ((LEAST, '[receiver]\ncallback_url = "https://x"\nkey_file = "k"'), "receiver must have both"),
        ((LEAST, '[receiver]\ncallback_url = "https://x:99999"'), "receiver: there is no port 99999"),
        ((LEAST, '[receiver]\ncallback_url = "https://x"\nbind = "8445"'), "receiver.bind is "),
        ((LEAST, '[pki]\nsource = "supplied"'), "pki.ca is missing"),
        ((LEAST, '[pki]\nsource = "harness"'), 'pki.source = "harness" needs parties.administrator'),
        ((LEAST.replace("[parties.oem]", "[parties.bob]"),), "parties.bob.party is missing"),
        ((LEAST.replace('client_id = "oem"', ""),), "parties.oem.client_id is missing"),
        (
            (LEAST.replace("OEM_SECRET", "UNSET_VARIABLE"),),
            "the environment variable UNSET_VARIABLE is not set",
        ),
        ((LEAST.replace("_env", "_file"),), "OEM_SECRET cannot be read: No such file or directory"),
        ((LEAST, 'client_secret_file = "x"'), "must have either client_secret_env or client_secret_file"),
        ((LEAST.replace("token_endpoint", "# "),), "authorization.token_endpoint is missing"),
        ((LEAST, '[tls]\ntrust_anchors = ["absent.pem"]'), "absent.pem"),
        ((LEAST, '[tls]\ntrust_anchors = ["target.toml"]'), "tls.trust_anchors"),
        ((LEAST, '[[roots]]\ncertificate = "target.toml"\ntypes = ["v2g"]'), "roots: "),
        ((LEAST, '[[roots]]\ncertificate = "absent"\ntypes = ["v2g"]'), "absent cannot be read"),
        ((LEAST, '[[roots]]\ncertificate = "x"\ntypes = ["mo"]'), "roots[0].types[0] must be v2g or oem or"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_is_told_with_its_key(load: Load, parts: tuple[str, ...], seen: str) -> None:
    assert seen in refusal(load, *parts)


@pytest.mark.parametrize("key", ["client_secret", "token", "password", "secret"])
def test_a_secret_in_clear_is_refused_and_not_repeated(load: Load, key: str) -> None:
    message = refusal(load, LEAST, f'{key} = "hunter2hunter2"')
    assert f"parties.oem.{key} holds a secret in clear" in message
    assert "change the secret" in message


def test_certificate_and_key_must_fit(load: Load, identity: Identity, tmp_path: Path) -> None:
    other = make_identity(tmp_path / "other")
    pair = f'certificate = "{identity.certificate}"\nkey_file = "{other.key}"'
    message = refusal(load, LEAST, f'[receiver]\ncallback_url = "https://x"\n{pair}')
    assert "receiver: certificate and key cannot be used together" in message
    ca = f'[[pki.ca]]\nroot = "oem"\nchain = "{identity.certificate}"\nkey_file = "{other.key}"'
    assert "is not the key of the first certificate" in refusal(
        load, LEAST, f'[pki]\nsource = "supplied"\n{ca}'
    )
    ca = ca.replace(str(other.key), str(other.certificate))
    assert "is no private key in PEM" in refusal(load, LEAST, f'[pki]\nsource = "supplied"\n{ca}')


def test_several_mistakes_are_told_at_once(load: Load) -> None:
    message = refusal(load, "nam = 1", "vendr = 2", "a = 1", "b = 1", "c = 1", "d = 1")
    assert "nam is no known key (did you mean name?)" in message
    assert "name is missing" in message
    assert "and 3 more" in message


# The files that are written


def _uncommented(written: str) -> dict[str, Any]:
    """Return what a file says when everything in it that is commented out counts."""
    return tomllib.loads(re.sub(r"^# (?=(\[|[a-z0-9_-]+ = ))", "", written, flags=re.MULTILINE))


def test_a_written_file_can_be_read(load: Load) -> None:
    content = Content(
        origin="Written by a test.",
        name='A "pool"\n',
        vendor="Größe & Söhne",
        base_url="https://pool.example.com",
        token_endpoint="https://login.example.com/token",
        parties={"other oem": {"client_id": "x", "client_secret_env": "OEM_SECRET", "wmis": ["WDB"]}},
    )
    target = load(text(content)).target
    assert (target.name, target.vendor) == ('A "pool"\n', "Größe & Söhne")
    assert target.accounts["other oem"].party == "oem"


def test_what_a_written_file_offers_in_comments_is_right() -> None:
    offered = _uncommented(text(Content(origin="x", name="x")))
    jsonschema.Draft202012Validator(schema()).validate(offered)
    # Parties come from the command, the management port only from a server of ours.
    assert set(schema()["properties"]) - set(offered) == {"parties", "management"}


def test_the_example_in_the_docs_is_a_target_file(
    load: Load, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, identity: Identity
) -> None:
    content = EXAMPLE.read_text(encoding="utf-8")
    for variable in re.findall(r'_env = "(\w+)"', content):
        monkeypatch.setenv(variable, f"secret of {variable}")
    for name in ("ca.pem", "v2g-root.pem", "oem-root.pem"):
        shutil.copy(identity.ca, tmp_path / name)
    for name in ("test-oem-ca", "receiver", "peers"):
        shutil.copy(identity.certificate, tmp_path / f"{name}.pem")
        shutil.copy(identity.key, tmp_path / f"{name}.key")
    for folder in ("secrets", ".opnc"):
        (tmp_path / folder).mkdir()
    for name in ("other-oem", "emsp-webhook", "peers"):
        (tmp_path / "secrets" / name).write_text("secret")
    (tmp_path / ".opnc" / "target.toml").write_text(LEAST)
    file = load(content)
    assert file.target.services["event"] == "https://events.example.com/opnc/v1/event"
    assert {"other oem", "emsp with own pki", "administrator"} <= set(file.target.accounts)
    assert file.counterpart
    assert file.counterpart.target.name == "My pool"


def test_the_example_in_the_docs_has_every_key() -> None:
    # Backends have a file of their own.
    example = {
        name: value
        for path in (EXAMPLE.with_name("backend.example.toml"), EXAMPLE)
        for name, value in tomllib.loads(path.read_text(encoding="utf-8")).items()
    }
    for name, part in schema()["properties"].items():
        # The management port is one of a server of ours, which writes its own file.
        if name == "management":
            continue
        found = example[name]
        tables = found if isinstance(found, list) else [found]
        if name != "services":
            assert _kinds(_keys(part)) <= _kinds(chain(*(each for each in tables if isinstance(each, dict))))


def _kinds(keys: Iterable[str]) -> set[str]:
    """Return keys; those that name a variable or a file with the same secret are of one kind."""
    return {re.sub("_(env|file)$", "", key) for key in keys}


def test_the_docs_name_every_key() -> None:
    documented = (EXAMPLE.parent / "target-file.md").read_text(encoding="utf-8")
    parts = schema()["properties"]
    keys = {*parts, *schema()["$defs"]["party"]["properties"], *chain(*map(_keys, parts.values()))}
    missing = {key for key in keys if not re.search(rf"[`.]{key}[`.]", documented)}
    assert missing == set()


def _keys(part: dict[str, Any]) -> Iterable[str]:
    """Return the keys of a table, or of the tables of a list."""
    table = part.get("items", part)
    return list(table.get("properties", ()))


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
