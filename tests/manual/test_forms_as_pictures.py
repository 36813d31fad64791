"""The manual shows each page of each edition of a published form once."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "generator" / "manual"))
import forms_as_pictures  # noqa: E402

PUBLISHED = ROOT / "forms" / "published"


def test_every_edition_is_shown_and_a4_comes_first() -> None:
    shown = forms_as_pictures.blanks(PUBLISHED)
    assert sorted(one.path for one in shown) == sorted(PUBLISHED.glob("*/*.pdf"))
    first = {(one.scheme, one.form): one.edition for one in reversed(shown)}
    assert set(first.values()) == {"a4"}


@pytest.mark.parametrize("edition", ["a4", "large-print"])
def test_each_page_is_a_picture_with_its_name(edition: str) -> None:
    blank = next(one for one in forms_as_pictures.blanks(PUBLISHED) if one.edition == edition)
    pages = json.loads(blank.path.with_suffix(".json").read_text("utf-8"))["pages"]
    pictures = list(forms_as_pictures.pages_of(blank))
    assert len(pictures) == len(set(pictures)) == pages
    names = [f"{at}.png" for at in range(pages)]
    text = forms_as_pictures.written([(blank, names)])
    assert [text.count(f'src="{name}"') for name in names] == [1] * pages
    assert f"{blank.title}, {edition}, page {pages}" in text
