"""A mailbox on a real server: each message once, whatever happens to the line, and nothing of it changed untold."""

from __future__ import annotations

import random
from contextlib import closing
from dataclasses import replace

import pytest
from tests.failures.fuzzed.servers import HELLO, SIZES, answers, server_that_says
from tests.failures.fuzzed.servers import mailbox as scripted_mailbox
from tests.mail_server import flags, sent
from tests.returned.test_mail import PDF
from tests.servers import ImapServer, dropping_line

from schemebook.errors import SchemebookError, UsageError
from schemebook.returned.arrivals.imap import MailMemory, MailPlace, ServerMailbox, _quoted
from schemebook.returned.arrivals.imap_line import read_address
from schemebook.returned.limits import Limits

NONE: frozenset[int] = frozenset()


def memory(taken: frozenset[int] = NONE) -> MailMemory:
    return MailMemory(lambda name, validity: taken, lambda name, validity: NONE, lambda places: None)


def mailbox(server: ImapServer, taken: frozenset[int] = NONE, limits: Limits | None = None) -> ServerMailbox:
    return ServerMailbox(read_address(server.address), limits or Limits(), memory(taken))


def read(box: ServerMailbox) -> list[tuple[MailPlace, bytes]]:
    with closing(box):
        return [(one.place, one.file.read() if one.file else b"") for one in box.messages()]


@pytest.mark.all_tiers
def test_every_message_comes_once_and_stays_unseen_until_it_is_marked(server: ImapServer) -> None:
    for number in range(5):
        sent(server, **{f"{number}_pdf": PDF})
    box = mailbox(server)
    found = read(box)
    assert [b"%d.pdf" % number in raw for number, (_, raw) in enumerate(found)] == [True] * 5
    assert not any(b"Seen" in line for line in flags(server))
    box.mark(found[1][0])
    box.mark(found[4][0])
    box.close()
    assert [b"Seen" in line for line in flags(server)] == [False, True, False, False, True]


@pytest.mark.all_tiers
def test_messages_that_were_taken_before_are_not_fetched_again(server: ImapServer) -> None:
    for number in range(3):
        sent(server, **{f"{number}_pdf": PDF})
    places = [place for place, _ in read(mailbox(server))]
    assert [place for place, _ in read(mailbox(server, frozenset({places[0].uid, places[2].uid})))] == [places[1]]


@pytest.mark.all_tiers
def test_a_message_past_the_limit_is_not_fetched(server: ImapServer) -> None:
    for number in range(1):
        sent(server, **{f"{number}_pdf": PDF * 20})
    for number in range(1):
        sent(server, **{f"{number}_pdf": PDF})
    with closing(mailbox(server, limits=Limits(mail_bytes=20_000))) as box:
        assert [one.file is None for one in box.messages()] == [True, False]


@pytest.mark.all_tiers
def test_a_line_dropped_at_any_instant_loses_and_doubles_no_message(server: ImapServer) -> None:
    for number in range(6):
        sent(server, **{f"{number}_pdf": PDF * 4})
    whole = {place.uid: raw for place, raw in read(mailbox(server))}
    chance = random.Random(37)
    for _ in range(50):
        drops = [chance.randrange(1, 120_000) for _ in range(2)]
        with dropping_line(server.port, drops) as port:
            found = read(mailbox(replace(server, port=port)))
        assert {place.uid: raw for place, raw in found} == whole, drops
        assert len(found) == len(whole), drops


@pytest.mark.all_tiers
def test_a_mailbox_that_numbers_its_messages_anew_is_read_anew(server: ImapServer) -> None:
    for number in range(2):
        sent(server, **{f"{number}_pdf": PDF})
    before = read(mailbox(server))
    for path in server.maildir.glob("dovecot*"):
        path.unlink()
    after = read(mailbox(server))
    assert sorted(raw for _, raw in after) == sorted(raw for _, raw in before)
    assert {place.validity for place, _ in after}.isdisjoint(place.validity for place, _ in before)


@pytest.mark.all_tiers
def test_a_line_that_always_drops_ends_in_one_clear_line(server: ImapServer) -> None:
    with dropping_line(server.port, [500] * 20) as port, pytest.raises(SchemebookError) as raised:
        read(mailbox(replace(server, port=port)))
    assert raised.value.kind == "mail-dropped"
    assert server.password not in str(raised.value)


