"""A program that stays and answers: a JSON job a line in, a JSON answer a line out. Starting it is most of a job."""

from __future__ import annotations

import atexit
import json
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any


class Answering:
    """The program, started with the first job and ended with this interpreter."""

    def __init__(self, command: Sequence[str | Path]) -> None:
        self._command = [str(word) for word in command]
        self._process: subprocess.Popen[str] | None = None

    def ask(self, job: Mapping[str, object]) -> dict[str, Any]:
        """What it answers. Raises AssertionError where it ends or says that it failed; the next job starts it anew."""
        process = self._process or self._started()
        assert process.stdin
        assert process.stdout
        print(json.dumps(job), file=process.stdin, flush=True)
        line = process.stdout.readline()
        if not line:
            self.end()
            raise AssertionError(f"{self._command[-1]} ended")
        answer: dict[str, Any] = json.loads(line)
        assert "error" not in answer, f"{self._command[-1]}: {answer['error']}"
        return answer

    def _started(self) -> subprocess.Popen[str]:
        pipes: Mapping[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen(self._command, text=True, encoding="utf-8", **pipes)
        return self._process

    def end(self) -> None:
        """Close its input, at which it ends."""
        if self._process and self._process.stdin and self._process.stdout:
            self._process.stdin.close()
            self._process.stdout.close()
            self._process.wait(20)
        self._process = None


@cache
def answering(*command: str | Path) -> Answering:
    """The one that this command starts; it is kept."""
    found = Answering(command)
    atexit.register(found.end)
    return found
