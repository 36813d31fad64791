"""Packages of others in an environment of their own, asked from ours: a job in, what came of it out."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.answering import answering

FOLDER = Path(sys.prefix) / "peers"
PYTHON = FOLDER / "bin" / "python"
SCRIPT = Path(__file__).with_name("peer.py")


@dataclass(frozen=True)
class Done:
    """refused: field -> what the package said. seconds: of the processor, for the job alone."""

    refused: dict[str, str]
    seconds: float


def ask(do: str, out: Path, **words: object) -> Done:
    """Do one job (peer.py says which there are), or skip and say what is missing.

    Raises AssertionError with what the package raised.
    """
    if not PYTHON.is_file():
        pytest.skip("the packages of others are not installed (make viewers installs them)")
    answer = answering(PYTHON, SCRIPT).ask({"do": do, "out": str(out), **words})
    return Done(answer["refused"], answer["seconds"])


def version(package: str) -> str:
    """The version of a package in their environment, or a skip."""
    found = next(FOLDER.glob(f"lib/python*/site-packages/{package}-*.dist-info"), None)
    if found is None:
        pytest.skip(f"{package} is not installed (make viewers installs it)")
    return found.name.removeprefix(f"{package}-").removesuffix(".dist-info")
