"""What participants wrote is shown by the commands whose job that is, and by nothing else.

Not on stderr, not in another command's words, not in the site, and not in any file that is left on the machine beside
the store, the originals, and what the coordinator asked to have written.
"""

from __future__ import annotations

import json
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.dask_cluster import scheduler, worker
from tests.records.club import MEETING, SCHEME, filled, make_club, put_in
from tests.returned.made_pdf import changed
from tests.returned.made_pdf import field as node
from tests.returned.test_mail import message
from tests.returned.test_sources import zipped
from tests.servers import postgresql
from tests.whole_path.planted import COMMAND, WORD, environment, holders, holds, run, without

from schemebook.scheme.project import Project

SAID = MEETING | {"name": f"Rose {WORD}", "email": f"{WORD}@example.org", "agreed": f"To see {WORD}.\nSoon."}
STORE = ("schemebook.db", "records")
ASKED_FOR = ("in", "people.csv", "bad.csv", "answers.json", "bad.json", "copies", "report", "review.html", "entry.html",
             "filled.pdf", "records.csv")  # fmt: skip


@dataclass
class Told:
    """What the commands said, by their words: stdout and stderr, and how they ended."""

    root: Path
    out: dict[str, str] = field(default_factory=dict)
    err: dict[str, str] = field(default_factory=dict)
    status: dict[str, int] = field(default_factory=dict)

    def run(self, *words: str, given: str | None = None) -> str:
        """Run one command and keep what it says; its stdout."""
        done = run(self.root, *words, given=given)
        name = " ".join(words)
        self.out[name], self.err[name], self.status[name] = done.stdout, done.stderr, done.returncode
        return done.stdout


