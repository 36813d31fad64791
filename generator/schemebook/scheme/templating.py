"""Text with facts in braces in, text with the facts put in out: Jinja2, sandboxed and bounded.

Jinja2's own sandbox keeps templates away from the machine, not from hanging it (`10**(10**9)`, nested ranges,
`'A'*10**10`). So only these parts of the language are taken: values, attributes, items, `if`, `for`, comparisons,
sums, the filters of FILTERS, and calls of the functions that we give. All loops of one text together take at most
MOST_ROUNDS rounds; all its joins, and what comes of it, have at most MOST_LETTERS letters.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateRuntimeError, TemplateSyntaxError, UndefinedError, nodes
from jinja2.exceptions import SecurityError
from jinja2.filters import make_attrgetter
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing, pass_context
from pydantic import BaseModel

from schemebook.errors import Place, Problem, SchemebookError
from schemebook.scheme.days import long_day
from schemebook.scheme.words import problem

MOST_ROUNDS = 10_000
MOST_LETTERS = 2_000_000
LONGEST_TEXT = 200_000
FILTERS = ("capitalize", "default", "first", "join", "last", "length", "list", "lower", "sort", "trim", "upper")

_TAKEN = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Const, nodes.For,
    nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Filter, nodes.Test,
    nodes.Call, nodes.Keyword, nodes.List, nodes.Tuple, nodes.Add, nodes.Sub,
)  # fmt: skip


class TemplateError(SchemebookError):
    """A text's template cannot be used."""

    def __init__(self, found: Problem) -> None:
        self.found = found
        super().__init__(f"{found.place}: {found.what}", found.to_do, kind=found.kind)


class NotThereError(UndefinedError):
    """A text names a part of a fact, or a form, page or rule, that is not there."""

    def __init__(self, name: str, known: Collection[str], kind: str = "unknown") -> None:
        self.name, self.known, self.kind = name, known, kind
        super().__init__(f"'{name}' is undefined")


class _Missing(StrictUndefined):
    """What a template asked for in vain; it still knows of what it was to be a part."""

    __slots__ = ()

    def __init__(
        self,
        hint: str | None = None,
        obj: Any = missing,
        name: str | None = None,
        exc: type[TemplateRuntimeError] = UndefinedError,
    ) -> None:
        super().__init__(hint, obj, name, exc)
        if obj is not missing and name is not None and exc is UndefinedError:
            self._undefined_exception = lambda words: NotThereError(str(name), parts_of(obj))  # type: ignore[assignment]


def parts_of(thing: Any) -> list[str]:
    """The names of what a text may take from a fact."""
    if isinstance(thing, BaseModel):
        return [name for name in type(thing).model_fields if getattr(thing, name) is not None]
    named = getattr(thing, "by_id", thing)
    return [str(name) for name in named] if isinstance(named, Mapping) else []


class _TooManyRounds(Exception):
    pass


class _TooManyLetters(Exception):
    pass


