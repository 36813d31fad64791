"""The fixed surface: each command's help with an example that works, where words go, and exit statuses."""

from __future__ import annotations

import csv
import json
import os
import re
import resource
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.programs import fill_with_pypdf

from schemebook.scheme.words import say

SCHEMEBOOK = Path(sys.executable).with_name("schemebook")
COMMANDS = (
    "init",
    "check",
    "publish",
    "build",
    "serve",
    "fill",
    "issue",
    "ingest",
    "records",
    "review",
    "enter",
    "report",
    "schema",
)
SILENT_ON_STDOUT = ("init", "check", "publish", "build", "fill", "issue", "review", "report", "schema")
MARKER = "Quokkaberry"
ANSWERS = {
    "name": f"{MARKER} Vale",
    "email": "quokkaberry@example.org",
    "team": "office",
    "topics": ["career", "skills"],
    "goal": f"{MARKER} " + "word " * 24,
    "mentored-before": False,
    "start": "2026-10-01",
    "hours": 4,
    "strengths": {"listen": {"now": "well"}, "ask": {"now": "a-bit"}, "plan": {"now": "not-yet"}},
    "agree": True,
    "signed": {"name": f"{MARKER} Vale", "date": "2026-09-20", "kind": "typed"},
}
PEOPLE = f"key,name,email\nE1,{MARKER} Vale,quokkaberry@example.org\n"

Done = subprocess.CompletedProcess[str]


def schemebook(*words: str | Path, cwd: Path) -> Done:
    return subprocess.run([SCHEMEBOOK, *words], cwd=cwd, capture_output=True, text=True, timeout=120, check=False)


