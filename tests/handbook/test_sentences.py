"""A scheme owner's sentence in, HTML out; words of the glossary marked once, and only in running text."""

from __future__ import annotations

import pytest

from schemebook.handbook.sentences import WordMarks, paragraphs, sentence

GLOSSARY = {"Waiting list": "Who is *next*.", "List": "A row.", "Gap analysis": 'Says "where" & what'}


def words_marked(text: str) -> list[str]:
    return [part.split("</a>")[0].rpartition(">")[2] for part in WordMarks(GLOSSARY)(text).split("<a class=")[1:]]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Up to **six** months", "Up to <strong>six</strong> months"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("Write to ann@example.org.", 'Write to <a href="mailto:ann@example.org">ann@example.org</a>.'),
        ("Write to <ann@example.org>.", 'Write to <a href="mailto:ann@example.org">ann@example.org</a>.'),
        ("[ann@example.org](https://example.org)", '<a href="https://example.org">ann@example.org</a>'),
        ("See [the path](path.md#stage-apply)", 'See <a href="path.html#stage-apply">the path</a>'),
        ("1. first, not a list", "1. first, not a list"),
        ("# no heading", "# no heading"),
        ("One\n\ntwo", "One two"),
        ("Ngā mihi, Łukasz ʻOfa", "Ngā mihi, Łukasz ʻOfa"),
    ],
)
def test_a_sentence_is_written_out_inline(typed: str, shown: str) -> None:
    assert sentence(typed) == shown


def test_an_empty_line_parts_paragraphs() -> None:
    assert paragraphs("One\nand a half\n\ntwo") == "<p>One\nand a half</p>\n<p>two</p>"


def test_a_word_is_marked_at_its_first_place_only() -> None:
    assert words_marked("The waiting list. Again the Waiting List.") == ["waiting list"]


def test_a_plural_counts_and_a_part_of_a_longer_word_does_not() -> None:
    assert words_marked("Waiting lists and lists") == ["Waiting lists", "lists"]
    assert words_marked("enlisted, listing, a stylist") == []


def test_the_longer_word_wins_where_two_begin() -> None:
    assert words_marked("a waiting list and a list") == ["waiting list", "list"]


@pytest.mark.parametrize(
    "text",
    [
        "# Waiting list",
        "`waiting list`",
        "```\nwaiting list\n```",
        "[waiting list](x.md)",
        "![waiting list](x.png)",
        '<h2 id="a">Waiting list</h2>',
        '<a href="#x">the waiting list</a>',
        "<svg><text>waiting list</text></svg>",
        '<p title="waiting list">no</p>',
        "| waiting list | x |",
        "https://example.org/list",
        "list@example.org",
        "[a]: list.md",
        "Text {: title='list' }",
    ],
)
def test_a_word_is_left_alone_where_a_link_would_break_something(text: str) -> None:
    assert WordMarks(GLOSSARY)(text) == text


def test_what_follows_a_heading_is_still_marked() -> None:
    assert words_marked("# Waiting list\n\nThe waiting list\n\n## More\n\nA list") == ["waiting list", "list"]


def test_a_tip_is_plain_text_and_cannot_leave_its_attribute() -> None:
    marked = WordMarks(GLOSSARY)("gap analysis; waiting list")
    assert 'data-tip="Says &#34;where&#34; &amp; what"' in marked
    assert 'data-tip="Who is next."' in marked


def test_a_meaning_that_names_another_word_is_not_marked_inside_the_tip() -> None:
    marked = WordMarks({"First": "Before the second.", "Second": "After the first."})("first second")
    assert marked.count("<a class=") == 2
    assert marked.count("data-tip") == 2


def test_a_word_that_an_earlier_text_of_the_page_held_is_not_marked_again() -> None:
    marks = WordMarks(GLOSSARY)
    assert "<a class=" in marks("A list.") and "<a class=" not in marks("A list.")
