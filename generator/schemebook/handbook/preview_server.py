"""A preview in, its pages over HTTP on this machine out, each of which is read again when the project changes."""

from __future__ import annotations

import mimetypes
import posixpath
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from schemebook.errors import SchemebookError, UsageError
from schemebook.handbook.live_site import NOT_FOUND
from schemebook.handbook.preview import Preview
from schemebook.scheme.words import say, what_and_to_do

OURS = "/-/"
"""Addresses below it belong to the preview and to no page."""
LONGEST_WAIT = 20.0
"""Seconds until a browser that waits for a change is told that there was none, and asks again."""
TYPES = {".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


@contextmanager
def serve_preview(preview: Preview, address: str) -> Iterator[str]:
    """Answer at HOST:PORT, in threads of their own, while the context lasts; the address with the port that it got.

    Raises UsageError where it cannot listen there.
    """
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise UsageError(*what_and_to_do("handbook.no-address", address=address))
    kind = _OverIpv6 if ":" in host else ThreadingHTTPServer
    try:
        server = kind((host.strip("[]"), int(port)), partial(_Handler, preview))
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(*what_and_to_do("handbook.address-taken", address=address, reason=reason)) from None
    with server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield f"{host}:{server.server_address[1]}"
        finally:
            server.shutdown()


class _OverIpv6(ThreadingHTTPServer):
    address_family = socket.AF_INET6


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    def __init__(self, preview: Preview, *words: object) -> None:
        self.preview = preview
        super().__init__(*words)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        try:
            if parts.path == f"{OURS}state":
                self._state(parts.query)
            elif parts.path == f"{OURS}preview.js":
                self._send(HTTPStatus.OK, "text/javascript", _template_file("preview.js"))
            else:
                self._page(parts.path)
        except ConnectionError:  # the browser went on to another page
            self.close_connection = True

    do_HEAD = do_GET

    def _state(self, query: str) -> None:
        seen = parse_qs(query).get("seen", [""])[0]
        number = self.preview.wait(int(seen) if seen.isdecimal() else -1, LONGEST_WAIT)
        self._send(HTTPStatus.OK, "text/plain", str(number).encode())

    def _page(self, path: str) -> None:
        self.preview.wait(0, LONGEST_WAIT)  # until the project has been read once
        address = posixpath.normpath("/" + unquote(path)).lstrip("/")
        number = self.preview.number
        try:
            found = self.preview.file(f"{address}/index.html".lstrip("/") if path.endswith("/") else address)
        except SchemebookError as error:
            self._send(HTTPStatus.INTERNAL_SERVER_ERROR, "text/html", _added(number, (str(error),)))
            return
        status = HTTPStatus.OK if found else HTTPStatus.NOT_FOUND
        found = found or self.preview.file(NOT_FOUND)
        if found is None or found.suffix == ".html":
            status = status if found else HTTPStatus.SERVICE_UNAVAILABLE
            shown = found.read_bytes() if found else b"<!doctype html>\n<title>Schemebook</title>\n"
            self._send(status, "text/html", shown + _added(number, self.preview.problems))
        else:
            self._send(status, _type_of(found), found.read_bytes())

    def _send(self, status: HTTPStatus, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *words: object) -> None:
        """Says nothing: the terminal is for what is wrong with the project."""


def _type_of(path: Path) -> str:
    return TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"


def _template_file(name: str) -> bytes:
    return files("schemebook.handbook").joinpath("templates", name).read_bytes()


def _added(number: int, problems: tuple[str, ...]) -> bytes:
    """What stands at the end of a page while it is edited."""
    loader = PackageLoader("schemebook.handbook", "templates")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    heading = say("handbook.preview-problems", count=len(problems))
    shown = environment.get_template("preview.html").render(number=number, problems=problems, heading=heading)
    return shown.encode()
