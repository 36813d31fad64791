"""A mailbox on a real server is taken in: each return once, and marked as read when it is stored."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from tests.mail_server import flags, logged_in, sent
from tests.records.test_ingest import kept, returned
from tests.servers import ImapServer

from schemebook.records.intake.ingest import ingest_paths
from schemebook.records.outcomes import Outcome
from schemebook.records.store.store import open_store
from schemebook.scheme.project import Project

pytestmark = pytest.mark.all_tiers


KILLED_AFTER_COMMIT = """
import os, signal
from pathlib import Path
from schemebook.records.intake.ingest import ingest_paths
from schemebook.records.store.store import Store

def run(root, address):
    put = Store.put
    def put_and_die(self, new, aside, taken, **more):
        stored = put(self, new, aside, taken, **more)
        if taken:
            os.kill(os.getpid(), signal.SIGKILL)
        return stored
    Store.put = put_and_die
    list(ingest_paths([address], root=Path(root)))
"""
"""The run ends at the worst instant: its returns are stored, and nobody has told the server yet."""


def take_in(project: Project, server: ImapServer) -> list[Outcome]:
    return list(ingest_paths([server.address], root=project.root))


def test_returns_of_a_mailbox_become_records_and_their_messages_are_read(club: Project, server: ImapServer) -> None:
    sent(server, a_pdf=returned(club, 1), b_pdf=returned(club, 2))
    sent(server, c_pdf=b"%PDF-1.7 nothing")
    sent(server)
    assert [one.outcome for one in take_in(club, server)] == ["recorded", "recorded", "set-aside"]
    assert [record.sender for record in kept(club)] == ["rose@example.org"] * 2
    assert [b"Seen" in line for line in flags(server)] == [True, False, True]
    sent(server, d_pdf=returned(club, 3), again_pdf=returned(club, 1))
    assert [one.outcome for one in take_in(club, server)] == ["set-aside", "recorded", "duplicate"]
    assert [b"Seen" in line for line in flags(server)] == [True, False, True, True]
    assert len(kept(club)) == 3


def test_a_mailbox_that_numbers_its_messages_anew_doubles_no_record(club: Project, server: ImapServer) -> None:
    sent(server, a_pdf=returned(club, 1))
    take_in(club, server)
    for path in server.maildir.glob("dovecot*"):
        path.unlink()
    assert [one.outcome for one in take_in(club, server)] == ["duplicate"]


def test_a_run_that_is_killed_marks_nothing_that_is_not_stored(club: Project, server: ImapServer) -> None:
    for number in range(40):
        sent(server, a_pdf=returned(club, number))
    command = [sys.executable, "-m", "schemebook.cli.app", "--project", str(club.root), "ingest", "--format", "json"]
    done: list[str] = []
    for lines in (1, 3, 40):
        with subprocess.Popen([*command, server.address], stdout=subprocess.PIPE, text=True) as run:
            assert run.stdout
            for line, _ in zip(run.stdout, range(lines), strict=False):
                done.append(json.loads(line)["sha256"])
            run.kill()
        with open_store(club.root) as store:
            stored = len(store.records())
        assert sum(b"Seen" in line for line in flags(server)) <= stored
    take_in(club, server)
    assert len(kept(club)) == 40
    assert take_in(club, server) == []
    assert all(b"Seen" in line for line in flags(server))


def test_a_message_that_a_run_stored_and_could_not_mark_is_marked_by_the_next_without_being_fetched(
    club: Project, server: ImapServer
) -> None:
    sent(server, a_pdf=returned(club, 1))
    sent(server, b_pdf=b"%PDF-1.7 nothing")
    with open_store(club.root, create=True) as store:
        ended = f"{KILLED_AFTER_COMMIT}\nrun({str(club.root)!r}, {server.address!r})"
        subprocess.run([sys.executable, "-c", ended], check=False, timeout=120)
        assert len(store.records()) == 1
    assert not any(b"Seen" in line for line in flags(server))
    assert [one.outcome for one in take_in(club, server)] == ["set-aside"]
    assert [b"Seen" in line for line in flags(server)] == [True, False]


def test_a_message_that_somebody_made_unread_again_stays_unread(club: Project, server: ImapServer) -> None:
    sent(server, a_pdf=returned(club, 1))
    take_in(club, server)
    with logged_in(server) as line:
        line.uid("STORE", "1:*", "-FLAGS", r"(\Seen)")
    assert take_in(club, server) == []
    assert not any(b"Seen" in line for line in flags(server))
