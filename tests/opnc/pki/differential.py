"""Certificates changed in one place and signed anew: what three foreign judges refuse must not pass here.

    python -m tests.opnc.pki.differential 10000        # or: tox -e differential

Foreign judges are `openssl verify -x509_strict`, `pkilint` and the verifier of `cryptography`. What two of
them refuse and has no finding here is printed in hexadecimal digits; the exit code is 1 then.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from opnc.pki import der
from opnc.pki.chains import check_chain
from opnc.pki.conformance import check_profile
from opnc.pki.deviations import Unreadable
from opnc.pki.files import to_pem
from opnc.pki.keys import Seed
from opnc.pki.library import REFUSALS
from opnc.pki.linting import lint_certificate
from opnc.pki.profiles import profile
from opnc.pki.reading import read_certificate
from opnc.pki.testbed import SeededPki
from tests.opnc.pki.conftest import look_up

if TYPE_CHECKING:
    from collections.abc import Iterator

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOW = AT + timedelta(days=1)
JUDGES = ("openssl", "pkilint", "cryptography")


@dataclass(frozen=True)
class Verdict:
    """What the judges say of one certificate: who refuses it, and whether we find anything."""

    certificate: bytes
    refused_by: frozenset[str]
    found: bool

    @property
    def missed(self) -> bool:
        """Whether two refuse what has no finding here."""
        return len(self.refused_by) > 1 and not self.found


class Judges:
    """A chain of which the leaf or the Sub-CA above it is changed, and all who judge it."""

    def __init__(self, folder: Path) -> None:
        pki = SeededPki(Seed("differential"), AT)
        self.chain = pki.secc("DETSTE0000001").certificates
        # Who signed the first and the second.
        self._keys = [pki.authority("cpo", kind).key for kind in ("sub2", "sub1")]
        self._folder = folder
        self._program = look_up("openssl")
        (folder / "root.pem").write_bytes(to_pem([self.chain[-1].der]))
        anything = ExtensionPolicy.permit_all()
        of_cas = anything.require_present(x509.BasicConstraints, Criticality.AGNOSTIC, None)
        self._verifier = (
            PolicyBuilder()
            .store(Store([x509.load_der_x509_certificate(self.chain[-1].der)]))
            .time(NOW)
            .extension_policies(ca_policy=of_cas, ee_policy=anything)
            .build_client_verifier()
        )

    def mutants(self, count: int, seed: int) -> Iterator[tuple[int, bytes]]:
        """Yield certificates with one octet changed, signed anew by their issuer, and their place."""
        source = random.Random(seed)  # noqa: S311 - mutations, not keys
        for number in range(count):
            which = number % 2
            tbs, algorithm, _ = der.read_one(self.chain[which].der).children()
            changed = bytearray(tbs.raw)
            place = source.randrange(4, len(changed))
            changed[place] = source.choice(
                (changed[place] ^ 1 << source.randrange(8), source.randrange(256), 0, changed[place - 1])
            )
            key = self._keys[which]
            assert isinstance(key, ec.EllipticCurvePrivateKey)
            signature = key.sign(bytes(changed), ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
            signed = der.write(0x03, b"\0" + signature)
            yield which, der.write(der.SEQUENCE, bytes(changed), algorithm.raw, signed)

    def judge(self, which: int, certificate: bytes) -> Verdict:
        """Ask everybody about a chain in which one certificate was changed."""
        chain = [each.der for each in self.chain[:3]]
        chain[which] = certificate
        refusals = (self._openssl(chain), self._pkilint(certificate), self._cryptography(chain))
        refused = {name for name, refuses in zip(JUDGES, refusals, strict=True) if refuses}
        return Verdict(certificate, frozenset(refused), self._finds(which, chain))

    def _finds(self, which: int, chain: list[bytes]) -> bool:
        """Tell whether this project has a finding of its own: `pkilint`, a judge here, is left out."""
        try:
            read = [read_certificate(each) for each in chain]
        except Unreadable:
            return True
        findings = (
            *read[which].findings,
            *check_profile(read[which], profile(("iso2/secc", "iso2/cpo-sub2")[which])),
            *check_chain(read[0], read[1:], [self.chain[-1]], NOW).findings,
        )
        return bool(findings)

    def _openssl(self, chain: list[bytes]) -> bool:
        (self._folder / "leaf.pem").write_bytes(to_pem(chain[:1]))
        (self._folder / "above.pem").write_bytes(to_pem(chain[1:]))
        line = (self._program, "verify", "-x509_strict", "-attime", str(int(NOW.timestamp())))
        files = ("-CAfile", "root.pem", "-untrusted", "above.pem", "leaf.pem")
        done = subprocess.run(  # noqa: S603 - the program was looked up
            [*line, *files], cwd=self._folder, capture_output=True, check=False
        )
        return done.returncode != 0

    @staticmethod
    def _pkilint(certificate: bytes) -> bool:
        return any(finding.severity == "fail" for finding in lint_certificate(certificate))

    def _cryptography(self, chain: list[bytes]) -> bool:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                leaf, *above = map(x509.load_der_x509_certificate, chain)
                self._verifier.verify(leaf, above)
            except (VerificationError, *REFUSALS):
                return True
        return False


def main(count: int) -> int:
    """Judge so many mutants and print what was missed."""
    told: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        judges = Judges(Path(folder))
        for number, mutant in enumerate(judges.mutants(count, seed=1), 1):
            verdict = judges.judge(*mutant)
            told["refused by two or more"] += len(verdict.refused_by) > 1
            told["found here"] += verdict.found
            if verdict.missed:
                told["missed"] += 1
                by = ", ".join(sorted(verdict.refused_by))
                print(f"{number}: refused by {by}: {verdict.certificate.hex()}")
    print(", ".join(f"{count} {name}" for name, count in {"mutants": count, **told}.items()))
    return 1 if told["missed"] else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
