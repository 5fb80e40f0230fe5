"""Servers that are killed and started again on the same folder, as durable as they can be."""

import getpass
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

__all__ = ["Server", "server_of"]

_TRIES, _PAUSE_SECONDS = 400, 0.05


class Server(ABC):
    """Where indexes are; a file needs none."""

    _running: "subprocess.Popen[bytes] | None" = None

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abstractmethod
    def url(self, name: str) -> str:
        """Return where an index of this name is."""

    @abstractmethod
    def _command(self) -> Sequence[str | Path]:
        """Return what starts it."""

    @abstractmethod
    def _is_up(self) -> bool:
        """Whether it answers."""

    def start(self) -> None:
        """Start it and wait until it answers."""
        user = "postgres" if isinstance(self, Postgres) and os.getuid() == 0 else None
        for attempt in range(_TRIES):
            if self._running is None or self._running.poll() is not None:
                self._running = subprocess.Popen(
                    self._command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                    start_new_session=True, cwd=self.folder, user=user,
                )  # fmt: skip
            if attempt and self._is_up():
                return
            time.sleep(_PAUSE_SECONDS)
        sys.exit("the server does not start")

    def kill(self) -> None:
        """Kill it, and all of its processes."""
        if self._running is not None:
            os.killpg(self._running.pid, signal.SIGKILL)
            self._running.wait()
            self._running = None


class File(Server):
    """SQLite."""

    def url(self, name: str) -> str:
        """Return where an index of this name is."""
        return f"sqlite:///{self.folder}/{name}.db"

    def _command(self) -> Sequence[str | Path]:
        return ["sleep", "infinity"]

    def _is_up(self) -> bool:
        return True


class Redis(Server):
    """Redis that forces every write to disk."""

    def url(self, name: str) -> str:
        """Return where an index of this name is."""
        return f"unix://{self.folder}/redis.sock?name={name}"

    def _command(self) -> Sequence[str | Path]:
        return [
            shutil.which("redis-server") or sys.exit("redis-server is not installed"),
            "--port", "0", "--unixsocket", self.folder / "redis.sock", "--dir", self.folder,
            "--appendonly", "yes", "--appendfsync", "always", "--save", "",
        ]  # fmt: skip

    def _is_up(self) -> bool:
        ask = ["redis-cli", "-s", self.folder / "redis.sock", "ping"]
        done = subprocess.run(ask, capture_output=True, check=False)
        return done.stdout == b"PONG\n"


class Postgres(Server):
    """PostgreSQL with its own defaults: every commit is on disk."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "postgres")
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
        self._programs = found[-1].parent if found else sys.exit("PostgreSQL is not installed")
        user = "postgres" if os.getuid() == 0 else getpass.getuser()
        self.folder.mkdir()
        if os.getuid() == 0:
            account = pwd.getpwnam(user)
            os.chown(self.folder, account.pw_uid, account.pw_gid)
            folder.chmod(0o711)
        make = [self._programs / "initdb", "--pgdata", "data", "--auth", "trust", "--username",
                "dedup", "--encoding", "UTF8"]  # fmt: skip
        subprocess.run(make, check=True, stdout=subprocess.DEVNULL, user=user, cwd=self.folder)

    def url(self, name: str) -> str:
        """Return where an index of this name is."""
        return f"postgresql://dedup@/postgres?host={self.folder}&schema={name}"

    def _command(self) -> Sequence[str | Path]:
        return [self._programs / "postgres", "-D", "data", "-k", self.folder, "-h", ""]

    def _is_up(self) -> bool:
        ask = [self._programs / "pg_isready", "--quiet", "--host", self.folder]
        return subprocess.run(ask, check=False).returncode == 0


@contextmanager
def server_of(kind: str, folder: Path) -> Iterator[Server]:
    """Run a server while the context lasts."""
    server = {"sqlite": File, "redis": Redis, "postgres": Postgres}[kind](folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()
