"""What some tests need outside Python: found, started, or named. With CI=true a missing need fails."""

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest


def missing(sentence: str) -> None:
    """Skip on a laptop, fail in CI, always with the same sentence."""
    if os.environ.get("CI") == "true":
        pytest.fail(sentence)
    pytest.skip(sentence)


def shared_folder() -> Path | None:
    """The folder of shared data and source documents, where there is one."""
    default = Path(__file__).resolve().parent.parent.parent / "shared"
    path = Path(os.environ.get("LACHAN_SHARED", default))
    return path if (path / "data").is_dir() else None


@cache
def postgres_url() -> str:
    """A server's address: LACHAN_TEST_POSTGRES, else one on 127.0.0.1:5432, else a private cluster."""
    named = os.environ.get("LACHAN_TEST_POSTGRES")
    if named:
        return named
    with socket.socket() as probe:
        probe.settimeout(1)
        if probe.connect_ex(("127.0.0.1", 5432)) == 0 and _answers("127.0.0.1", "5432"):
            return "postgresql://postgres@127.0.0.1:5432/postgres"
    return _private_cluster()


@contextmanager
def fresh_postgres(name: str) -> Iterator[str]:
    """The address of a new, empty database of that server; dropped afterwards, whoever still holds it."""
    import psycopg
    from psycopg.sql import SQL, Identifier

    server = postgres_url()
    parts = urlsplit(server)
    with psycopg.connect(server, autocommit=True) as link:
        link.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    try:
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as link:
            link.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))


def _answers(host: str, port: str) -> bool:
    import psycopg

    try:
        psycopg.connect(
            host=host, port=port, user="postgres", dbname="postgres", connect_timeout=3
        ).close()
    except psycopg.OperationalError:
        return False
    return True


def _private_cluster() -> str:
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    folder = shutil.which("initdb")
    home = Path(folder).parent if folder else (binaries[-1] if binaries else None)
    if home is None:
        missing("PostgreSQL 15 or newer is not installed: apt-get install postgresql")
        raise AssertionError
    data = Path(tempfile.mkdtemp(prefix="lachan-pg-"))
    as_user: list[str] = []
    if os.getuid() == 0:  # initdb refuses root
        shutil.chown(data, "postgres")
        data.chmod(0o700)
        as_user = ["runuser", "-u", "postgres", "--"]
    run = lambda *command: subprocess.run([*as_user, *command], check=True, capture_output=True)  # noqa: E731
    run(
        str(home / "initdb"), "-D", str(data / "db"), "-U", "postgres", "--auth=trust", "-E", "UTF8"
    )
    run(
        str(home / "pg_ctl"),
        "-D",
        str(data / "db"),
        "-w",
        "-l",
        str(data / "log"),
        "-o",
        f"-c listen_addresses='' -c unix_socket_directories={data} -c fsync=off",
        "start",
    )
    atexit.register(
        lambda: subprocess.run(
            [*as_user, str(home / "pg_ctl"), "-D", str(data / "db"), "-m", "immediate", "stop"],
            check=False,
            capture_output=True,
        )
    )
    return f"postgresql://postgres@/postgres?host={data}"


def chromium() -> str:
    """Path of a Chromium."""
    for candidate in (
        os.environ.get("LACHAN_CHROMIUM"),
        "/usr/bin/chromium",
        "chromium-browser",
        "google-chrome",
    ):
        found = shutil.which(candidate) if candidate else None
        if found:
            return found
    missing("Chromium is not installed: apt-get install chromium")
    raise AssertionError


def openssl() -> str:
    """Path of openssl."""
    found = shutil.which("openssl")
    if found is None:
        missing("openssl 3.0 or newer is not installed: apt-get install openssl")
        raise AssertionError
    return found