def example(command: str) -> list[str]:
    """The words after `schemebook` of the example that a command's help ends with."""
    shown = schemebook(command, "--help", cwd=Path(__file__).parent).stdout
    found = re.findall(r"^ *Example:\s*\n\s*\n +schemebook ([^\n]+)\n", shown, re.MULTILINE)
    assert len(found) == 1, shown
    return shlex.split(found[0])


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Done]:
    """Every example but serve's, run in the order in which a person comes to need them."""
    folder = tmp_path_factory.mktemp("examples")
    club = folder / "our-club"
    done = {"init": schemebook(*example("init"), cwd=folder)}
    for command in ("check", "publish", "build", "schema"):
        done[command] = schemebook(*example(command), cwd=club)
    (club / "answers.json").write_text(json.dumps(ANSWERS), "utf-8")
    done["fill"] = schemebook(*example("fill"), cwd=club)
    (club / "people.csv").write_text(PEOPLE, "utf-8")
    done["issue"] = schemebook(*example("issue"), cwd=club)
    (club / "inbox").mkdir()
    shutil.copy(club / "filled.pdf", club / "inbox")
    (club / "scan.pdf").write_bytes(b"only a person reads this")
    for command in ("ingest", "records", "review", "enter", "report"):
        done[command] = schemebook(*example(command), cwd=club)
    return done


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with answers.json and filled.pdf, of which nothing has been taken in yet."""
    folder = tmp_path_factory.mktemp("club")
    assert schemebook("init", "our-club", "--scheme", "our-club", cwd=folder).returncode == 0
    root = folder / "our-club"
    (root / "answers.json").write_text(json.dumps(ANSWERS), "utf-8")
    filled = schemebook("fill", "our-club/application", "answers.json", "--output", "filled.pdf", cwd=root)
    assert filled.returncode == 0, filled.stderr
    (root / "people.csv").write_text(PEOPLE, "utf-8")
    return root


@pytest.fixture
def own_club(club: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    return shutil.copytree(club, tmp_path / "our-club")


def test_every_command_is_told_of_here() -> None:
    shown = schemebook("--help", cwd=Path(__file__).parent).stdout
    assert tuple(re.findall(r"^  ([a-z]+)  ", shown.partition("Commands:")[2], re.MULTILINE)) == COMMANDS


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "serve"])
def test_the_example_of_each_help_works(examples: dict[str, Done], command: str) -> None:
    assert examples[command].returncode == 0, examples[command].stderr


@pytest.mark.parametrize("command", SILENT_ON_STDOUT)
def test_what_is_told_about_the_work_goes_to_stderr(examples: dict[str, Done], command: str) -> None:
    assert examples[command].stdout == ""


@pytest.mark.parametrize("command", ["check", "publish", "build", "fill", "issue", "review", "report"])
def test_a_command_without_data_says_on_stderr_what_it_did(examples: dict[str, Done], command: str) -> None:
    assert examples[command].stderr.strip()


def test_the_examples_of_ingest_and_records_give_the_return_on_stdout(examples: dict[str, Done]) -> None:
    assert [line.split()[-1] for line in examples["ingest"].stdout.splitlines()] == ["1", "0", "0", "1"]
    (row,) = csv.DictReader(examples["records"].stdout.splitlines())
    assert (row["name"], row["team"], row["hours"]) == (ANSWERS["name"], "office", "4")
    assert examples["ingest"].stderr + examples["records"].stderr == ""


def test_the_example_of_serve_shows_the_site_until_it_is_stopped(own_club: Path) -> None:
    words = example("serve")
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{one.getsockname()[1]}"
    words[words.index("--address") + 1] = address
    command = [SCHEMEBOOK, *words]
    with subprocess.Popen(command, cwd=own_club, stderr=subprocess.DEVNULL, start_new_session=True) as server:
        try:
            assert "Our mentoring scheme" in first_answer(f"http://{address}/")
        finally:
            os.killpg(server.pid, signal.SIGINT)
        assert server.wait(30) in (0, 130)


def first_answer(url: str) -> str:
    """The page at an address, as soon as somebody serves it there."""
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return str(answer.read(), "utf-8")
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_comes_at_once(command: str) -> None:
    """Without the heavy libraries, that is: in processor time, since other tests run beside this one."""
    assert any(seconds_of_help(command) < 0.6 for _ in range(3))


def seconds_of_help(command: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = schemebook(*filter(None, [command]), "--help", cwd=Path(__file__).parent)
    assert (done.returncode, done.stderr) == (0, "")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


QUIET = {
    "init": ["init", "--scheme", "second-club"],
    "check": ["check"],
    "publish": ["publish"],
    "build": ["build"],
    "fill": ["fill", "our-club/application", "answers.json", "--output", "again.pdf"],
    "issue": ["issue", "our-club/application", "--to", "people.csv", "--output", "copies", "--eml"],
    "ingest": ["ingest", "filled.pdf"],
    "records": ["records"],
    "report": ["report", "our-club"],
    "schema": ["schema"],
}


@pytest.mark.parametrize("command", QUIET)
def test_quiet_leaves_only_data(own_club: Path, command: str) -> None:
    done = schemebook("--quiet", *QUIET[command], cwd=own_club)
    assert (done.returncode, done.stderr) == (0, "")
    assert bool(done.stdout) is (command == "records")


WRONG = {
    "a path that is not there": (2, ["ingest", "nowhere"]),
    "an answers file that is not there": (2, ["fill", "our-club/application", "nowhere.json", "--output", "x.pdf"]),
    "answers that are no JSON": (2, ["fill", "our-club/application", "mkdocs.yml", "--output", "x.pdf"]),
    "an unknown scheme to build": (2, ["build", "--scheme", "nobody"]),
    "an unknown scheme to publish": (2, ["publish", "nobody"]),
    "an unknown scheme to fill": (2, ["fill", "nobody/application", "answers.json", "--output", "x.pdf"]),
    "a scheme without a form to fill": (2, ["fill", "our-club", "answers.json", "--output", "x.pdf"]),
    "an unknown form to fill": (2, ["fill", "our-club/nothing", "nowhere.json", "--output", "x.pdf"]),
    "an unknown form to issue": (2, ["issue", "our-club/nothing", "--to", "people.csv", "--output", "copies"]),
    "an edition that the scheme does not have": (
        2,
        ["issue", "our-club/application", "--to", "people.csv", "--output", "copies", "--edition", "letter"],
    ),
    "copies below a file": (
        1,
        ["issue", "our-club/application", "--to", "people.csv", "--output", "mkdocs.yml/copies"],
    ),
    "an unknown scheme to ingest": (2, ["ingest", "filled.pdf", "--scheme", "nobody"]),
    "an unknown scheme to report": (2, ["report", "nobody"]),
    "an unknown form": (2, ["publish", "our-club/nothing"]),
    "an unknown record": (2, ["records", "nobody"]),
    "an unknown format": (2, ["records", "--format", "spoken"]),
    "an unknown format to ingest": (2, ["ingest", "filled.pdf", "--format", "csv"]),
    "a day that is none": (2, ["report", "our-club", "--as-of", "2026-02-30"]),
    "no database at all": (2, ["records", "--database", "nonsense"]),
    "a scheme that is there already": (2, ["init", "--scheme", "our-club"]),
    "a scheme id that cannot be": (2, ["init", "--scheme", "Our Club"]),
    "a project that is not there": (2, ["--project", "nowhere", "check"]),
    "a copy that cannot be written": (
        1,
        ["fill", "our-club/application", "answers.json", "--output", "mkdocs.yml/x.pdf"],
    ),
    "copies in a database that is none": (
        2,
        ["issue", "our-club/application", "--to", "people.csv", "--output", "x", "--database", "nonsense"],
    ),
    "a site where a file stands": (1, ["build", "--site", "mkdocs.yml"]),
    "a site below a file": (1, ["build", "--site", "mkdocs.yml/site"]),
    "a site in a folder with other things": (1, ["build", "--site", "docs"]),
    "a report below a file": (1, ["report", "our-club", "--output", "mkdocs.yml/report"]),
    "a database below a file": (1, ["ingest", "filled.pdf", "--database", "sqlite:///mkdocs.yml/x.db"]),
    "a project below a file": (1, ["init", "mkdocs.yml/club", "--scheme", "another-club"]),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_a_person_can_mend_is_one_line_that_says_what_to_do(club: Path, what: str) -> None:
    status, words = WRONG[what]
    before = contents(club)
    done = schemebook(*words, cwd=club)
    assert (done.returncode, done.stdout) == (status, ""), done.stderr
    (line,) = done.stderr.splitlines()
    assert re.fullmatch(r"schemebook: .+\. [A-Z].+\.", line)
    assert contents(club) == before


def contents(root: Path) -> dict[Path, bytes]:
    """Every file that a project's owner wrote."""
    folders = ("docs", "forms", "scheme-configs", "mkdocs.yml", "answers.json", "filled.pdf")
    paths = (path for folder in folders for path in [root / folder, *(root / folder).rglob("*")])
    return {path: path.read_bytes() for path in paths if path.is_file()}


