"""A server that says what a test scripts, frame by frame."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable

from ujuzi.frames import Frame, FrameReader, FrameType
from ujuzi.v1 import wire_pb2


class Peer:
    """One connection, seen from the server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer
        self._frames = FrameReader(begins_with_preface=True)

    async def next(self) -> Frame | None:
        """The client's next frame; None when it has closed."""
        while (frame := self._frames.next()) is None:
            try:
                data = await self._reader.read(1 << 16)
            except OSError:
                return None
            if not data:
                return None
            self._frames.feed(data)
        return frame

    async def expect(self, kind: FrameType) -> Frame:
        frame = await self.next()
        assert frame is not None and frame.type is kind, f"{kind.name} was meant, came {frame}"
        return frame

    async def greet(self, **limits: int) -> wire_pb2.Hello:
        frame = await self.expect(FrameType.HELLO)
        named = {"version": 1, "frame_length_max": 4_194_304, "calls_max": 256, **limits}
        ok = wire_pb2.HelloOk(server="peer")
        for name, value in named.items():
            setattr(ok, name, value)
        self.send(Frame(FrameType.HELLO_OK, payload=ok.SerializeToString()))
        return wire_pb2.Hello.FromString(frame.payload)

    def send(self, *frames: Frame) -> None:
        for frame in frames:
            self.writer.write(frame.encoded())

    def status(self, call: int, **fields: object) -> None:
        status = wire_pb2.Status(**fields)  # type: ignore[arg-type]
        self.send(Frame(FrameType.STATUS, call=call, payload=status.SerializeToString()))

    def go_away(self, last_call: int, code: int = 14, message: str = "stopping") -> None:
        words = wire_pb2.GoAway(last_call=last_call, code=code, message=message)
        self.send(Frame(FrameType.GOAWAY, payload=words.SerializeToString()))

    async def until_closed(self) -> list[Frame]:
        frames = []
        while (frame := await self.next()) is not None:
            frames.append(frame)
        return frames


Script = Callable[[Peer], Awaitable[None]]


class Server:
    """Gives each connection the next script, the last one again when they are used up."""

    def __init__(self, *scripts: Script, tls: ssl.SSLContext | None = None) -> None:
        self._scripts = list(scripts)
        self._tls = tls
        self._failure: BaseException | None = None
        self._running: set[asyncio.Task[None]] = set()
        self.connections = 0
        self.address = ""

    async def __aenter__(self) -> Server:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        self.address = "127.0.0.1:%d" % self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        if self._failure is not None:
            raise self._failure

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        script = self._scripts[min(self.connections, len(self._scripts) - 1)]
        self.connections += 1
        try:
            await script(Peer(reader, writer))
        except (OSError, asyncio.CancelledError):
            pass
        except BaseException as error:
            self._failure = self._failure or error
        finally:
            self._running.discard(task)
            writer.close()
