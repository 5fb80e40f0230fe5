"""Real servers that tests start themselves, from Debian's packages."""

import getpass
import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["find_postgres", "find_redis", "run_postgres", "run_redis"]

_TRIES = 200
_PAUSE_SECONDS = 0.05


def find_redis() -> str | None:
    """Return the program, if it is installed."""
    return shutil.which("redis-server")


def find_postgres() -> Path | None:
    """Return the newest server's programs, if any is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    return found[-1].parent if found else None


@contextmanager
def run_redis(folder: Path) -> Iterator[str]:
    """Run Redis on a socket in a folder; yield its URL."""
    program = find_redis()
    assert program
    socket = folder / "redis.sock"
    options = {
        "port": "0", "unixsocket": str(socket), "dir": str(folder), "appendonly": "yes",
        "save": "", "daemonize": "no",
    }  # fmt: skip
    arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
    with subprocess.Popen([program, *arguments], stdout=subprocess.DEVNULL) as server:
        try:
            _wait_for(socket.exists, "Redis")
            yield f"unix://{socket}"
        finally:
            server.terminate()


@contextmanager
def run_postgres(folder: Path) -> Iterator[str]:
    """Run PostgreSQL on a socket in a folder; yield its URL."""
    programs = find_postgres()
    assert programs
    # The server refuses to run as root; Debian's package makes a user for it.
    user = "postgres" if os.getuid() == 0 else getpass.getuser()
    data = folder / "data"
    if os.getuid() == 0:
        account = pwd.getpwnam(user)
        os.chown(folder, account.pw_uid, account.pw_gid)
        for parent in folder.parents[:2]:
            parent.chmod(parent.stat().st_mode | 0o711)
    make = [programs / "initdb", "--pgdata", data, "--auth", "trust", "--username", "dedup",
            "--no-sync", "--encoding", "UTF8"]  # fmt: skip
    subprocess.run(
        make, check=True, stdout=subprocess.DEVNULL, user=user if os.getuid() == 0 else None,
        cwd=folder,
    )  # fmt: skip
    serve = [programs / "postgres", "-D", data, "-k", folder, "-h", ""]
    with subprocess.Popen(
        serve, stderr=subprocess.DEVNULL, user=user if os.getuid() == 0 else None, cwd=folder
    ) as server:
        try:
            ready = [programs / "pg_isready", "--quiet", "--host", folder]
            _wait_for(lambda: subprocess.run(ready, check=False).returncode == 0, "PostgreSQL")
            yield f"postgresql://dedup@/postgres?host={folder}"
        finally:
            server.terminate()


def _wait_for(is_up: Callable[[], bool], name: str) -> None:
    for _ in range(_TRIES):
        if is_up():
            return
        time.sleep(_PAUSE_SECONDS)
    raise RuntimeError(f"{name} does not start")
