"""A page in headless Chromium: an address in; what it shows, what it asked for and what axe-core finds out.

No name leads anywhere (`--host-resolver-rules="MAP * ~NOTFOUND"`), so a page that shows as it should needs nobody
else; every request is written down. Tests that use this are marked `all_tiers`.
"""

from __future__ import annotations

import http.server
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from tests.programs import node, program

THIS_MACHINE = ("127.0.0.1", "localhost")


@dataclass(frozen=True)
class Opened:
    """What happened when a page was opened.

    requests: every address that was asked for, in order. failed: those without an answer, or with 4xx or 5xx.
    said: errors and warnings of its console. violations: axe-core's, one a place. value: what `evaluate` gave.
    """

    title: str
    text: str
    requests: list[str]
    failed: list[str]
    said: list[str]
    violations: list[str]
    value: object

    @property
    def foreign(self) -> list[str]:
        """The requests that went to another host."""
        hosts = ((url, urlsplit(url)) for url in self.requests)
        return [
            url
            for url, parts in hosts
            if parts.scheme in ("http", "https", "ws", "wss") and not _is_here(parts.hostname)
        ]


def _is_here(host: str | None) -> bool:
    return host in THIS_MACHINE


def open_in_chromium(
    place: Path | str,
    *,
    screenshot: Path | None = None,
    width: int = 1280,
    height: int = 900,
    whole_page: bool = True,
    dark: bool = False,
    scripts: bool = True,
    evaluate: str = "",
    with_axe: bool = False,
    reachable: Sequence[str] = THIS_MACHINE,
) -> Opened:
    """Open a file or an address, wait until the network is quiet, and tell what happened.

    `evaluate` is a JavaScript expression whose value comes back; `scripts=False` switches the page's own off.
    """
    url = place.resolve().as_uri() if isinstance(place, Path) else place
    profile = Path(tempfile.mkdtemp(prefix="schemebook-chromium-"))
    job = {
        "chromium": chromium(),
        "profile": str(profile),
        "url": url,
        "width": width,
        "height": height,
        "dark": dark,
        "scripts": scripts,
        "screenshot": str(screenshot) if screenshot else None,
        "wholePage": whole_page,
        "axe": with_axe,
        "evaluate": evaluate,
        "reachable": list(reachable),
    }
    try:
        return Opened(**node("browser.mjs", job))  # type: ignore[arg-type]
    finally:
        shutil.rmtree(profile, ignore_errors=True)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def over_http(site: Path) -> Iterator[str]:
    """Serve a folder over HTTP; its address. axe-core fetches style sheets, which a folder does not let it do."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def axe(place: Path | str, *, width: int = 1280, dark: bool = False) -> list[str]:
    """The violations that axe-core finds on a page, one a place; empty when there is none."""
    return open_in_chromium(place, width=width, dark=dark, with_axe=True).violations


def chromium() -> str:
    """The browser: CHROMIUM names another one than the system's."""
    return os.environ.get("CHROMIUM") or program("chromium")
