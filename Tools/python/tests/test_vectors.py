"""The byte vectors of the protocol."""

from __future__ import annotations

import json
import unittest
from dataclasses import asdict
from typing import Any

from tests.registry import ROOT
from ujuzi.events import Arrived, CreditCame, Ended, Event, Over
from ujuzi.frames import END, PREFACE, Frame, FrameReader, FrameType, WireError
from ujuzi.methods import Shape
from ujuzi.pace import FramePace
from ujuzi.session import Session
from ujuzi.v1 import services_pb2, wire_pb2


def vectors(name: str) -> list[dict[str, Any]]:
    found = json.loads((ROOT / "Protos" / "vectors" / name).read_text())
    assert found, name
    return list(found)


def bytes_of(text: str) -> bytes:
    return bytes.fromhex(text.replace(" ", ""))


def read(reader: FrameReader, data: bytes, step: int) -> list[Frame]:
    frames = []
    for start in range(0, len(data), step):
        reader.feed(data[start : start + step])
        while (frame := reader.next()) is not None:
            frames.append(frame)
    return frames


class Vectors(unittest.TestCase):
    def test_every_file_of_vectors_is_replayed(self) -> None:
        files = {path.name for path in (ROOT / "Protos" / "vectors").iterdir()}
        known = {
            *("frames.json", "refused.json", "sessions.json"),
            *("credit.json", "greetings.json", "statuses.json", "timeouts.json"),
            "record_many.json",
        }
        self.assertEqual(files, known)

    def test_frames_are_read_and_written(self) -> None:
        for vector in vectors("frames.json"):
            self.assertEqual(set(vector), {"name", "bytes", "frames"}, vector["name"])
            data = bytes_of(vector["bytes"])
            meant = []
            for frame in vector["frames"]:
                fields = {"type", "flags", "call", "argument", "metadata", "payload"}
                self.assertEqual(set(frame), fields, vector["name"])
                meant.append(
                    Frame(
                        FrameType[frame["type"]],
                        frame["flags"],
                        frame["call"],
                        frame["argument"],
                        bytes_of(frame["metadata"]),
                        bytes_of(frame["payload"]),
                    )
                )
            for step in (1, 7, 16, max(len(data), 1)):
                with self.subTest(vector["name"], step=step):
                    self.assertEqual(read(FrameReader(), data, step), meant)
            with self.subTest(vector["name"]):
                self.assertEqual(b"".join(frame.encoded() for frame in meant), data)

    def test_what_is_refused_comes_to_the_error_that_is_named(self) -> None:
        for vector in vectors("refused.json"):
            self.assertLessEqual(set(vector), {"name", "bytes", "error", "preface"})
            data = bytes_of(vector["bytes"])
            for step in (1, max(len(data), 1)):
                with self.subTest(vector["name"], step=step):
                    reader = FrameReader(begins_with_preface=vector.get("preface", False))
                    with self.assertRaises(WireError) as caught:
                        read(reader, data, step)
                    self.assertEqual(caught.exception.rule, vector["error"])

    def test_sessions_are_what_this_client_says_where_a_client_may_say_it(self) -> None:
        """Sessions are what a server does with a client's frames: a client's part in them is to
        send those frames. What this one has a way to say it says byte for byte. It has none for
        what ends a connection or is refused, for a message with END, or for an id used again."""
        known = {
            *("begin", "refuse", "cancel", "credit", "pong", "ignore", "go_away"),
            *("message", "last"),
        }
        said = []
        for vector in vectors("sessions.json"):
            self.assertEqual(set(vector), {"name", "steps"})
            session = greeted()
            for step in vector["steps"]:
                does = step["does"]
                self.assertTrue(does in known or does.startswith("end "), does)
                data = bytes_of(step["bytes"])
                [frame] = read(FrameReader(), data, 1 << 16)
                self.assertEqual(frame.encoded(), data)
                if not say(session, frame, does):
                    break
                self.assertEqual(session.take_outgoing(), data, vector["name"])
                said.append(does)
        self.assertLessEqual({"begin", "cancel", "message", "last", "pong"}, set(said))


