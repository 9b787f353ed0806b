"""A real server on a fresh folder and a free port, with a few officers and credentials."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parents[3]
OFFICERS = 40
CREDENTIALS = 30


def program() -> Path:
    """The program of $UJUZI, or what was built last."""
    if named := os.environ.get("UJUZI"):
        return Path(named).resolve()
    built = [ROOT / ".build" / kind / "ujuzi" for kind in ("release", "debug")]
    found = [path for path in built if path.exists()]
    if not found:
        raise SystemExit("tests: no program; set UJUZI, or run `swift build`")
    return max(found, key=lambda path: path.stat().st_mtime)


class Registry:
    """Serves from the beginning of `with` to its end; may be killed and started meanwhile.

    With TLS the program's own development keys are used: see `pem`.
    """

    def __init__(self, *, tls: bool = False) -> None:
        self._tls = tls
        self._folder = Path(tempfile.mkdtemp(prefix="ujuzi-python."))
        self._port = 0
        self._server: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._port}"

    def pem(self, who: str) -> tuple[str, str, str]:
        """The authority, a certificate and its key: of registrar, agency, auditor or server."""
        keys = self._folder / "keys"
        return str(keys / "ca.pem"), str(keys / f"{who}.pem"), str(keys / f"{who}.key")

    def strange_pem(self) -> tuple[str, str, str]:
        """A certificate by an authority that the server does not know."""
        roots, _, _ = self.pem("server")
        strange = self._folder / "strange"
        return roots, str(strange / "registrar.pem"), str(strange / "registrar.key")

    def __enter__(self) -> Registry:
        for folder in ("keys", "strange") if self._tls else ():
            subprocess.run(
                [program(), "keys", "dev", "--out", self._folder / folder],
                check=True,
                stdout=subprocess.DEVNULL,
            )
        self.start()
        self._record()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop(signal.SIGKILL)
        shutil.rmtree(self._folder)

    def start(self) -> None:
        with open(self._folder / "log", "a") as log:
            self._server = subprocess.Popen(
                [
                    *(program(), "serve", "--data", self._folder / "data"),
                    *("--listen", f"127.0.0.1:{self._port}"),
                    *self._secured(),
                ],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._server.stdout is not None
        said = ""
        for line in self._server.stdout:
            said += line
            if found := re.search(r"ready on 127\.0\.0\.1:(\d+)", line):
                self._port = int(found[1])
                return
        raise AssertionError(f"no server: {said}{(self._folder / 'log').read_text()}")

    def _secured(self) -> list[str]:
        if not self._tls:
            return []
        roots, certificate, key = self.pem("server")
        roles = str(self._folder / "keys" / "roles.json")
        return [
            *("--tls-roots", roots, "--tls-certificate", certificate),
            *("--tls-key", key, "--roles", roles),
        ]

    def stop(self, how: signal.Signals) -> None:
        if self._server is not None:
            self._server.send_signal(how)
            self._server.wait()
            assert self._server.stdout is not None
            self._server.stdout.close()
            self._server = None

    def tell(self, how: signal.Signals) -> None:
        assert self._server is not None
        self._server.send_signal(how)

    def _record(self) -> None:
        officers = ["personnel_no,name,organisation,position,cadre,grade,county,posted_on"]
        officers += [
            f"2022-{i:06},Example Officer {i},moict,ict-officer,ict,J,nairobi,2020-07-01"
            for i in range(1, OFFICERS + 1)
        ]
        completions = [
            "personnel_no,name,course,cohort,completed_on,result,score,certificate_no,"
            "valid_until,assessment,award"
        ]
        completions += [
            f"2022-{i:06},Example Officer {i},cyber-basics,cyber-2022-1,2022-06-30,passed,80,"
            f"HETA/2022/{i:04},2032-06-29,proctored,"
            for i in range(1, CREDENTIALS + 1)
        ]
        (self._folder / "officers.csv").write_text("\n".join(officers) + "\n")
        (self._folder / "completions.csv").write_text("\n".join(completions) + "\n")
        self._run("record", ROOT / "Tools" / "samples" / "cases.jsonl")
        self._run("import", "officers", self._folder / "officers.csv", "--source", "hr")
        self._run("record", self._folder / "completions.csv", "--source", "heta")

    def _run(self, *words: str | Path) -> None:
        environment = {**os.environ, "UJUZI_SERVER": self.address}
        if self._tls:
            roots, certificate, key = self.pem("registrar")
            environment["UJUZI_TLS_ROOTS"] = roots
            environment["UJUZI_TLS_CERTIFICATE"] = certificate
            environment["UJUZI_TLS_KEY"] = key
        done = subprocess.run(
            [program(), *words, "--quiet"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
