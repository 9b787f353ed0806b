"""How long a frame that was begun may take to come."""

from __future__ import annotations

from dataclasses import dataclass

# So many bytes of it must come within so many seconds, again and again until it ends.
PROGRESS_BYTES = 1 << 10
PROGRESS_TIME = 10.0
# And it must have ended after so many seconds.
FRAME_TIMEOUT = 600.0
# TLS hands on nothing of a record before all of it is there: as slow a line, looked at less often.
TLS_RECORD_BYTES = 16 << 10


@dataclass(slots=True)
class FramePace:
    """Of one frame. Times are of one clock, bytes are those of the connection so far."""

    begun: float
    received: int
    uses_tls: bool = False
    _mark: float = -1.0

    def is_late(self, now: float, received: int) -> bool:
        if self._mark < 0:
            self._mark = self.begun
        if now - self.begun >= FRAME_TIMEOUT:
            return True
        bytes_wanted = TLS_RECORD_BYTES if self.uses_tls else PROGRESS_BYTES
        if received - self.received >= bytes_wanted:
            self._mark, self.received = now, received
            return False
        return now - self._mark >= PROGRESS_TIME * bytes_wanted / PROGRESS_BYTES
