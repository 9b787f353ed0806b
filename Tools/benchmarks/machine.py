"""What a measurement needs of the machine: programs built, servers that end, a folder on the disk."""

import atexit
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, ".build-bench")
# Seconds after which a program that should have ended has failed.
PATIENCE = 900

_running = []
_folders = []


class CannotRun(Exception):
    pass


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def run(*command, timeout=PATIENCE, fails=False, **options):
    """The program's output; `CannotRun` when it fails, unless it may and says something."""
    process = start(*command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
    try:
        out, error = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        raise CannotRun(f"{os.path.basename(command[0])} did not end within {timeout} s")
    finally:
        stop(process)
    if process.returncode and not (fails and out.strip()):
        raise CannotRun(f"{' '.join(map(str, command))}:\n{(error or out).strip()}")
    return out


def start(*command, **options):
    process = subprocess.Popen([str(part) for part in command], **{"cwd": ROOT, **options})
    _running.append(process)
    return process


def stop(process):
    """Ends it: asks, waits, insists."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process in _running:
        _running.remove(process)


@atexit.register
def _tidy():
    for process in list(_running):
        stop(process)
    for folder in _folders:
        shutil.rmtree(folder, ignore_errors=True)


for _signal in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(_signal, lambda *_: sys.exit(130))


def folder(within=BUILD):
    """A fresh folder, on the file system of the checkout unless said, removed at the end."""
    os.makedirs(within, exist_ok=True)
    path = tempfile.mkdtemp(prefix="data-", dir=within)
    _folders.append(path)
    return path


def file_system(path):
    return run("stat", "-f", "-c", "%T", path).strip()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def compile_c(name, source, *more):
    run("gcc", "-std=c11", "-D_GNU_SOURCE", "-O2", "-Wall", "-Wextra", "-o",
        os.path.join(BUILD, name), f"Tools/benchmarks/{source}", *more)


def tls_libraries():
    """Without them the programs are built, and say that they can do no TLS."""
    return ("-lssl", "-lcrypto") if os.path.exists("/usr/include/openssl/ssl.h") else ()


def compile_attacker():
    compile_c("attacker", "attacker.c", *tls_libraries())


def build():
    """Builds the baselines and the program; gives the program's path."""
    if run("bash", "Tools/setup", *([] if shutil.which("gcc") else ["gcc", "libc6-dev"])):
        say("installed what was missing")
    os.makedirs(BUILD, exist_ok=True)
    for name, *more in (("lmdb_loop", "-llmdb"), ("echo_server",), ("load", *tls_libraries())):
        compile_c(name, f"{name}.c", *more)
    compile_c("count_allocations.so", "count_allocations.c", "-shared", "-fPIC")
    ready = os.environ.get("UJUZI")
    if ready:
        return os.path.abspath(ready)
    say("building the release (the first time takes some minutes)")
    for product in ("ujuzi", "Bench"):
        run("swift", "build", "-c", "release", "--product", product, timeout=3600)
    return run("swift", "build", "-c", "release", "--show-bin-path").strip() + "/ujuzi"


def bench_verb(ujuzi, verb):
    """How a verb of Bench is called: it lies beside the program that is measured. Programs of
    before there was a Bench have its verbs themselves."""
    beside = os.path.join(os.path.dirname(ujuzi), "Bench")
    return (beside, verb) if os.path.exists(beside) else (ujuzi, "bench-" + verb)


def tool(name, *arguments):
    """One run of a baseline's program: the JSON it prints."""
    return json_of(os.path.join(BUILD, name), *arguments, fails=name == "load")


def json_of(*command, fails=False):
    out = run(*command, fails=fails)
    if not out.strip():
        raise CannotRun(f"{' '.join(map(str, command))} could not run")
    return json.loads(out)


def server(*command, **options):
    """Starts a server that says `ready` and its port in its first line; gives both."""
    log = tempfile.TemporaryFile(mode="w+")
    process = start(*command, stdout=subprocess.PIPE, stderr=log, text=True, **options)
    line = process.stdout.readline()
    found = re.search(r"ready\D*(?:127\.0\.0\.1:)?(\d+)", line)
    if not found:
        stop(process)
        log.seek(0)
        raise CannotRun(f"{command[0]} did not start: {line}{log.read()}")
    return process, int(found.group(1))


def resident_mb(process):
    """Memory of the process that is no mapped file, in MB."""
    with open(f"/proc/{process.pid}/status") as status:
        for line in status:
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * 1024 / 1e6
    raise CannotRun("the server is gone")


class PeakMemory:
    """The most that a process held that is no mapped file, looked at ten times a second."""

    def __init__(self, process):
        self.process = process
        self.megabytes = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self):
        while not self._ended.wait(0.1):
            try:
                self.megabytes = max(self.megabytes, resident_mb(self.process))
            except (CannotRun, OSError):
                return

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()