class AnswerVectors(unittest.TestCase):
    def test_a_status_is_what_it_says(self) -> None:
        for vector in vectors("statuses.json"):
            with self.subTest(vector["name"]):
                session = greeted()
                session.begin(Shape.STREAM, method=32, revision=1, message=b"")
                session.take_outgoing()
                events = session.receive(bytes_of(vector["bytes"]))
                if "error" in vector:
                    self.assert_ends(session, events, vector["error"])
                    continue
                meant = vector["status"]
                [ended] = [event for event in events if isinstance(event, Ended)]
                if meant["code"] == "OK":
                    self.assertIsNone(ended.error)
                    continue
                assert ended.error is not None
                said = {name: getattr(ended.error, name) for name in meant}
                self.assertEqual({**said, "code": said["code"].name}, meant)

    def test_a_greeting_is_kept_to(self) -> None:
        for vector in vectors("greetings.json"):
            with self.subTest(vector["name"]):
                session = Session(wire_pb2.Hello())
                session.take_outgoing()
                events = session.receive(bytes_of(vector["bytes"]))
                if "error" in vector:
                    self.assert_ends(session, events, vector["error"])
                elif "refused" in vector:
                    [over] = [event for event in events if isinstance(event, Over)]
                    said = {
                        "code": over.error.code.name,
                        "rule": over.error.rule,
                        "retry_after_ms": over.error.retry_after_ms,
                    }
                    self.assertEqual(said, vector["refused"])
                    self.assertTrue(over.error.not_processed)
                else:
                    assert session.in_force is not None
                    said = asdict(session.in_force)
                    limits = {name: limit for name, limit in said.items() if limit is not None}
                    self.assertEqual(limits, vector["limits"])

    def assert_ends(self, session: Session, events: list[Event], rule: str) -> None:
        """With that rule, which the GOAWAY says too."""
        [over] = [event for event in events if isinstance(event, Over)]
        self.assertEqual(over.error.rule, rule)
        [frame] = read(FrameReader(), session.take_outgoing(), 1 << 16)
        self.assertIs(frame.type, FrameType.GOAWAY)
        words = wire_pb2.GoAway.FromString(frame.payload)
        self.assertEqual((words.rule, words.code), (rule, over.error.code))


class RecordManyVectors(unittest.TestCase):
    def test_what_is_sent_is_answered_in_its_order(self) -> None:
        for vector in vectors("record_many.json"):
            with self.subTest(vector["name"]):
                session = greeted()
                call = session.begin(Shape.EXCHANGE, method=22, revision=1, message=b"")
                for message in vector["sent"]:
                    session.send(call, bytes_of(message))
                session.finish(call)
                self.assertEqual(session.take_outgoing().hex(), vector["says"])
                events = session.receive(bytes_of(vector["comes"]))
                answers = [
                    services_pb2.RecordReply.FromString(event.message)
                    for event in events
                    if isinstance(event, Arrived)
                ]
                said = [[outcome_words(outcome) for outcome in a.outcomes] for a in answers]
                self.assertEqual(said, vector["answers"])
                self.assertEqual(len(vector["sent"]) - len(answers), vector["unanswered"])
                for message, answer in zip(vector["sent"], answers, strict=False):
                    request = services_pb2.RecordRequest.FromString(bytes_of(message))
                    self.assertEqual(len(request.items), len(answer.outcomes))
                [ended] = [event for event in events if isinstance(event, Ended)]
                code = "OK" if ended.error is None else ended.error.code.name
                self.assertEqual(code, vector["status"])


def outcome_words(outcome: services_pb2.RecordOutcome) -> str:
    match outcome.WhichOneof("outcome"):
        case "recorded":
            again = " already" if outcome.recorded.already else ""
            return f"recorded {outcome.recorded.position}{again}"
        case "unchanged":
            return f"unchanged {outcome.unchanged.position}"
        case "rejected":
            return f"rejected {outcome.rejected.code}"
        case _:
            return f"not_recorded {outcome.not_recorded.because_of}"


