"""When a stream that ended is asked for again."""

from __future__ import annotations

import unittest

from ujuzi import Code, StatusError, may_resume

PASSING = {Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED, Code.CANCELLED}


class ResumeTests(unittest.TestCase):
    def test_a_stream_goes_on_after_what_passes_and_after_nothing_else(self) -> None:
        for code in Code:
            with self.subTest(code.name):
                self.assertEqual(may_resume(StatusError(code, "No.")), code in PASSING)
                # Who is told to wait may ask again, whatever it is.
                self.assertTrue(may_resume(StatusError(code, "Later.", retry_after_ms=100)))

    def test_too_much_at_once_is_less_another_time_where_it_was_not_begun(self) -> None:
        too_many = Code.RESOURCE_EXHAUSTED
        self.assertTrue(may_resume(StatusError(too_many, "256 calls.", not_processed=True)))
        self.assertFalse(may_resume(StatusError(too_many, "Too long.")))
        self.assertFalse(may_resume(StatusError(Code.NOT_FOUND, "None.", not_processed=True)))

    def test_the_callers_own_error_is_no_end_of_a_stream(self) -> None:
        for error in (ValueError("no"), KeyboardInterrupt(), EOFError()):
            self.assertFalse(may_resume(error))


if __name__ == "__main__":
    unittest.main()
