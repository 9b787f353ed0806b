"""The byte vectors of the protocol."""

from __future__ import annotations

import json
import unittest
from typing import Any

from tests.registry import ROOT
from ujuzi.frames import END, PREFACE, Frame, FrameReader, FrameType, WireError
from ujuzi.methods import Shape
from ujuzi.session import Session
from ujuzi.v1 import wire_pb2


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
        self.assertEqual(files, {"frames.json", "refused.json", "sessions.json"})

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


def greeted() -> Session:
    session = Session(wire_pb2.Hello())
    greeting = wire_pb2.HelloOk(version=1).SerializeToString()
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
