"""Real servers for tests: each in a folder of its own, on a free port, ended with its context. Never as root."""

from __future__ import annotations

import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from tests.programs import program

_SECONDS = 30
_DATABASES = count()
NOBODY = "nobody"
VERSITYGW = Path(sys.prefix) / "versitygw" / "versitygw"


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def server_folder() -> Iterator[Path]:
    """A folder that a server may reach that is not root: pytest's own ones are closed to it."""
    with tempfile.TemporaryDirectory(prefix="schemebook-server-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def as_nobody(folder: Path) -> list[str]:
    """How to run a server that refuses to be root; its folder is made the property of whom it runs as."""
    if os.geteuid() != 0:
        return []
    setpriv = program("setpriv")
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, NOBODY)
    return [setpriv, f"--reuid={NOBODY}", "--regid=nogroup", "--clear-groups"]


@contextmanager
def running(command: list[str], port: int, log: Path) -> Iterator[None]:
    """A server that answers on its port."""
    with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True) as server:
        try:
            _wait_for(port, server, log)
            yield
        finally:
            server.terminate()
            try:
                server.wait(_SECONDS)
            except subprocess.TimeoutExpired:
                server.kill()


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    ends = time.monotonic() + _SECONDS
    while time.monotonic() < ends and server.poll() is None:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"the server does not answer on its port:\n{log.read_text(errors='replace')[-2000:]}")


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that signs itself, and its key."""
    crt, key = folder / "server.crt", folder / "server.key"
    command = [
        program("openssl"),
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
    ]
    command += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(key), "-out", str(crt)]
    subprocess.run(command, check=True, capture_output=True)
    return crt, key


@contextmanager
def dropping_line(port: int, drops: list[int]) -> Iterator[int]:
    """A port that hands everything on to another, and drops its n-th line after so many bytes from the server."""
    ends = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as gate:
        gate.settimeout(0.2)
        thread = threading.Thread(target=_hand_on, args=(gate, port, list(drops), ends))
        thread.start()
        try:
            yield int(gate.getsockname()[1])
        finally:
            ends.set()
            thread.join()


def _hand_on(gate: socket.socket, port: int, drops: list[int], ends: threading.Event) -> None:
    while not ends.is_set():
        try:
            near, _ = gate.accept()
        except TimeoutError:
            continue
        left = drops.pop(0) if drops else sys.maxsize
        with near, socket.create_connection(("127.0.0.1", port)) as far, suppress(OSError):
            while left > 0 and not ends.is_set():
                ready, _, _ = select.select([near, far], [], [], 0.2)
                data = {one: one.recv(1 << 14) for one in ready}
                if not all(data.values()):
                    break
                for one, received in data.items():
                    (far if one is near else near).sendall(received if one is near else received[:left])
                left -= len(data.get(far, b""))


@dataclass(frozen=True)
class ImapServer:
    """A Dovecot with one user. maildir: where the messages of its INBOX lie."""

    port: int
    maildir: Path
    certificate: Path
    config: Path
    user: str = "office"
    password: str = "hush-37"

    @property
    def address(self) -> str:
        """The mailbox as it is given to `ingest`."""
        return f"imaps://{self.user}@localhost:{self.port}/INBOX"


_DOVECOT = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
first_valid_uid = 1
mail_location = maildir:{folder}/mail
mail_uid = {user}
mail_gid = {group}
disable_plaintext_auth = yes
ssl = required
ssl_cert = <{crt}
ssl_key = <{key}
mail_max_userip_connections = 100
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
auth_failure_delay = 0
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}
}}
"""


@contextmanager
def dovecot() -> Iterator[ImapServer]:
    """A running Dovecot whose only mailbox is empty."""
    with server_folder() as folder, _dovecot_in(folder) as server:
        yield server


