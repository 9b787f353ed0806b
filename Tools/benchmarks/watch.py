"""How far behind a recording's acknowledgement a watcher is."""

import json
import os
from statistics import median

import machine
from machine import say

RATE = 5000
SECONDS = 2
ROUNDS = 3
LAG_MAX_MS = 25
LAG_AIM_MS = 5
# Watchers beside it, to whom nothing happens.
IDLE = (0, 1000)


def registry(bench):
    """A folder of its own with a request to record for each event that is wanted."""
    folder = os.path.join(bench.here, "watched")
    os.makedirs(folder)
    officers = RATE * SECONDS * ROUNDS * len(IDLE)
    say(f"making a registry of {officers:,} officers to be watched")
    say(machine.run(*machine.bench_verb(bench.ujuzi, "data"), "--data", os.path.join(folder, "data"), "--out",
                    os.path.join(folder, "requests"), "--officers", officers,
                    timeout=3600).strip())
    return folder


def measure(bench, name):
    """Alone and with idle watchers beside it, by turns."""
    folder = registry(bench)
    bench.stop_serving()
    process, port = machine.server(
        bench.ujuzi, "serve", "--data", os.path.join(folder, "data"), "--listen", "127.0.0.1:0")
    answers = {idle: [] for idle in IDLE}
    sent = 0
    try:
        for _ in range(ROUNDS):
            for idle in IDLE:
                answers[idle].append(json.loads(machine.run(
                    *machine.bench_verb(bench.ujuzi, "watch"), os.path.join(folder, "requests", "record.bin"),
                    "--rate", RATE, "--seconds", SECONDS, "--skip", sent, "--idle", idle,
                    "--server", f"127.0.0.1:{port}", timeout=600)))
                sent += answers[idle][-1]["events"]
    finally:
        machine.stop(process)
        machine.remove(folder)
    return [row(name + (f"-{idle}-idle" if idle else ""), answers[idle]) for idle in IDLE]


def row(name, answers):
    middle = lambda key: median(answer[key] for answer in answers)
    p99 = [answer["p99_ms"] for answer in answers]
    return dict(
        name=name, value=middle("p99_ms"), unit="ms",
        baseline=f"{LAG_MAX_MS} ms at 99 %, {middle('per_second'):,.0f} events/s",
        ratio=LAG_MAX_MS / middle("p99_ms"), floor=1.0, aim=LAG_MAX_MS / LAG_AIM_MS,
        spread=(max(p99) - min(p99)) / median(p99), missing=False,
        note=f"p50 {middle('p50_ms'):.2f} ms; since sent p50 {middle('since_sent_p50_ms'):.1f}, "
             f"p99 {middle('since_sent_p99_ms'):.1f} ms")


MEASURES = {"watch-lag": measure}
