"""Fill a form by poppler through GLib, as Evince and Okular's kin do: form fields set one by one, the document saved.

The bindings belong to the system's own Python, so that this file is run by it too: a job as JSON on standard input.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SYSTEM_PYTHON = "/usr/bin/python3"
PROBE = (
    "import gi; gi.require_version('Poppler', '0.18'); from gi.repository import Poppler; print(Poppler.get_version())"
)


def version() -> str:
    """Poppler's version, or a skip that says what is missing."""
    import pytest
    from tests.programs import run

    if not Path(SYSTEM_PYTHON).is_file() or run([SYSTEM_PYTHON, "-c", PROBE]).returncode:
        pytest.skip("poppler's GLib bindings are not here (Debian: gir1.2-poppler-0.18, python3-gi)")
    return run([SYSTEM_PYTHON, "-c", PROBE]).stdout.decode().strip()


def fill(blank: Path, case: Any, out: Path) -> Mapping[str, str]:
    """Set every field, save a copy."""
    from tests.programs import run
    from tests.viewers.cases import places

    version()
    job = {"blank": blank.as_uri(), "out": out.as_uri(), "fields": list(places(case, from_the_top=False))}
    done = run([SYSTEM_PYTHON, __file__], json.dumps(job))
    assert not done.returncode, done.stderr.decode()
    return {}


def main() -> None:
    """What the system's Python does."""
    import gi  # type: ignore[import-not-found]

    gi.require_version("Poppler", "0.18")
    from gi.repository import Poppler  # type: ignore[import-not-found]

    job = json.load(sys.stdin)
    document = Poppler.Document.new_from_file(job["blank"], None)
    for number in range(document.get_n_pages()):
        page = document.get_page(number)  # its fields live as long as it does
        found = page.get_form_field_mapping()
        for wanted in job["fields"]:
            if wanted["page"] == number:
                _enter(next(one.field for one in found if _covers(one.area, wanted)), wanted)
    document.save(job["out"])


def _covers(area: Any, wanted: Mapping[str, Any]) -> bool:
    return bool(area.x1 <= wanted["x"] <= area.x2 and area.y1 <= wanted["y"] <= area.y2)


def _enter(field: Any, wanted: Mapping[str, Any]) -> None:
    if wanted["kind"] == "text":
        field.text_set_text(wanted["value"])
    elif wanted["kind"] == "drop-down":
        field.choice_select_item(wanted["option"])
    else:
        field.button_set_state(True)


if __name__ == "__main__":
    main()
