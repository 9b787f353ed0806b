"""Against a server that does what servers should not do, or do seldom."""

from __future__ import annotations

import asyncio
import unittest

from tests.peer import Peer, Server
from tests.test_vectors import bytes_of, vectors
from ujuzi import Client, Code, Options, RetryPolicy, StatusError
from ujuzi.frames import END, Frame, FrameType
from ujuzi.v1 import services_pb2 as services
from ujuzi.v1 import wire_pb2

ASK = services.VerifyCredentialRequest(credential=b"c")
ANSWER = services.VerifyCredentialReply(number="N").SerializeToString()
PAGE = services.ReadLogPage(next=7).SerializeToString()
# The answer is empty: a message of no bytes.
LOG = services.ReadLogRequest()
ONCE = Options(timeout=5, retry=RetryPolicy(attempts=1))
LAST = 0x7FFF_FFFF


def result(call: int, payload: bytes = ANSWER) -> Frame:
    return Frame(FrameType.RESULT, call=call, payload=payload)


def data(call: int, payload: bytes = PAGE, flags: int = 0) -> Frame:
    return Frame(FrameType.DATA, flags, call, payload=payload)


async def answers(peer: Peer) -> None:
    """Greets, and answers every call."""
    await peer.greet()
    while (frame := await peer.next()) is not None:
        if frame.type is FrameType.CALL:
            peer.send(result(frame.call))


class Refusing(unittest.IsolatedAsyncioTestCase):
    said: list[FrameType]

    async def failure(self, *frames: bytes, limits: dict[str, int] | None = None) -> StatusError:
        """How a call fails, and with it the connection, when the server answers it so."""

        async def script(peer: Peer) -> None:
            await peer.greet(**(limits or {}))
            await peer.expect(FrameType.CALL)
            for frame in frames:
                peer.writer.write(frame)
            # A client that ends a connection says why.
            self.said = [frame.type for frame in await peer.until_closed()]

        async with Server(script) as server, Client(server.address, ONCE) as client:
            with self.assertRaises(StatusError) as caught:
                async for _ in client.read_log(LOG):
                    pass
            await client.close()
            await asyncio.sleep(0.01)
        return caught.exception

    async def test_every_frame_that_is_refused_ends_the_connection_with_its_name(self) -> None:
        for vector in vectors("refused.json"):
            if vector.get("preface"):
                # A server sends no preface: to a client these are the first bytes of a frame.
                continue
            with self.subTest(vector["name"]):
                error = await self.failure(bytes_of(vector["bytes"]))
                self.assertEqual(error.code, Code.UNAVAILABLE)
                self.assertFalse(error.not_processed)
                self.assertIn(f"({vector['error']})", error.message)
                self.assertIn(FrameType.GOAWAY, self.said)

    async def test_the_bytes_of_a_wrong_preface_are_no_frames(self) -> None:
        for vector in vectors("refused.json"):
            if vector.get("preface") and len(bytes_of(vector["bytes"])) >= 16:
                error = await self.failure(bytes_of(vector["bytes"]))
                self.assertIn("(reserved_byte)", error.message)

    async def test_what_a_server_may_not_send_ends_the_connection(self) -> None:
        for frame, rule in [
            (Frame(FrameType.HELLO), "direction"),
            (Frame(FrameType.CALL, END, 1, payload=bytes(8)), "direction"),
            (Frame(FrameType.CANCEL, call=1), "direction"),
            (Frame(FrameType.HELLO_OK), "phase"),
            (Frame(FrameType.HELLO_NO), "phase"),
            (Frame(FrameType.STATUS, call=1, payload=b"\xff"), "payload"),
            (Frame(FrameType.GOAWAY, payload=b"\xff"), "payload"),
        ]:
            with self.subTest(frame.type.name):
                self.assertIn(f"({rule})", (await self.failure(frame.encoded())).message)

    async def test_a_frame_longer_than_the_server_said_is_refused_at_its_header(self) -> None:
        header = data(1, bytes(2_001)).encoded()[:16]
        error = await self.failure(header, limits={"frame_length_max": 2_000})
        self.assertIn("(frame_too_long)", error.message)

    async def test_data_beyond_the_credit_ends_the_connection(self) -> None:
        page = services.ReadLogPage(events=[bytes(58)]).SerializeToString()
        frame = data(1, page).encoded()
        for limits, rule in [
            ({"stream_credit": 100}, "stream_credit"),
            ({"stream_credit": 1_000, "connection_credit": 100}, "connection_credit"),
        ]:
            with self.subTest(rule):
                error = await self.failure(frame * 3, limits=limits)
                self.assertIn(f"({rule})", error.message)

    async def test_a_frame_before_the_greeting_ends_the_connection(self) -> None:
        async def script(peer: Peer) -> None:
            await peer.expect(FrameType.HELLO)
            peer.send(result(1, b""))
            await peer.until_closed()

        async with Server(script) as server, Client(server.address, ONCE) as client:
            with self.assertRaises(StatusError) as caught:
                await client.verify_credential(ASK)
            error = caught.exception
            self.assertEqual((error.code, error.rule), (Code.INTERNAL, "phase"))

    async def test_hello_no_says_whether_another_try_may_succeed(self) -> None:
        async def busy(peer: Peer) -> None:
            await peer.expect(FrameType.HELLO)
            no = wire_pb2.HelloNo(message="full", code=14, retry_after_ms=30)
            peer.send(Frame(FrameType.HELLO_NO, payload=no.SerializeToString()))

        async def unknown(peer: Peer) -> None:
            await peer.expect(FrameType.HELLO)
            no = wire_pb2.HelloNo(message="who are you?", code=16)
            peer.send(Frame(FrameType.HELLO_NO, payload=no.SerializeToString()))

        async with Server(busy, answers) as server, Client(server.address) as client:
            self.assertEqual((await client.verify_credential(ASK)).number, "N")
            self.assertEqual(server.connections, 2)
        async with Server(unknown) as server, Client(server.address) as client:
            with self.assertRaises(StatusError) as caught:
                await client.verify_credential(ASK)
            self.assertEqual(caught.exception.code, Code.UNAUTHENTICATED)
            self.assertEqual(server.connections, 1)