def run_measured(*command, timeout=PATIENCE):
    """As `run`, with the most that the program held that is no mapped file, in MB."""
    process = start(*command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with PeakMemory(process) as peak:
        try:
            out, error = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            raise CannotRun(f"{os.path.basename(command[0])} did not end within {timeout} s")
        finally:
            stop(process)
    if process.returncode:
        raise CannotRun(f"{' '.join(map(str, command))}:\n{(error or out).strip()}")
    return out, peak.megabytes


def remove(path):
    shutil.rmtree(path, ignore_errors=True)
    if os.path.exists(path + ".key"):
        os.remove(path + ".key")


def forget(folder):
    """Has the kernel drop the pages of a folder's files, which nobody has open."""
    for path, _, names in os.walk(folder):
        for name in names:
            handle = os.open(os.path.join(path, name), os.O_RDONLY)
            try:
                os.fsync(handle)
                os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            finally:
                os.close(handle)


class SmallMemory:
    """A control group for a server: its memory is what it holds by itself and so much more for
    pages of its folder's files."""

    # Of version 2 and of version 1: where groups are made, and the file of the limit.
    KINDS = (("/sys/fs/cgroup", "memory.max"),
             ("/sys/fs/cgroup/memory", "memory.limit_in_bytes"))

    def __init__(self, process, folder, megabytes):
        self.process, self.folder, self.megabytes = process, folder, megabytes
        self.how = None

    def __enter__(self):
        files = [os.path.join(path, name) for path, _, names in os.walk(self.folder)
                 for name in names if name == "data.mdb"]
        size = sum(os.stat(path).st_blocks * 512 for path in files) / 1e6
        limit = round(resident_mb(self.process)) + self.megabytes
        for base, knob in self.KINDS:
            group = f"{base}/ujuzi-bench-{os.getpid()}"
            try:
                os.mkdir(group)
            except OSError:
                continue
            # Where no controller is mounted, this is a folder like any other.
            if not os.path.exists(f"{group}/{knob}"):
                os.rmdir(group)
                continue
            try:
                with open(f"{group}/{knob}", "w") as file:
                    file.write(str(limit * 1_000_000))
                with open(f"{group}/cgroup.procs", "w") as file:
                    file.write(str(self.process.pid))
            except OSError:
                os.rmdir(group)
                continue
            self.base, self.group = base, group
            self.how = f"{size:,.0f} MB of files, {limit} MB of memory in a control group"
            return self
        raise CannotRun("no control group with a memory limit can be made here: run as root")

    def __exit__(self, *_):
        with open(f"{self.base}/cgroup.procs", "w") as file:
            file.write(str(self.process.pid))
        os.rmdir(self.group)


class CountedServer:
    """A server whose calls of the allocator are counted, in a file that it shares with us."""

    def __init__(self, ujuzi, data):
        self.file = os.path.join(folder(), "count")
        self.process, self.port = server(
            ujuzi, "serve", "--data", data, "--listen", "127.0.0.1:0",
            env=os.environ | {"LD_PRELOAD": os.path.join(BUILD, "count_allocations.so"),
                              "COUNT_ALLOCATIONS": self.file})

    def during(self, body):
        """How many there were while the body ran."""
        before = self._count()
        body()
        return self._count() - before

    def _count(self):
        with open(self.file, "rb") as file:
            return int.from_bytes(file.read(8), sys.byteorder)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        stop(self.process)
