"""Scheme and form in, everything that the sheet prints out: words, colours and order, as data for the templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from schemebook.form_pdf.arrangement import rows_of
from schemebook.form_pdf.printed_fields import printed_fields, words_of_condition
from schemebook.form_pdf.sheet import Sheet
from schemebook.form_pdf.text_measure import lines_needed, text_width
from schemebook.scheme.colour import palette
from schemebook.scheme.fields import BaseField, Signature
from schemebook.scheme.form import Form, Section
from schemebook.scheme.model import Scheme, leading_roles
from schemebook.scheme.words import say

_BLACK_AND_WHITE = "#3A3A3A"


def printed_form(
    scheme: Scheme, form: Form, sheet: Sheet, titles: Mapping[str, str], logo: Path | None
) -> dict[str, Any]:
    """What `form.typ` prints: all but what is known only once the boxes are laid out (stamp.py).

    titles: form id -> title, of all forms of the scheme. logo: an SVG or PNG file, or None for the path's own sign.
    """
    return {
        **_sheet_parts(scheme, form, sheet, logo),
        "title": form.title,
        "filled-in-by": _filled_in_by(scheme, form),
        "instructions": [_balanced(words, sheet) for words in form.instructions],
        "send-together": _send_together(scheme, form, titles),
        "sections": [_section(scheme, form, section, sheet) for section in form.sections],
        "closing": _closing(scheme, form),
    }


def _sheet_parts(scheme: Scheme, form: Form, sheet: Sheet, logo: Path | None) -> dict[str, Any]:
    language, _, region = scheme.language.partition("-")
    words = ("optional", "send-together", "signature", "printed-name", "date-signed", "row-number")
    brand = (_BLACK_AND_WHITE, None) if sheet.greys else (scheme.branding.colour, scheme.branding.accent)
    return {
        "sheet": sheet.as_data() | {"text-width": sheet.text_width, "text-height": sheet.text_height},
        "palette": dict(palette(*brand).light),
        "words": {name: say(f"form_pdf.{name}") for name in words},
        "language": language,
        "region": region or None,
        "logo": None if sheet.greys else logo_data(logo),
        "scheme-name": _name(scheme, sheet),
        "path": _path(scheme, form, sheet),
        "ask": say("form_pdf.ask", address=scheme.contact.email or scheme.contact.telephone or scheme.contact.name),
        "form-words": _form_words(scheme, form, sheet),
        "page-words": say("form_pdf.page", page="{page}", pages="{pages}"),
    }


def _filled_in_by(scheme: Scheme, form: Form) -> str:
    roles = [scheme.roles[role].plural for role in form.completed_by if role in scheme.roles]
    return say("form_pdf.filled-in-by", roles=say("form_pdf.and").join(roles))


def _balanced(words: str, sheet: Sheet) -> dict[str, Any]:
    """A paragraph under the title, in a width that leaves no lonely word on its last line."""
    if text_width(words, sheet.intro) <= sheet.text_width - 1:
        return {"words": words, "width": sheet.text_width}
    widest = min(sheet.measure, sheet.text_width)
    if sheet.whole_width_only:
        return {"words": words, "width": widest}
    lines = lines_needed(words, sheet.intro, widest)
    narrow = next(at for at in range(60, round(widest) + 1) if lines_needed(words, sheet.intro, at) <= lines)
    return {"words": words, "width": min(narrow + 3.0, widest)}


def _name(scheme: Scheme, sheet: Sheet) -> str:
    """The scheme's name, or the short one where the header has no room for it."""
    fits = text_width(scheme.name, sheet.header_name, semibold=True) <= sheet.header_room
    return scheme.name if fits else scheme.short_name or scheme.name


def _form_words(scheme: Scheme, form: Form, sheet: Sheet) -> str:
    """Which form this is, in one line of the footer."""
    version = say("form_pdf.version", version=form.version)
    for name in (f"{scheme.short_name or scheme.name} {form.form}", form.form):
        if text_width(f"{name}, {version}", sheet.form_name) <= sheet.form_room:
            break
    return f"{name}, {version}"


def logo_data(file: Path | None) -> dict[str, Any] | None:
    """A logo for the tile of a page's header; None for the path's own sign."""
    if file is None:
        return None
    data = file.read_bytes()
    if file.suffix.lower() == ".svg":
        return {"format": "svg", "bytes": data.decode("utf-8")}
    return {"format": file.suffix.lower().lstrip("."), "bytes": list(data)}


