"""Durable recording, against the C loop and against PostgreSQL."""

import os

from comparison import compare, compared
from machine import tool


def record(batch, floor, aim):
    def measure(bench, name):
        loop = os.path.join(bench.here, f"loop-{batch}")
        os.makedirs(loop)
        value, (looped,) = compare(
            bench.rounds, lambda: bench.record(batch)["per_second"],
            lambda: tool("lmdb_loop", "--folder", loop, "--batch", batch,
                         "--seconds", bench.seconds)["per_second"])
        return [compared(name, value, "events/s", f"C loop, batches of {batch}", looped, floor, aim,
                         "registered, enrolled, completed, issued in turn")]
    return measure


def record_postgres(bench, name):
    value, (inserted,) = compare(
        bench.rounds, lambda: bench.record(64)["per_second"],
        bench.peers.postgres_inserts(bench.seconds))
    return [compared(name, value, "events/s",
                     "PostgreSQL INSERT of a row, pgbench, 32 clients", inserted, 2, 5,
                     "64 in flight")]


MEASURES = {
    "record-1": record(1, 0.8, 0.95), "record-64": record(64, 0.5, 0.75),
    "record-1000": record(1000, 0.5, 0.75), "record-postgres": record_postgres,
}
