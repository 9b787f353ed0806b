"""Measures the registry, each figure as a ratio to a baseline of the same run.

Rounds are interleaved (ours, baseline, ours, ...); a ratio is the median of the rounds' own
ratios, and the spread is (highest - lowest) / median of them. Exit status: 0 every floor is held,
1 one is not, 2 could not run. UJUZI=PATH measures a program that is built already.
"""

import argparse
import json
import os
import re
import sys
import time
from statistics import median

import machine
import people
from machine import CannotRun, say, tool

RECORD, VERIFY, PROFILE = 16, 32, 34
MEMORY_MAX_MB = 150
REBUILD_EVENTS_PER_SECOND = 200_000
# Of client and of server each, while a bulk recording runs.
BULK_MEMORY_MAX_MB = 300
# Events of a mixed registry, about, for each of its officers.
MIXED_EVENTS_PER_OFFICER = 6.65
# For pages of the registry's files in the measure `small-memory`: far less than they take.
SMALL_MEMORY_MB = 64
REDIS_VALUE_BYTES = 256
# Record requests that bench-data writes at most, one for each officer.
RECORDS_MAX = 200_000


class Bench:
    """The registry's folder, its server and the peers, each made when first asked for."""

    def __init__(self, options):
        self.options = options
        self.rounds = 3 if options.quick else options.rounds
        self.seconds = 1 if options.quick else options.seconds
        self.officers = options.officers or (50_000 if options.quick else 200_000)
        self.ujuzi = machine.build()
        self.here = machine.folder()
        self.process = self.port = self.echoes = self.redis_port = None
        self.records_left = min(RECORDS_MAX, self.officers)
        self.records_used = 0
        # Runs that will record, so that each gets an equal share of the requests that are left.
        wanted = options.names or MEASURES
        self.recordings_left = (
            ("memory" in wanted) + self.rounds * sum(name in wanted for name in RECORDINGS))
        say(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, data on "
            f"{machine.file_system(self.here)}, {self.rounds} rounds of {self.seconds} s")
        if machine.file_system(self.here) in ("tmpfs", "ramfs"):
            say("the data is in memory: figures of durable recording mean nothing here")
        self.mixed = self.mixed_events = None
        if any(name not in ON_MIXED for name in wanted):
            self.make_registry()

    def make_registry(self):
        say(f"making a registry of {self.officers} officers")
        print_of = machine.run(self.ujuzi, "bench-data", "--data", self.data, "--out",
                               os.path.join(self.here, "requests"), "--officers", self.officers)
        say(print_of.strip())
        self.events = int(print_of.split()[0])

    def mixed_officers(self):
        """So many that a mixed registry has a million events, or a tenth of it."""
        million = 100_000 if self.options.quick else 1_000_000
        return self.options.mixed_officers or round(million / MIXED_EVENTS_PER_OFFICER)

    def mixed_registry(self):
        """A folder with the registry of `bench-data --kind mixed`, made when first asked for."""
        if self.mixed is None:
            self.mixed = os.path.join(self.here, "mixed")
            say(f"making a mixed registry of {self.mixed_officers()} officers")
            said = machine.run(
                self.ujuzi, "bench-data", "--kind", "mixed", "--data", self.mixed, "--out",
                os.path.join(self.here, "mixed-requests"), "--officers", self.mixed_officers())
            say(said.strip())
            self.mixed_events = int(said.split()[0])
        return self.mixed

    def bulk_requests(self):
        """A mixed registry as requests of a thousand events."""
        folder = os.path.join(self.here, "bulk-requests")
        path = os.path.join(folder, "bulk.bin")
        if not os.path.exists(path):
            say(machine.run(
                self.ujuzi, "bench-data", "--kind", "mixed", "--requests-only", "--out", folder,
                "--officers", self.mixed_officers()).strip())
        return path

    @property
    def data(self):
        return os.path.join(self.here, "registry")

    def requests(self, name):
        return os.path.join(self.here, "requests", name + ".bin")

    def serve(self):
        if self.process is None:
            self.process, self.port = machine.server(
                self.ujuzi, "serve", "--data", self.data, "--listen", "127.0.0.1:0")
        return self.port

    def stop_serving(self):
        if self.process is not None:
            machine.stop(self.process)
            self.process = None

    def verify(self, connections, in_flight, port=None, seconds=None):
        return self.load(
            "--port", port or self.serve(), "--method", VERIFY, "--payloads",
            self.requests("verify"), "--connections", connections, "--in-flight", in_flight,
            "--seconds", seconds or self.seconds, "--check", "known")

    def record(self, in_flight):
        """Sends requests that were never sent before, until the time or the run's share is up."""
        # A connection takes 256 calls at once.
        connections = -(-in_flight // 250)
        share = self.records_left // self.recordings_left
        self.recordings_left -= 1
        answer = self.load(
            "--port", self.serve(), "--method", RECORD, "--payloads", self.requests("record"),
            "--order", "once", "--skip", self.records_used, "--calls", share,
            "--connections", connections, "--in-flight", in_flight // connections,
            "--seconds", self.seconds, "--warm-ms", 0, "--check", "recorded")
        self.records_used += answer["calls"]
        self.records_left -= answer["calls"]
        return answer

    @staticmethod
    def load(*arguments):
        answer = tool("load", *arguments)
        if answer["errors"]:
            raise CannotRun(f"{answer['errors']} of {answer['calls']} answers were wrong: "
                            f"{answer['first_error']}")
        if not answer["counted"]:
            raise CannotRun("no answer came in time to be counted")
        return answer

    def echo(self):
        """The echo server with answers as long as the registry's."""
        if self.echoes is None:
            size = round(self.verify(1, 1, seconds=1)["reply_bytes"])
            say(f"VerifyCredential answers with {size} bytes")
            _, self.echoes = machine.server(
                os.path.join(machine.BUILD, "echo_server"), "--reply-bytes", size)
        return self.echoes

    def redis(self):
        """Redis with as many values as there are credentials; None where it is not installed."""
        if self.redis_port is None:
            self.redis_port = machine.redis(self.options.peers)
            if self.redis_port:
                self.redis_benchmark("set", 3 * self.officers, 8, 16)
        return self.redis_port

    def redis_benchmark(self, command, count, connections, in_flight):
        out = machine.run(
            "redis-benchmark", "-p", self.redis_port, "-t", command, "-n", count, "-c", connections,
            "-P", in_flight, "-r", self.officers, "-d", REDIS_VALUE_BYTES, "--csv")
        return float(out.strip().splitlines()[-1].split(",")[1].strip('"'))


def compare(bench, ours, theirs):
    """Interleaved rounds: the medians of both, of the ratio, and the ratio's spread."""
    values, baselines = [], []
    for _ in range(bench.rounds):
        values.append(ours())
        baselines.append(theirs())
    ratios = [value / baseline for value, baseline in zip(values, baselines)]
    return median(values), median(baselines), median(ratios), spread(ratios)


def spread(values):
    return (max(values) - min(values)) / median(values)


def row(name, value, unit, baseline, ratio, floor, aim, spread, note=""):
    return dict(name=name, value=value, unit=unit, baseline=baseline, ratio=ratio, floor=floor,
                aim=aim, spread=spread, note=note)


def record(batch, floor, aim):
    def measure(bench, name):
        loop = os.path.join(bench.here, f"loop-{batch}")
        os.makedirs(loop)
        value, base, ratio, wide = compare(
            bench, lambda: bench.record(batch)["per_second"],
            lambda: tool("lmdb_loop", "--folder", loop, "--batch", batch,
                         "--seconds", bench.seconds)["per_second"])
        return [row(name, value, "events/s", f"C loop, batches of {batch}: {base:,.0f}", ratio,
                    floor, aim, wide, "registered, enrolled, completed, issued in turn")]
    return measure


def verify_one(bench, name):
    port, p99 = bench.echo(), []

    def ours():
        answer = bench.verify(1, 1)
        p99.append(answer["p99_us"])
        return answer["per_second"]

    value, base, ratio, wide = compare(
        bench, ours, lambda: bench.verify(1, 1, port=port)["per_second"])
    return [row(name, value, "calls/s", f"C echo: {base:,.0f}", ratio, 0.7, 0.9, wide,
                f"p99 {median(p99):.0f} us")]


def verify_many(bench, name):
    if bench.redis() is None:
        value = median(bench.verify(8, 16)["per_second"] for _ in range(bench.rounds))
        return [row(name, value, "calls/s", "Redis GET: not installed (--peers)", None, 1.0, 2.5,
                    None)]
    # As many as take a round's time, by a first run.
    count = int(bench.redis_benchmark("get", 200_000, 8, 16) * bench.seconds)
    value, base, ratio, wide = compare(
        bench, lambda: bench.verify(8, 16)["per_second"],
        lambda: bench.redis_benchmark("get", count, 8, 16))
    return [row(name, value, "calls/s", f"Redis GET: {base:,.0f}", ratio, 1.0, 2.5, wide)]


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
                bench.ujuzi, "bench-send", requests, "--server", f"127.0.0.1:{port}",
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


RECORDINGS = {
    "record-1": record(1, 0.7, 0.95), "record-64": record(64, 0.4, 0.75),
    "record-1000": record(1000, 0.4, 0.75),
}

# Those that need no plain registry.
ON_MIXED = {"bulk", "rebuild", "small-memory"}

# In this order: what only reads first, so that it meets the registry as it was made; memory after
# what records, on the same server; what stops the server last.
MEASURES = {
    "verify-1x1": verify_one,
    "verify-8x16": verify_many,
    **RECORDINGS,
    "memory": memory,
    "bulk": bulk,
    "rebuild": rebuild,
    "small-memory": small_memory,
    **people.MEASURES,
}


def verdict(line):
    if line["ratio"] is None:
        return "not compared"
    if line["ratio"] < line["floor"]:
        return "UNDER THE FLOOR"
    return "aim" if line["aim"] and line["ratio"] >= line["aim"] else "ok"


def show(line, as_json):
    if as_json:
        print(json.dumps(line), flush=True)
        return
    number = lambda value, form: "-" if value is None else format(value, form)
    print(f"{line['name']:<14} {number(line['value'], ',.1f'):>13} {line['unit']:<8} "
          f"{number(line['ratio'], '.2f'):>6} {number(line['floor'], '.2f'):>6} "
          f"{number(line['aim'], '.2f'):>5} {number(line['spread'], '.0%'):>6}  "
          f"{verdict(line):<15}  {line['baseline']}"
          + (f"; {line['note']}" if line["note"] else ""), flush=True)


def main():
    parser = argparse.ArgumentParser(
        prog="Tools/bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="of: " + ", ".join(MEASURES))
    parser.add_argument("--quick", action="store_true", help="three rounds of a second, few officers")
    parser.add_argument("--peers", action="store_true", help="install Redis where it is missing")
    parser.add_argument("--json", action="store_true", help="one object a line")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="of a round")
    parser.add_argument("--officers", type=int, help="five events each (default 200000)")
    parser.add_argument("--mixed-officers", type=int,
                        help="of bulk, rebuild and small-memory (default: a million events)")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in MEASURES]
    if unknown:
        parser.error(f"no measure is named {unknown[0]}; there are {', '.join(MEASURES)}")
    if options.rounds < 1 or options.seconds < 1 or min(
            options.officers or 1, options.mixed_officers or 1) < 1:
        parser.error("--rounds, --seconds and --officers are at least 1")
    begun, held, broken = time.monotonic(), True, False
    try:
        bench = Bench(options)
        if not options.json:
            print(f"{'':<14} {'value':>13} {'':<8} {'ratio':>6} {'floor':>6} {'aim':>5} "
                  f"{'spread':>6}  {'':<15}  baseline")
        for name, measure in MEASURES.items():
            if options.names and name not in options.names:
                continue
            try:
                lines = measure(bench, name)
            except CannotRun as trouble:
                say(f"{name}: {trouble}")
                broken = True
                continue
            for line in lines:
                show(line, options.json)
                held = held and (line["ratio"] is None or line["ratio"] >= line["floor"])
    except CannotRun as trouble:
        say(str(trouble))
        return 2
    say(f"took {time.monotonic() - begun:.0f} s")
    return 2 if broken else 0 if held else 1


sys.exit(main())
