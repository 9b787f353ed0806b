"""The limits of a connection, as a client keeps to them."""

from __future__ import annotations

from dataclasses import dataclass

from ujuzi.frames import FRAME_LENGTH_HIGHEST, METADATA_LENGTH_MAX
from ujuzi.v1 import wire_pb2


@dataclass(frozen=True, slots=True)
class Limits:
    """What HELLO_OK says, where 0 means that it does not say. None: there is no such limit.

    Lengths and credit are in bytes; credit that is None is not counted.
    """

    frame_length_max: int
    calls_max: int | None
    streams_max: int | None
    timeout_max_ms: int | None
    metadata_length_max: int
    stream_credit: int | None
    connection_credit: int | None
    keepalive_ms: int | None
    keepalive_timeout_ms: int | None

    @classmethod
    def of(cls, greeting: wire_pb2.HelloOk) -> Limits:
        return cls(
            frame_length_max=min(
                greeting.frame_length_max or FRAME_LENGTH_HIGHEST, FRAME_LENGTH_HIGHEST
            ),
            calls_max=greeting.calls_max or None,
            streams_max=greeting.streams_max or None,
            timeout_max_ms=greeting.timeout_max_ms or None,
            metadata_length_max=min(
                greeting.metadata_length_max or METADATA_LENGTH_MAX, METADATA_LENGTH_MAX
            ),
            stream_credit=greeting.stream_credit or None,
            connection_credit=greeting.connection_credit or None,
            keepalive_ms=greeting.keepalive_ms or None,
            keepalive_timeout_ms=(
                greeting.keepalive_timeout_ms or greeting.keepalive_ms or None
                if greeting.keepalive_ms
                else None
            ),
        )
