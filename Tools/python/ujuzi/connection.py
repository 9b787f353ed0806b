"""One connection: a session with a socket, a clock and the tasks that wait for its calls."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from ujuzi.errors import Code, StatusError, deadline_exceeded, unavailable
from ujuzi.events import Arrived, CreditCame, Ended, Event, GoingAway, Greeted, Over
from ujuzi.limits import Limits
from ujuzi.methods import Method, Shape
from ujuzi.pace import FramePace
from ujuzi.session import Session
from ujuzi.v1 import wire_pb2

ALPN = "ujuzi/1"
# The client gives up so much later than the server, in seconds.
GIVE_UP_LATER = 0.5
# How OpenSSL calls the alerts that say that a certificate is not taken.
_CERTIFICATE_ALERTS = ("CERTIFICATE", "UNKNOWN_CA")
# What may wait to be written while the server reads nothing, in bytes, before PINGs end it.
_UNREAD_MAX = 16 << 20


@dataclass(frozen=True, slots=True)
class Address:
    host: str
    port: int

    @classmethod
    def of(cls, text: str) -> Address:
        """`host:port`, or `[v6]:port`. Raises ValueError."""
        host, colon, port = text.rpartition(":")
        if not colon or not port.isdecimal():
            raise ValueError(f"not an address with a port: {text}")
        return cls(host.removeprefix("[").removesuffix("]"), int(port))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(slots=True)
class Call:
    """A call as the task sees it that waits for it."""

    id: int
    arrived: deque[bytes] = field(default_factory=deque)
    is_ended: bool = False
    error: Exception | None = None
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def fail(self, error: Exception) -> None:
        self.error = self.error or error
        self.woken.set()


class Connection:
    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, hello: wire_pb2.Hello
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._session = Session(hello)
        self._calls: dict[int, Call] = {}
        self._changed = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._last_read = self._loop.time()
        self._received = 0
        # Of the frame that has begun and not ended.
        self._pace: FramePace | None = None
        self._uses_tls = writer.get_extra_info("ssl_object") is not None
        self._over: StatusError | None = None
        self._flush()
        self._tasks = [
            asyncio.create_task(self._read()),
            asyncio.create_task(self._watch_silence()),
        ]

    @classmethod
    async def open(
        cls,
        address: Address,
        hello: wire_pb2.Hello,
        tls: ssl.SSLContext | None,
        server_name: str | None,
        deadline: float,
    ) -> Connection:
        """Connects and greets. `deadline` is of the running loop's clock. Raises StatusError."""
        connection: Connection | None = None
        try:
            async with asyncio.timeout_at(deadline):
                reader, writer = await asyncio.open_connection(
                    address.host,
                    address.port,
                    ssl=tls,
                    server_hostname=server_name if tls is not None else None,
                )
                connection = cls(reader, writer, hello)
                connection._check_alpn()
                while connection._session.limits is None:
                    if connection._over is not None:
                        raise connection._over
                    await connection._change()
                return connection
        except ssl.SSLCertVerificationError as error:
            raise StatusError(
                Code.UNAUTHENTICATED, f"{address}: {error}", not_processed=True
            ) from error
        except ssl.SSLError as error:
            said = error.reason or str(error)
            if "NO_APPLICATION_PROTOCOL" in said:
                raise _no_common_protocol(None) from error
            if said in ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"):
                said = "the server speaks without TLS"
            raise unavailable(f"{address}: {said}", not_processed=True) from error
        except TimeoutError as error:
            raise unavailable(f"{address} does not answer.", not_processed=True) from error
        except OSError as error:
            raise unavailable(f"{address}: {error}", not_processed=True) from error
        finally:
            if connection is not None and connection._session.limits is None:
                await connection.close(0)

    def _check_alpn(self) -> None:
        secured = self._writer.get_extra_info("ssl_object")
        if secured is not None and secured.selected_alpn_protocol() != ALPN:
            raise _no_common_protocol(secured.selected_alpn_protocol())

    @property
    def can_begin(self) -> bool:
        return self._session.can_begin

    @property
    def is_over(self) -> bool:
        return self._session.is_over

    @property
    def limits(self) -> wire_pb2.HelloOk:
        assert self._session.limits is not None
        return self._session.limits

    @property
    def _in_force(self) -> Limits:
        assert self._session.in_force is not None
        return self._session.in_force

    # ------------------------------------------------------------ calls

    @asynccontextmanager
    async def call(
        self, method: Method, message: bytes, metadata: bytes, deadline: float | None
    ) -> AsyncIterator[Call]:
        """Begins a call, as soon as the server's limits have room for it; cancels what is left."""
        self._check_lengths(method, message, metadata)
        async with _until(deadline):
            await self._room(method.shape)
        call = Call(
            self._session.begin(
                method.shape,
                method=method.number,
                revision=method.revision,
                message=message,
                metadata=metadata,
                timeout_ms=self._timeout_ms(deadline),
            )
        )
        self._calls[call.id] = call
        self._flush()
        try:
            async with _until(deadline, later=GIVE_UP_LATER):
                await self._drained()
            yield call
        finally:
            del self._calls[call.id]
            if not call.is_ended:
                self._session.cancel(call.id)
            if method.shape is not Shape.UNARY:
                for message in call.arrived:
                    self._session.consumed(call.id, len(message))
            self._flush()

    async def next(self, call: Call, deadline: float | None) -> bytes | None:
        """The call's next message; None when it is complete. Raises StatusError."""
        async with _until(deadline, later=GIVE_UP_LATER):
            while True:
                if call.arrived:
                    return call.arrived.popleft()
                if call.error is not None:
                    raise call.error
                if call.is_ended:
                    return None
                call.woken.clear()
                await call.woken.wait()

    def consumed(self, call: Call, message: bytes) -> None:
        """A stream's message was used: there is room for more."""
        self._session.consumed(call.id, len(message))
        self._flush()

    async def send(self, call: Call, message: bytes) -> bool:
        """A message of an exchange, within its credit. False: the server has ended the call."""
        if len(message) > self._in_force.frame_length_max:
            raise _too_long("frame_length_max")
        while not self._session.may_send(call.id):
            if call.is_ended:
                return False
            await self._change()
        self._session.send(call.id, message)
        self._flush()
        await self._drained()
        return True

    def finish(self, call: Call) -> None:
        self._session.finish(call.id)
        self._flush()

    def _timeout_ms(self, deadline: float | None) -> int:
        if deadline is None:
            return 0
        left = int((deadline - self._loop.time()) * 1_000)
        if left <= 0:
            raise deadline_exceeded()
        return min(left, 0xFFFF_FFFF)

    def _check_lengths(self, method: Method, message: bytes, metadata: bytes) -> None:
        limits = self._in_force
        if len(message) + len(metadata) + 8 > limits.frame_length_max:
            raise _too_long("frame_length_max")
        if len(metadata) > limits.metadata_length_max:
            raise _too_long("metadata_length_max")

    async def _room(self, shape: Shape) -> None:
        """Waits until the server takes another call."""
        session, limits = self._session, self._in_force
        while True:
            if not session.can_begin:
                raise unavailable(
                    "The connection takes no more calls.", rule="not_sent", not_processed=True
                )
            streams_full = (
                shape is not Shape.UNARY
                and limits.streams_max is not None
                and session.open_streams >= limits.streams_max
            )
            if not streams_full and (
                limits.calls_max is None or session.open_calls < limits.calls_max
            ):
                return
            await self._change()

    # ------------------------------------------------------------ what comes

    async def _read(self) -> None:
        sentence, code = "The server closed the connection.", Code.UNAVAILABLE
        try:
            while not self._session.is_over and (data := await self._reader.read(1 << 16)):
                self._last_read = self._loop.time()
                self._received += len(data)
                frames_before = self._session.frames_read
                for event in self._session.receive(data):
                    self._take(event)
                if not self._session.has_part_of_frame:
                    self._pace = None
                elif self._pace is None or self._session.frames_read != frames_before:
                    self._pace = FramePace(self._last_read, self._received, self._uses_tls)
                self._flush()
                if self._writer.transport.get_write_buffer_size() > _UNREAD_MAX:
                    sentence = "The server reads nothing."
                    break
            if self._session.is_over:
                # So that the other side reads the GOAWAY before it is told that the socket is gone.
                async with asyncio.timeout(1):
                    while await self._reader.read(1 << 16):
                        pass
        except TimeoutError:
            pass
        except ssl.SSLError as error:
            # In TLS 1.3 a server looks at the client's certificate after the client's handshake.
            sentence = f"The server ended TLS: {error.reason or error}"
            if any(word in (error.reason or "") for word in _CERTIFICATE_ALERTS):
                code = Code.UNAUTHENTICATED
        except OSError as error:
            sentence = f"The connection broke: {error}"
        self._lose(sentence, code)

    def _take(self, event: Event) -> None:
        match event:
            case Arrived(id, message):
                if (call := self._calls.get(id)) is not None:
                    call.arrived.append(message)
                    call.woken.set()
            case Ended(id, error):
                if (call := self._calls.get(id)) is not None and not call.is_ended:
                    call.is_ended = True
                    call.error = call.error or error
                    call.woken.set()
                self._announce()
            case Over(error):
                self._over = error
                self._announce()
            case Greeted() | GoingAway() | CreditCame():
                self._announce()

    def _lose(
        self, sentence: str, code: Code = Code.UNAVAILABLE, rule: str = ""
    ) -> None:
        for event in self._session.lost(sentence, code, rule):
            self._take(event)
        self._flush()
        self._writer.close()

    async def _watch_silence(self) -> None:
        """PING after `keepalive_ms` of silence, the end `keepalive_timeout_ms` after that."""
        pinged: float | None = None
        while not self._session.is_over:
            limits = self._session.in_force
            every = (limits.keepalive_ms or 0) / 1_000 if limits else 0.0
            patience = (limits.keepalive_timeout_ms or 0) / 1_000 if limits else 0.0
            await asyncio.sleep(min(max(min(every, patience) / 4, 0.01), 1.0) if every else 1.0)
            now = self._loop.time()
            if self._pace is not None and self._pace.is_late(now, self._received):
                self._lose(
                    "The server began a frame and does not go on (frame_timeout).",
                    Code.DEADLINE_EXCEEDED,
                    "frame_timeout",
                )
            if not every or self._session.is_over:
                continue
            if pinged is not None and self._last_read >= pinged:
                pinged = None
            if pinged is None and now - self._last_read >= every:
                pinged = now
                self._session.ping()
                self._flush()
            elif pinged is not None and now - pinged >= patience:
                self._lose("The server gives no sign of life.", rule="keepalive")

    async def close(self, grace: float) -> None:
        """Says GOAWAY, waits up to `grace` seconds for open calls, and closes."""
        self._session.leave()
        self._flush()
        with suppress(TimeoutError):
            async with asyncio.timeout(grace):
                while self._session.open_calls > 0:
                    await self._change()
        self._lose("This client closed the connection.")
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(1):
                await self._writer.wait_closed()

    # ------------------------------------------------------------ waiting and writing

    def _announce(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def _change(self) -> None:
        await self._changed.wait()

    def _flush(self) -> None:
        if self._session.outgoing and not self._writer.is_closing():
            self._writer.write(self._session.take_outgoing())

    async def _drained(self) -> None:
        # A connection that broke says so to its calls: see `_read`.
        with suppress(OSError):
            await self._writer.drain()


@asynccontextmanager
async def _until(deadline: float | None, later: float = 0.0) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout_at(None if deadline is None else deadline + later):
            yield
    except TimeoutError:
        raise deadline_exceeded() from None


def _no_common_protocol(chosen: str | None) -> StatusError:
    """Both sides speak TLS, and not this protocol in it."""
    what = f"it chose {chosen}" if chosen else "it chose no protocol (ALPN)"
    return StatusError(
        Code.FAILED_PRECONDITION,
        f"The server speaks TLS, but not {ALPN} ({what}): is it a ujuzi server, of this version?",
        rule="tls",
        not_processed=True,
    )


def _too_long(rule: str) -> StatusError:
    return StatusError(
        Code.RESOURCE_EXHAUSTED,
        "The request is longer than the server takes.",
        rule=rule,
        not_processed=True,
    )
