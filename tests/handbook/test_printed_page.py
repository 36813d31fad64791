"""What stands in a chapter, written as Markdown, stands on paper: each kind of block, and each piece of a line."""

from __future__ import annotations

from typing import Any

import pytest
from markdown import Markdown

from schemebook.handbook.html_tree import parse_html
from schemebook.handbook.printed_line import Walk
from schemebook.handbook.printed_links import links_of
from schemebook.handbook.printed_page import flow, printed_page

EXTENSIONS = ["abbr", "attr_list", "def_list", "fenced_code", "footnotes", "md_in_html", "tables", "toc"]


THERE = parse_html('<h2 id="end">End</h2>')


def walked(markdown: str, pictures: dict[str, str] | None = None, site: str = "") -> tuple[Walk, list[Any]]:
    tree = parse_html(Markdown(extensions=EXTENSIONS).convert(markdown))
    walk = Walk("here", links_of({"here": tree, "there": THERE}, site), flow, pictures or {})
    return walk, printed_page(tree, walk)


def blocks(markdown: str, **given: Any) -> list[Any]:
    return walked(markdown, **given)[1]


def line(markdown: str, **given: Any) -> list[Any]:
    """The pieces of the only paragraph."""
    (found,) = blocks(markdown, **given)
    assert found["k"] == "p"
    return list(found["c"])


def kinds(markdown: str) -> list[str]:
    return [one["k"] for one in blocks(markdown)]


@pytest.mark.parametrize(
    ("markdown", "kind"),
    [
        ("Words.", "p"),
        ("## Heading", "heading"),
        ("- one\n- two", "bullets"),
        ("1. one\n2. two", "numbers"),
        ("Word\n: Its meaning.", "terms"),
        ("> Said.", "quote"),
        ("```\nx = 1\n```", "listing"),
        ("a | b\n--|--\n1 | 2", "table"),
        ("* * *", "across"),
        ('<div class="admonition note"><p class="admonition-title">Note</p><p>Words.</p></div>', "callout"),
        ("<details><summary>More</summary>Words.</details>", "callout"),
        ("<figure><p>Words.</p><figcaption>Under it.</figcaption></figure>", "figure"),
    ],
)
def test_each_kind_of_block_is_known(markdown: str, kind: str) -> None:
    assert kinds(markdown) == [kind]


def test_words_beside_blocks_are_paragraphs_of_their_own() -> None:
    found = blocks("<div>Before <b>it</b>.<p>It.</p>After.</div>")
    assert [one["c"] for one in found] == [["Before ", {"k": "strong", "c": ["it"]}, "."], ["It."], ["After."]]


def test_an_element_that_paper_cannot_show_is_named_and_its_words_are_kept() -> None:
    walk, found = walked("<video>Moving <em>things</em></video>\n\nRound <button>Press</button> here.")
    assert walk.unknown == {"video", "button"}
    assert "Press" in str(found) and "Moving" in str(found)


def test_spaces_show_as_on_a_page() -> None:
    assert line("One\ntwo  *three* four") == ["One two ", {"k": "em", "c": ["three"]}, " four"]
    assert line("One<br>\n two") == ["One", {"k": "br"}, "two"]


def test_a_heading_goes_at_most_one_level_deeper_than_the_one_before() -> None:
    assert [one["level"] for one in blocks("# One\n\n#### Four\n\n## Two\n\n#### Four")] == [1, 2, 2, 3]


@pytest.mark.parametrize(
    ("address", "place"),
    [("there.md#end", "there#end"), ("there.html#gone", "there#"), ("there.md", "there#"), ("#", "here#")],
)
def test_a_link_leads_to_a_place_in_the_pdf_or_to_the_page_that_holds_it(address: str, place: str) -> None:
    assert line(f"[x]({address})")[0]["to"] == place


def test_a_link_to_a_page_that_is_not_there_is_words() -> None:
    assert line("[x](nowhere.md)") == ["x"]


def test_a_link_to_a_file_has_its_name_and_an_address_where_the_site_has_one() -> None:
    assert line("[the form](forms/a.pdf)") == [{"k": "link", "file": "a.pdf", "c": ["the form"]}]
    (found,) = line("[the form](forms/a.pdf)", site="https://example.org/x/")
    assert found["url"] == "https://example.org/x/forms/a.pdf"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"])
def test_an_address_that_is_none_of_ours_is_no_link(address: str) -> None:
    assert line(f'<p><a href="{address}">words</a></p>') == ["words"]


