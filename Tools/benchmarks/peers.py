"""The peers: Redis and the gRPC C++ library, each a server that is started when first asked for.

A method gives a function that runs one round and gives its rate, or None where the peer is not
installed. PostgreSQL has a file of its own.
"""

import os
import shutil
import socket
import subprocess
import time

import machine
import postgres
from machine import CannotRun, say

GRPC_PACKAGES = ("g++", "pkg-config", "protobuf-compiler", "protobuf-compiler-grpc", "libgrpc++-dev")


class Peers:
    def __init__(self, install, here):
        self.install, self.here = install, here
        self._redis = self._grpc = self._postgres = None
        self._told = set()

    def _missing(self, name, present, *packages):
        """Whether the peer is not there, once it was installed if it may be."""
        if not present() and self.install:
            machine.run("bash", "Tools/setup", *packages)
        if present():
            return False
        if name not in self._told:
            self._told.add(name)
            say(f"{name} is not installed, so nothing is compared with it: --peers installs it, "
                f"or: sudo apt-get install {' '.join(packages)}")
        return True

    # Redis

    def redis_gets(self, connections, in_flight, keys, value_bytes, seconds):
        if self._missing("Redis", lambda: shutil.which("redis-server")
                         and shutil.which("redis-benchmark"), "redis-server", "redis-tools"):
            return None
        if self._redis is None:
            self._redis = redis_server()
            self._redis_benchmark("set", 3 * keys, 8, 16, keys, value_bytes)
        run = lambda count: self._redis_benchmark(
            "get", count, connections, in_flight, keys, value_bytes)
        # As many as take a round's time, by a first run.
        count = int(run(200_000) * seconds)
        return lambda: run(count)

    def _redis_benchmark(self, command, count, connections, in_flight, keys, value_bytes):
        out = machine.run(
            "redis-benchmark", "-p", self._redis, "-t", command, "-n", count, "-c", connections,
            "-P", in_flight, "-r", keys, "-d", value_bytes, "--csv")
        return float(out.strip().splitlines()[-1].split(",")[1].strip('"'))

    # gRPC

    def grpc_calls(self, channels, in_flight, reply_bytes, seconds):
        if self._missing("gRPC C++", lambda: shutil.which("grpc_cpp_plugin")
                         and os.path.exists("/usr/include/grpcpp/grpcpp.h"), *GRPC_PACKAGES):
            return None
        program = grpc_program()
        if self._grpc is None:
            _, self._grpc = machine.server(program, "serve", "--reply-bytes", reply_bytes)
        return lambda: machine.json_of(
            program, "load", "--port", self._grpc, "--channels", channels,
            "--in-flight", in_flight, "--seconds", seconds)["per_second"]

    # PostgreSQL

    def postgres(self):
        if self._missing("PostgreSQL", postgres.folder_of_programs, "postgresql"):
            return None
        if self._postgres is None:
            self._postgres = postgres.Cluster(self.here)
        return self._postgres

    def postgres_inserts(self, seconds):
        cluster = self.postgres()
        return cluster and (lambda: cluster.inserts(seconds))

    def postgres_reads(self, rows, answer_bytes, seconds):
        cluster = self.postgres()
        if cluster is None:
            return None
        cluster.fill(rows, answer_bytes)
        return lambda: cluster.reads(rows, seconds)


def redis_server():
    """Starts Redis with nothing kept on disk; its port."""
    port = machine.free_port()
    machine.start(
        "redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
        "--dir", machine.folder(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return port
        except OSError:
            time.sleep(0.1)
    raise CannotRun("redis-server did not start within 10 s")


def grpc_program():
    """The peer in gRPC, built where it is older than its sources."""
    out = os.path.join(machine.BUILD, "grpc")
    program = os.path.join(out, "grpc_peer")
    sources = [os.path.join(machine.ROOT, "Tools/benchmarks", name)
               for name in ("grpc_peer.cc", "peer.proto")]
    if os.path.exists(program) and all(
            os.path.getmtime(source) < os.path.getmtime(program) for source in sources):
        return program
    say("building the peer in gRPC")
    os.makedirs(out, exist_ok=True)
    machine.run(
        "protoc", "-I", "Tools/benchmarks", f"--cpp_out={out}", f"--grpc_out={out}",
        f"--plugin=protoc-gen-grpc={shutil.which('grpc_cpp_plugin')}", "peer.proto")
    libraries = machine.run("pkg-config", "--cflags", "--libs", "grpc++", "protobuf").split()
    machine.run(
        "g++", "-std=c++17", "-O2", "-Wall", "-Wextra", f"-I{out}", "-o", program, sources[0],
        os.path.join(out, "peer.pb.cc"), os.path.join(out, "peer.grpc.pb.cc"), *libraries)
    return program
