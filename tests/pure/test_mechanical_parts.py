"""The pure parts of the mechanical lifter: format strings, the C library's prototypes, names, the layout of objects."""

from __future__ import annotations

import random

import pytest

from irlens.mechanical.answers import Uncovered
from irlens.mechanical.convention import CONVENTIONS
from irlens.mechanical.data import quoted
from irlens.mechanical.float_compare import float_comparison
from irlens.mechanical.formats import count_arguments
from irlens.mechanical.image import Image
from irlens.mechanical.prototypes import NEVER_RETURN, PROTOTYPES
from irlens.mechanical.shapes import terms
from irlens.mechanical.values import Graph, from_entry


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        (b"", ""),
        (b"100%%\n", ""),
        (b"%d: %s\n", "ll"),
        (b"%-*.*f|%e", "lldd"),
        (b"%5.2lf %hhu %p %zu", "dlll"),
        (b"%m", ""),
        (b"%Lf", None),
        (b"%2$s", None),
        (b"%!", None),
    ],
)
def test_a_print_format_says_its_arguments(text: bytes, letters: str | None) -> None:
    assert count_arguments(text, scanning=False) == letters


@pytest.mark.parametrize(
    ("text", "letters"),
    [(b"%d %lf", "ll"), (b"%*d%s", "l"), (b"%[^]x]%n", "ll"), (b"%%", ""), (b"%5[a-z]", "l"), (b"%y", None)],
)
def test_a_scan_format_says_its_arguments(text: bytes, letters: str | None) -> None:
    assert count_arguments(text, scanning=True) == letters


def test_prototypes_are_written_in_known_letters() -> None:
    for name, prototype in PROTOTYPES.items():
        assert prototype.result in "pildfv", name
        assert set(prototype.arguments) <= set("pildf"), name
    assert PROTOTYPES["snprintf"].arguments == "plp"
    assert PROTOTYPES["snprintf"].variadic
    assert not PROTOTYPES["strlen"].variadic
    assert "abort" in NEVER_RETURN


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("main", "@main"),
        ("a.b$c", "@a.b$c"),
        ("foo.cold", "@foo.cold"),
        ("a b", '@"a b"'),
        ('q"\\', '@"q\\22\\5C"'),
    ],
)
def test_names_are_quoted_where_llvm_wants_it(name: str, text: str) -> None:
    assert quoted(name) == text


def test_a_sum_is_taken_apart() -> None:
    graph = Graph()
    a, b, c = (graph.pin("entry", (), 64) for _ in range(3))
    whole = graph.binary("sub", graph.binary("add", graph.binary("add", a, graph.const(-8, 64)), b), c)
    plus, minus, number = terms(whole)
    assert set(plus) == {a, b}
    assert minus == [c]
    assert number == -8


def test_the_frame_is_counted_from_the_entry() -> None:
    graph = Graph(stack_alignment=(8, 16))
    stack = graph.raw("sp", (), 64)
    below = graph.binary("add", stack, graph.const(-40, 64))
    assert from_entry(stack) == 0
    assert from_entry(below) == -40
    # `and rsp, -16` has a known result, since the entry stack pointer is 8 modulo 16.
    assert from_entry(graph.binary("and", below, graph.const(-16, 64))) == -40
    assert from_entry(graph.binary("and", stack, graph.const(-16, 64))) == -8
    assert from_entry(graph.binary("and", stack, graph.const(-32, 64))) is None


def test_conventions_do_not_pass_what_they_keep() -> None:
    for convention in CONVENTIONS.values():
        assert convention.stack in convention.kept
        assert not convention.kept & {*convention.integers, *convention.floats, *convention.results}
        assert not convention.kept & set(convention.scratch)


def test_bytes_that_are_no_object_are_refused() -> None:
    rng = random.Random(3)
    for length in (0, 4, 64, 500):
        for head in (b"", b"\x7fELF", b"\x7fELF\x02\x01\x01"):
            with pytest.raises(Uncovered, match=r"\.$"):
                Image(head + rng.randbytes(length))


@pytest.mark.parametrize("equal", [False, True])
@pytest.mark.parametrize("less", [False, True])
@pytest.mark.parametrize("greater", [False, True])
@pytest.mark.parametrize("unordered", [False, True])
def test_every_mixture_of_relations_is_a_comparison(
    equal: bool, less: bool, greater: bool, unordered: bool
) -> None:
    """The flags of a comparison, joined in every way, are one of LLVM's sixteen predicates."""
    graph = Graph(CONVENTIONS["x86_64"].stack_alignment)
    one, other = (graph.pin("entry", (), 64, ("r", place)) for place in (0x1200, 0x1240))
    flags = {
        "e": graph.raw("feq", (one, other), 1),
        "l": graph.raw("flt", (one, other), 1),
        "g": graph.raw("flt", (other, one), 1),
        "u": graph.raw("or", (graph.raw("fnan", (one,), 1), graph.raw("fnan", (other,), 1)), 1),
    }
    wanted = {"e": equal, "l": less, "g": greater, "u": unordered}
    value = graph.raw("and", (flags["e"], flags["l"]), 1)  # never, and of both numbers
    for relation, flag in flags.items():
        if wanted[relation]:
            value = graph.raw("or", (value, flag), 1)
    found = float_comparison(value)
    assert found is not None
    predicate, left, right = found
    assert {left, right} == {one, other}
    holds = {relation for relation, is_wanted in wanted.items() if is_wanted}
    if left is other:
        holds = {{"l": "g", "g": "l"}.get(relation, relation) for relation in holds}
    names = {
        "": "false", "e": "oeq", "g": "ogt", "eg": "oge", "l": "olt", "el": "ole", "gl": "one", "egl": "ord",
    }  # fmt: skip
    with_nan = {
        "": "uno", "e": "ueq", "g": "ugt", "eg": "uge", "l": "ult", "el": "ule", "gl": "une", "egl": "true",
    }  # fmt: skip
    ordered = "".join(sorted(holds - {"u"}))
    assert predicate == (with_nan if unordered else names)[ordered]