class Oddities(unittest.IsolatedAsyncioTestCase):
    async def test_frames_of_calls_that_are_not_open_are_let_go(self) -> None:
        async def script(peer: Peer) -> None:
            await peer.greet()
            call = (await peer.expect(FrameType.CALL)).call
            peer.send(
                data(99), result(98), Frame(FrameType.CREDIT, call=97, argument=5),
                Frame(FrameType.PONG, argument=3), result(call),
            )
            peer.status(96, code=5)
            await peer.until_closed()

        async with Server(script) as server, Client(server.address, ONCE) as client:
            self.assertEqual((await client.verify_credential(ASK)).number, "N")

    async def test_one_byte_at_a_time_is_enough(self) -> None:
        async def script(peer: Peer) -> None:
            await peer.greet()
            call = (await peer.expect(FrameType.CALL)).call
            for byte in result(call).encoded():
                peer.writer.write(bytes([byte]))
                await peer.writer.drain()
                await asyncio.sleep(0)
            await peer.until_closed()

        async with Server(script) as server, Client(server.address, ONCE) as client:
            self.assertEqual((await client.verify_credential(ASK)).number, "N")

    async def test_an_answer_of_the_wrong_shape_fails_its_call_alone(self) -> None:
        async def script(peer: Peer) -> None:
            await peer.greet()
            stream = (await peer.expect(FrameType.CALL)).call
            peer.send(result(stream))
            unary = (await peer.expect(FrameType.CALL)).call
            peer.send(data(unary))
            await peer.expect(FrameType.CANCEL)
            peer.status(unary, code=1)
            unary = (await peer.expect(FrameType.CALL)).call
            peer.status(unary)
            unary = (await peer.expect(FrameType.CALL)).call
            peer.send(result(unary, b"\xff"))
            unary = (await peer.expect(FrameType.CALL)).call
            peer.send(result(unary))
            await peer.until_closed()

        async with Server(script) as server, Client(server.address, ONCE) as client:
            with self.assertRaises(StatusError) as caught:
                async for _ in client.read_log(LOG):
                    pass
            error = caught.exception
            self.assertEqual((error.code, error.rule), (Code.INTERNAL, "answer_shape"))
            for _ in range(3):
                with self.assertRaises(StatusError) as caught:
                    await client.verify_credential(ASK)
                self.assertEqual(caught.exception.code, Code.INTERNAL)
            self.assertEqual((await client.verify_credential(ASK)).number, "N")
            self.assertEqual(server.connections, 1)

    async def test_a_ping_is_answered_in_order(self) -> None:
        async def script(peer: Peer) -> None:
            await peer.greet()
            call = (await peer.expect(FrameType.CALL)).call
            peer.send(Frame(FrameType.PING, argument=0xFFFF_FFFF))
            self.assertEqual((await peer.expect(FrameType.PONG)).argument, 0xFFFF_FFFF)
            peer.send(result(call))
            await peer.until_closed()

        async with Server(script) as server, Client(server.address, ONCE) as client:
            await client.verify_credential(ASK)

    async def test_a_status_is_told_whole(self) -> None:
        async def script(peer: Peer) -> None:
            await peer.greet()
            call = (await peer.expect(FrameType.CALL)).call
            detail = wire_pb2.StatusDetail(field="items[3]", rule="r", state="s")
            peer.status(call, code=9, message="No.", detail=detail, retry_after_ms=70)
            peer.status((await peer.expect(FrameType.CALL)).call, code=99, message="Later.")
            await peer.until_closed()

        async with Server(script) as server, Client(server.address, ONCE) as client:
            with self.assertRaises(StatusError) as caught:
                await client.verify_credential(ASK)
            error = caught.exception
            self.assertEqual(error.code, Code.FAILED_PRECONDITION)
            self.assertEqual((error.field, error.rule, error.state), ("items[3]", "r", "s"))
            self.assertEqual((error.message, error.retry_after_ms), ("No.", 70))
            with self.assertRaises(StatusError) as caught:
                await client.verify_credential(ASK)
            self.assertEqual(caught.exception.code, Code.UNKNOWN)

    async def test_metadata_and_time_stand_on_the_call(self) -> None:
        async def script(peer: Peer) -> None:
            hello = await peer.greet(metadata_length_max=60)
            self.assertEqual((hello.version_min, hello.version_max), (1, 1))
            self.assertEqual(hello.keepalive_ms, 9_000)
            frame = await peer.expect(FrameType.CALL)
            sent = wire_pb2.Metadata.FromString(frame.metadata)
            self.assertEqual(sent.traceparent, "00-01-02-03")
            self.assertEqual(frame.payload[:8], bytes.fromhex("0000002000000001"))
            self.assertTrue(1_500 < frame.argument <= 2_000, frame.argument)
            peer.send(Frame(FrameType.RESULT, call=frame.call, metadata=b"\x0a", payload=ANSWER))
            await peer.until_closed()

        options = Options(keepalive=9, retry=RetryPolicy(attempts=1))
        async with Server(script) as server, Client(server.address, options) as client:
            metadata = wire_pb2.Metadata(traceparent="00-01-02-03")
            await client.verify_credential(ASK, timeout=2, metadata=metadata)
            metadata.tracestate = "x" * 100
            with self.assertRaises(StatusError) as caught:
                await client.verify_credential(ASK, metadata=metadata)
            self.assertEqual(caught.exception.rule, "metadata_length_max")

    async def test_a_client_gives_up_by_itself_and_keeps_the_id_until_it_is_answered(self) -> None:
        async def script(peer: Peer) -> None:
            await peer.greet(calls_max=1)
            call = (await peer.expect(FrameType.CALL)).call
            await peer.expect(FrameType.CANCEL)
            # The second call waits for this answer, which nobody wants any more.
            peer.send(result(call))
            peer.send(result((await peer.expect(FrameType.CALL)).call))
            await peer.until_closed()

        async with Server(script) as server, Client(server.address, ONCE) as client:
            with self.assertRaises(StatusError) as caught:
                await client.verify_credential(ASK, timeout=0.05)
            self.assertEqual(caught.exception.code, Code.DEADLINE_EXCEEDED)
            self.assertEqual((await client.verify_credential(ASK)).number, "N")

    async def test_calls_beyond_the_servers_limits_are_held_back(self) -> None:
        async def script(peer: Peer) -> None:
            await peer.greet(calls_max=3, streams_max=1)
            for _ in range(10):
                frames = [await peer.expect(FrameType.CALL) for _ in range(2)]
                with self.assertRaises(TimeoutError):
                    async with asyncio.timeout(0.005):
                        await peer.next()
                for frame in frames:
                    if frame.payload[3] == 64:
                        peer.status(frame.call)
                    else:
                        peer.send(result(frame.call))
            await peer.until_closed()

        async def pages(client: Client) -> None:
            async for _ in client.read_log(LOG):
                pass

        async with Server(script) as server, Client(server.address, ONCE) as client:
            for _ in range(10):
                await asyncio.gather(pages(client), client.verify_credential(ASK))
        # Streams beyond one wait, and so do calls beyond three.
        open_most = 0

        async def counting(peer: Peer) -> None:
            nonlocal open_most
            await peer.greet(calls_max=3)
            waiting: list[int] = []
            while True:
                try:
                    async with asyncio.timeout(0.01):
                        frame = await peer.next()
                    if frame is None:
                        return
                    if frame.type is FrameType.CALL:
                        waiting.append(frame.call)
                        open_most = max(open_most, len(waiting))
                except TimeoutError:
                    for call in waiting:
                        peer.send(result(call))
                    waiting = []

        async with Server(counting) as server, Client(server.address, ONCE) as client:
            await asyncio.gather(*(client.verify_credential(ASK) for _ in range(20)))
            self.assertEqual(open_most, 3)


