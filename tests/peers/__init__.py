"""Packages of others in an environment of their own, asked from ours: a job in, what came of it out."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(sys.prefix) / "peers"
PYTHON = FOLDER / "bin" / "python"
SCRIPT = Path(__file__).with_name("peer.py")


@dataclass(frozen=True)
class Done:
    """refused: field -> what the package said. seconds: of the processor, for the job alone."""

    refused: dict[str, str]
    seconds: float


class Peers:
    """Their interpreter, running: it keeps what it has loaded from one job to the next."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, do: str, out: Path, **words: object) -> Done:
        """Do one job (peer.py says which there are). Raises AssertionError with what the package raised."""
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps({"do": do, "out": str(out), **words}), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        assert line, f"{do} ended its interpreter"
        answer: dict[str, Any] = json.loads(line)
        assert "error" not in answer, f"{do}: {answer['error']}"
        return Done(answer["refused"], answer["seconds"])


@contextmanager
def peers() -> Iterator[Peers]:
    """Start their interpreter, or skip and say what is missing."""
    if not PYTHON.is_file():
        pytest.skip("the packages of others are not installed (make viewers installs them)")
    command = [str(PYTHON), str(SCRIPT)]
    pipes: Mapping[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, text=True, encoding="utf-8", **pipes) as process:
        try:
            yield Peers(process)
        finally:
            process.stdin and process.stdin.close()
            process.wait(20)


def version(package: str) -> str:
    """The version of a package in their environment, or a skip."""
    found = next(FOLDER.glob(f"lib/python*/site-packages/{package}-*.dist-info"), None)
    if found is None:
        pytest.skip(f"{package} is not installed (make viewers installs it)")
    return found.name.removeprefix(f"{package}-").removesuffix(".dist-info")