@pytest.mark.parametrize("words", [["nonsense"], ["check", "--nonsense"], ["fill"], ["ingest", "x", "--workers", "0"]])
def test_words_that_no_command_takes_are_a_matter_of_usage(club: Path, words: Sequence[str]) -> None:
    done = schemebook(*words, cwd=club)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_check_prints_problems_as_data_and_the_other_commands_as_errors(own_club: Path) -> None:
    path = own_club / "forms" / "our-club" / "application.yml"
    path.write_text("form: [application\n" + path.read_text("utf-8"), "utf-8")
    checked = schemebook("check", cwd=own_club)
    assert checked.returncode == 1
    told = checked.stdout.splitlines()
    assert told
    assert [
        line for line in told if not re.match(r"forms/our-club/application\.yml:\d+:\d+: .+\. [A-Z].+\.$", line)
    ] == []
    for command in ("build", "publish"):
        done = schemebook(command, cwd=own_club)
        assert (done.returncode, done.stdout, done.stderr.splitlines()) == (1, "", told)


def test_what_people_have_is_not_taken_back(own_club: Path) -> None:
    """Returns of a version that is gone would be set aside for good."""
    path = own_club / "forms" / "our-club" / "application.yml"
    published = own_club / "forms" / "published" / "our-club"
    before = {one.name: one.read_bytes() for one in published.iterdir()}
    assert schemebook("ingest", "filled.pdf", cwd=own_club).returncode == 0
    assert schemebook("publish", "--anew", cwd=own_club).returncode == 0  # the same again takes nothing back
    path.write_text(path.read_text("utf-8").replace("id: goal", "id: aim"), "utf-8")
    done = schemebook("publish", "--anew", "our-club/application", cwd=own_club)
    assert (done.returncode, done.stdout) == (1, "")
    assert "version 1 of 'our-club/application'" in done.stderr
    assert {one.name: one.read_bytes() for one in published.iterdir()} == before
    (own_club / "schemebook.db").unlink()
    assert schemebook("publish", "--anew", "our-club/application", cwd=own_club).returncode == 0
    assert {one.name: one.read_bytes() for one in published.iterdir()} != before