def _path(scheme: Scheme, form: Form, sheet: Sheet) -> dict[str, Any] | None:
    """The scheme's stages as signs, and where this form comes in; None where no stage names it.

    In one column there is room for the stage's place alone, not for what it is called.
    """
    here = scheme.stage_of(form.form)
    if here is None:
        return None
    first, second = leading_roles(scheme)
    signs = {**dict.fromkeys(second, "ring"), first: "dot", "both": "both"}
    stations = [signs.get(stage.who, "square") for stage in scheme.stages]
    together = [number for number, sign in enumerate(stations) if sign in ("both", "ring")]
    stage = scheme.stages[here]
    several = sum(form.form in one.forms for one in scheme.stages) > 1
    place = stage.place or say("form_pdf.stage-place", number=here + 1, count=len(stations))
    words = say("form_pdf.stages" if several else "form_pdf.stage", place=place, title=_in_a_sentence(stage.title))
    return {
        "stations": stations,
        "here": here,
        "joins": min(together) if scheme.pair and together else None,
        "words": place if sheet.whole_width_only else words,
    }


def _in_a_sentence(title: str) -> str:
    """With a small first letter, unless the word is written in capitals throughout."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _send_together(scheme: Scheme, form: Form, titles: Mapping[str, str]) -> list[str]:
    for stage in scheme.stages:
        wanted = stage.send_together
        if wanted and form.form in wanted.forms:
            return [
                say("form_pdf.this-form") if one == form.form else _in_a_sentence(titles[one]) for one in wanted.forms
            ] + list(wanted.enclosures)
    return []


def _section(scheme: Scheme, form: Form, section: Section, sheet: Sheet) -> dict[str, Any]:
    fields: Sequence[BaseField] = [one for one in section.fields if isinstance(one, BaseField)]
    return {
        "title": section.title,
        "notes": _whom_it_is_for(scheme, form, section),
        "intro": _intro(section.intro or ""),
        "rows": rows_of(printed_fields(scheme, form, fields, sheet), sheet),
    }


def _whom_it_is_for(scheme: Scheme, form: Form, section: Section) -> list[str]:
    """What stands under a part's heading: who answers it, and where all others go on."""
    if section.only_if is None:
        return [section.for_] if section.for_ else []
    who = section.for_ or words_of_condition(scheme, form, section.only_if)
    later = form.sections[form.sections.index(section) + 1 :]
    formal = scheme.branding.tone == "formal"
    ahead = [one.title for one in later if one.only_if != section.only_if]
    by_role = section.only_if.field == form.role_field
    said = say(
        "form_pdf.others-go-to" if by_role else "form_pdf.otherwise-go-to",
        formal=formal,
        title=ahead[0] if ahead else say("form_pdf.return-title", formal=formal),
    )
    return [f"{who.rstrip('.')}. {said}"]


def _intro(text: str) -> list[dict[str, Any]]:
    """The blocks under a heading: paragraphs parted by empty lines, and lists of lines that begin with a hyphen."""
    blocks: list[dict[str, Any]] = []
    parted = True
    for line in (line.strip() for line in text.splitlines()):
        if not line:
            parted = True
        elif line.startswith("- "):
            if parted or not blocks[-1]["items"]:
                blocks.append({"words": None, "items": []})
            blocks[-1]["items"].append(line[2:].strip())
            parted = False
        elif parted:
            blocks.append({"words": line, "items": []})
            parted = False
        elif blocks[-1]["items"]:
            blocks[-1]["items"][-1] += f" {line}"
        else:
            blocks[-1]["words"] += f" {line}"
    return blocks


def _closing(scheme: Scheme, form: Form) -> list[dict[str, Any]]:
    """How to send it back, and what happens to the answers."""
    formal = scheme.branding.tone == "formal"
    back: list[dict[str, Any]] = []
    if scheme.returns.how:
        back.append({"words": scheme.returns.how, "address": None})
    elif scheme.returns.email:
        sentence = say("form_pdf.return-email", formal=formal)
        back.append({"words": sentence + " ", "address": scheme.returns.email})
    if scheme.returns.post and not scheme.returns.how:
        signed = any(isinstance(field, Signature) for field in form.fields)
        address = ", ".join(line.strip().rstrip(",") for line in scheme.returns.post.splitlines() if line.strip())
        key = "form_pdf.return-post" if signed else "form_pdf.return-post-unsigned"
        sentence = say(key, formal=formal, address=address)
        back.append({"words": sentence, "address": None})
    data_use = form.data_use or scheme.data_protection.statement
    parts = [
        (say("form_pdf.return-title", formal=formal), back),
        (say("form_pdf.data-title", formal=formal), [{"words": data_use, "address": None}]),
    ]
    return [{"title": title, "paragraphs": paragraphs} for title, paragraphs in parts if paragraphs]
