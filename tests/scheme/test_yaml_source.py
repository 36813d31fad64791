"""YAML stays what was typed, knows where everything stands, and cannot be made to hang."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemebook.errors import Place
from schemebook.scheme.yaml_source import DEPTH, LONGEST_FILE, MOST_NODES, YamlSource, parse_yaml, read_yaml

FILE = "a.yml"


def parsed(text: str) -> YamlSource:
    return parse_yaml(text, FILE)


def kinds(source: YamlSource) -> list[str]:
    return [found.kind for found in source.problems]


@pytest.mark.parametrize(
    "word",
    [
        "no",
        "on",
        "off",
        "yes",
        "y",
        "null",
        "~",
        "12:30",
        "0123",
        "1.10",
        "1e3",
        "0x1F",
        "2026-01-31",
        "True",
        ".5",
        "+1",
    ],
)
def test_what_was_typed_stays_that_word(word: str) -> None:
    assert parsed(f"a: {word}\nb: [{word}]\n").data == {"a": word, "b": [word]}


def test_a_key_that_yaml_would_guess_about_stays_a_word() -> None:
    assert parsed("no: a\n12: b\n2026-01-31: c\n").data == {"no": "a", "12": "b", "2026-01-31": "c"}


def test_an_empty_value_is_none_and_a_quoted_one_is_empty_text() -> None:
    assert parsed("a:\nb: ''\nc: \"\"\nd: # a remark\n").data == {"a": None, "b": "", "c": "", "d": None}


def test_blocks_of_text_keep_or_fold_their_lines() -> None:
    assert parsed("a: |\n  one\n  two\nb: >\n  one\n  two\n").data == {"a": "one\ntwo\n", "b": "one two\n"}


def test_every_key_and_value_knows_its_line_and_column() -> None:
    source = parsed("form: a\nsections:\n  - title: x\n    fields:\n      - {id: b, label: 'c'}\n")
    field = ("sections", 0, "fields", 0)
    assert source.place(("form",), key=True) == Place(FILE, 1, 1)
    assert source.place(("form",)) == Place(FILE, 1, 7)
    assert source.place(field) == Place(FILE, 5, 9)
    assert source.place((*field, "label"), key=True) == Place(FILE, 5, 17)
    assert source.place((*field, "label")) == Place(FILE, 5, 24)


def test_what_is_not_there_has_the_place_of_what_is_around_it() -> None:
    source = parsed("a:\n  b: c\n")
    assert source.place(("a", "missing", 3)) == source.place(("a",)) == Place(FILE, 2, 3)
    assert source.place(("nothing",)) == Place(FILE, 1, 1)


def test_columns_count_letters_and_not_bytes() -> None:
    assert parsed("ā: {Ōtautahi: x, b: y}\n").place(("ā", "b"), key=True) == Place(FILE, 1, 18)


def test_a_key_that_stands_twice_is_told_at_the_second_and_the_first_counts() -> None:
    source = parsed("a: one\nb: x\na: two\n")
    assert source.data == {"a": "one", "b": "x"}
    (found,) = source.problems
    assert (found.kind, found.place) == ("duplicate-key", Place(FILE, 3, 1))
    assert "line 1" in found.what


def test_reading_goes_on_behind_a_duplicate_key() -> None:
    source = parsed("a: one\na: {c: 1, c: 2}\nd: &x e\nf: *x\nd: g\n")
    assert kinds(source) == ["duplicate-key", "duplicate-key", "duplicate-key"]
    assert source.data == {"a": "one", "d": "e", "f": "e"}


def test_an_alias_stands_for_its_anchor() -> None:
    assert parsed("a: &one {x: y}\nb: *one\n").data == {"a": {"x": "y"}, "b": {"x": "y"}}


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        ("a: b\n---\nc: d\n", "several-documents", 2),
        ("a: !!int 3\n", "tag", 1),
        ("a: !!python/object/apply:os.system [ls]\n", "tag", 1),
        ("a: {b: c}\n<<: {d: e}\n", "merge-key", 2),
        ("a: *nowhere\n", "no-anchor", 1),
        ("a: &a [*a]\n", "no-anchor", 1),
        ("? [a, b]\n: c\n", "key-is-no-word", 1),
        ("{a: b}: c\n", "key-is-no-word", 1),
        ("a: b\n  c: d\n", "too-far-in", 2),
        ("a:\n\t- b\n", "tab-in-indent", 2),
        ("a: 'b\n", "quotes-not-closed", 1),
        ("a: b\nc: d\x00\n", "bad-character", 2),
        ('a: b\nc: "d\\0"\n', "hidden-character", 2),
        ('a: b\nc: "\\x1b[2J"\n', "hidden-character", 2),
        ("a: " + "[" * (DEPTH + 2) + "]" * (DEPTH + 2), "too-deep", 1),
        ("a: [" + "x, " * MOST_NODES + "]", "alias-bomb", 1),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else None,
)
def test_what_is_refused_is_told_at_its_line(text: str, kind: str, line: int) -> None:
    source = parsed(text)
    assert (source.problems[-1].kind, source.problems[-1].place.line) == (kind, line)


def test_aliases_count_as_much_as_what_they_stand_for() -> None:
    row = "[" + ", ".join(["x"] * 1000) + "]"
    fine = f"a: &a {row}\nb: [" + ", ".join(["*a"] * 10) + "]\n"
    bomb = f"a: &a {row}\nb: [" + ", ".join(["*a"] * 100) + "]\n"
    assert kinds(parsed(fine)) == []
    assert kinds(parsed(bomb)) == ["alias-bomb"]


def test_a_file_is_read_with_or_without_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_bytes("\ufeffa: Kāinga\n".encode())
    assert read_yaml(path, FILE).data == {"a": "Kāinga"}


def test_lines_of_windows_count_once(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_bytes(b"a: b\r\nc: d\r\ne: f\r\n")
    assert read_yaml(path, FILE).place(("e",)) == Place(FILE, 3, 4)


@pytest.mark.parametrize(
    ("content", "kind", "line"),
    [
        (b"a: b\nc: \xff\n", "not-utf-8", 2),
        ("a: b\n".encode("utf-16"), "not-utf-8", 1),
        (b"a: b\n" * (LONGEST_FILE // 5 + 1), "file-too-long", 1),
    ],
    ids=["latin-1", "utf-16", "too long"],
)
def test_a_file_that_cannot_be_read_is_told_and_not_raised(
    tmp_path: Path, content: bytes, kind: str, line: int
) -> None:
    path = tmp_path / "a.yml"
    path.write_bytes(content)
    source = read_yaml(path, FILE)
    assert source.data is None
    assert [(found.kind, found.place.line) for found in source.problems] == [(kind, line)]


def test_a_file_that_is_not_there_is_told_and_not_raised(tmp_path: Path) -> None:
    assert kinds(read_yaml(tmp_path / "none.yml")) == ["file-not-read"]
    assert kinds(read_yaml(tmp_path)) == ["file-not-read"]


def test_an_empty_file_is_nothing() -> None:
    assert parsed("").data is None
    assert parsed("# only a remark\n").data is None


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
PLAIN = st.recursive(
    st.none() | WORDS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(WORDS.filter(lambda key: key != "<<"), inner, max_size=4)
    ),
)


def as_flow(data: Any) -> str:
    """YAML text with every word in quotation marks."""
    if data is None:
        return ""
    if isinstance(data, str):
        return '"' + data.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(data, list):
        return "[" + "".join(f"{as_flow(one) or '~'}, " for one in data) + "]"
    return "{" + "".join(f"{as_flow(key)}: {as_flow(value) or '~'}, " for key, value in data.items()) + "}"


def with_tildes(data: Any) -> Any:
    if data is None:
        return "~"
    if isinstance(data, list):
        return [with_tildes(one) for one in data]
    return {key: with_tildes(value) for key, value in data.items()} if isinstance(data, dict) else data


@given(PLAIN)
def test_any_data_comes_back_as_it_was_written(data: Any) -> None:
    source = parsed(as_flow({"top": with_tildes(data)}))
    refused = {"\ufeff", "\ufffe", "\uffff"}
    if source.problems:  # only the few signs that YAML does not take
        assert kinds(source) == ["bad-character"] or refused & set(as_flow(data))
    else:
        assert source.data == {"top": with_tildes(data)}


@given(st.text(max_size=200) | st.text("ab:-[]{}&*!|>'\"#?, \n\t", max_size=60))
def test_no_text_whatever_raises_anything(text: str) -> None:
    source = parsed(text)
    assert source.data is None or not isinstance(source.data, bool | int | float)
    for found in source.problems:
        assert found.place.file == FILE
        assert found.to_do
