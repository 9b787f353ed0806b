"""PostgreSQL as a peer: a cluster of its own beside the registry, asked by pgbench.

Its own settings hold, `fsync` and `synchronous_commit` among them, but for room that a server of its
size would be given. Clients are 32 connections of one pgbench thread over a Unix socket.
"""

import glob
import os
import pwd
import re
import shutil
import subprocess
import time

import machine
from machine import CannotRun

CLIENTS = 32
# Of an event as the registry keeps it, about.
EVENT_BYTES = 130

# The same two unique keys as the registry's: the event's id, and the stream with its version.
SCHEMA = """
CREATE TABLE events (
  position bigint GENERATED ALWAYS AS IDENTITY,
  event_id uuid NOT NULL UNIQUE,
  stream text NOT NULL,
  version int NOT NULL,
  body bytea NOT NULL,
  UNIQUE (stream, version));
CREATE TABLE credentials (id text PRIMARY KEY, answer bytea NOT NULL);
"""
INSERT = f"""
INSERT INTO events (event_id, stream, version, body) VALUES (
  gen_random_uuid(), 'enrolment/' || md5(random()::text), 1, decode(repeat('5a', {EVENT_BYTES}), 'hex'));
"""
READ = """
\\set at random(1, {rows})
SELECT answer FROM credentials WHERE id = md5(:at::text);
"""


def folder_of_programs():
    """Of the newest version, where there is one with `pgbench`."""
    found = [path for path in glob.glob("/usr/lib/postgresql/*/bin")
             if os.path.exists(path + "/initdb") and os.path.exists(path + "/pgbench")]
    return max(found, key=lambda path: int(path.split("/")[4]), default=None)


class Cluster:
    """Stopped and removed at the end, as everything that `machine` starts."""

    def __init__(self, here):
        self.programs = folder_of_programs()
        self.folder = os.path.join(here, "postgres")
        os.makedirs(self.folder)
        # A socket's path has at most 107 bytes.
        self.sockets = machine.folder(within="/tmp")
        self.user = None
        if os.geteuid() == 0:
            # It refuses to run as root; whoever runs it must be let through the folders above.
            self.user = next(name for name in ("postgres", "nobody") if exists(name))
            os.chmod(here, 0o711)
            for path in (self.folder, self.sockets):
                shutil.chown(path, self.user)
        self.data = os.path.join(self.folder, "data")
        self._run("initdb", "-D", self.data, "-U", "bench", "-A", "trust", "-E", "UTF8",
                  "--locale", "C", "--no-instructions")
        with open(os.path.join(self.data, "postgresql.conf"), "a") as settings:
            settings.write(
                f"listen_addresses = ''\nunix_socket_directories = '{self.sockets}'\n"
                "shared_buffers = '256MB'\nmax_wal_size = '4GB'\n")
        machine.start(*self._as_user("postgres", "-D", self.data), cwd=self.folder,
                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(100):
            if not subprocess.call(
                    [self.programs + "/pg_isready", "-q", "-h", self.sockets], cwd=self.folder):
                break
            time.sleep(0.1)
        else:
            raise CannotRun("postgres did not start within 10 s")
        self.sql(SCHEMA)

    def _as_user(self, program, *arguments):
        command = [os.path.join(self.programs, program), *map(str, arguments)]
        return ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--clear-groups",
                *command] if self.user else command

    def _run(self, program, *arguments):
        return machine.run(*self._as_user(program, *arguments), cwd=self.folder)

    def sql(self, text):
        return self._run("psql", "-q", "-v", "ON_ERROR_STOP=1", "-h", self.sockets, "-U", "bench",
                         "-d", "postgres", "-c", text)

    def fill(self, rows, answer_bytes):
        """The table that is read: as many answers as there are credentials."""
        self.sql(f"TRUNCATE credentials; INSERT INTO credentials SELECT md5(n::text), "
                 f"decode(repeat('5a', {answer_bytes}), 'hex') FROM generate_series(1, {rows}) n")
        self.sql("VACUUM ANALYZE credentials")

    def inserts(self, seconds):
        return self._pgbench(INSERT, seconds)

    def reads(self, rows, seconds):
        return self._pgbench(READ.format(rows=rows), seconds)

    def _pgbench(self, script, seconds):
        path = os.path.join(self.folder, "script.sql")
        with open(path, "w") as file:
            file.write(script)
        said = self._run("pgbench", "-n", "-M", "prepared", "-c", CLIENTS, "-j", 1, "-T", seconds,
                         "-h", self.sockets, "-U", "bench", "-f", path, "postgres")
        found = re.search(r"tps = ([\d.]+) \(without", said)
        if not found or "number of failed transactions: 0 " not in said:
            raise CannotRun(f"pgbench said: {said}")
        return float(found.group(1))


def exists(user):
    try:
        return bool(pwd.getpwnam(user))
    except KeyError:
        return False
