import unittest

from ujuzi.pace import FramePace


class PaceTests(unittest.TestCase):
    def late_at(self, per_second: int, uses_tls: bool = False) -> float | None:
        """When a frame of which so much comes each second is given up."""
        pace = FramePace(1_000.0, 77, uses_tls)
        for second in range(1, 700):
            if pace.is_late(1_000.0 + second, 77 + second * per_second):
                return second
        return None

    def test_a_line_may_be_slow_but_not_stand_still(self) -> None:
        for per_second, uses_tls, late in [
            (0, False, 10),
            (60, False, 10),
            (110, False, 600),
            (8_000, False, 600),
            (0, True, 160),
            (60, True, 160),
            (110, True, 600),
        ]:
            self.assertEqual(self.late_at(per_second, uses_tls), late, (per_second, uses_tls))

    def test_much_at_first_is_no_credit_for_later(self) -> None:
        pace = FramePace(0.0, 0)
        self.assertFalse(pace.is_late(1.0, 1 << 20))
        self.assertFalse(pace.is_late(10.9, 1 << 20))
        self.assertTrue(pace.is_late(11.0, 1 << 20))


if __name__ == "__main__":
    unittest.main()
