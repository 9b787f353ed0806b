"""How a call ends when not with an answer."""

from __future__ import annotations

from ujuzi.codes import Code as Code
from ujuzi.v1 import wire_pb2


class StatusError(Exception):
    """A call ended with a status that is not OK, whoever said so: the server or this client.

    `not_processed`: the call was not begun, so asking again is safe. `retry_after_ms`: when it is
    not 0, the time to wait before. `field`, `rule` and `state` say what is meant, or are empty.
    """

    def __init__(
        self,
        code: Code,
        message: str,
        *,
        field: str = "",
        rule: str = "",
        state: str = "",
        retry_after_ms: int = 0,
        not_processed: bool = False,
    ) -> None:
        super().__init__(f"{code.name}: {message}")
        self.code = code
        self.message = message
        self.field = field
        self.rule = rule
        self.state = state
        self.retry_after_ms = retry_after_ms
        self.not_processed = not_processed

    @classmethod
    def of(cls, status: wire_pb2.Status) -> StatusError:
        return cls(
            Code.of(status.code),
            status.message,
            field=status.detail.field,
            rule=status.detail.rule,
            state=status.detail.state,
            retry_after_ms=status.retry_after_ms,
            not_processed=status.not_processed,
        )

    @classmethod
    def refused(cls, no: wire_pb2.HelloNo) -> StatusError:
        """HELLO_NO: nothing was begun. A server older than its code names only versions."""
        code = Code.of(no.code)
        if code is Code.OK:
            code = Code.UNAVAILABLE if no.retry_after_ms > 0 else Code.FAILED_PRECONDITION
        return cls(
            code, no.message, rule=no.rule, retry_after_ms=no.retry_after_ms, not_processed=True
        )


def deadline_exceeded(sentence: str = "The time of the call has passed.") -> StatusError:
    return StatusError(Code.DEADLINE_EXCEEDED, sentence, rule="timeout")


def unavailable(sentence: str, *, rule: str = "", not_processed: bool) -> StatusError:
    return StatusError(Code.UNAVAILABLE, sentence, rule=rule, not_processed=not_processed)