@contextmanager
def _dovecot_in(folder: Path) -> Iterator[ImapServer]:
    path = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if not path:
        pytest.skip("dovecot is not on this machine (Debian: dovecot-imapd)")
    crt, key = certificate(folder)
    for name in ("cur", "new", "tmp"):
        (folder / "mail" / name).mkdir(parents=True)
    server = ImapServer(free_port(), folder / "mail", crt, folder / "dovecot.conf")
    root = os.geteuid() == 0
    user = NOBODY if root else Path("~").expanduser().owner()
    group = "nogroup" if root else Path("~").expanduser().group()
    values = {"folder": folder, "user": user, "group": group, "crt": crt, "key": key, "port": server.port}
    server.config.write_text(_DOVECOT.format(**values, password=server.password), "utf-8")
    command = [*as_nobody(folder), path, "-F", "-c", str(server.config)]
    with running(command, server.port, folder / "out.log"):
        yield server


def _wait_until_it_serves(ask: list[str]) -> None:
    """It answers on its port before it lets anybody in."""
    ends = time.monotonic() + _SECONDS
    while subprocess.run(ask, capture_output=True).returncode != 0:
        assert time.monotonic() < ends, "the database does not let anybody in"
        time.sleep(0.05)


@contextmanager
def postgresql(durable: bool = False) -> Iterator[str]:
    """The address, as SQLAlchemy has it, of a new PostgreSQL with nothing in it. durable: as an office would run it."""
    binaries = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None, key=lambda path: int(path.parent.name))
    if binaries is None:
        pytest.skip("postgres is not on this machine (Debian: postgresql)")
    with server_folder() as folder:
        folder.chmod(0o755)
        data, port = folder / "data", free_port()
        data.mkdir(mode=0o700)
        who = as_nobody(folder)
        make = [
            *who,
            str(binaries / "initdb"),
            "-D",
            str(data),
            "-U",
            "office",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        ]
        subprocess.run(make, check=True, capture_output=True, cwd=folder)
        settings = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder}
        settings |= {} if durable else {"fsync": "off", "synchronous_commit": "off"}
        command = [*who, str(binaries / "postgres"), "-D", str(data)]
        command += [f"--{name}={value}" for name, value in settings.items()]
        with running(command, port, folder / "out.log"):
            _wait_until_it_serves([str(binaries / "pg_isready"), "-h", "127.0.0.1", "-p", str(port)])
            yield f"postgresql+psycopg://office@127.0.0.1:{port}/postgres"


def new_database(server: str) -> str:
    """The address of a new database with nothing in it, on a server as `postgresql` gives it."""
    name = f"office{next(_DATABASES)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return server.removesuffix("postgres") + name


@dataclass(frozen=True)
class S3Server:
    """An S3 server with one bucket. objects: the folder whose files are its objects."""

    port: int
    objects: Path
    bucket: str = "returns"

    @property
    def environment(self) -> dict[str, str]:
        """What a client finds in its environment."""
        return {
            "AWS_ACCESS_KEY_ID": "office",
            "AWS_SECRET_ACCESS_KEY": "hush-37-hush",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_ALLOW_HTTP": "true",
            "AWS_DEFAULT_REGION": "us-east-1",
        }


@contextmanager
def s3() -> Iterator[S3Server]:
    """A running Versity S3 Gateway on a folder."""
    if not VERSITYGW.is_file():
        pytest.skip("versitygw is not here (make test-all builds it where Go is)")
    with server_folder() as folder:
        server = S3Server(free_port(), folder / "objects" / "returns")
        server.objects.mkdir(parents=True)
        keys = ["--access", server.environment["AWS_ACCESS_KEY_ID"]]
        keys += ["--secret", server.environment["AWS_SECRET_ACCESS_KEY"]]
        command = [str(VERSITYGW), "--quiet", "--port", f"127.0.0.1:{server.port}", *keys, "posix"]
        with running([*command, str(folder / "objects")], server.port, folder / "out.log"):
            yield server
