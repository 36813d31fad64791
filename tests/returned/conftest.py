"""The mailbox on a real server is there for the tests of this folder."""

from tests.mail_server import imap, server

__all__ = ["imap", "server"]
