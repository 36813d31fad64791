"""YAML text in, plain data and the line and column of every key and value out.

Every scalar stays the text that was typed: `no`, `on`, `12:30`, `0123` and `1.10` are resolved by the type of
the field that they are meant for, never by YAML's guess. An empty value is None.

Refused, each as a problem: duplicate keys, tags, merge keys, control characters, several documents, keys that are no
words, nesting deeper than DEPTH, files longer than LONGEST_FILE, and aliases that would write out more than MOST_NODES
values (an alias bomb loads in milliseconds and then hangs whatever walks it).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from schemebook.errors import Place, Problem
from schemebook.scheme.words import problem
from schemebook.scheme.yaml_slips import explained, lines_with_remarks

DEPTH = 40
MOST_NODES = 50_000
LONGEST_FILE = 1_000_000

_HIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""What YAML itself refuses as a letter and takes as an escape ("\\0"): no font draws it, no page may hold it."""

Steps = tuple[str | int, ...]
"""The way to a value: keys and positions from the top."""


@dataclass(frozen=True)
class YamlSource:
    """One YAML file: its data, and where each part of it stands."""

    file: str
    """The file's path as messages name it, relative to the project."""
    data: Any
    """dict, list, str and None only; None where the file could not be read at all."""
    keys: Mapping[Steps, Place] = field(default_factory=dict)
    """Where the key (or list item) of each way stands."""
    values: Mapping[Steps, Place] = field(default_factory=dict)
    """Where the value of each way stands."""
    problems: tuple[Problem, ...] = ()
    cut: tuple[Place, ...] = ()
    """Where a `#` ends a text that is not in quotation marks, with a letter right behind it."""

    def place(self, steps: Steps, *, key: bool = False) -> Place:
        """Where the value (or key) at `steps` stands; of the nearest parent when it is not there."""
        for end in range(len(steps), -1, -1):
            found = (self.keys if key and end == len(steps) else self.values).get(steps[:end])
            found = found or self.keys.get(steps[:end])
            if found:
                return found
        return Place(self.file)


class _Refused(Exception):
    """The file cannot be read on; the problem says why."""

    def __init__(self, found: Problem) -> None:
        super().__init__(str(found))
        self.found = found


def read_yaml(path: Path, file: str | None = None) -> YamlSource:
    """Read one YAML file. Whatever is wrong with it stands in `problems`; nothing is raised."""
    name = file or str(path)
    try:
        if path.stat().st_size > LONGEST_FILE:
            return YamlSource(name, None, problems=(problem(Place(name), "scheme.file-too-long", most=LONGEST_FILE),))
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return YamlSource(name, None, problems=(problem(Place(name, line), "scheme.not-utf-8"),))
    except OSError as error:
        return YamlSource(name, None, problems=(problem(Place(name), "scheme.file-not-read", reason=error.strerror),))
    return parse_yaml(text, name)


def parse_yaml(text: str, file: str) -> YamlSource:
    """Read YAML text; `file` is the name that messages give it."""
    reader = _Reader(file, lines_with_remarks(text))
    try:
        data = reader.document(yaml.parse(text, Loader=yaml.CSafeLoader))
    except _Refused as refused:
        return YamlSource(file, None, problems=(*reader.problems, refused.found))
    except yaml.MarkedYAMLError as error:
        return YamlSource(file, None, problems=(*reader.problems, explained(file, text, error)))
    except yaml.reader.ReaderError as error:
        at = error.position if isinstance(error.position, int) else 0
        place = Place(file, text.count("\n", 0, at) + 1)
        return YamlSource(file, None, problems=(problem(place, "scheme.bad-character"),))
    return YamlSource(file, data, reader.keys, reader.values, tuple(reader.problems), tuple(reader.cut))


class _Reader:
    """Builds data from YAML's event stream, counting depth and size as it goes; nothing recurses without bound."""

    def __init__(self, file: str, remarks: Mapping[int, int]) -> None:
        self.file = file
        self.remarks = remarks
        self.cut: list[Place] = []
        self.keys: dict[Steps, Place] = {}
        self.values: dict[Steps, Place] = {}
        self.problems: list[Problem] = []
        self.anchors: dict[str, Any] = {}
        self.nodes = 0

    def document(self, events: Iterator[Any]) -> Any:
        self.events = events
        data, documents = None, 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _Refused(problem(self.at(event), "scheme.several-documents"))
            elif not isinstance(event, yaml.StreamStartEvent | yaml.StreamEndEvent | yaml.DocumentEndEvent):
                data = self.node(event, ())
        return data

    def at(self, event: Any) -> Place:
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def count(self, event: Any, more: int = 1) -> None:
        self.nodes += more
        if self.nodes > MOST_NODES:
            raise _Refused(problem(self.at(event), "scheme.alias-bomb", most=MOST_NODES))

    def node(self, event: Any, steps: Steps) -> Any:
        self.count(event)
        if len(steps) > DEPTH:
            raise _Refused(problem(self.at(event), "scheme.too-deep", most=DEPTH))
        self.values[steps] = self.at(event)
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event, steps)
        if event.tag is not None and event.tag != "!":
            self.problems.append(problem(self.at(event), "scheme.tag", tag=event.tag))
        if isinstance(event, yaml.ScalarEvent):
            if not event.value.isprintable() and _HIDDEN.search(event.value):
                self.problems.append(problem(self.at(event), "scheme.hidden-character"))
            data: Any = None if event.value == "" and not event.style else event.value
            if data and not event.style:
                self.mark_cut(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            data = self.sequence(steps)
        else:
            data = self.mapping(steps)
        if event.anchor:
            self.anchors[event.anchor] = data
        return data

    def mark_cut(self, event: Any) -> None:
        """Keep the place of a remark that follows a plain text and looks as if it belonged to it."""
        line, end = event.end_mark.line, event.end_mark.column
        if line in self.remarks and end <= self.remarks[line]:
            self.cut.append(Place(self.file, line + 1, self.remarks[line] + 1))

    def alias(self, event: Any, steps: Steps) -> Any:
        if event.anchor not in self.anchors:
            raise _Refused(problem(self.at(event), "scheme.no-anchor", anchor=event.anchor))
        data = self.anchors[event.anchor]
        self.count(event, _size(data, MOST_NODES))
        return data

    def sequence(self, steps: Steps) -> list[Any]:
        found: list[Any] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            here = (*steps, len(found))
            self.keys[here] = self.at(event)
            found.append(self.node(event, here))
        return found

    def mapping(self, steps: Steps) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            place = self.at(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise _Refused(problem(place, "scheme.key-is-no-word"))
            key = event.value
            if key == "<<":
                self.problems.append(problem(place, "scheme.merge-key"))
            here = (*steps, key)
            if key in found:
                self.problems.append(problem(place, "scheme.duplicate-key", key=key, line=self.keys[here].line))
                here = (*steps, f"{key} (again)")
                self.node(next(self.events), here)
                continue
            self.count(event)
            self.keys[here] = place
            found[key] = self.node(next(self.events), here)
        return found


def _size(data: Any, most: int) -> int:
    """How many values stand in `data` when it is written out; stops counting at `most`."""
    count, waiting = 0, [data]
    while waiting and count <= most:
        one = waiting.pop()
        count += 1
        if isinstance(one, dict):
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    return count