class _Counter:
    """Counts the rounds of all loops of one text, and the letters of all its joins."""

    def __init__(self) -> None:
        self.left = MOST_ROUNDS
        self.letters = MOST_LETTERS

    def take(self, letters: int) -> None:
        """Count letters before they are made."""
        self.letters -= letters
        if self.letters < 0:
            raise _TooManyLetters

    def __call__(self, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            self.left -= 1
            if self.left < 0:
                raise _TooManyRounds
            yield item


def _environment() -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(undefined=_Missing, autoescape=False, keep_trailing_newline=True)
    made.filters = {name: made.filters[name] for name in FILTERS} | {"join": _join}
    made.globals = {}
    made.finalize = _finalize
    return made


@pass_context
def _join(context: Context, value: Iterable[Any], d: str = "", attribute: str | int | None = None) -> str:
    """Jinja2's own `join`, which joins of joins make to grow a thousandfold: counted."""
    if attribute is not None:
        value = map(make_attrgetter(context.environment, attribute), value)
    between, items = str(d), [str(one) for one in value]
    context["_counted"].take(sum(map(len, items)) + len(between) * len(items))
    return between.join(items)


def _finalize(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return long_day(value)
    return "" if value is None else value


_ENVIRONMENT = _environment()


def render_text(source: str, context: Mapping[str, Any], place: Place) -> str:
    """The text with its facts put in.

    context: what the text may name. place: where the text begins, for messages. Raises TemplateError, whose `found` is
    the problem with the template's own line.
    """
    if "{" not in source:
        return source
    if len(source) > LONGEST_TEXT:
        raise TemplateError(problem(place, "template.too-long", most=LONGEST_TEXT))
    counter = _Counter()
    try:
        return _whole(_compiled(source, place).generate({**context, "_counted": counter}))
    except TemplateSyntaxError as error:
        raise TemplateError(
            problem(_line(place, error.lineno), "template.syntax", reason=(error.message or "").rstrip("."))
        ) from None
    except UndefinedError as error:
        raise TemplateError(_undefined(error, context, place)) from None
    except _TooManyLetters:
        raise TemplateError(problem(place, "template.too-many-letters", most=MOST_LETTERS)) from None
    except _TooManyRounds:
        raise TemplateError(problem(place, "template.too-many-rounds", most=MOST_ROUNDS)) from None
    except (SecurityError, SyntaxError, TypeError, ValueError, KeyError, RecursionError, AttributeError) as error:
        where = _line(place, _template_line(error))
        raise TemplateError(problem(where, "template.value", reason=type(error).__name__)) from None


def _whole(pieces: Iterable[str]) -> str:
    """The pieces of a text as one."""
    found, size = [], 0
    for piece in pieces:
        size += len(piece)
        if size > MOST_LETTERS:
            raise _TooManyLetters
        found.append(piece)
    return "".join(found)


@lru_cache(maxsize=4000)
def _compiled(source: str, place: Place) -> Template:
    """The same texts are put together again and again: by `check`, then by `build`, and by `serve` with every edit."""
    return _ENVIRONMENT.from_string(_bounded(_ENVIRONMENT.parse(source), place))


def _bounded(tree: nodes.Template, place: Place) -> nodes.Template:
    """The same tree with every loop counted; TemplateError for what is not taken."""
    waiting: list[nodes.Node] = [tree]
    while waiting:
        node = waiting.pop()
        refused = not isinstance(node, _TAKEN)
        refused |= isinstance(node, nodes.For) and node.recursive
        refused |= isinstance(node, nodes.Call) and not isinstance(node.node, nodes.Name)
        refused |= isinstance(node, nodes.Name) and node.name.startswith("_")
        if isinstance(node, nodes.Filter) and node.name not in FILTERS:
            raise TemplateError(
                problem(_line(place, node.lineno), "template.no-filter", name=node.name, filters=", ".join(FILTERS))
            )
        if refused:
            kind = type(node).__name__.lower()
            raise TemplateError(problem(_line(place, node.lineno), "template.not-taken", what=kind))
        waiting.extend(node.iter_child_nodes())
        if isinstance(node, nodes.For):
            name = nodes.Name("_counted", "load", lineno=node.lineno)
            node.iter = nodes.Call(name, [node.iter], [], None, None, lineno=node.lineno)
    tree.set_environment(_ENVIRONMENT)
    return tree


def _line(place: Place, line: int | None) -> Place:
    return Place(place.file, place.line + (line or 1) - 1, place.column if (line or 1) == 1 else 1)


def _template_line(error: BaseException) -> int | None:
    found, at = None, error.__traceback__
    while at:
        if at.tb_frame.f_code.co_filename in ("<template>", "<unknown>"):
            found = at.tb_lineno
        at = at.tb_next
    return found


def _undefined(error: UndefinedError, context: Mapping[str, Any], place: Place) -> Problem:
    where = _line(place, _template_line(error))
    if isinstance(error, NotThereError):
        name, known, kind = error.name, list(error.known), error.kind
    else:
        quoted = (error.message or "").split("'")
        name, known, kind = quoted[-2] if len(quoted) > 2 else "?", sorted(context), "unknown"
    if not known:
        return problem(where, "template.no-parts", name=name)
    near = get_close_matches(name, known, n=1)
    if near:
        return problem(where, f"template.{kind}-near", name=name, best=near[0])
    return problem(where, f"template.{kind}", name=name, known=", ".join(known))
