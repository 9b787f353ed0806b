"""Questions over a million people: how long the first page, or the answer, takes.

The registry is one of its own, made by `Bench people`: 400 organisations in three
ranks, one mandate for all, courses that seven of eight, one of four, one of 5000 and none
completed. Each floor is a limit in milliseconds that the median keeps; the note has what 99 of 100
keep, which on a shared machine says as much of the neighbours.
"""

import json
import os

import machine
from machine import say

OFFICERS = 1_000_000
ROUNDS = 200

# What is asked, and the milliseconds that it may take.
QUESTIONS = {
    "compliance": [("", 50, ["--kind", "compliance"])],
    "find": [
        ("-common", 10, ["--kind", "find", "--skill", "ict/common"]),
        ("-rare", 10, ["--kind", "find", "--skill", "ict/rare", "--skill", "ict/common"]),
        ("-county", 10, ["--kind", "find", "--skill", "ict/often", "--county", "county-3"]),
        ("-below", 10, ["--kind", "find", "--skill", "ict/common", "--organisation", "org-3",
                        "--below"]),
        ("-nobody", 10, ["--kind", "find", "--skill", "ict/none"]),
    ],
    "profile": [("", 2, ["--kind", "profile"])],
}

_made = {}


def registry(bench):
    """The folder of a registry of many, made once."""
    if not _made:
        officers = 50_000 if bench.options.quick else OFFICERS
        folder = os.path.join(bench.here, "people")
        say(f"making a registry of {officers:,} officers under one mandate")
        say(machine.run(*machine.bench_verb(bench.ujuzi, "people"), "--data", folder, "--officers", officers,
                        timeout=7200).strip())
        _made.update(folder=folder, officers=officers)
    return _made["folder"], _made["officers"]


def measure(bench, name):
    folder, officers = registry(bench)
    process, port = machine.server(
        bench.ujuzi, "serve", "--data", folder, "--listen", "127.0.0.1:0")
    rows = []
    try:
        for suffix, limit, question in QUESTIONS[name]:
            answer = json.loads(machine.run(
                *machine.bench_verb(bench.ujuzi, "ask"), *question, "--rounds", ROUNDS, "--officers", officers,
                "--json", "--server", f"127.0.0.1:{port}"))
            rows.append(dict(
                name=name + suffix, value=answer["median_ms"], unit="ms",
                baseline=f"{limit} ms, {officers:,} officers", ratio=limit / answer["median_ms"],
                floor=1.0, aim=None, spread=None,
                missing=False, note=f"99 % within {answer['p99_ms']:.2f} ms, {answer['found']:,} found"))
    finally:
        machine.stop(process)
    return rows


MEASURES = {name: measure for name in QUESTIONS}
