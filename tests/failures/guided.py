"""Feed one target with bytes that its own branches lead to, by atheris.

`python -m tests.failures.guided TARGET SECONDS FOLDER [INPUTS]` starts from the target's seeds, real files, earlier
finds, and what FOLDER has of an earlier run. The bytes that break it are left in FOLDER as crash-…, timeout-… or oom-…;
the exit status then is not 0.

With a number of INPUTS they are the same ones each time as far as that can be had, so that a commit is judged by what
it changed: one seed, and no real files, whose dates and numbers are new each time they are made. Without it each run
looks elsewhere.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import atheris  # type: ignore[import-not-found, unused-ignore]

_LONGEST = 200_000
_SECONDS = 60
_MEGABYTES = 1_500
_SEED = 20_261_127


def start(name: str, seconds: int, folder: Path, inputs: int = 0) -> None:
    """Fuzz one target for so long, or so many inputs where that is sooner (0: no end). Does not return."""
    random.seed(_SEED)  # by which the seeds choose what parts them
    with atheris.instrument_imports(include=["schemebook", "email", "zipfile", "yaml", "jinja2"]):
        from tests.failures.fuzz_targets import TARGETS, WORDS, finds
    target = TARGETS[name]
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    started_from = [*target.seeds(), *(path.read_bytes() for path in finds(name)), *(() if inputs else target.files())]
    for number, seed in enumerate(started_from):
        (corpus / f"seed-{number:03}").write_bytes(seed)
    flags = [f"-max_total_time={seconds}", f"-timeout={_SECONDS}", f"-rss_limit_mb={_MEGABYTES}", "-verbosity=1"]
    flags += [
        f"-max_len={_LONGEST}",
        f"-artifact_prefix={folder}/",
        "-print_final_stats=1",
        f"-dict={WORDS / f'{name}.dict'}",
        *((f"-seed={_SEED}", f"-runs={inputs}") if inputs else ()),
        str(corpus),
    ]
    more = {"custom_mutator": _mutator()} if name == "pdf" else {}
    atheris.Setup([sys.argv[0], *flags], target.run, **more)
    atheris.Fuzz()


def _mutator() -> object:
    """Half the time an object of the PDF is changed and the file written anew: bytes alone seldom pass its table."""
    from tests.failures.mutations import mutated

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        if random.Random(seed).random() < 0.5:
            try:
                made = mutated(data, seed)
            except Exception:  # noqa: BLE001 - what is broken already is changed byte by byte
                made = b""
            if 0 < len(made) <= most:
                return made
        changed: bytes = atheris.Mutate(data, most)
        return changed

    return mutate


if __name__ == "__main__":
    start(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), *map(int, sys.argv[4:]))
