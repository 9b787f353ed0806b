"""Mutual TLS 1.3, with certificates of the test's own making."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
import tempfile
import unittest
from pathlib import Path

from tests.peer import Peer, Server
from tests.test_peer import ASK, answers
from ujuzi import Client, Code, Options, RetryPolicy, StatusError, tls_context
from ujuzi.connection import ALPN
from ujuzi.frames import WireError


def openssl(*words: str | Path) -> None:
    subprocess.run(["openssl", *words], check=True, capture_output=True)


def authority(folder: Path, name: str) -> None:
    openssl(
        *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
        *("-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem", "-days", "2"),
        *("-subj", f"/CN={name}", "-addext", "basicConstraints=critical,CA:TRUE"),
    )


def certificate(folder: Path, name: str, by: str, alternative: str) -> None:
    openssl(
        *("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
        *("-keyout", folder / f"{name}.key", "-out", folder / f"{name}.csr"),
        *("-subj", f"/CN={name}"),
    )
    (folder / f"{name}.ext").write_text(f"subjectAltName={alternative}\n")
    openssl(
        *("x509", "-req", "-in", folder / f"{name}.csr", "-out", folder / f"{name}.pem"),
        *("-CA", folder / f"{by}.pem", "-CAkey", folder / f"{by}.key", "-CAcreateserial"),
        *("-days", "2", "-extfile", folder / f"{name}.ext"),
    )


class TLS(unittest.IsolatedAsyncioTestCase):
    folder: Path

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        for name in ("authority", "other"):
            authority(cls.folder, name)
        certificate(cls.folder, "server", "authority", "IP:127.0.0.1,DNS:registry.example")
        certificate(cls.folder, "client", "authority", "URI:ujuzi:agency/example")
        certificate(cls.folder, "stranger", "other", "URI:ujuzi:agency/example")

    async def asyncSetUp(self) -> None:
        # The peer's side of a handshake that fails is no news.
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)

    def server(self, alpn: str = ALPN) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "server.pem", self.folder / "server.key")
        context.load_verify_locations(self.folder / "authority.pem")
        context.verify_mode = ssl.CERT_REQUIRED
        context.set_alpn_protocols([alpn])
        return context

    def options(
        self, name: str = "client", by: str = "authority", host: str | None = None
    ) -> Options:
        paths = (self.folder / f for f in (f"{by}.pem", f"{name}.pem", f"{name}.key"))
        return Options(
            tls=tls_context(*map(str, paths)),
            server_name=host,
            retry=RetryPolicy(attempts=1),
            timeout=5,
        )

    async def failure(self, server: ssl.SSLContext, options: Options) -> StatusError:
        async with Server(answers, tls=server) as peer, Client(peer.address, options) as client:
            with self.assertRaises(StatusError) as caught:
                await client.verify_credential(ASK)
        return caught.exception

    async def test_both_sides_show_a_certificate_and_speak_1_3(self) -> None:
        for host in (None, "registry.example"):
            async with (
                Server(answers, tls=self.server()) as peer,
                Client(peer.address, self.options(host=host)) as client,
            ):
                self.assertEqual((await client.verify_credential(ASK)).number, "N")

    async def test_a_server_of_another_name_or_authority_is_not_believed(self) -> None:
        for options in (self.options(host="elsewhere.example"), self.options(by="other")):
            error = await self.failure(self.server(), options)
            self.assertEqual((error.code, error.not_processed), (Code.UNAUTHENTICATED, True))

    async def test_a_client_that_the_server_does_not_know_is_told(self) -> None:
        error = await self.failure(self.server(), self.options("stranger"))
        # The peer here closes without its alert, which the program does not: see test_server.
        self.assertEqual((error.code, error.not_processed), (Code.UNAVAILABLE, True))

    async def test_one_side_without_tls_is_told(self) -> None:
        async def plain(peer: Peer) -> None:
            with self.assertRaises(WireError):
                await peer.next()
            peer.go_away(0, 13, "wrong_preface")
            await peer.writer.drain()

        async with Server(plain) as peer, Client(peer.address, self.options()) as client:
            with self.assertRaises(StatusError) as caught:
                await client.verify_credential(ASK)
            self.assertIn("without TLS", caught.exception.message)

    async def test_certificates_are_asked_for_at_each_connection(self) -> None:
        asked = 0

        def tls() -> ssl.SSLContext:
            nonlocal asked
            asked += 1
            context = self.options("client" if asked > 1 else "stranger").tls
            assert isinstance(context, ssl.SSLContext)
            return context

        options = Options(tls=tls, timeout=5, retry=RetryPolicy(attempts=1))
        async with (
            Server(answers, tls=self.server()) as peer,
            Client(peer.address, options) as client,
        ):
            with self.assertRaises(StatusError):
                await client.verify_credential(ASK)
            self.assertEqual((await client.verify_credential(ASK)).number, "N")

    async def test_an_older_tls_and_another_protocol_are_refused(self) -> None:
        older = self.server()
        older.maximum_version = ssl.TLSVersion.TLSv1_2
        self.assertEqual((await self.failure(older, self.options())).code, Code.UNAVAILABLE)
        other = await self.failure(self.server("h2"), self.options())
        self.assertEqual((other.code, other.rule), (Code.FAILED_PRECONDITION, "tls"))
        self.assertIn("speaks TLS, but not ujuzi/1", other.message)


if __name__ == "__main__":
    unittest.main()
