"""A command on a real terminal: it is started, waited for, typed to, and all that it showed is given."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Sequence
from pathlib import Path

SCHEMEBOOK = Path(sys.executable).with_name("schemebook")
_SECONDS = 40
_ROWS, _COLUMNS = 50, 100


def on_a_terminal(root: Path, command: Sequence[str], *steps: tuple[str, str], status: int = 0) -> str:
    """Start `schemebook` on a terminal; wait for a text, then type, step by step. All that was shown.

    status: how it must end. A single key that comes before the program listens for one is thrown away by the terminal,
    so it is pressed again where nothing new comes; not so Ctrl-C, which is heard at any time.
    """
    main, other = pty.openpty()
    fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", _ROWS, _COLUMNS, 0, 0))
    environment = os.environ | {"TERM": "xterm", "NO_COLOR": "1"}
    shown, keys = "", ""
    words = [SCHEMEBOOK, *command]
    with subprocess.Popen(
        words, cwd=root, stdin=other, stdout=other, stderr=other, env=environment, preexec_fn=_own_terminal
    ) as process:
        os.close(other)
        try:
            for wanted, then in (*steps, (None, "")):
                shown += _until(main, wanted, keys if len(keys) == 1 and keys != "\x03" else "")
                keys = then
                os.write(main, keys.encode())
            assert process.wait(_SECONDS) == status
        finally:
            process.kill()
            os.close(main)
    return shown


def _own_terminal() -> None:
    """The terminal is the program's own, so that Ctrl-C in it is an interrupt."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _until(main: int, wanted: str | None, key: str) -> str:
    """What is shown until a text comes; with None until the program ends."""
    part = ""
    for _ in range(_SECONDS):
        if select.select([main], [], [], 1)[0]:
            try:
                part += os.read(main, 4096).decode("utf-8", "replace")
            except OSError:  # how Linux tells the end
                return part
        elif key:
            os.write(main, key.encode())
        if wanted is not None and wanted in part:
            return part
    raise AssertionError(f"{wanted!r} did not come in {part[-300:]!r}")
