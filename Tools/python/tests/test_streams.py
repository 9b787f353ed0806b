"""Streams and exchanges within their credit, against a scripted server."""

from __future__ import annotations

import asyncio
import unittest
from collections.abc import AsyncIterator
from contextlib import aclosing

from tests.peer import Peer, Server
from tests.test_peer import ASK, LOG, ONCE, data, result
from ujuzi import Client, Code, StatusError
from ujuzi.frames import END, Frame, FrameType
from ujuzi.v1 import services_pb2 as services


class Streaming(unittest.IsolatedAsyncioTestCase):
    async def test_credit_is_given_back_in_quarters_as_messages_are_used(self) -> None:
        page = services.ReadLogPage(events=[bytes(96)]).SerializeToString()
        self.assertEqual(len(page), 98)

        async def script(peer: Peer) -> None:
            await peer.greet(stream_credit=400, connection_credit=800)
            call = (await peer.expect(FrameType.CALL)).call
            peer.send(*[data(call, page)] * 5)
            given = {call: 0, 0: 0}
            # Four used pages are 392 bytes: three steps of the stream's, one of the connection's.
            while given[call] < 392 or given[0] < 294:
                frame = await peer.expect(FrameType.CREDIT)
                self.assertGreaterEqual(frame.argument, 100 if frame.call else 200)
                given[frame.call] += frame.argument
            peer.send(*[data(call, page)] * 2)
            peer.status(call)
            await peer.until_closed()

        async with Server(script) as server, Client(server.address, ONCE) as client:
            count = 0
            async for _ in client.read_log(LOG):
                await asyncio.sleep(0.002)
                count += 1
            self.assertEqual(count, 7)

    async def test_what_nobody_reads_is_bounded_by_the_credit(self) -> None:
        async def script(peer: Peer) -> None:
            await peer.greet(stream_credit=100)
            call = (await peer.expect(FrameType.CALL)).call
            peer.send(data(call, services.ReadLogPage(events=[bytes(100)]).SerializeToString()))
            # The first page is being used: no credit is given for it yet.
            with self.assertRaises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await peer.next()
            self.used.set()
            await peer.expect(FrameType.CREDIT)
            peer.status(call)
            await peer.until_closed()

        self.used = asyncio.Event()
        async with Server(script) as server, Client(server.address, ONCE) as client:
            async for _ in client.read_log(LOG):
                await self.used.wait()

    async def test_leaving_a_stream_cancels_it_and_gives_the_connections_credit_back(self) -> None:
        page = services.ReadLogPage(events=[bytes(96)]).SerializeToString()

        async def script(peer: Peer) -> None:
            await peer.greet(stream_credit=1_000, connection_credit=400)
            call = (await peer.expect(FrameType.CALL)).call
            peer.send(data(call, page))
            await peer.expect(FrameType.CANCEL)
            # These cross the CANCEL; they count against the connection until they are given back.
            peer.send(*[data(call, page)] * 4)
            given = asked = 0
            while given < 5 * 98 - 100 or asked == 0:
                frame = await peer.next()
                assert frame is not None
                if frame.type is FrameType.CALL:
                    asked = frame.call
                else:
                    self.assertEqual((frame.type, frame.call), (FrameType.CREDIT, 0))
                    given += frame.argument
            peer.status(call, code=1)
            peer.send(result(asked))
            await peer.until_closed()

        async with Server(script) as server, Client(server.address, ONCE) as client:
            async with aclosing(client.read_log(LOG)) as pages:
                async for _ in pages:
                    break
            self.assertEqual((await client.verify_credential(ASK)).number, "N")

    async def test_a_stream_begins_again_before_its_first_message_and_not_after(self) -> None:
        async def breaks(peer: Peer) -> None:
            await peer.greet()
            await peer.expect(FrameType.CALL)

        async def breaks_later(peer: Peer) -> None:
            await peer.greet()
            peer.send(data((await peer.expect(FrameType.CALL)).call))
            await peer.writer.drain()

        async with Server(breaks, breaks_later) as server, Client(server.address) as client:
            count = 0
            with self.assertRaises(StatusError) as caught:
                async for _ in client.read_log(LOG):
                    count += 1
            self.assertEqual((count, server.connections), (1, 2))
            self.assertEqual(caught.exception.code, Code.UNAVAILABLE)