def test_ingest_ends_with_3_where_a_file_was_set_aside_and_takes_the_rest(own_club: Path) -> None:
    (own_club / "inbox").mkdir()
    shutil.copy(own_club / "filled.pdf", own_club / "inbox")
    (own_club / "inbox" / "letter.pdf").write_text("no PDF at all", "utf-8")
    done = schemebook("ingest", "inbox", "--format", "json", cwd=own_club)
    assert (done.returncode, done.stderr) == (3, "")
    outcomes = {line["file"]: line["outcome"] for line in map(json.loads, done.stdout.splitlines())}
    assert outcomes == {"inbox/filled.pdf": "recorded", "inbox/letter.pdf": "set-aside"}


def test_ingest_tells_how_many_of_the_new_files_need_a_look(own_club: Path) -> None:
    inbox = own_club / "inbox"
    inbox.mkdir()
    shutil.copy(own_club / "filled.pdf", inbox)
    whole = (own_club / "filled.pdf").read_bytes()
    (inbox / "repaired.pdf").write_bytes(re.sub(rb"startxref\s+\d+", b"startxref\n7", whole))
    told = say("cli.ingest-to-look-at", count=1)
    assert schemebook("ingest", "inbox", cwd=own_club).stderr.strip() == told
    assert schemebook("ingest", "inbox", cwd=own_club).stderr == ""


def test_records_as_json_are_one_line_each_and_hold_what_was_filled_in(own_club: Path) -> None:
    assert schemebook("ingest", "filled.pdf", cwd=own_club).returncode == 0
    done = schemebook("records", "--format", "json", cwd=own_club)
    (record,) = map(json.loads, done.stdout.splitlines())
    assert (done.returncode, done.stderr) == (0, "")
    assert record["answers"]["goal"] == str(ANSWERS["goal"]).strip()
    one = schemebook("records", record["id"], "--format", "json", cwd=own_club)
    assert json.loads(one.stdout) == record


@pytest.mark.parametrize("format", ["table", "json"])
def test_nothing_that_a_participant_wrote_is_told_while_files_are_taken_in(own_club: Path, format: str) -> None:
    inbox = own_club / "inbox"
    inbox.mkdir()
    shutil.copy(own_club / "filled.pdf", inbox)
    fill_with_pypdf(
        next((own_club / "forms" / "published" / "our-club").glob("application-*.pdf")),
        {"name": MARKER, "email": f"{MARKER} at home", "start": MARKER, "hours": MARKER, "goal": MARKER},
        inbox / "misfits.pdf",
    )
    whole = (own_club / "filled.pdf").read_bytes()
    (inbox / "half.pdf").write_bytes(whole[: len(whole) // 2])
    for _ in range(2):
        done = schemebook("ingest", "inbox", "--format", format, cwd=own_club)
        assert done.returncode == 3
        assert MARKER.casefold() not in (done.stdout + done.stderr).casefold()
    kept = [json.loads(line) for line in schemebook("records", "--format", "json", cwd=own_club).stdout.splitlines()]
    assert len(kept) == 2
    assert all(MARKER in json.dumps(record) for record in kept)
    assert any(record["problems"] for record in kept)
