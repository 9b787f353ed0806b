"""What comes of the bytes of a connection, and what is counted of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from ujuzi.errors import StatusError
from ujuzi.v1 import wire_pb2


@dataclass(frozen=True, slots=True)
class Greeted:
    limits: wire_pb2.HelloOk


@dataclass(frozen=True, slots=True)
class Arrived:
    """One message of a call: the answer of a unary one, the next of a stream."""

    call: int
    message: bytes


@dataclass(frozen=True, slots=True)
class Ended:
    """The last of a call; `error` is None where it is complete."""

    call: int
    error: StatusError | None


@dataclass(frozen=True, slots=True)
class CreditCame:
    """More may be sent."""


@dataclass(frozen=True, slots=True)
class GoingAway:
    """No call may be begun on this connection any more."""


@dataclass(frozen=True, slots=True)
class Over:
    """Nothing more is read: the server said no, or broke the protocol."""

    error: StatusError


Event = Greeted | Arrived | Ended | CreditCame | GoingAway | Over


@dataclass(slots=True)
class Credit:
    """Credit in one direction, in bytes. A beginning of 0 means that nothing is counted."""

    beginning: int
    left: int = field(init=False)
    unreturned: int = 0

    def __post_init__(self) -> None:
        self.left = self.beginning

    @property
    def is_open(self) -> bool:
        return self.beginning == 0 or self.left > 0

    def take(self, length: int) -> None:
        if self.beginning > 0:
            self.left -= length

    def owe(self, length: int) -> None:
        """Bytes that nobody consumes: given back with what is consumed next."""
        self.unreturned += length

    def add(self, given: int, most: int) -> bool:
        """Takes in what the other side gave. False: it is more than may be held."""
        if self.beginning == 0:
            return True
        self.left += given
        return self.left <= most

    def consumed(self, length: int) -> int:
        """The credit to give back now: nothing until it is a quarter of the beginning."""
        if self.beginning == 0:
            return 0
        self.unreturned += length
        if self.unreturned == 0 or self.unreturned < self.beginning // 4:
            return 0
        given, self.unreturned = self.unreturned, 0
        self.left += given
        return given
