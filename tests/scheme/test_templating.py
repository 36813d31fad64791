import time

import pytest

from schemebook.errors import Place
from schemebook.scheme.templating import MOST_ROUNDS, TemplateError, render_text

PLACE = Place("docs/demo/a.md", 10, 3)


def rendered(text: str, **facts: object) -> str:
    return render_text(text, facts, PLACE)


def problem_of(text: str, **facts: object) -> tuple[str, int]:
    with pytest.raises(TemplateError) as caught:
        rendered(text, **facts)
    return caught.value.found.kind, caught.value.found.place.line


def test_facts_loops_and_conditions_are_put_in() -> None:
    text = "{% for d in duties %}- {{ d }}\n{% endfor %}{% if short %}{{ short|upper }}{% endif %}"
    assert rendered(text, duties=["ask", "listen"], short="x") == "- ask\n- listen\nX"


def test_text_without_braces_comes_back_as_it_is() -> None:
    assert rendered("100 % of it\n") == "100 % of it\n"


@pytest.mark.parametrize(
    "text",
    [
        "{{ 10**(10**9) }}",
        "{{ 'A'*10**10 }}",
        "{{ 'a'.ljust(10000000000) }}",
        "{% set a = 'x' %}",
        "{% macro a() %}{% endmacro %}",
        "{% for a in x recursive %}{{ loop(a) }}{% endfor %}",
        "{% include 'secret' %}",
        "{{ 'a' ~ 'b' }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ _counted }}",
    ],
)
def test_what_can_grow_without_bound_is_refused_at_once(text: str) -> None:
    start = time.monotonic()
    assert problem_of(text, x=[1])[0] == "not-taken"
    assert time.monotonic() - start < 2


@pytest.mark.parametrize(
    "text",
    [
        "{{ x|join(x|join(x|join(x|join(x|join(x))))) }}",
        "{% for a in x %}{% for b in x %}{% for c in x %}" + "y" * 500 + "{% endfor %}{% endfor %}{% endfor %}",
        "{{ " + " + ".join(["x|join(x|join(x|join(x)))"] * 20) + " }}",
    ],
    ids=["joins of joins", "text in loops", "sums of joins"],
)
def test_a_text_does_not_grow_past_its_letters(text: str) -> None:
    assert problem_of(text, x="z" * 20)[0] == "too-many-letters"


def test_nested_loops_end_after_their_rounds() -> None:
    deep = "{% for a in x %}" * 9 + "." + "{% endfor %}" * 9
    start = time.monotonic()
    assert problem_of(deep, x=list(range(100)))[0] == "too-many-rounds"
    assert time.monotonic() - start < 2
    assert rendered("{% for a in x %}.{% endfor %}", x=range(MOST_ROUNDS)) == "." * MOST_ROUNDS


def test_python_cannot_be_reached() -> None:
    kinds = {
        problem_of(text, x="a")[0] for text in ("{{ x.__class__ }}", "{{ x.__class__.__mro__ }}", "{{ x|attr('y') }}")
    }
    assert kinds <= {"value", "unknown", "no-filter"}


def test_a_misspelt_fact_is_told_with_its_line_and_the_nearest_one() -> None:
    with pytest.raises(TemplateError) as caught:
        rendered("one\ntwo {{ contct }}", contact="x")
    assert (caught.value.found.kind, caught.value.found.place.line) == ("unknown-near", 11)
    assert "'contact'" in caught.value.found.to_do


def test_a_missing_part_of_a_fact_is_told() -> None:
    assert problem_of("\n{{ contact.emial }}", contact={"email": "x"}) == ("unknown-near", 11)
    assert problem_of("\n{{ contact.zzzz }}", contact={"email": "x"}) == ("unknown", 11)
    assert problem_of("\n{{ contact.email.first }}", contact={"email": "x"}) == ("no-parts", 11)


def test_an_open_brace_is_told_with_its_line() -> None:
    assert problem_of("a\nb\n{{ x ") == ("syntax", 12)
