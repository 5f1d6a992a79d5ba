"""Whatever the bytes: a program or an `InputError`, never another exception, and never a name of the grammar's."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from triquetra.machines import LanguageError, Test, parse
from triquetra.machines.language import decode, format_text, library_names, library_path, parse_syntax
from triquetra.machines.language.source import SourceText

DOCS = Path(__file__).parents[2] / "docs" / "language.md"
SEEDS = [
    *re.findall(r"```tm\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL),
    *(Path(library_path(name)).read_text("utf-8") for name in library_names()),
    *(path.read_text("utf-8", "replace") for path in (Path(__file__).parent / "diagnostics").glob("E0[12]*.tm")),
]
VOCABULARY = r"""
    machine macro blank start input symbols tapes one-way include test halt accept reject use undefined symbol state
    move accepts rejects halts as in at least runs forever steps leaves marks and -> => : , ( ) * # " "" "0" "\n" 0 1 _
    x a b c L R S 2 33 a: b: c: f( f(0,a)
    f(0,a).b a..c (a b) (a..c) 0..9 piece → // '_' a.b
    //x ; --> 'x' “x”
"""
WORDS = [*re.findall(r"\S+", VOCABULARY), *["\n"] * 4]
TERMINALS = re.compile(r"\b(_?ANON|LPAR|RPAR|WORD|STRING|LABEL|ARROW|GIVES|COMMENT|END|Token|Tree|lark)\b|\$END")


def survive(text: str) -> None:
    """Parse, lay out and draw; what is laid out is laid out for good and means the same."""
    try:
        program = parse(text)
    except LanguageError as error:
        said = re.sub(r"(?m)^ *\d* \|.*$|`[^`\n]*`", "", str(error))
        assert error.diagnostics
        assert not TERMINALS.search(said), said
        program = None
    syntax = parse_syntax(SourceText("<text>", text))
    if not syntax.problems:
        laid_out = format_text(text)
        assert format_text(laid_out) == laid_out
        if program:
            again = parse(laid_out)
            assert again.machine == program.machine
            assert [_meaning(test) for test in again.tests] == [_meaning(test) for test in program.tests]
            assert [each.code for each in again.test_errors] == [each.code for each in program.test_errors]


def _meaning(test: Test) -> Test:
    return replace(test, origin="", text="")


@given(st.text())
@example("\n" * 1000)
@example(":" * 50)
@example('"' * 51)
@example("a:" * 50)
@example("((((((((((")
def test_any_text(text: str) -> None:
    survive(text)


@given(st.lists(st.sampled_from(WORDS), max_size=60))
@settings(max_examples=300)
def test_any_words_of_the_language(words: list[str]) -> None:
    survive(" ".join(words))


@given(st.lists(st.sampled_from(WORDS), max_size=60))
@settings(max_examples=200)
def test_any_words_in_a_machine(words: list[str]) -> None:
    survive("machine m\nblank _\na: 0 1 -> R b\nb: " + " ".join(words))


@given(st.binary())
def test_any_bytes(raw: bytes) -> None:
    try:
        survive(decode(raw, "<bytes>"))
    except LanguageError as error:
        assert error.diagnostics[0].code == "E001"


@pytest.mark.parametrize("seed", range(40))
def test_mutated_files(seed: int) -> None:
    """Ten files a seed: characters, words and lines of real files deleted, doubled, swapped and replaced."""
    randomness = random.Random(seed)
    for _ in range(10):
        text = randomness.choice(SEEDS)
        for _ in range(randomness.randint(1, 6)):
            text = _mutated(text, randomness)
        survive(text)


def _mutated(text: str, randomness: random.Random) -> str:
    pattern = randomness.choice([r".", r"\S+", r"[^\n]*\n"])
    macros = re.findall(rf"{pattern}|[\s\S]", text)
    if not macros:
        return text
    place, other = randomness.randrange(len(macros)), randomness.randrange(len(macros))
    match randomness.randrange(4):
        case 0:
            del macros[place]
        case 1:
            macros.insert(other, macros[place])
        case 2:
            macros[place], macros[other] = macros[other], macros[place]
        case _:
            macros[place] = randomness.choice([*WORDS, chr(randomness.randrange(0x3000))])
    return "".join(macros)
