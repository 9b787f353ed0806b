"""What is kept: memory under load, bulk recording, a rebuild, less memory than the files take."""

import json
import os
import re
from statistics import median

import machine
from comparison import row, spread
from machine import CannotRun, tool
from registry import PROFILE

MEMORY_MAX_MB = 150
REBUILD_EVENTS_PER_SECOND = 200_000
# Of client and of server each, while a bulk recording runs.
BULK_MEMORY_MAX_MB = 300
# For pages of the registry's files in the measure `small-memory`: far less than they take.
SMALL_MEMORY_MB = 64


def memory(bench, name):
    """What the server holds that is no mapped file, before and after load on it."""
    minute = 10 if bench.options.quick else 60
    bench.record(64)
    bench.verify(8, 16, seconds=5)
    before = machine.resident_mb(bench.process)
    bench.verify(8, 16, seconds=minute)
    after = machine.resident_mb(bench.process)
    events = f"at {bench.events:,} events"
    if bench.events < 1_000_000:
        events += ", fewer than the million that the floor is for"
    return [
        row(name, after, "MB", f"{MEMORY_MAX_MB} MB {events}", MEMORY_MAX_MB / after, 1.0, None,
            None),
        row(name + "-growth", after - before, "MB", f"{before:.1f} MB, {minute} s of load ago",
            before / after, 0.95, 1.0, None),
    ]


def bulk(bench, name):
    """A mixed registry recorded over the RPC, from nothing, by the client that an import uses."""
    requests = bench.bulk_requests()
    values, baselines, servers, clients = [], [], [], []
    for at in range(min(bench.rounds, 3)):
        data = os.path.join(bench.here, f"bulk-{at}")
        process, port = machine.server(
            bench.ujuzi, "serve", "--data", data, "--listen", "127.0.0.1:0")
        with machine.PeakMemory(process) as peak:
            sent = json.loads(machine.run(
                *machine.bench_verb(bench.ujuzi, "send"), requests, "--server", f"127.0.0.1:{port}",
                timeout=3600))
        machine.stop(process)
        machine.remove(data)
        values.append(sent["per_second"])
        servers.append(peak.megabytes)
        clients.append(sent["peak_kb"] * 1024 / 1e6)
        loop = os.path.join(bench.here, f"bulk-loop-{at}")
        os.makedirs(loop)
        baselines.append(tool("lmdb_loop", "--folder", loop, "--batch", 1000, "--events",
                              sent["events"], "--seconds", 3600)["per_second"])
        machine.remove(loop)
    ratios = [value / baseline for value, baseline in zip(values, baselines)]
    return [
        row(name, median(values), "events/s",
            f"C loop, batches of 1000, as many events: {median(baselines):,.0f}", median(ratios),
            0.4, 0.75, spread(ratios), f"{sent['events']:,} events"),
        row(name + "-server", max(servers), "MB", f"{BULK_MEMORY_MAX_MB} MB unmapped",
            BULK_MEMORY_MAX_MB / max(servers), 1.0, None, None),
        row(name + "-client", max(clients), "MB", f"{BULK_MEMORY_MAX_MB} MB unmapped",
            BULK_MEMORY_MAX_MB / max(clients), 1.0, None, None),
    ]


def rebuild(bench, name):
    data = bench.mixed_registry()
    bench.stop_serving()
    values, peaks = [], []
    for _ in range(min(bench.rounds, 3)):
        out, peak = machine.run_measured(bench.ujuzi, "rebuild", "--data", data)
        found = re.search(r"\((\d+) events/s\)", out)
        if not found or "equal to what was there" not in out:
            raise CannotRun(f"rebuild said: {out}")
        values.append(int(found.group(1)))
        peaks.append(peak)
    value = median(values)
    note = f"{bench.mixed_events:,} events, at most {max(peaks):,.0f} MB unmapped"
    return [row(name, value, "events/s", f"{REBUILD_EVENTS_PER_SECOND:,} events/s",
                value / REBUILD_EVENTS_PER_SECOND, 1.0, 1.33, spread(values), note)]


def profiles(bench, port):
    return bench.load(
        "--port", port, "--method", PROFILE, "--payloads",
        os.path.join(bench.here, "mixed-requests", "profile.bin"), "--connections", 1,
        "--in-flight", 1, "--seconds", bench.seconds)


def small_memory(bench, name):
    """Profiles of officers at random while the registry does not fit in memory."""
    data = bench.mixed_registry()
    bench.stop_serving()
    serve = (bench.ujuzi, "serve", "--data", data, "--listen", "127.0.0.1:0")
    process, port = machine.server(*serve)
    profiles(bench, port)
    free = [profiles(bench, port) for _ in range(bench.rounds)]
    machine.stop(process)
    # Pages count for the group that first touches them: the files are read anew, by one that has
    # touched little yet.
    machine.forget(data)
    process, port = machine.server(*serve)
    with machine.SmallMemory(process, data, SMALL_MEMORY_MB) as small:
        profiles(bench, port)
        tight = [profiles(bench, port) for _ in range(bench.rounds)]
    machine.stop(process)
    middle = lambda answers, key: median(answer[key] for answer in answers)
    return [row(name, middle(tight, "p50_us"), "us",
                f"all in memory: p50 {middle(free, 'p50_us'):.0f} us, "
                f"p99 {middle(free, 'p99_us'):.0f} us",
                None, None, None, None,
                f"p99 {middle(tight, 'p99_us'):.0f} us; {small.how}")]


MEASURES = {
    "memory": memory,
    "bulk": bulk,
    "rebuild": rebuild,
    "small-memory": small_memory,
}
