"""Fill a form in Firefox: its own viewer, real keys and clicks through Marionette, saved by the viewer's own button."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests import programs
from tests.pdf_fields import Value
from tests.viewers.cases import Case

SECONDS = 60
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""What WebDriver calls a reference to an element."""

PREFERENCES: Mapping[str, Any] = {
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "browser.aboutwelcome.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
    "app.update.enabled": False,
    "app.normandy.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "services.settings.server": "http://127.0.0.1:9",
}

FIELDS = """
const viewer = window.PDFViewerApplication, done = arguments[arguments.length - 1];
(async () => {
  const found = [];
  for (let number = 1; number <= viewer.pagesCount; number++) {
    const page = await viewer.pdfDocument.getPage(number);
    for (const one of await page.getAnnotations())
      if (one.fieldName) found.push([number, one.id, one.fieldName, String(one.buttonValue ?? one.exportValue ?? "")]);
  }
  return JSON.stringify(found);
})().then(done, (error) => done("error " + error));
"""

ANSWER_THE_DIALOG = """
const registrar = Components.manager.QueryInterface(Ci.nsIComponentRegistrar);
const file = Cc["@mozilla.org/file/local;1"].createInstance(Ci.nsIFile);
file.initWithPath(arguments[0]);
const picker = {
  QueryInterface: ChromeUtils.generateQI(["nsIFilePicker"]),
  init() {}, appendFilter() {}, appendFilters() {}, appendRawFilter() {},
  open: (done) => Services.tm.dispatchToMainThread(() => done.done(Ci.nsIFilePicker.returnOK)),
  filterIndex: 0, defaultString: "", defaultExtension: "", addToRecentDocs: false, okButtonLabel: "",
  displayDirectory: null, displaySpecialDirectory: "", mode: Ci.nsIFilePicker.modeSave,
  file, fileURL: Services.io.newFileURI(file),
};
registrar.registerFactory(
  Services.uuid.generateUUID(), "", "@mozilla.org/filepicker;1",
  { createInstance: (iid) => picker.QueryInterface(iid) },
);
"""
"""The one thing that no key reaches without a window: the system's dialog that asks where to save."""


class Marionette:
    """Firefox's own automation: one command at a time, as JSON with its length before it."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
        self._file = self._socket.makefile("rb")
        self._count = 0
        self._read()
        self.say("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {"unhandledPromptBehavior": "accept"}}})

    def _read(self) -> Any:
        length = b""
        while not length.endswith(b":"):
            one = self._file.read(1)
            if not one:
                raise AssertionError("Firefox closed the connection")
            length += one
        return json.loads(self._file.read(int(length[:-1])))

    def say(self, command: str, words: Mapping[str, Any]) -> Any:
        """One command; its value. Raises AssertionError with what Firefox said."""
        self._count += 1
        data = json.dumps([0, self._count, command, words]).encode()
        self._socket.sendall(str(len(data)).encode() + b":" + data)
        _, _, error, value = self._read()
        if error:
            raise AssertionError(f"{command}: {error['error']}: {error['message']}")
        return value["value"] if isinstance(value, dict) and set(value) == {"value"} else value

    def run(self, script: str, *words: object) -> Any:
        """Run a script in the page."""
        return self.say("WebDriver:ExecuteScript", {"script": script, "args": list(words), "newSandbox": False})

    def run_until_done(self, script: str, *words: object) -> Any:
        """Run a script that calls its last argument when it is done."""
        return self.say("WebDriver:ExecuteAsyncScript", {"script": script, "args": list(words), "newSandbox": False})

    def find(self, css: str) -> str:
        """The reference of an element; waits for it."""
        return wait(lambda: self._found(css), f"no {css}")

    def _found(self, css: str) -> str | None:
        found = self.say("WebDriver:FindElements", {"using": "css selector", "value": css})
        return str(found[0][ELEMENT]) if found else None

    def click(self, element: str) -> None:
        """Click its middle."""
        self.say("WebDriver:ElementClick", {"id": element})

    def type(self, element: str, text: str) -> None:
        """Type into it, key by key."""
        self.say("WebDriver:ElementSendKeys", {"id": element, "text": text})


def wait(look: Any, otherwise: str, seconds: float = SECONDS) -> Any:
    """What `look` gives once it gives something. Raises AssertionError after a while."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(otherwise)


def executable() -> str:
    """Firefox of the system, whichever there is."""
    return shutil.which("firefox-esr") or programs.program("firefox")


def version() -> str:
    """Its version."""
    said = programs.run([executable(), "--version"]).stdout.decode()
    found = re.search(r"[\d.]+\w*", said)
    assert found, said
    return found[0]


@contextmanager
def firefox() -> Iterator[Marionette]:
    """A Firefox without a window, in a profile of its own."""
    with TemporaryDirectory(prefix="schemebook-firefox-", ignore_cleanup_errors=True) as profile:
        port = _free_port()
        preferences = {**PREFERENCES, "marionette.port": port}
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in preferences.items()]
        Path(profile, "user.js").write_text("\n".join(lines), "utf-8")
        command = [
            executable(),
            "--headless",
            "--marionette",
            "-remote-allow-system-access",
            "--no-remote",
            "--profile",
            profile,
        ]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield Marionette(wait(lambda: _listens(port), "Firefox did not start"))
        finally:
            process.terminate()
            process.wait(20)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _listens(port: int) -> int | None:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return None
    return port


def fill(blank: Path, case: Case, out: Path) -> Mapping[str, str]:
    """Open the form, fill every field with keys and clicks, press the viewer's button that saves."""
    with TemporaryDirectory() as folder, firefox() as browser:
        saved = Path(folder, "saved.pdf")
        browser.say("Marionette:SetContext", {"value": "chrome"})
        browser.run(ANSWER_THE_DIALOG, str(saved))
        browser.say("Marionette:SetContext", {"value": "content"})
        browser.say("WebDriver:Navigate", {"url": blank.as_uri()})
        ready = "const one = window.PDFViewerApplication; return Boolean(one?.pdfViewer?.pagesCount);"
        wait(lambda: browser.run(ready), "the viewer did not open the form")
        for page, id, name, option in json.loads(browser.run_until_done(FIELDS)):
            if name in case.values:
                _enter(browser, page, id, option, case.values[name], case.entries[name].widget.kind)
        browser.click(browser.find("#downloadButton"))
        wait(lambda: saved.is_file() and list(Path(folder).iterdir()) == [saved], "Firefox saved nothing")
        wait(lambda: saved.read_bytes().rstrip().endswith(b"%%EOF"), "Firefox saved half a file")
        shutil.copyfile(saved, out)
    return {}


def _enter(browser: Marionette, page: int, id: str, option: str, value: Value, kind: str) -> None:
    if value is False or (kind == "radio" and option != value):
        return
    browser.run("window.PDFViewerApplication.page = arguments[0];", page)
    element = browser.find(f'[data-annotation-id="{id}"] :is(input, textarea, select)')
    if kind in ("tick", "radio"):
        browser.click(element)
    elif kind == "drop-down":
        browser.click(browser.find(f'[data-annotation-id="{id}"] option[value="{value}"]'))
    else:
        browser.click(element)
        browser.type(element, str(value))
