"""The browser tells the truth: a foreign request is seen and fails, axe-core finds what is wrong."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.browser import axe, open_in_chromium

pytestmark = pytest.mark.all_tiers

PAGE = """<!doctype html><html lang="en"><head><title>Small</title><style>body { color: #111; background: #fff }
@media (prefers-color-scheme: dark) { body { color: #fff; background: #111 } }</style></head>
<body><main><h1>Tāne Mahuta</h1>%s</main></body></html>"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def page(folder: Path, body: str) -> Path:
    path = folder / "page.html"
    path.write_text(PAGE % body, "utf-8")
    return path


def test_a_sound_page_from_a_folder_asks_nobody_and_passes(tmp_path: Path) -> None:
    opened = open_in_chromium(page(tmp_path, "<p>Words</p>"), with_axe=True)
    assert (opened.title, opened.text.split()) == ("Small", ["Tāne", "Mahuta", "Words"])
    assert [opened.foreign, opened.failed, opened.said, opened.violations] == [[], [], [], []]
    assert len(opened.requests) == 1


def test_a_request_to_another_host_is_seen_and_fails(tmp_path: Path) -> None:
    body = '<img alt="" src="http://elsewhere.example/x.png"><script>fetch("https://other.example/y")</script>'
    opened = open_in_chromium(page(tmp_path, body))
    assert sorted(opened.foreign) == ["http://elsewhere.example/x.png", "https://other.example/y"]
    assert len([line for line in opened.failed if "ERR_NAME_NOT_RESOLVED" in line]) == 2


def test_a_page_of_this_machine_can_be_opened_and_a_missing_file_shows(tmp_path: Path, served: str) -> None:
    page(tmp_path, '<img alt="" src="missing.png">')
    opened = open_in_chromium(f"{served}/page.html")
    assert opened.foreign == []
    assert opened.failed == [f"{served}/missing.png: 404"]


def test_axe_finds_what_is_wrong(tmp_path: Path) -> None:
    found = axe(page(tmp_path, '<img src="data:,"><p style="color: #ccc">Faint</p>'))
    assert {line.partition(":")[0] for line in found} == {"image-alt", "color-contrast"}


def test_a_script_that_fails_is_told_and_scripts_can_be_switched_off(tmp_path: Path) -> None:
    path = page(tmp_path, '<p id="x">before</p><script>x.textContent = "after"; throw new Error("broken")</script>')
    assert any("broken" in line for line in open_in_chromium(path).said)
    assert "before" in open_in_chromium(path, scripts=False).text


def test_a_picture_has_the_size_and_the_mode_that_were_asked_for(tmp_path: Path) -> None:
    picture = tmp_path / "page.png"
    opened = open_in_chromium(
        page(tmp_path, "<p>Words</p>"),
        screenshot=picture,
        width=390,
        height=700,
        whole_page=False,
        dark=True,
        evaluate="getComputedStyle(document.body).backgroundColor",
    )
    assert picture.read_bytes()[16:24] == (390).to_bytes(4) + (700).to_bytes(4)
    assert opened.value == "rgb(17, 17, 17)"