def inbox(project: Project) -> None:
    """Returns of every kind with the word in them: whole, in doubt, damaged, of nobody, in a zip and a message."""
    whole = filled(project, "meeting-record", SAID)
    unsure = changed(whole, lambda pdf: setattr(node(pdf, "agreed"), "RV", f"<p>Other {WORD}</p>"))
    misfit = changed(whole, lambda pdf: setattr(node(pdf, "minutes"), "V", f"{WORD} minutes"))
    folder = project.root / "in"
    for name, data in {
        "whole.pdf": whole,
        "unsure.pdf": unsure,
        "misfit.pdf": misfit,
        "cut.pdf": whole[:-3000],
        "bytes-before.pdf": whole + whole,
        "letter.pdf": f"Dear coordinator, I am {WORD}".encode(),
        "foreign.pdf": changed(whole, lambda pdf: pdf.Root.__delitem__("/AcroForm")),
        "data.xfdf": f'<xfdf><fields><field name="{WORD}"><value>{WORD}</value></field></fields></xfdf>'.encode(),
        "photo.jpg": b"\xff\xd8\xff\xe0" + WORD.encode() * 50,
        "several.zip": zipped({"inside.pdf": filled(project, "meeting-record", SAID | {"minutes": 30})}),
        "broken.zip": zipped({"inside.pdf": WORD.encode()})[:-30] + WORD.encode(),
    }.items():
        put_in(folder, name, data)
    letter = message(form_pdf=filled(project, "meeting-record", SAID | {"minutes": 20}), note_pdf=WORD.encode())
    letter.replace_header("From", f"Rose {WORD} <{WORD}@example.org>")
    put_in(folder, "letter.eml", letter.as_bytes())


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Every command was run over the planted answers, as it should be and as it should not."""
    project = make_club(tmp_path_factory.mktemp("planted") / "club")
    told, root = Told(project.root), project.root
    inbox(project)
    (root / "people.csv").write_text(f"key,name,email\n{WORD}-1,Rose {WORD},{WORD}@example.org\n", "utf-8")
    (root / "bad.csv").write_text(f"key,name,email,minutes\na,{WORD},no {WORD} address,{WORD}\n", "utf-8")
    (root / "answers.json").write_text(json.dumps(SAID), "utf-8")
    (root / "bad.json").write_text(json.dumps(SAID | {"met-on": f"{WORD} day", "unknown": WORD}), "utf-8")
    form = f"{SCHEME}/meeting-record"
    for words in (
        ("issue", form, "--to", "people.csv", "--output", "copies", "--eml"),
        ("issue", form, "--to", "bad.csv", "--output", "copies"),
        ("ingest", "in"),
        ("ingest", "in", "--format", "json", "--workers", "2"),
        ("ingest", "in", "--limit", "value-bytes=5", "--database", "sqlite:///other/schemebook.db"),
        ("ingest", "in", "--database", f"postgresql+psycopg://{WORD.lower()}@127.0.0.1:1/{WORD.lower()}"),
        ("fill", form, "answers.json", "--output", "filled.pdf"),
        ("fill", form, "bad.json", "--output", "filled.pdf"),
        ("enter", "in/photo.jpg", "--form", form, "--answers", "bad.json", "--as", "Anahera"),
        ("enter", "in/photo.jpg", "--form", form, "--answers", "answers.json", "--as", "Anahera"),
        ("enter", "in/photo.jpg", "--form", form, "--page", "entry.html", "--as", "Anahera"),
        ("report", SCHEME, "--output", "report"),
        ("check",),
        ("build",),
        ("publish",),
        ("schema",),
        ("records",),
        ("records", "--format", "csv"),
        ("review", "--format", "json"),
        ("review", "--page", "review.html"),
    ):  # fmt: skip
        told.run(*words)
    unsure = next(json.loads(line) for line in told.run("review", "--format", "json").splitlines())["record"]
    told.run("records", unsure)
    told.run("review", unsure, "--set", f"met-on={WORD} day", "--as", "Anahera")
    told.run("review", unsure, "--set", f"{WORD}=1", "--as", "Anahera")
    told.run("review", unsure, "--set", f"agreed=Other {WORD}", "--as", "Anahera")
    told.run("review", unsure, "--give", f"{WORD}@example.org", "--as", "Anahera")
    told.run("review", unsure, "--void", f"{WORD} said so", "--as", "Anahera")
    return told


SHOW_ANSWERS = ("records", "review", "enter")
"""Their job is to show answers, on stdout."""


def test_the_word_is_where_it_was_planted(told: Told) -> None:
    """Else all that follows would prove nothing."""
    assert len(holders(told.root / "in")) == 11  # all but the one that is cut
    assert {place.partition("/")[0] for place in holders(told.root)} >= {"in", "records", "copies", "report"}
    assert holds((told.root / "schemebook.db").read_bytes())
    assert WORD in told.out["records --format csv"] and WORD in told.out["review --format json"]
    assert [told.status[words] for words in ("ingest in", "build", "check", f"report {SCHEME} --output report")] == [
        3, 0, 0, 0,
    ]  # fmt: skip


def test_stderr_has_no_answers(told: Told) -> None:
    """Only what the caller wrote on this very command line may be said back to her."""
    found = {words: err for words, err in told.err.items() if WORD.lower() in without(err.lower(), *_typed(words))}
    assert found == {}


def _typed(words: str) -> list[str]:
    return [part.lower() for part in words.replace("=", " ").split() if WORD.lower() in part.lower()]


def test_stdout_has_answers_only_where_that_is_the_command_s_job(told: Told) -> None:
    found = {words: out for words, out in told.out.items() if WORD.lower() in out.lower()}
    assert {words for words in found if not words.startswith(SHOW_ANSWERS)} == set()


def test_no_file_has_answers_but_the_store_and_what_was_asked_for(told: Told) -> None:
    allowed = [told.root / name for name in (*STORE, *ASKED_FOR)] + [told.root / "other" / name for name in STORE]
    assert holders(told.root, *allowed) == []
    assert (told.root / "site" / "index.html").is_file()


def test_nothing_is_left_in_temporary_files_caches_or_the_home(told: Told) -> None:
    assert holders(told.root.parent / "machine") == []
    assert list((told.root.parent / "machine" / "tmpdir").iterdir()) == []
    assert list((told.root / "records" / "unpacked").iterdir()) == []


@pytest.fixture
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose path leaves room for the sockets of processes below it."""
    return tmp_path_factory.mktemp("w")


def test_watching_an_inbox_says_no_answers(short: Path) -> None:
    project = make_club(short / "club")
    inbox(project)
    with subprocess.Popen(
        [COMMAND, "ingest", "in", "--watch"], cwd=project.root, env=environment(short / "machine"), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        ends = time.monotonic() + 60
        while time.monotonic() < ends and not list((project.root / "records" / "originals").rglob("*.pdf")):
            time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
    assert WORD.lower() not in (out + err).lower()
    assert list((project.root / "records" / "originals").rglob("*.pdf")), (process.returncode, out, err)
    assert holders(short, *(project.root / name for name in (*STORE, "in"))) == []


@pytest.mark.all_tiers
def test_a_cluster_says_no_answers_in_any_log(short: Path) -> None:
    project = make_club(short / "club")
    inbox(project)
    with postgresql() as database, scheduler(short / "scheduler.log") as address, worker(address):
        done = run(project.root, "ingest", "in", "--cluster", address, "--database", database)
    assert done.returncode == 3, done.stderr
    assert WORD.lower() not in (done.stdout + done.stderr).lower()
    assert holders(short, *(project.root / name for name in (*STORE, "in"))) == []
