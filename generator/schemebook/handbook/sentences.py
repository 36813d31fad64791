"""A scheme owner's sentence in, HTML for a page out: facts put in, inline Markdown written out, glossary words marked.

Tags that stand in a sentence are shown as typed: what a scheme owner writes between < and > in YAML is text.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markupsafe import Markup, escape

from schemebook.handbook.facts import slug
from schemebook.scheme.words import say

_BLOCKS = ("quote", "indent", "code", "hashheader", "setextheader", "hr", "olist", "ulist", "reference")
_ADDRESS = r"(?<![\w.+-])([\w.+-]+@[\w-]+(?:\.[\w-]+)+)"


class _BareAddress(InlineProcessor):
    """An e-mail address in running text becomes a link."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[etree.Element, int, int]:  # type: ignore[override]
        link = etree.Element("a", {"href": f"mailto:{m[1]}"})
        link.text = m[1]
        return link, m.start(0), m.end(0)


@cache
def _inline() -> Markdown:
    made = Markdown(output_format="html")
    for name in _BLOCKS:
        made.parser.blockprocessors.deregister(name)
    made.preprocessors.deregister("html_block")
    made.inlinePatterns.deregister("html")
    made.inlinePatterns.deregister("automail")
    made.inlinePatterns.register(_BareAddress(r"<" + _ADDRESS + ">", made), "address-in-brackets", 115)
    made.inlinePatterns.register(_BareAddress(_ADDRESS, made), "bare-address", 15)
    return made


@lru_cache(maxsize=8000)
def paragraphs(text: str) -> Markup:
    """Text as <p> elements; an empty line parts two. Kept: most sentences stand on several pages."""
    html = _inline().reset().convert(text)
    return Markup(re.sub(r'href="([^":#]+)\.md(#[^"]*)?"', r'href="\1.html\2"', html))


def sentence(text: str) -> Markup:
    """Text that stands inside an element of its own: the same without <p>; several paragraphs run on."""
    return Markup(re.sub(r"</?p>", "", paragraphs(text).replace("</p>\n<p>", " ")))


# What a word of the glossary is not marked in.
_LEFT_ALONE = re.compile(
    "|".join(
        (
            r"^(?:```|~~~).*?^(?:```|~~~)[^\n]*$",  # fenced code
            r"^ {0,3}#[^\n]*$",  # headings
            r"^[ ]*\|[^\n]*$",  # rows of tables
            r"<!--.*?-->",
            r"<(a|h[1-6]|svg|code|button|summary)\b.*?</\1>",
            r"<[^>]*>",  # tags
            r"`[^`\n]+`",  # code
            r"!?\[[^\]\n]*\]\([^)\n]*\)",  # links and pictures
            r"\[[^\]\n]*\]\[[^\]\n]*\]",
            r"^ {0,3}\[[^\]\n]+\]:[^\n]*$",
            r"\{[:#.][^}\n]*\}",  # attribute lists
            r"https?://\S+",
            r"[\w.+-]+@[\w.-]+",
        )
    ),
    re.MULTILINE | re.DOTALL,
)


class WordMarks:
    """Marks the words of a glossary on one page: the first place of each becomes a link to its entry, and shows it.

    page: the stem of the glossary's page, in the same folder.
    """

    def __init__(self, glossary: Mapping[str, str], page: str = "glossary") -> None:
        self.waiting = dict(sorted(glossary.items(), key=lambda item: -len(item[0])))
        self.page = page

    def __call__(self, text: str) -> str:
        """Markdown or HTML with the words marked that no earlier text of the page held."""
        pieces = _pieces(text)
        return "".join(
            piece if protected else _mark_piece(piece, self.waiting, self.page) for piece, protected in pieces
        )


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    at = 0
    for found in _LEFT_ALONE.finditer(text):
        yield text[at : found.start()], False
        yield found[0], True
        at = found.end()
    yield text[at:], False


def _mark_piece(piece: str, waiting: dict[str, str], page: str) -> str:
    """Marks every word still waiting, once; one pass, so that no word is marked inside another's link."""
    if not waiting:
        return piece
    by_form = {form.casefold(): word for word in waiting for form in (word, f"{word}s")}
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(word) for word in waiting)})s?(?!\w)", re.IGNORECASE)

    def mark(found: re.Match[str]) -> str:
        word = by_form.get(found[0].casefold())
        if word is None or word not in waiting:
            return found[0]
        return _link(found[0], word, waiting.pop(word), page)

    return pattern.sub(mark, piece)


def _link(shown: str, word: str, meaning: str, page: str) -> str:
    tip = Markup(sentence(meaning)).striptags()
    target, more = f"{page}.html#{slug(word)}", say("handbook.in-the-glossary")
    attributes = {"href": target, "data-word": word, "data-tip": tip, "data-more": more}
    written = " ".join(f'{name}="{escape(value)}"' for name, value in attributes.items())
    return f'<a class="sb-term" {written}>{shown}</a>'