class GoingAway(unittest.IsolatedAsyncioTestCase):
    async def test_a_server_that_stops_says_so_twice(self) -> None:
        async def script(peer: Peer) -> None:
            await peer.greet()
            calls = [(await peer.expect(FrameType.CALL)).call for _ in range(3)]
            peer.go_away(LAST)
            peer.send(Frame(FrameType.PING, argument=1))
            await peer.expect(FrameType.PONG)
            # No more calls come here, and those that were sent are still begun.
            peer.go_away(calls[1])
            self.asked.set()
            with self.assertRaises(TimeoutError):
                async with asyncio.timeout(0.02):
                    await peer.next()
            peer.send(result(calls[0]), result(calls[1]))

        self.asked = asyncio.Event()
        async with Server(script, answers) as server, Client(server.address) as client:
            asking = [asyncio.create_task(client.verify_credential(ASK)) for _ in range(3)]
            await self.asked.wait()
            for reply in await asyncio.gather(*asking, client.verify_credential(ASK)):
                self.assertEqual(reply.number, "N")
            self.assertEqual(server.connections, 2)

    async def test_a_record_above_the_last_call_is_sent_again_and_one_below_is_not(self) -> None:
        async def script(peer: Peer) -> None:
            await peer.greet()
            calls = [(await peer.expect(FrameType.CALL)).call for _ in range(2)]
            peer.go_away(calls[0], code=13, message="It broke.")

        async def records(peer: Peer) -> None:
            await peer.greet()
            call = (await peer.expect(FrameType.CALL)).call
            peer.send(result(call, services.RecordReply(as_of=9).SerializeToString()))
            await peer.until_closed()

        async with Server(script, records) as server, Client(server.address) as client:
            request = services.RecordRequest()
            first, second = await asyncio.gather(
                client.record(request), client.record(request), return_exceptions=True
            )
            assert isinstance(first, StatusError) and isinstance(second, services.RecordReply)
            self.assertEqual((first.code, first.not_processed), (Code.UNAVAILABLE, False))
            self.assertIn("It broke.", first.message)
            self.assertEqual(second.as_of, 9)

    async def test_what_was_not_processed_is_asked_again_after_the_time_that_is_named(self) -> None:
        async def script(peer: Peer) -> None:
            await peer.greet()
            loop = asyncio.get_running_loop()
            call = (await peer.expect(FrameType.CALL)).call
            began = loop.time()
            peer.status(call, code=8, not_processed=True, retry_after_ms=60)
            call = (await peer.expect(FrameType.CALL)).call
            self.assertGreaterEqual(loop.time() - began, 0.06)
            # Processed, perhaps: a record is not sent again by itself.
            peer.status(call, code=14)
            await peer.until_closed()

        async with Server(script) as server, Client(server.address) as client:
            with self.assertRaises(StatusError) as caught:
                await client.record(services.RecordRequest())
            self.assertEqual(caught.exception.code, Code.UNAVAILABLE)

    async def test_a_client_that_leaves_says_so_and_waits_for_its_answers(self) -> None:
        async def script(peer: Peer) -> None:
            await peer.greet()
            call = (await peer.expect(FrameType.CALL)).call
            self.asked.set()
            await peer.expect(FrameType.GOAWAY)
            peer.go_away(call)
            peer.send(result(call))
            await peer.until_closed()

        self.asked = asyncio.Event()
        async with Server(script) as server, Client(server.address, ONCE) as client:
            asking = asyncio.create_task(client.verify_credential(ASK))
            await self.asked.wait()
            await client.close()
            self.assertEqual((await asking).number, "N")
            with self.assertRaises(StatusError) as caught:
                await client.verify_credential(ASK)
            self.assertEqual(caught.exception.code, Code.CANCELLED)


