"""Frames of `ujuzi/1`: 16 bytes of header, then the payload. No sockets, no clock.

     0            1        2        3        4        5        6        7
     0x00         payload length (24)        type     flags    metadata length (16)
     R | call id (31)                        argument (32)
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum

from ujuzi.codes import Code

PREFACE = b"\x89UJZ\r\n\x1a\n"
HEADER_LENGTH = 16
END = 0x01
CALL_HIGHEST = 0x7FFF_FFFF
ARGUMENT_HIGHEST = 0xFFFF_FFFF
# The limits of the page, in bytes. A server's HELLO_OK may name another length for frames.
FRAME_LENGTH_MAX = 4_194_304
# All that a header can say.
FRAME_LENGTH_HIGHEST = 0xFF_FFFF
GREETING_LENGTH_MAX = 4_096
METADATA_LENGTH_MAX = 8_192

_HEADER = struct.Struct(">IBBHII")
_CRITICAL_FLAGS = 0x0F


class FrameType(IntEnum):
    HELLO = 1
    HELLO_OK = 2
    HELLO_NO = 3
    CALL = 4
    DATA = 5
    RESULT = 6
    STATUS = 7
    CANCEL = 8
    CREDIT = 9
    PING = 10
    PONG = 11
    GOAWAY = 12


_OF_A_CALL = frozenset(
    {FrameType.CALL, FrameType.DATA, FrameType.RESULT, FrameType.STATUS, FrameType.CANCEL}
)
_WITH_END = frozenset({FrameType.CALL, FrameType.DATA})
_WITH_METADATA = frozenset({FrameType.CALL, FrameType.DATA, FrameType.RESULT, FrameType.STATUS})
_WITHOUT_PAYLOAD = frozenset(
    {FrameType.CANCEL, FrameType.CREDIT, FrameType.PING, FrameType.PONG}
)
_SHORT = frozenset(
    {FrameType.HELLO, FrameType.HELLO_OK, FrameType.HELLO_NO, FrameType.GOAWAY}
)


# The rules that are limits; what else breaks the protocol is INTERNAL.
_LIMITS = frozenset({"frame_too_long", "metadata_too_long", "connection_credit_max"})


class WireError(Exception):
    """The other side broke the protocol: the connection ends.

    `rule` is the name that the page and the vectors give it, `code` what goes with it.
    """

    def __init__(self, rule: str, sentence: str) -> None:
        super().__init__(f"{sentence} ({rule})")
        self.rule = rule
        self.code = Code.RESOURCE_EXHAUSTED if rule in _LIMITS else Code.INTERNAL
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame. `payload` is what follows the metadata."""

    type: FrameType
    flags: int = 0
    call: int = 0
    argument: int = 0
    metadata: bytes = b""
    payload: bytes = b""

    def encoded(self) -> bytes:
        length = len(self.metadata) + len(self.payload)
        if length > 0xFF_FFFF or len(self.metadata) > 0xFFFF:
            raise ValueError("a frame's lengths do not fit its header")
        header = _HEADER.pack(
            length, self.type, self.flags, len(self.metadata), self.call, self.argument
        )
        return header + self.metadata + self.payload


@dataclass(frozen=True, slots=True)
class _Header:
    type: FrameType
    flags: int
    call: int
    argument: int
    metadata_length: int
    length: int


class FrameReader:
    """Bytes in, frames out. Every check is made on the header, before a payload is kept."""

    def __init__(
        self, frame_length_max: int = FRAME_LENGTH_MAX, *, begins_with_preface: bool = False
    ) -> None:
        self.frame_length_max = frame_length_max
        self._preface_left = PREFACE if begins_with_preface else b""
        self._bytes = bytearray()
        self._header: _Header | None = None

    @property
    def has_part(self) -> bool:
        """Whether a frame was begun and not ended."""
        return self._header is not None or len(self._bytes) > 0

    def feed(self, data: bytes) -> None:
        self._bytes += data

    def next(self) -> Frame | None:
        """The next whole frame, or None until more bytes are fed. Raises WireError."""
        self._read_preface()
        if self._header is None:
            if len(self._bytes) < HEADER_LENGTH:
                return None
            self._header = _checked(bytes(self._bytes[:HEADER_LENGTH]), self.frame_length_max)
            del self._bytes[:HEADER_LENGTH]
        header = self._header
        if len(self._bytes) < header.length:
            return None
        metadata = bytes(self._bytes[: header.metadata_length])
        payload = bytes(self._bytes[header.metadata_length : header.length])
        del self._bytes[: header.length]
        self._header = None
        return Frame(header.type, header.flags, header.call, header.argument, metadata, payload)

    def _read_preface(self) -> None:
        count = min(len(self._preface_left), len(self._bytes))
        if self._bytes[:count] != self._preface_left[:count]:
            raise WireError("wrong_preface", "The first bytes are not the preface.")
        self._preface_left = self._preface_left[count:]
        del self._bytes[:count]


def _checked(header: bytes, frame_length_max: int) -> _Header:
    """The page's checks, in the page's order."""
    length, number, flags, metadata_length, call, argument = _HEADER.unpack(header)
    if header[0] != 0:
        raise WireError("reserved_byte", "Byte 0 is not 0.")
    try:
        kind = FrameType(number)
    except ValueError:
        raise WireError("unknown_type", f"There is no frame type {number}.") from None
    if flags & _CRITICAL_FLAGS & ~(END if kind in _WITH_END else 0):
        raise WireError("unknown_critical_flag", f"{kind.name} has flags {flags:#04x}.")
    if call > CALL_HIGHEST:
        raise WireError("reserved_bit", "R is set.")
    if kind in _OF_A_CALL and call == 0:
        raise WireError("call_missing", f"{kind.name} needs a call id.")
    if kind not in _OF_A_CALL and kind is not FrameType.CREDIT and call != 0:
        raise WireError("call_forbidden", f"{kind.name} has no call id.")
    if kind in _WITHOUT_PAYLOAD and length > 0:
        raise WireError("payload_forbidden", f"{kind.name} has no payload.")
    if length > (GREETING_LENGTH_MAX if kind in _SHORT else frame_length_max):
        raise WireError("frame_too_long", f"{kind.name} of {length} bytes.")
    if metadata_length > 0 and kind not in _WITH_METADATA:
        raise WireError("metadata_forbidden", f"{kind.name} has no metadata.")
    if metadata_length > METADATA_LENGTH_MAX:
        raise WireError("metadata_too_long", f"Metadata of {metadata_length} bytes.")
    if metadata_length > length:
        raise WireError("metadata_past_end", "The metadata is longer than the payload.")
    if kind is FrameType.CALL and length - metadata_length < 8:
        raise WireError("call_head_cut", "A CALL without method and method revision.")
    return _Header(kind, flags, call, argument, metadata_length, length)