class CreditVectors(unittest.TestCase):
    def test_credit_is_counted_as_the_steps_say(self) -> None:
        for vector in vectors("credit.json"):
            self.assertIn(vector["side"], {"both", "server", "client"})
            if vector["side"] == "server":
                continue
            with self.subTest(vector["name"]):
                self.replay(vector)

    def replay(self, vector: dict[str, Any]) -> None:
        session = greeted(
            stream_credit=vector["stream_credit"], connection_credit=vector["connection_credit"]
        )
        for call in vector["exchanges"]:
            begun = session.begin(Shape.EXCHANGE, method=22, revision=1, message=b"")
            self.assertEqual(begun, call)
        for step in vector["steps"]:
            session.take_outgoing()
            call = step.get("call", 1)
            if "comes" in step:
                does = self.word(session, session.receive(bytes_of(step["comes"])))
                self.assertEqual(does, step["does"])
            elif "consumed" in step:
                session.consumed(call, step["consumed"])
            elif "sends" in step:
                self.assertTrue(session.may_send(call))
                session.send(call, b"m" * step["sends"])
            else:
                self.assertEqual(session.may_send(call), step["may_send"])
            if "gives" in step:
                self.assertEqual(session.take_outgoing().hex(), step["gives"])

    def word(self, session: Session, events: list[Event]) -> str:
        for event in events:
            match event:
                case Over(error):
                    return f"end {error.rule}"
                case Arrived():
                    return "message"
                case CreditCame():
                    return "credit"
        return "let_go"


class TimeoutVectors(unittest.TestCase):
    def test_times_are_what_they_say(self) -> None:
        for vector in vectors("timeouts.json"):
            with self.subTest(vector["name"]):
                match vector["of"]:
                    case "call":
                        # What holds is the server's to say; how it is asked is the client's.
                        self.begin(bytes_of(vector["bytes"]))
                    case "frame":
                        self.look(vector["looks"])
                    case of:
                        self.assertEqual(of, "keepalive")

    def begin(self, data: bytes) -> None:
        [frame] = read(FrameReader(), data, 1 << 16)
        session = greeted()
        session.begin(
            Shape.UNARY, method=32, revision=1, message=b"", timeout_ms=frame.argument
        )
        self.assertEqual(session.take_outgoing(), data)

    def look(self, looks: list[dict[str, Any]]) -> None:
        begun, *later = looks
        self.assertFalse(begun["late"])
        pace = FramePace(begun["at_ms"] / 1_000, begun["received"])
        for look in later:
            is_late = pace.is_late(look["at_ms"] / 1_000, look["received"])
            self.assertEqual(is_late, look["late"], look)


def greeted(**limits: int) -> Session:
    session = Session(wire_pb2.Hello())
    greeting = wire_pb2.HelloOk(version=1, **limits).SerializeToString()
    session.receive(Frame(FrameType.HELLO_OK, payload=greeting).encoded())
    assert session.take_outgoing().startswith(PREFACE)
    return session


def say(session: Session, frame: Frame, does: str) -> bool:
    """Has the client say it; False: it has no way to."""
    match does, frame.type:
        case "begin", FrameType.CALL if frame.call == session.open_calls + 1:
            session.begin(
                Shape.UNARY if frame.flags & END else Shape.EXCHANGE,
                method=int.from_bytes(frame.payload[:4]),
                revision=int.from_bytes(frame.payload[4:8]),
                message=frame.payload[8:],
                metadata=frame.metadata,
                timeout_ms=frame.argument,
            )
        case "cancel", FrameType.CANCEL:
            session.cancel(frame.call)
        case "message", FrameType.DATA:
            session.send(frame.call, frame.payload)
        case "last", FrameType.DATA if frame.payload == b"":
            session.finish(frame.call)
        case "pong", FrameType.PING:
            session.ping(frame.argument)
        case _:
            return False
    return True


if __name__ == "__main__":
    unittest.main()