def test_an_address_is_printed_unless_it_is_what_the_link_says() -> None:
    assert line("[us](https://example.org/)")[0]["printed"] is True
    assert line("[example.org](https://www.example.org/)")[0]["printed"] is False


def test_a_footnote_stands_where_it_is_first_referred_to() -> None:
    found = blocks("One[^a] and again[^a].\n\n[^a]: The note.")
    first, again = found[0]["c"][1], found[0]["c"][3]
    assert (first["k"], again["k"], first["id"]) == ("note", "note-again", again["id"])
    assert first["c"] == ["The note."]
    assert len(found) == 1


def test_an_abbreviation_is_explained_once() -> None:
    assert line("CPD and CPD.\n\n*[CPD]: training") == ["CPD (training) and CPD."]


def test_a_picture_says_what_it_shows_and_one_that_only_decorates_says_nothing() -> None:
    (shown,) = blocks("![The lamp](lamp.svg)", pictures={"lamp.svg": "picture-0.svg"})
    assert (shown["k"], shown["file"], shown["alt"]) == ("picture", "picture-0.svg", "The lamp")
    assert blocks("![](lamp.svg)", pictures={"lamp.svg": "picture-0.svg"})[0]["alt"] == ""


def test_a_picture_that_is_not_there_leaves_its_words() -> None:
    assert blocks("![The lamp](gone.svg)")[0] == {"k": "picture", "file": None, "alt": "The lamp"}


def test_a_table_keeps_its_heads_its_spans_and_its_alignment() -> None:
    (found,) = blocks("Name | Number\n--- | ---:\nOne | 1")
    assert [[cell["head"] for cell in row] for row in (*found["head"], *found["body"])] == [
        [True, True],
        [False, False],
    ]
    assert found["body"][0][1]["align"] == "right"
    (found,) = blocks('<table><tr><th rowspan="2">A<td>1<tr><td>2</table>')
    assert [[cell["rows"] for cell in row] for row in found["body"]] == [[2, 1], [1]]


def test_a_head_as_wide_as_its_table_stands_over_the_rows_below_it() -> None:
    (found,) = blocks(
        "<table><thead><tr><th>A<th>B</thead><tr><th colspan=2>Group<tr><td>1<td>2<tr><th>Row<td>3</table>"
    )
    assert found["over"] == [True, False, False]


def test_rows_beside_one_head_are_kept_together_while_they_fit_on_a_sheet() -> None:
    def group(rows: int, words: str = "word") -> bool:
        beside = f"<td>{words}<tr>" * (rows - 1)
        (found,) = blocks(f"<table><tr><th rowspan={rows}>Head{beside}<td>last</table>")
        return not found["body"][0][0]["long"]

    assert [group(20), group(30), group(12, "word " * 30)] == [True, False, False]


def test_columns_are_as_wide_as_their_words_need() -> None:
    (short,) = blocks("Name | Number\n--- | ---\nOne | 1")
    assert (short["widths"], short["wide"]) == ([0.0, 1.0], False)
    (long,) = blocks(f"A | B | C\n--- | --- | ---\nOne | {'word ' * 40} | {'word ' * 10}")
    assert long["wide"] and long["widths"][0] == 0 and long["widths"][1] > long["widths"][2] > 0


def test_a_space_that_does_not_break_is_a_space_on_paper() -> None:
    assert line("5\u00a0km &nbsp;on") == ["5 km on"]


def test_a_word_that_no_line_holds_may_be_parted() -> None:
    assert line("word " + "x" * 46) == ["word " + "x" * 46]
    (long,) = line("word " + "x" * 47)
    assert long.replace("\u00ad", "") == "word " + "x" * 47
    assert max(map(len, long.split("\u00ad"))) <= 46
    (table,) = blocks(f"A | B\n--- | ---\n{'x' * 24} | b")
    assert table["body"][0][0]["c"][0]["c"] == ["\u00ad".join(["x" * 12] * 2)]


def test_what_html_closes_by_itself_is_closed() -> None:
    (found,) = blocks("<ul><li>One<li>Two<ul><li>Three</ul></ul>")
    assert [[part["k"] for part in item] for item in found["items"]] == [["p"], ["p", "bullets"]]


def test_what_only_a_screen_shows_is_left_out() -> None:
    assert blocks('<p class="sb-screen">Press.</p><p hidden>Gone.</p><script>1</script>') == []
