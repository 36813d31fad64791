"""The YAML language server, which editors ask, completes and checks a scheme's files by the schemas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.check.small_project import APPLICATION, FORM_FILE
from tests.check.test_json_schema import ROOT, STARTER, bundled
from tests.programs import node

from schemebook.check.json_schema import write_schemas
from schemebook.scheme.fields import FIELD_TYPES

pytestmark = pytest.mark.all_tiers
FIRST_LINE = "# yaml-language-server: $schema=../schema.json\n"


def editor(folder: Path, files: dict[str, str], at: tuple[str, int, int] | None = None) -> Any:
    write_schemas(folder)
    job: dict[str, object] = {"folder": str(folder), "files": files}
    if at:
        job["at"] = {"path": at[0], "line": at[1], "character": at[2]}
    return node("language_server.mjs", job)


@pytest.mark.parametrize("root", [ROOT, STARTER], ids=["bundled schemes", "starter"])
def test_no_bundled_file_is_underlined(tmp_path: Path, root: Path) -> None:
    files = {
        path.relative_to(root).as_posix(): path.read_text("utf-8") for _, path in bundled() if path.is_relative_to(root)
    }
    if root is ROOT:
        files = {name: text for name, text in files.items() if not name.startswith("generator/")}
    assert files
    assert editor(tmp_path, files)["found"] == {name: [] for name in files}


def test_a_misspelt_key_is_underlined(tmp_path: Path) -> None:
    text = FIRST_LINE + APPLICATION.replace("label: Team?", "lable: Team?")
    found = editor(tmp_path, {FORM_FILE: text})["found"][FORM_FILE]
    assert any("lable" in one for one in found), found


def offered(folder: Path, text: str) -> set[str]:
    """What is offered where | stands in the text."""
    before, _, after = text.partition("|")
    line, character = before.count("\n"), len(before) - before.rfind("\n") - 1
    return set(editor(folder, {FORM_FILE: before + after}, (FORM_FILE, line, character))["offered"])


START = FIRST_LINE + "form: a\ntitle: x\nversion: 1\ncompleted-by: m\nabout: x\nsections:\n  - title: x\n    fields:\n"


def test_the_keys_that_a_field_still_takes_are_offered(tmp_path: Path) -> None:
    found = offered(tmp_path, START + "      - id: a\n        type: long-text\n        label: x\n        |\n")
    assert {"help", "optional", "width", "most-words", "least-words"} <= found
    assert not {"id", "type", "label", "options", "most-letters"} & found


def test_the_types_of_field_are_offered(tmp_path: Path) -> None:
    assert set(FIELD_TYPES) <= offered(tmp_path, START + "      - id: a\n        type: |\n")


def test_the_words_that_a_key_takes_are_offered(tmp_path: Path) -> None:
    field = "      - id: a\n        type: text\n        label: x\n        width: |\n"
    assert {"third", "half", "two-thirds", "full"} <= offered(tmp_path, START + field)
