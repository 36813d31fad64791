"""The manual's reference pages: models, commands and exit statuses in, Markdown pages out.

    python generator/manual/reference.py          writes docs/using-schemebook/reference/
    python generator/manual/reference.py --check   exit status 1 where a page is not current

A test runs the second, so that the pages cannot fall behind the code.
"""

from __future__ import annotations

import inspect
import sys
import types
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer.main
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from schemebook.errors import ExitStatus
from schemebook.records.people.unfilled import UNFILLED
from schemebook.scheme import fields, form, model, rules
from schemebook.scheme.keys import Strict, kebab
from schemebook.scheme.words import catalogue

FOLDER = Path("docs", "using-schemebook", "reference")


def pages() -> dict[str, str]:
    """File name -> Markdown of every reference page."""
    return {
        "commands.md": commands_page(),
        "keys.md": keys_page(),
        "field-types.md": field_types_page(),
        "exit-statuses.md": statuses_page(),
    }


def commands_page() -> str:
    """Every command's own help, as `--help` prints it."""
    from schemebook.cli.app import app

    group: Any = typer.main.get_command(app)
    parts = ["# Commands", "Each page of help is what `schemebook COMMAND --help` prints.", _help(group, "schemebook")]
    for name, command in group.commands.items():
        parts += [f"## {name}", _help(command, f"schemebook {name}")]
    return "\n\n".join(parts) + "\n"


def _help(command: Any, name: str) -> str:
    context = command.make_context(name, [], resilient_parsing=True, terminal_width=100, max_content_width=100)
    text = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    return f"```text\n{text}\n```"


def keys_page() -> str:
    """Every key of a scheme's and a form's YAML with its docstring."""
    parts = ["# Keys of the YAML files", "What each key means, and what it takes. A key in **bold** must be there."]
    groups: list[tuple[str, Any]] = [
        ("A scheme: `scheme-configs/<scheme>.yml`", model),
        ("Rules, under `rules:` of a scheme", rules),
        ("A form: `forms/<scheme>/<form>.yml`", form),
    ]
    for title, module in groups:
        parts.append(f"## {title}")
        for one in _models_of(module):
            parts += [f"### {one.__name__}", _first_line(one), _table(one)]
    return "\n\n".join(parts) + "\n"


def field_types_page() -> str:
    """Every field type with its keys."""
    shared = set(fields.BaseField.model_fields)
    parts = [
        "# Field types",
        "Every field has these keys. A key in **bold** must be there.",
        _table(fields.BaseField),
        "Besides these, each type has its own:",
    ]
    for name, one in fields.FIELD_TYPES.items():
        own = {key: info for key, info in one.model_fields.items() if key not in shared | {"type"}}
        parts += [f"## `{name}`", _first_line(one), _rows(own) if own else "It has no keys of its own."]
    parts += ["## Columns of tables", _first_line(fields.Column), _table(fields.Column)]
    parts += ["## Rows of tables", _first_line(fields.Row), _table(fields.Row)]
    return "\n\n".join(parts) + "\n"


def statuses_page() -> str:
    """Exit statuses, and the reasons for which a returned file is set aside."""
    meant = {
        ExitStatus.FINE: "Fine. For `ingest`: every file was recorded, or was there before.",
        ExitStatus.PROJECT_AT_FAULT: "The project or the database is at fault; each problem is told in a line.",
        ExitStatus.USAGE: "The command was called with words or files that it cannot take.",
        ExitStatus.SOME_SET_ASIDE: "`ingest` set some files aside; the others are recorded.",
    }
    rows = "\n".join(f"| {status.value} | {meant[status]} |" for status in ExitStatus)
    reasons = "\n".join(f"| `{name}` | {words} |" for name, words in catalogue("reasons").items())
    parts = [
        "# Exit statuses and reasons",
        f"| status | what it means |\n| --- | --- |\n{rows}",
        "## Why a file is set aside",
        "`ingest --format json` gives the reason's code; none is ever renamed.",
        f"| reason | what it means |\n| --- | --- |\n{reasons}",
        f"A file that was recorded has a reason too where nothing in its form was filled in: {_in_code(UNFILLED)}.",
    ]
    return "\n\n".join(parts) + "\n"


def _in_code(words: Sequence[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _models_of(module: types.ModuleType) -> list[type[BaseModel]]:
    found = [one for _, one in inspect.getmembers(module, inspect.isclass) if one.__module__ == module.__name__]
    kept = [one for one in found if issubclass(one, Strict) and not one.__name__.startswith("_")]
    return sorted(kept, key=lambda one: inspect.getsourcelines(one)[1])


def _first_line(one: type) -> str:
    return (inspect.getdoc(one) or "").split("\n\n")[0].replace("\n", " ")


def _table(one: type[BaseModel]) -> str:
    return _rows({name: info for name, info in one.model_fields.items() if name != "type" or one is fields.Column})


def _rows(infos: dict[str, FieldInfo]) -> str:
    rows = []
    for name, info in infos.items():
        key = f"**`{kebab(name)}`**" if info.is_required() else f"`{kebab(name)}`"
        said = (info.description or "").replace("\n", " ").replace("|", "\\|").replace("<", "&lt;")
        rows.append(f"| {key} | {said} |")
    return "| key | what it says |\n| --- | --- |\n" + "\n".join(rows)


def main() -> int:
    """Write the pages, or with --check tell which are not current."""
    stale = []
    for name, text in pages().items():
        path = FOLDER / name
        if path.is_file() and path.read_text("utf-8") == text:
            continue
        stale.append(str(path))
        if "--check" not in sys.argv:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    print("\n".join(stale))
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
