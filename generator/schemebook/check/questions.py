"""A form's YAML and the shared blocks in, its questions in order out, each with its place, as far as they can be read.

The same as `put_in_blocks` does to a model, on plain data: a form with one bad line still has all its other questions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from schemebook.check.ways import at, follow, is_yes
from schemebook.errors import Place
from schemebook.scheme.yaml_source import Steps, YamlSource

Blocks = Mapping[str, YamlSource]
"""Block name -> its file."""


@dataclass(frozen=True)
class Asked:
    """A condition: `field` must have one of the answers in `is_`."""

    field: str
    is_: tuple[tuple[str, Place], ...]
    place: Place


@dataclass(frozen=True)
class Question:
    """One question of a form, its shared block put in."""

    id: str
    type: str
    data: Mapping[str, Any]
    """Its keys, with what the form says differently about a shared question."""
    place: Place
    """Where a message about it points: its id, or the line that uses its block."""
    section: int
    steps: Steps
    """The way to the entry that asks it."""
    condition: Asked | None = None
    prefix: str | None = None
    """The `as:` of the block it comes from."""

    @property
    def options(self) -> tuple[str, ...] | None:
        """The ids of its options; None where it has none, or none that can be read."""
        found = self.data.get("options")
        return tuple(found) if isinstance(found, dict) else None


@dataclass(frozen=True)
class Outline:
    """What a form asks."""

    source: YamlSource
    questions: tuple[Question, ...]
    is_whole: bool
    """Whether every shared block it uses is there and can be read; if not, more questions may be meant."""
    section_conditions: Mapping[int, Asked]

    def question(self, id: str) -> Question | None:
        """The first question of that id."""
        return next((question for question in self.questions if question.id == id), None)

    @property
    def ids(self) -> tuple[str, ...]:
        """Every question's id, once."""
        return tuple(dict.fromkeys(question.id for question in self.questions))


def outline(source: YamlSource, blocks: Blocks) -> Outline:
    """What a form asks, as far as its file and its blocks can be read."""
    questions: list[Question] = []
    conditions: dict[int, Asked] = {}
    is_whole = isinstance(at(source.data, "sections"), list)
    for steps, section in follow(source.data, "sections.*"):
        number = steps[1] if len(steps) > 1 and isinstance(steps[1], int) else 0
        condition = _condition(source, section, steps)
        if condition:
            conditions[number] = condition
        for inner, item in follow(section, "fields.*", steps):
            if not isinstance(item, dict):
                continue
            if _is_use(item):
                block = blocks.get(str(item["use"]))
                is_whole &= block is not None and isinstance(at(block.data, "fields"), list)
                questions += _used(source, item, inner, number, block)
            else:
                questions += _own(source, item, inner, number)
    return Outline(source, tuple(questions), is_whole, conditions)


def _is_use(item: Mapping[str, Any]) -> bool:
    return "use" in item and "type" not in item


def uses(source: YamlSource) -> Iterator[tuple[Steps, Mapping[str, Any]]]:
    """Every entry of a form that uses a shared block."""
    for steps, item in follow(source.data, "sections.*.fields.*"):
        if isinstance(item, dict) and _is_use(item):
            yield steps, item


def block_ids(block: YamlSource) -> tuple[str, ...]:
    """The ids of a shared block's questions."""
    return tuple(id for _, id in follow(block.data, "fields.*.id") if isinstance(id, str))


def _own(source: YamlSource, item: dict[str, Any], steps: Steps, section: int) -> Iterator[Question]:
    id = item.get("id")
    if isinstance(id, str) and id:
        place = source.place((*steps, "id"))
        yield Question(id, str(item.get("type")), item, place, section, steps, _condition(source, item, steps))


def _used(
    source: YamlSource, use: dict[str, Any], steps: Steps, section: int, block: YamlSource | None
) -> Iterator[Question]:
    place = source.place((*steps, "use"))
    name = use.get("as")
    prefix = name if isinstance(name, str) and name else None
    ids = block_ids(block) if block else ()
    for _, field in follow(block.data if block else None, "fields.*"):
        id = field.get("id") if isinstance(field, dict) else None
        if not isinstance(id, str) or not id:
            continue
        said = at(use, "with", id)
        said = said if isinstance(said, dict) else {}
        if is_yes(said.get("leave-out")):
            continue
        condition = _condition(source, said, (*steps, "with", id))
        if condition is None and "only-if" not in said:
            condition = _condition_of_block(field, place, prefix, ids)
        if isinstance(use.get("identifies"), str) and field.get("identifies"):
            field = field | {"identifies": use["identifies"]}
        data = field | {key: value for key, value in said.items() if key != "leave-out"}
        full = f"{prefix}.{id}" if prefix else id
        yield Question(full, str(field.get("type")), data, place, section, steps, condition, prefix)


def _condition(source: YamlSource, item: Any, steps: Steps) -> Asked | None:
    return asked_if(source, at(item, "only-if"), (*steps, "only-if"))


def asked_if(source: YamlSource, said: Any, steps: Steps) -> Asked | None:
    """A condition, as `field` and `is` say it."""
    field = at(said, "field")
    if not isinstance(field, str) or not field:
        return None
    words = tuple((word, source.place(way)) for way, word in follow(said, "is.*", steps) if isinstance(word, str))
    return Asked(field, words, source.place((*steps, "field")))


def _condition_of_block(
    field: Mapping[str, Any], place: Place, prefix: str | None, ids: tuple[str, ...]
) -> Asked | None:
    other = at(field, "only-if", "field")
    if not isinstance(other, str) or not other:
        return None
    said = tuple((word, place) for _, word in follow(field, "only-if.is.*") if isinstance(word, str))
    return Asked(f"{prefix}.{other}" if prefix and other in ids else other, said, place)
