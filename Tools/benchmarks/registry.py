"""The registry that is measured: its folder, its server and the load on it."""

import contextlib
import os
import shutil

import machine
import peers
from machine import CannotRun, say, tool

RECORD, VERIFY, PROFILE = 16, 32, 34
# Events of a mixed registry, about, for each of its officers.
MIXED_EVENTS_PER_OFFICER = 6.65
# Record requests that `Bench data` writes at most, one for each officer.
RECORDS_MAX = 200_000


class Bench:
    """The registry's folder, its server and the echo, each made when first asked for."""

    def __init__(self, options, recordings, wants_plain):
        """`recordings`: runs that will record, so that each gets an equal share of the requests;
        `wants_plain`: whether a measure asks the registry of `Bench data --kind plain`."""
        self.options = options
        self.rounds = 3 if options.quick else options.rounds
        self.seconds = 1 if options.quick else options.seconds
        self.officers = options.officers or (50_000 if options.quick else 200_000)
        self.ujuzi = machine.build()
        self.here = machine.folder()
        self.process = self.port = self.echoes = self.reply_bytes = None
        self.records_left = min(RECORDS_MAX, self.officers)
        self.records_used = 0
        self.recordings_left = recordings
        say(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, data on "
            f"{machine.file_system(self.here)}, {self.rounds} rounds of {self.seconds} s")
        if machine.file_system(self.here) in ("tmpfs", "ramfs"):
            say("the data is in memory: figures of durable recording mean nothing here")
        self.mixed = self.mixed_events = None
        if wants_plain:
            self.make_registry()
        self.peers = peers.Peers(options.peers, self.here)

    def make_registry(self):
        say(f"making a registry of {self.officers} officers")
        print_of = machine.run(*machine.bench_verb(self.ujuzi, "data"), "--data", self.data, "--out",
                               os.path.join(self.here, "requests"), "--officers", self.officers)
        say(print_of.strip())
        self.events = int(print_of.split()[0])

    def mixed_officers(self):
        """So many that a mixed registry has a million events, or a tenth of it."""
        million = 100_000 if self.options.quick else 1_000_000
        return self.options.mixed_officers or round(million / MIXED_EVENTS_PER_OFFICER)

    def mixed_registry(self):
        """A folder with the registry of `Bench data --kind mixed`, made when first asked for."""
        if self.mixed is None:
            self.mixed = os.path.join(self.here, "mixed")
            say(f"making a mixed registry of {self.mixed_officers()} officers")
            said = machine.run(
                *machine.bench_verb(self.ujuzi, "data"), "--kind", "mixed", "--data", self.mixed, "--out",
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
                *machine.bench_verb(self.ujuzi, "data"), "--kind", "mixed", "--requests-only", "--out", folder,
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

    @contextlib.contextmanager
    def behind_tls(self):
        """A server with mutual TLS on a copy of the registry: the process, its port, and the options
        of a program that shows itself as somebody of the development keys."""
        self.stop_serving()
        copy, keys = os.path.join(self.here, "registry-tls"), os.path.join(self.here, "keys")
        shutil.copytree(self.data, copy)
        shutil.copy(self.data + ".key", copy + ".key")
        machine.run(self.ujuzi, "keys", "dev", "--out", keys)
        file = lambda named: os.path.join(keys, named)
        process, port = machine.server(
            self.ujuzi, "serve", "--data", copy, "--listen", "127.0.0.1:0", "--tls-certificate",
            file("server.pem"), "--tls-key", file("server.key"), "--tls-roots", file("ca.pem"),
            "--roles", file("roles.json"))
        try:
            yield process, port, lambda who: (
                "--certificate", file(f"{who}.pem"), "--key", file(f"{who}.key"), "--roots",
                file("ca.pem"))
        finally:
            machine.stop(process)
            machine.remove(copy)
            machine.remove(keys)

    def ask(self, method, connections, in_flight, *more, port=None, seconds=None):
        """Questions at random of the file that goes with the method."""
        name, check = {VERIFY: ("verify", "known"), PROFILE: ("profile", "none")}[method]
        return self.load(
            "--port", port or self.serve(), "--method", method, "--payloads", self.requests(name),
            "--connections", connections, "--in-flight", in_flight,
            "--seconds", seconds or self.seconds, "--check", check, *more)

    def verify(self, connections, in_flight, *more, port=None, seconds=None):
        return self.ask(VERIFY, connections, in_flight, *more, port=port, seconds=seconds)

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

    def answer_bytes(self):
        """Of an answer of VerifyCredential: what every peer answers with too."""
        if self.reply_bytes is None:
            self.reply_bytes = round(self.verify(1, 1, seconds=1)["reply_bytes"])
            say(f"VerifyCredential answers with {self.reply_bytes} bytes")
        return self.reply_bytes

    def echo(self):
        """The echo server's port."""
        if self.echoes is None:
            _, self.echoes = machine.server(
                os.path.join(machine.BUILD, "echo_server"), "--reply-bytes", self.answer_bytes())
        return self.echoes