class SignsOfLife(unittest.IsolatedAsyncioTestCase):
    async def test_silence_is_asked_about_and_then_ends_the_connection(self) -> None:
        async def script(peer: Peer) -> None:
            await peer.greet(keepalive_ms=60, keepalive_timeout_ms=60)
            await peer.expect(FrameType.CALL)
            for _ in range(3):
                ping = await peer.expect(FrameType.PING)
                peer.send(Frame(FrameType.PONG, argument=ping.argument))
            await peer.expect(FrameType.PING)
            self.assertEqual(await peer.until_closed(), [])

        async with Server(script) as server, Client(server.address, ONCE) as client:
            with self.assertRaises(StatusError) as caught:
                await client.verify_credential(ASK)
            self.assertEqual(caught.exception.code, Code.UNAVAILABLE)
            self.assertIn("no sign of life", caught.exception.message)

    async def test_an_address_that_is_down_is_passed_over(self) -> None:
        async with Server(answers) as down, Server(answers) as up:
            addresses = [down.address, up.address]
            await down.__aexit__()
            for _ in range(4):
                async with Client(addresses, ONCE) as client:
                    self.assertEqual((await client.verify_credential(ASK)).number, "N")

    async def test_a_client_may_wait_for_a_server(self) -> None:
        async with Server(answers) as server:
            address = server.address
        options = Options(wait_for_ready=True, timeout=20, retry=RetryPolicy(attempts=1))
        async with Client(address, options) as client:
            asking = asyncio.create_task(client.verify_credential(ASK))
            await asyncio.sleep(0.2)
            self.assertFalse(asking.done())
            host, _, port = address.rpartition(":")

            async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                await answers(Peer(reader, writer))
                writer.close()

            late = await asyncio.start_server(serve, host, int(port))
            self.assertEqual((await asking).number, "N")
            await client.close()
            late.close()


if __name__ == "__main__":
    unittest.main()
