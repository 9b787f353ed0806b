"""What the two sides of a connection have said to each other: a state without socket or clock.

Bytes that came go in, events come out; what is to be written gathers in `outgoing`.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TypeVar

from google.protobuf.message import DecodeError

from ujuzi.errors import Code, StatusError, unavailable
from ujuzi.events import Arrived, Credit, CreditCame, Ended, Event, GoingAway, Greeted, Over
from ujuzi.frames import (
    CALL_HIGHEST,
    END,
    GREETING_LENGTH_MAX,
    PREFACE,
    Frame,
    FrameReader,
    FrameType,
    WireError,
)
from ujuzi.limits import Limits
from ujuzi.methods import Shape
from ujuzi.v1 import wire_pb2

# In bytes: what a stream may hold of credit, and all streams together.
STREAM_CREDIT_MAX = 64 << 20
CONNECTION_CREDIT_MAX = 1 << 30
M = TypeVar("M", wire_pb2.HelloOk, wire_pb2.HelloNo, wire_pb2.GoAway, wire_pb2.Status)
# The first byte of what a server with TLS says to a client without; no frame begins so.
_TLS_ALERT = b"\x15"
_FROM_CLIENT = frozenset({FrameType.HELLO, FrameType.CALL, FrameType.CANCEL})


@dataclass(slots=True)
class _OpenCall:
    shape: Shape
    sending: Credit
    receiving: Credit
    # What comes is let go: nobody waits for it.
    abandoned: bool = False
    # The client has said its last message.
    ended_sending: bool = True


class Session:
    def __init__(self, hello: wire_pb2.Hello) -> None:
        self.limits: wire_pb2.HelloOk | None = None
        # The same, as they are kept to.
        self.in_force: Limits | None = None
        # Why the server goes, once it has said so.
        self.go_away: wire_pb2.GoAway | None = None
        self.is_over = False
        # Whole ones, so that who waits for one to end knows when it did.
        self.frames_read = 0
        self.outgoing = bytearray(PREFACE)
        self._reader = FrameReader(GREETING_LENGTH_MAX)
        self._calls: dict[int, _OpenCall] = {}
        self._next_call = 1
        self._is_leaving = False
        self._sending = Credit(0)
        self._receiving = Credit(0)
        self._write(FrameType.HELLO, payload=hello.SerializeToString())

    # ------------------------------------------------------------ what may be done

    @property
    def can_begin(self) -> bool:
        return (
            self.limits is not None
            and self.go_away is None
            and not (self._is_leaving or self.is_over)
            and self._next_call <= CALL_HIGHEST
        )

    @property
    def open_calls(self) -> int:
        return len(self._calls)

    @property
    def has_part_of_frame(self) -> bool:
        return self._reader.has_part

    @property
    def open_streams(self) -> int:
        return sum(call.shape is not Shape.UNARY for call in self._calls.values())

    def is_open(self, call: int) -> bool:
        return call in self._calls

    def may_send(self, call: int) -> bool:
        """Whether an exchange has credit for another message. False when it has ended."""
        found = self._calls.get(call)
        if found is None or found.ended_sending or found.abandoned:
            return False
        return found.sending.is_open and self._sending.is_open

    # ------------------------------------------------------------ what is sent

    def begin(
        self,
        shape: Shape,
        *,
        method: int,
        revision: int,
        message: bytes,
        metadata: bytes = b"",
        timeout_ms: int = 0,
    ) -> int:
        """Begins a call and returns its id. An exchange's CALL is its head alone."""
        assert self.can_begin and self.limits is not None
        call = self._next_call
        self._next_call += 1
        is_exchange = shape is Shape.EXCHANGE
        self._calls[call] = _OpenCall(
            shape,
            Credit(self.limits.stream_credit),
            Credit(self.limits.stream_credit),
            ended_sending=not is_exchange,
        )
        head = struct.pack(">II", method, revision)
        self._write(
            FrameType.CALL,
            flags=0 if is_exchange else END,
            call=call,
            argument=timeout_ms,
            metadata=metadata,
            payload=head if is_exchange else head + message,
        )
        return call

    def send(self, call: int, message: bytes) -> None:
        """One message of an exchange, for which `may_send` was true."""
        found = self._calls[call]
        found.sending.take(len(message))
        self._sending.take(len(message))
        self._write(FrameType.DATA, call=call, payload=message)

    def finish(self, call: int) -> None:
        """The last word of an exchange's client: END, without a message."""
        found = self._calls.get(call)
        if found is not None and not found.ended_sending:
            found.ended_sending = True
            self._write(FrameType.DATA, flags=END, call=call)

    def cancel(self, call: int) -> None:
        """Nobody waits for the call any more. Its id stays in use until the server ends it."""
        found = self._calls.get(call)
        if found is not None and not found.abandoned:
            found.abandoned = True
            self._write(FrameType.CANCEL, call=call)

    def consumed(self, call: int, length: int) -> None:
        """A message was used, or let go: its credit is given back, in steps."""
        found = self._calls.get(call)
        if found is not None and not found.abandoned and found.shape is not Shape.UNARY:
            if given := found.receiving.consumed(length):
                self._write(FrameType.CREDIT, call=call, argument=given)
        if given := self._receiving.consumed(length):
            self._write(FrameType.CREDIT, argument=given)

    def ping(self, argument: int = 0) -> None:
        self._write(FrameType.PING, argument=argument)

    def leave(self, code: Code = Code.OK, sentence: str = "", rule: str = "") -> None:
        """GOAWAY: this side begins no more calls."""
        if not self._is_leaving:
            self._is_leaving = True
            words = wire_pb2.GoAway(code=code, message=sentence[:500], rule=rule)
            self._write(FrameType.GOAWAY, payload=words.SerializeToString())

    def take_outgoing(self) -> bytes:
        taken = bytes(self.outgoing)
        self.outgoing.clear()
        return taken

    def _write(
        self,
        kind: FrameType,
        *,
        flags: int = 0,
        call: int = 0,
        argument: int = 0,
        metadata: bytes = b"",
        payload: bytes = b"",
    ) -> None:
        if not self.is_over:
            self.outgoing += Frame(kind, flags, call, argument, metadata, payload).encoded()

    # ------------------------------------------------------------ what comes

    def receive(self, data: bytes) -> list[Event]:
        """Everything that these bytes say, in order. After `Over` nothing more is read."""
        events: list[Event] = []
        if self.limits is None and data.startswith(_TLS_ALERT):
            sentence = "The server speaks TLS, this client was given none."
            error = StatusError(
                Code.FAILED_PRECONDITION, sentence, rule="tls", not_processed=True
            )
            self._over(error, events)
            return events
        self._reader.feed(data)
        try:
            while not self.is_over and (frame := self._reader.next()) is not None:
                self.frames_read += 1
                self._step(frame, events)
        except WireError as broken:
            self.leave(broken.code, f"The connection ends: {broken}", broken.rule)
            sentence = f"The server broke the protocol: {broken}"
            self._over(StatusError(broken.code, sentence, rule=broken.rule), events)
        return events

    def lost(
        self, sentence: str, code: Code = Code.UNAVAILABLE, rule: str = ""
    ) -> list[Event]:
        """The connection is gone: the outcome of what was open is unknown."""
        if self.go_away is not None and self.go_away.message:
            sentence = f"{sentence} The server had said: {self.go_away.message}"
        if code is Code.UNAVAILABLE:
            rule = rule or "connection_lost"
        events: list[Event] = []
        error = StatusError(code, sentence, rule=rule, not_processed=self.limits is None)
        self._over(error, events)
        return events

    def _over(self, error: StatusError, events: list[Event]) -> None:
        if self.is_over:
            return
        self.is_over = True
        for call in list(self._calls):
            lost = unavailable(error.message, rule="connection_lost", not_processed=False)
            self._end(call, lost, events)
        events.append(Over(error))

    def _step(self, frame: Frame, events: list[Event]) -> None:
        kind = frame.type
        if kind in _FROM_CLIENT:
            raise WireError("direction", f"A server sends no {kind.name}.")
        if kind is FrameType.GOAWAY:
            self._gone(_parsed(wire_pb2.GoAway(), frame), events)
        elif self.limits is None:
            self._greeted(frame, events)
        elif kind is FrameType.HELLO_OK or kind is FrameType.HELLO_NO:
            raise WireError("phase", f"A second answer to HELLO: {kind.name}.")
        elif kind is FrameType.PING:
            self._write(FrameType.PONG, argument=frame.argument)
        elif kind is FrameType.CREDIT:
            self._credited(frame, events)
        elif kind is FrameType.DATA:
            self._data(frame, events)
        elif kind is FrameType.RESULT:
            self._result(frame, events)
        elif kind is FrameType.STATUS:
            self._status(frame, events)
        else:
            assert kind is FrameType.PONG

    def _greeted(self, frame: Frame, events: list[Event]) -> None:
        if frame.type is FrameType.HELLO_NO:
            self._over(StatusError.refused(_parsed(wire_pb2.HelloNo(), frame)), events)
            return
        if frame.type is not FrameType.HELLO_OK:
            raise WireError("phase", f"{frame.type.name} before the answer to HELLO.")
        limits = _parsed(wire_pb2.HelloOk(), frame)
        if limits.version != 1:
            raise WireError("phase", f"Version {limits.version} was not offered.")
        self.limits = limits
        self.in_force = Limits.of(limits)
        self._reader.frame_length_max = self.in_force.frame_length_max
        self._sending = Credit(limits.connection_credit)
        self._receiving = Credit(limits.connection_credit)
        events.append(Greeted(limits))

    def _gone(self, words: wire_pb2.GoAway, events: list[Event]) -> None:
        self.go_away = words
        if self.limits is None:
            code = Code.of(words.code) if words.code else Code.UNAVAILABLE
            error = StatusError(code, words.message, rule=words.rule, not_processed=True)
            self._over(error, events)
            return
        events.append(GoingAway())
        for call in [call for call in self._calls if call > words.last_call]:
            error = unavailable("The server goes away.", rule="not_sent", not_processed=True)
            self._end(call, error, events)

    def _credited(self, frame: Frame, events: list[Event]) -> None:
        if frame.call == 0:
            if not self._sending.add(frame.argument, CONNECTION_CREDIT_MAX):
                raise WireError("connection_credit_max", "More credit than may be held.")
        elif (found := self._calls.get(frame.call)) is None:
            return
        else:
            fits = found.sending.add(frame.argument, STREAM_CREDIT_MAX)
            if not fits and found.shape is Shape.EXCHANGE:
                self._misfit(frame.call, "more credit than a stream may hold", events)
                return
        events.append(CreditCame())

    def _data(self, frame: Frame, events: list[Event]) -> None:
        # What is counted is all of the payload; its metadata is consumed as it is read.
        length, metadata = len(frame.payload), len(frame.metadata)
        if not self._receiving.is_open:
            raise WireError("connection_credit", "DATA beyond the connection's credit.")
        self._receiving.take(length + metadata)
        self._receiving.owe(metadata)
        found = self._calls.get(frame.call)
        if found is None or found.abandoned:
            self.consumed(0, length)
            return
        if found.shape is Shape.UNARY:
            self.consumed(0, length)
            self._misfit(frame.call, "DATA for a unary call", events)
            return
        if not found.receiving.is_open:
            raise WireError("stream_credit", "DATA beyond the stream's credit.")
        found.receiving.take(length + metadata)
        found.receiving.owe(metadata)
        events.append(Arrived(frame.call, frame.payload))

    def _result(self, frame: Frame, events: list[Event]) -> None:
        found = self._calls.get(frame.call)
        if found is None:
            return
        if found.shape is Shape.UNARY:
            if not found.abandoned:
                events.append(Arrived(frame.call, frame.payload))
            self._end(frame.call, None, events)
        else:
            self._end(frame.call, _wrong_answer("RESULT for a stream"), events)

    def _status(self, frame: Frame, events: list[Event]) -> None:
        found = self._calls.get(frame.call)
        if found is None:
            return
        status = _parsed(wire_pb2.Status(), frame)
        if status.code != 0:
            self._end(frame.call, StatusError.of(status), events)
        elif found.shape is Shape.UNARY:
            self._end(frame.call, _wrong_answer("STATUS OK for a unary call"), events)
        else:
            self._end(frame.call, None, events)

    def _misfit(self, call: int, what: str, events: list[Event]) -> None:
        """The call fails; its id stays in use until the server has answered the CANCEL."""
        self.cancel(call)
        events.append(Ended(call, _wrong_answer(what)))

    def _end(self, call: int, error: StatusError | None, events: list[Event]) -> None:
        del self._calls[call]
        events.append(Ended(call, error))


def _wrong_answer(what: str) -> StatusError:
    return StatusError(Code.INTERNAL, f"The server sent {what}.", rule="answer_shape")


def _parsed(message: M, frame: Frame) -> M:
    try:
        message.ParseFromString(frame.payload)
    except DecodeError:
        raise WireError("payload", f"A {frame.type.name} that cannot be read.") from None
    return message
