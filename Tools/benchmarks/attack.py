"""What those who behave well wait while others do not: the p99 of VerifyCredential, paced, beside one
kind of attack after another (attacker.c), against the same without any.

The attacker runs at the lowest priority: in earnest it has a machine of its own, and here what it
takes of the cores would be measured as if the server had.
"""

import json
import os
import subprocess
import time
from statistics import median

import machine
from comparison import against, row
from machine import CannotRun, say

# At most twice as long as without the attack.
FLOOR = 0.5
CONNECTIONS = 8
# Kind, connections, and writes in a second: what one machine on a line of 100 to 200 Mbit/s can do.
# Without a bound an attacker on this machine does as much more as the server does faster. The
# server takes 10,000 connections, and those who behave well want theirs.
KINDS = (
    ("idle", 9_900, 1_000),
    ("silent", 5_000, 1_000),
    # Of 256 PINGs each.
    ("pings", 50, 4_000),
    # Of 32 streams each, asked for and cancelled.
    ("resets", 50, 1_000),
    ("connects", 50, 1_000),
    ("slow", 1_000, 5_000),
    # Of 64 calls each.
    ("never-read", 50, 2_000),
    # Of 64 KiB each.
    ("partial", 200, 300),
    # Of 32 streams each, all asked for in one write.
    ("unread", 256, 1_000),
)
# The same over mutual TLS.
TLS_KINDS = (
    ("handshakes", 50, 1_500),
    ("idle", 1_000, 1_000),
    ("unread", 1_000, 1_000),
)


# Where no answer came at all: the load generator waits so long for one.
NO_ANSWER_US = 10_000_000


def settle(process):
    """Waits until the server has done with what an attack left behind."""
    def spent():
        with open(f"/proc/{process.pid}/stat") as stat:
            user, system = stat.read().rsplit(")", 1)[1].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    for _ in range(240):
        before = spent()
        time.sleep(0.5)
        if spent() - before < 0.05:
            return
    say("the server is still at work 120 s after an attack")


class Attack:
    """An attacker beside what is measured; what it did is known when it has ended."""

    def __init__(self, port, kind, connections, rate, *options):
        self.kind = kind
        self.command = [os.path.join(machine.BUILD, "attacker"), "--port", port, "--kind", kind,
                        "--connections", connections, "--rate", rate, *options]

    def __enter__(self):
        self.process = machine.start("nice", "-n", "19", *self.command, stdout=subprocess.PIPE,
                                     stderr=subprocess.PIPE, text=True)
        if self.process.stdout.readline().strip() != "ready":
            machine.stop(self.process)
            raise CannotRun(f"{self.kind}: {self.process.stderr.read().strip()}")
        return self

    def __exit__(self, kind, *_):
        machine.stop(self.process)
        said = self.process.stdout.read().strip()
        if kind is None and not said:
            raise CannotRun(f"{self.kind}: {self.process.stderr.read().strip() or 'the attacker ended'}")
        self.did = json.loads(said) if said else {}


def measured(bench, name, kinds, process, ask, *options, port):
    """A row for each kind: the p99 of `ask` beside it."""
    # A quarter of what it can do: so much waiting comes from the attack and not from the load.
    pace = max(round(ask()["per_second"] / 4), 100)
    paced = lambda: ask("--rate", pace)["p99_us"]

    def beside(kind):
        try:
            return paced()
        except CannotRun as trouble:
            say(f"{kind}: {trouble}")
            return NO_ANSWER_US

    paced()
    rows = []
    for kind, connections, rate in kinds:
        alone, attacked, did, memory = [], [], [], []
        for _ in range(bench.rounds):
            alone.append(paced())
            with Attack(port, kind, connections, rate, *options) as attack:
                attacked.append(beside(kind))
                memory.append(machine.resident_mb(process))
            did.append(attack.did)
            settle(process)
        _, ratio, wide = against(alone, attacked)
        middle = lambda key: median(each[key] for each in did)
        rows.append(row(
            f"{name}-{kind}", median(attacked), "us", f"alone: {median(alone):,.0f}", ratio, FLOOR,
            None, wide,
            f"p99 at {pace:,} calls/s; {connections:,} connections, made {middle('made'):,.0f} times, "
            f"{middle('steps'):,.0f} steps, {middle('bytes') / 1e6:,.1f} MB; server holds "
            f"{max(memory):,.0f} MB, and {machine.resident_mb(process):,.0f} MB when they are gone"))
        say(f"{kind}: " + ", ".join(f"{before:,.0f} -> {after:,.0f}"
                                    for before, after in zip(alone, attacked)) + " us")
    return rows


def attacks(bench, name):
    machine.compile_attacker()
    port = bench.serve()
    return measured(
        bench, name, KINDS, bench.process, lambda *more: bench.verify(CONNECTIONS, 16, *more),
        port=port)


def attacks_tls(bench, name):
    machine.compile_attacker()
    with bench.behind_tls() as (process, port, identity):
        ask = lambda *more: bench.verify(CONNECTIONS, 16, *identity("agency"), *more, port=port)
        return measured(
            bench, name, TLS_KINDS, process, ask, *identity("auditor"), port=port)


MEASURES = {"attacks": attacks, "attacks-tls": attacks_tls}