class Exchanges(unittest.IsolatedAsyncioTestCase):
    REQUEST = services.RecordRequest(items=[services.RecordItem(proposal=bytes(90))])

    async def test_both_sides_send_within_their_credit(self) -> None:
        length = self.REQUEST.ByteSize()

        async def script(peer: Peer) -> None:
            await peer.greet(stream_credit=200, connection_credit=10_000)
            frame = await peer.expect(FrameType.CALL)
            self.assertEqual((frame.flags, frame.payload), (0, bytes.fromhex("0000001600000001")))
            call, left, count = frame.call, 200, 0
            while True:
                if left <= 0 and count < 20:
                    # Without credit nothing comes.
                    with self.assertRaises(TimeoutError):
                        async with asyncio.timeout(0.005):
                            await peer.next()
                    left += 200
                    peer.send(Frame(FrameType.CREDIT, call=call, argument=200))
                frame = await peer.expect(FrameType.DATA)
                if frame.flags & END:
                    self.assertEqual(frame.payload, b"")
                    break
                self.assertEqual(frame.payload, self.REQUEST.SerializeToString())
                left -= length
                count += 1
                peer.send(data(call, services.RecordReply(as_of=count).SerializeToString()))
            peer.status(call)
            self.assertEqual(count, 20)
            await peer.until_closed()

        async with Server(script) as server, Client(server.address, ONCE) as client:
            replies = [reply.as_of async for reply in client.record_many([self.REQUEST] * 20)]
            self.assertEqual(replies, list(range(1, 21)))

    async def test_the_connections_credit_holds_an_exchange_back(self) -> None:
        async def script(peer: Peer) -> None:
            await peer.greet(stream_credit=10_000, connection_credit=100)
            call = (await peer.expect(FrameType.CALL)).call
            for _ in range(2):
                await peer.expect(FrameType.DATA)
            with self.assertRaises(TimeoutError):
                async with asyncio.timeout(0.01):
                    await peer.next()
            peer.send(Frame(FrameType.CREDIT, argument=1_000))
            for _ in range(4):
                await peer.expect(FrameType.DATA)
            peer.status(call)
            await peer.until_closed()

        async with Server(script) as server, Client(server.address, ONCE) as client:
            self.assertEqual([r async for r in client.record_many([self.REQUEST] * 5)], [])

    async def test_a_server_may_end_an_exchange_before_its_client_does(self) -> None:
        async def script(peer: Peer) -> None:
            await peer.greet(stream_credit=10)
            call = (await peer.expect(FrameType.CALL)).call
            await peer.expect(FrameType.DATA)
            peer.status(call, code=8, message="Enough.")
            peer.send(result((await peer.expect(FrameType.CALL)).call))
            await peer.until_closed()

        async def forever() -> AsyncIterator[services.RecordRequest]:
            while True:
                yield self.REQUEST

        async with Server(script) as server, Client(server.address, ONCE) as client:
            with self.assertRaises(StatusError) as caught:
                async for _ in client.record_many(forever()):
                    pass
            self.assertEqual(caught.exception.code, Code.RESOURCE_EXHAUSTED)
            self.assertEqual((await client.verify_credential(ASK)).number, "N")

    async def test_requests_that_fail_cancel_the_exchange(self) -> None:
        async def script(peer: Peer) -> None:
            await peer.greet()
            call = (await peer.expect(FrameType.CALL)).call
            await peer.expect(FrameType.DATA)
            await peer.expect(FrameType.CANCEL)
            peer.status(call, code=1)
            await peer.until_closed()

        async def failing() -> AsyncIterator[services.RecordRequest]:
            yield self.REQUEST
            raise LookupError("no more rows")

        async with Server(script) as server, Client(server.address, ONCE) as client:
            with self.assertRaises(LookupError):
                async for _ in client.record_many(failing()):
                    pass


if __name__ == "__main__":
    unittest.main()