@pytest.mark.all_tiers
def test_what_a_server_refuses_is_told_without_the_password(
    server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = ServerMailbox(read_address(f"{server.address}/none"), Limits(), memory())
    with pytest.raises(SchemebookError) as raised:
        read(box)
    assert raised.value.kind == "no-mailbox"
    monkeypatch.setenv("SCHEMEBOOK_MAIL_PASSWORD", "wrong-41")
    with pytest.raises(SchemebookError) as raised:
        read(mailbox(server))
    assert raised.value.kind == "mail-refused" and "wrong-41" not in str(raised.value)
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(SchemebookError, match="certificate"):
        read(mailbox(server))


def test_an_address_names_user_server_port_and_mailbox() -> None:
    found = read_address("imaps://office@example.org@mail.example.org/INBOX/Returns%202026")
    assert (found.user, found.host, found.port) == ("office@example.org", "mail.example.org", 993)
    assert found.mailbox == "INBOX/Returns 2026"
    assert read_address("imap://a@b").mailbox == "INBOX"


@pytest.mark.parametrize(
    "text", ["imaps://host/INBOX", "imaps://user:secret@host/INBOX", "imaps://u@h:x/I", "imaps://"]
)
def test_an_address_without_user_or_with_a_password_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_address(text)
    assert "secret" not in str(raised.value)


def test_without_a_password_the_user_is_told_where_to_put_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCHEMEBOOK_MAIL_PASSWORD", raising=False)
    monkeypatch.setattr("schemebook.returned.arrivals.imap_line._from_keyring", lambda address: None)
    with pytest.raises(UsageError, match="SCHEMEBOOK_MAIL_PASSWORD"):
        ServerMailbox(read_address("imaps://u@localhost"), Limits(), memory())


def test_a_mailbox_s_name_is_written_as_the_standard_says() -> None:
    assert _quoted("Entwürfe") == '"Entw&APw-rfe"'  # RFC 3501, 5.1.3
    assert _quoted("~peter/mail/台北/日本語") == '"~peter/mail/&U,BTFw-/&ZeVnLIqe-"'
    assert _quoted('A & "B"') == '"A &- \\"B\\""'


@pytest.mark.parametrize(
    "said", [b"$ NO not now", b"$ BAD what", b"* SEARCH one\r\n$ OK done", b"* SEARCH 0\r\n$ OK done"]
)
def test_a_server_that_does_not_list_its_messages_is_told_in_one_line(said: bytes) -> None:
    with (
        server_that_says(answers(*HELLO, said)),
        closing(scripted_mailbox([])) as box,
        pytest.raises(SchemebookError) as raised,
    ):
        list(box.messages())
    assert raised.value.kind == "mail-odd"
    assert "mail.example.org" in str(raised.value)


def test_a_mailbox_may_list_two_hundred_thousand_messages() -> None:
    listed = b" ".join(b"%d" % number for number in range(1, 200_001))
    gone = [b"$ OK done"] * 1_000
    said = answers(*HELLO, b"* SEARCH " + listed + b"\r\n$ OK done", *gone, b"* BYE\r\n$ OK bye")
    with server_that_says(said) as lines, closing(scripted_mailbox([])) as box:
        assert list(box.messages()) == []
    assert lines == [1]


def test_an_answer_without_end_is_not_waited_for() -> None:
    said = (b"* OK " + b"a" * 900_000 + b"\r\n") * 20 + b"* SEARCH\r\n$ OK done"
    with (
        server_that_says(answers(*HELLO, said)),
        closing(scripted_mailbox([])) as box,
        pytest.raises(SchemebookError) as raised,
    ):
        list(box.messages())
    assert raised.value.kind == "mail-odd"


def test_a_mailbox_that_nobody_may_mark_is_read_over_one_line() -> None:
    body = b"* 1 FETCH (UID 1 BODY[] {9}\r\nFrom: a@b)\r\n$ OK done"
    cannot = (b"$ OK [READ-ONLY] open", b"$ OK [READ-ONLY] open")
    said = answers(*HELLO, b"* SEARCH 1\r\n$ OK done", SIZES, body, *cannot, b"* BYE\r\n$ OK bye")
    marked: list[MailPlace] = []
    with server_that_says(said) as lines:
        with closing(scripted_mailbox(marked)) as box:
            for one in box.messages():
                assert one.file is not None and one.file.read() == b"From: a@b"
                box.mark(one.place)
        assert lines == [1]
    assert marked == []
