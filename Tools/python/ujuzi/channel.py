"""A channel: calls to any of several servers, over one connection at a time."""

from __future__ import annotations

import asyncio
import random
import ssl
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Self

from google.protobuf.message import DecodeError, Message

from ujuzi.connection import ALPN, Address, Call, Connection
from ujuzi.errors import Code, StatusError, deadline_exceeded
from ujuzi.methods import Method, Shape, method
from ujuzi.retry import RetryPolicy
from ujuzi.v1 import wire_pb2

Requests = Iterable[Message] | AsyncIterable[Message]


def tls_context(ca: str, certificate: str, key: str) -> ssl.SSLContext:
    """Mutual TLS 1.3 from three PEM files: who signs servers, who we are, and our key."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_verify_locations(cafile=ca)
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols([ALPN])
    return context


@dataclass(frozen=True, slots=True)
class Options:
    """Times are in seconds. `timeout` is of a unary call that names none; streams have none.

    `tls` may be a function, which is asked for each connection: for certificates that expire.
    `server_name` is checked against the server's certificate in place of the address.
    """

    name: str = "ujuzi-python"
    tls: ssl.SSLContext | Callable[[], ssl.SSLContext] | None = None
    server_name: str | None = None
    timeout: float = 10.0
    connect_timeout: float = 5.0
    keepalive: float = 0.0
    wait_for_ready: bool = False
    retry: RetryPolicy = field(default_factory=RetryPolicy)


class Channel:
    """Calls by name. Belongs to one event loop; close it with `async with` or `close()`."""

    def __init__(self, addresses: str | Iterable[str], options: Options | None = None) -> None:
        texts = [addresses] if isinstance(addresses, str) else list(addresses)
        if not texts:
            raise ValueError("a channel needs an address")
        self._addresses = [Address.of(text) for text in texts]
        # So that clients spread over servers.
        random.shuffle(self._addresses)
        self.options = options or Options()
        self._connections: list[Connection] = []
        self._connecting: asyncio.Task[Connection] | None = None
        self._is_closed = False

    # ------------------------------------------------------------ calls

    async def unary(
        self,
        name: str,
        request: Message,
        *,
        timeout: float | None = None,
        metadata: wire_pb2.Metadata | None = None,
        repeatable: bool | None = None,
        wait_for_ready: bool | None = None,
    ) -> Message:
        """Asks a unary method. `repeatable`: may happen twice; not said, whether it only reads.

        Raises StatusError, when what may be asked again was asked again in vain.
        """
        asked = _checked(name, Shape.UNARY, request)
        deadline = self._deadline(self.options.timeout if timeout is None else timeout)
        attempt = 0
        while True:
            attempt += 1
            try:
                connection = await self._ready(deadline, wait_for_ready)
                async with connection.call(
                    asked, request.SerializeToString(), _packed(metadata), deadline
                ) as call:
                    answer = await connection.next(call, deadline)
                    if answer is None:
                        raise StatusError(Code.INTERNAL, "The call ended without an answer.")
                    return _parsed(asked, answer)
            except StatusError as error:
                repeat = asked.reads if repeatable is None else repeatable
                await self._pause(attempt, error, repeat, deadline)

    async def stream(
        self,
        name: str,
        request: Message,
        *,
        timeout: float | None = None,
        metadata: wire_pb2.Metadata | None = None,
        wait_for_ready: bool | None = None,
    ) -> AsyncGenerator[Message, None]:
        """The messages of a streaming method. Leaving early, or `aclose()`, cancels it.

        The server may send on while a message is used, by no more than the stream's credit. A
        stream that breaks is begun again only before its first message.
        """
        asked = _checked(name, Shape.STREAM, request)
        deadline = self._deadline(timeout)
        attempt = 0
        while True:
            attempt += 1
            began = False
            try:
                connection = await self._ready(deadline, wait_for_ready)
                async with connection.call(
                    asked, request.SerializeToString(), _packed(metadata), deadline
                ) as call:
                    while (message := await connection.next(call, deadline)) is not None:
                        began = True
                        try:
                            yield _parsed(asked, message)
                        finally:
                            connection.consumed(call, message)
                return
            except StatusError as error:
                if began:
                    raise
                await self._pause(attempt, error, asked.reads, deadline)

    async def exchange(
        self,
        name: str,
        requests: Requests,
        *,
        timeout: float | None = None,
        metadata: wire_pb2.Metadata | None = None,
        wait_for_ready: bool | None = None,
    ) -> AsyncGenerator[Message, None]:
        """Sends each request as the server has room for it, and gives its answers meanwhile.

        Never begun again by itself: only the caller knows which requests were answered.
        """
        asked = _checked(name, Shape.EXCHANGE, None)
        deadline = self._deadline(timeout)
        connection = await self._ready(deadline, wait_for_ready)
        async with connection.call(asked, b"", _packed(metadata), deadline) as call:

            sending = asyncio.create_task(_send_all(connection, call, requests))
            try:
                while (message := await connection.next(call, deadline)) is not None:
                    try:
                        yield _parsed(asked, message)
                    finally:
                        connection.consumed(call, message)
            finally:
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)

    # ------------------------------------------------------------ connections

    async def connect(self, timeout: float | None = None) -> wire_pb2.HelloOk:
        """Connects now, and says what the server agreed to. Calls connect by themselves."""
        limit = self.options.connect_timeout if timeout is None else timeout
        return (await self._ready(self._deadline(limit), None)).limits

    async def close(self, grace: float = 5.0) -> None:
        """Begins no more calls, and gives the open ones `grace` seconds."""
        self._is_closed = True
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        await asyncio.gather(*(connection.close(grace) for connection in self._connections))
        self._connections.clear()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _ready(self, deadline: float | None, wait_for_ready: bool | None) -> Connection:
        """A connection that takes calls; connects where there is none."""
        attempt = 0
        waits = self.options.wait_for_ready if wait_for_ready is None else wait_for_ready
        while True:
            attempt += 1
            try:
                async with asyncio.timeout_at(deadline):
                    return await self._connection()
            except TimeoutError:
                raise deadline_exceeded("No server was ready in time.") from None
            except StatusError as error:
                if not waits or error.code is not Code.UNAVAILABLE:
                    raise
                pause = self.options.retry.pause(attempt, error.retry_after_ms)
                await self._sleep(pause, deadline, error)

    async def _connection(self) -> Connection:
        if self._is_closed:
            raise StatusError(Code.CANCELLED, "This client is closed.")
        if self._connections and self._connections[-1].can_begin:
            return self._connections[-1]
        # All calls that wait share one attempt, and what became of it.
        if self._connecting is None or self._connecting.done():
            self._connecting = asyncio.create_task(self._connect())
            self._connecting.add_done_callback(lambda task: task.cancelled() or task.exception())
        return await asyncio.shield(self._connecting)

    async def _connect(self) -> Connection:
        """Tries each address once. Raises what the last one said."""
        hello = wire_pb2.Hello(
            version_min=1,
            version_max=1,
            client=self.options.name,
            keepalive_ms=int(self.options.keepalive * 1_000),
        )
        tls = self.options.tls
        refused: StatusError | None = None
        for _ in range(len(self._addresses)):
            try:
                connection = await Connection.open(
                    self._addresses[0],
                    hello,
                    tls() if callable(tls) else tls,
                    self.options.server_name,
                    asyncio.get_running_loop().time() + self.options.connect_timeout,
                )
                # Those before the last one finish what they have open.
                self._connections = [old for old in self._connections if not old.is_over]
                self._connections.append(connection)
                return connection
            except StatusError as error:
                refused = error
                self._addresses.append(self._addresses.pop(0))
        assert refused is not None
        raise refused

    # ------------------------------------------------------------ time

    def _deadline(self, timeout: float | None) -> float | None:
        return None if timeout is None else asyncio.get_running_loop().time() + timeout

    async def _pause(
        self, attempt: int, error: StatusError, repeatable: bool, deadline: float | None
    ) -> None:
        wait = self.options.retry.wait(attempt, error, repeatable=repeatable)
        if wait is None or self._is_closed:
            raise error
        await self._sleep(wait, deadline, error)

    async def _sleep(self, wait: float, deadline: float | None, error: StatusError) -> None:
        """Waits, or raises the error where the time of the call would pass meanwhile."""
        if deadline is not None and asyncio.get_running_loop().time() + wait >= deadline:
            raise error
        await asyncio.sleep(wait)


def _checked(name: str, shape: Shape, request: Message | None) -> Method:
    asked = method(name)
    if asked.shape is not shape:
        raise ValueError(f"{name} is called as {asked.shape.value}")
    if request is not None and not isinstance(request, asked.request):
        raise TypeError(f"{name} takes a {asked.request.DESCRIPTOR.name}")
    return asked


def _packed(metadata: wire_pb2.Metadata | None) -> bytes:
    return b"" if metadata is None else metadata.SerializeToString()


def _parsed(asked: Method, message: bytes) -> Message:
    try:
        return asked.reply.FromString(message)
    except DecodeError as error:
        raise StatusError(Code.INTERNAL, f"{asked.name}: an answer that cannot be read.") from error


async def _send_all(connection: Connection, call: Call, requests: Requests) -> None:
    try:
        async for request in _each(requests):
            if not await connection.send(call, request.SerializeToString()):
                return
        connection.finish(call)
    except Exception as error:
        # The caller's own requests failed: whoever reads the answers is told.
        call.fail(error)


async def _each(requests: Requests) -> AsyncGenerator[Message, None]:
    if isinstance(requests, AsyncIterable):
        async for request in requests:
            yield request
    else:
        for request in requests:
            yield request
