"""How far behind a recording's acknowledgement a watcher is."""

import json
from statistics import median

import machine
from machine import say

RATE = 5000
LAG_MAX_MS = 25
LAG_AIM_MS = 5
IDLE = 1000


def measure(bench, name):
    """Alone, and with watchers beside it to whom nothing is told."""
    rows = []
    for suffix, idle in (("", 0), (f"-{IDLE}-idle", IDLE)):
        answers = []
        for _ in range(min(bench.rounds, 3)):
            seconds = min(bench.seconds * 2, 10)
            answers.append(json.loads(machine.run(
                bench.ujuzi, "bench-watch", bench.requests("record"), "--rate", RATE,
                "--seconds", seconds, "--skip", bench.records_used, "--idle", idle,
                "--server", f"127.0.0.1:{bench.serve()}", timeout=600)))
            bench.records_used += answers[-1]["events"]
            bench.records_left -= answers[-1]["events"]
        p99 = [answer["p99_ms"] for answer in answers]
        middle = lambda key: median(answer[key] for answer in answers)
        say(f"{middle('per_second'):,.0f} events/s were recorded")
        rows.append(dict(
            name=name + suffix, value=median(p99), unit="ms", baseline=f"{LAG_MAX_MS} ms at 99 %",
            ratio=LAG_MAX_MS / median(p99), floor=1.0, aim=LAG_MAX_MS / LAG_AIM_MS,
            spread=(max(p99) - min(p99)) / median(p99),
            note=f"p50 {middle('p50_ms'):.2f} ms; since sent p50 "
                 f"{middle('since_sent_p50_ms'):.2f}, p99 {middle('since_sent_p99_ms'):.2f} ms"))
    return rows


MEASURES = {"watch-lag": measure}
