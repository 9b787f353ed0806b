"""When a call is asked again, and after how long."""

from __future__ import annotations

import random
from dataclasses import dataclass

from ujuzi.errors import Code, StatusError

_PASSING = frozenset({Code.UNAVAILABLE, Code.RESOURCE_EXHAUSTED})


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """`attempts` counts the first; times are in seconds. `attempts=1` never asks again."""

    attempts: int = 5
    wait_first: float = 0.05
    wait_max: float = 2.0

    def wait(self, attempt: int, error: StatusError, *, repeatable: bool) -> float | None:
        """How long to wait after attempt number `attempt`, from 1; None: not asked again.

        A call that was not begun may be asked again whatever it does; one of which that is not
        known only when it is `repeatable`: it may happen twice.
        """
        if attempt >= self.attempts or error.code not in _PASSING:
            return None
        if not (error.not_processed or (repeatable and error.code is Code.UNAVAILABLE)):
            return None
        return self.pause(attempt, error.retry_after_ms)

    def pause(self, attempt: int, retry_after_ms: int) -> float:
        """Doubles each time and is random below that; what the server asks for comes on top."""
        bound = min(self.wait_max, self.wait_first * 2.0 ** min(attempt - 1, 20))
        return retry_after_ms / 1_000 + random.uniform(bound / 4, bound)


def may_resume(error: BaseException) -> bool:
    """Whether a stream that ended with this error, such as Watch, may go on when it is asked for
    again with its last cursor.

    Otherwise the answer would be the same for ever: who may not, what there is not, a cursor of
    another log, what is malformed or damaged. Stop then, and tell somebody.
    """
    if not isinstance(error, StatusError):
        return False
    match error.code:
        case Code.UNAVAILABLE | Code.DEADLINE_EXCEEDED | Code.CANCELLED:
            return True
        case Code.RESOURCE_EXHAUSTED:
            # Of what is too long, nothing is less another time.
            return error.not_processed or error.retry_after_ms > 0
        case _:
            return error.retry_after_ms > 0
