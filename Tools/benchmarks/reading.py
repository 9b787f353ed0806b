"""Questions against the echo, against peers, against each other, and what they take of the heap.

Our client is `load`: one thread, as those of Redis, gRPC and PostgreSQL are here; servers and clients
share the machine's cores.
"""

import time
from statistics import median

import machine
from comparison import compare, compared, row, spread
from registry import PROFILE

ALLOCATIONS_MAX = 3


def verify_one(bench, name):
    port, p99 = bench.echo(), []

    def ours():
        answer = bench.verify(1, 1)
        p99.append(answer["p99_us"])
        return answer["per_second"]

    value, (echo,) = compare(
        bench.rounds, ours, lambda: bench.verify(1, 1, port=port)["per_second"])
    return [compared(name, value, "calls/s", "C echo", echo, 0.80, 0.90,
                     f"p99 {median(p99):.0f} us")]


def verify_many(bench, name):
    echo, size = bench.echo(), bench.answer_bytes()
    value, (echoed, redis, grpc) = compare(
        bench.rounds, lambda: bench.verify(8, 16)["per_second"],
        lambda: bench.verify(8, 16, port=echo)["per_second"],
        bench.peers.redis_gets(8, 16, bench.officers, size, bench.seconds),
        bench.peers.grpc_calls(8, 16, size, bench.seconds))
    return [
        compared(name, value, "calls/s", "C echo", echoed, 0.30, 0.45),
        compared(name + "-redis", value, "calls/s", "Redis GET, redis-benchmark", redis, 1.5, 2.5),
        compared(name + "-grpc", value, "calls/s", "gRPC C++, async client of one thread", grpc,
                 15, 30),
    ]


def verify_most(bench, name):
    value, (redis,) = compare(
        bench.rounds, lambda: bench.verify(8, 64)["per_second"],
        bench.peers.redis_gets(8, 64, bench.officers, bench.answer_bytes(), bench.seconds))
    return [compared(name, value, "calls/s", "Redis GET, redis-benchmark", redis, 2, 4)]


def verify_tls(bench, name):
    """A copy of the registry behind mutual TLS, beside the one in the clear."""
    with bench.behind_tls() as (_, port, identity):
        value, (plain,) = compare(
            bench.rounds, lambda: bench.verify(8, 16, *identity("agency"), port=port)["per_second"],
            lambda: bench.verify(8, 16)["per_second"])
    return [compared(name, value, "calls/s", "the same without TLS", plain, 0.6, 0.8)]


def profile_many(bench, name):
    sizes = []

    def ours():
        answer = bench.ask(PROFILE, 8, 16)
        sizes.append(answer["reply_bytes"])
        return answer["per_second"]

    # Each once, so that what is measured is the steady state: profiles that nothing has touched.
    bench.ask(PROFILE, 8, 16, "--order", "once", "--calls", bench.officers, seconds=600)
    value, (verify,) = compare(
        bench.rounds, ours, lambda: bench.verify(8, 16)["per_second"])
    return [compared(name, value, "calls/s", "VerifyCredential", verify, 0.6, 0.8,
                     f"{median(sizes):,.0f} bytes an answer")]


def latency(bench, name):
    """Calls that come at their own moments, at half of the most that were answered in a second."""
    ratios, p50, p99, rates = [], [], [], []
    for _ in range(bench.rounds):
        top = max(bench.verify(8, in_flight)["per_second"] for in_flight in (16, 64))
        paced = bench.verify(8, 64, "--rate", round(top / 2))
        ratios.append(paced["p50_us"] / paced["p99_us"])
        p50.append(paced["p50_us"])
        p99.append(paced["p99_us"])
        rates.append(paced["per_second"])
    return [row(name, median(p99), "us", f"p50: {median(p50):,.1f}", median(ratios), 0.25, 0.33,
                spread(ratios), f"p99 at {median(rates):,.0f} calls/s, paced")]


def allocations(bench, name):
    """Calls of the allocator in the server for each call, over those of as long without any."""
    bench.stop_serving()
    rows = []
    with machine.CountedServer(bench.ujuzi, bench.data) as counted:
        for connections, in_flight in ((1, 1), (8, 16)):
            ask = lambda: bench.verify(connections, in_flight, port=counted.port)
            ask()
            idle = counted.during(lambda: time.sleep(bench.seconds))
            answers = []
            calls = counted.during(lambda: answers.append(ask()))
            each = max(calls - idle, 0) / answers[0]["calls"]
            rows.append(row(
                f"{name}-{connections}x{in_flight}", each, "a call", f"at most {ALLOCATIONS_MAX}",
                ALLOCATIONS_MAX / max(each, 0.001), 1, ALLOCATIONS_MAX, None,
                f"{calls:,} in {answers[0]['calls']:,} calls, {idle:,} when idle"))
    return rows


def postgres_reads(bench, name):
    reads = bench.peers.postgres_reads(bench.officers, bench.answer_bytes(), bench.seconds)
    value, (read,) = compare(
        bench.rounds, lambda: bench.verify(8, 16)["per_second"], reads)
    return [compared(name, value, "calls/s", "PostgreSQL point reads, prepared, pgbench, 32 clients",
                     read, None, None)]


MEASURES = {
    "verify-1x1": verify_one,
    "verify-8x16": verify_many,
    "verify-8x64": verify_most,
    "verify-tls": verify_tls,
    "profile-8x16": profile_many,
    "latency-half": latency,
    "postgres-reads": postgres_reads,
    "allocations": allocations,
}
