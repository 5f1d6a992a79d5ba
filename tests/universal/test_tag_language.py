"""`.tag` files and their diagnostics."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triquetra.machines import InputError
from triquetra.machines.language import LanguageError
from triquetra.machines.tag import BitagSystem, TagSystem, load_tag, parse_tag

COLLATZ = """\
# a comment
tag collatz   # another
  "From a^n to a^(n/2) or \\"(3n+1)/2\\"."
  delete 2
  a -> b c
  b -> a
  c -> a a a
  halt h
  word a a a
"""


def test_a_tag_system():
    system = parse_tag(COLLATZ)
    assert system == TagSystem(
        productions=(("a", ("b", "c")), ("b", ("a",)), ("c", ("a", "a", "a"))), halting=("h",), initial=("a", "a", "a")
    )
    assert system.name == "collatz"
    assert system.documentation == 'From a^n to a^(n/2) or "(3n+1)/2".'


def test_a_bitag_system():
    system = parse_tag("bitag b\ne1 a1 -> a2 e2\ne1 a2 -> a1 a1 e1\nhalt e2\nword e1 a1 a2\n")
    assert system == BitagSystem(
        passive=("a1", "a2"),
        active=("e1",),
        halting=("e2",),
        productions=((("e1", "a1"), ("a2", "e2")), (("e1", "a2"), ("a1", "a1", "e1"))),
        initial=("e1", "a1", "a2"),
    )


def test_an_empty_production():
    assert parse_tag("tag t\na ->\nb->a").productions == (("a", ()), ("b", ("a",)))


def test_the_file_of_the_examples(request):
    system = load_tag(request.config.rootpath / "examples" / "collatz.tag")
    assert system.initial == ("a", "a", "a")


MISTAKES = {  # text: code, line:column, and a part of the message
    "": ("E103", "1:1", "no system begins here"),
    "a -> b\nb -> a": ("E103", "1:1", "no system begins here"),
    "tag t\na -> b\nb -> a\ntag u": ("E102", "4:1", "said twice"),
    "tag t\na -> b\nb -> a\nbitag u": ("E102", "4:1", "said twice"),
    "tag t\nword a\na -> a\nword a": ("E102", "4:1", "said twice"),
    "tag t": ("E104", "1:1", "no productions"),
    "tag t\na -> a\na -> a a": ("E102", "3:1", "`a` has two productions"),
    "tag t\na -> a\nhalt a": ("E102", "3:6", "halting letter `a` has a production"),
    "tag t\na b -> a": ("E105", "2:1", "starts with one letter"),
    "bitag t\ne -> e": ("E105", "2:1", "an active and a passive letter"),
    "tag t\na -> a z": ("E106", "2:8", "what letter `z` does"),
    "tag t\na -> a\nword a q": ("E106", "3:8", "what letter `q` does"),
    "tag t\ndelete x\na -> a": ("E107", "2:8", "`x` is not a number"),
    "tag t\ndelete 0\na -> a": ("E107", "2:8", "`0` is not a number"),
    "bitag t\ne a -> a e\ndelete 2": ("E107", "3:1", "no deletion number"),
    "bitag t\ne a -> e": ("E108", "1:1", "passive letters, then one active"),
    "tag t\na = b": ("E101", "2:1", "not finished"),
    "tag t\na -> -> b": ("E101", "2:6", "`->` does not fit"),
    'tag t\na -> b"': ("E101", "2:7", '`"` does not fit'),
    "tag": ("E101", "1:1", "not finished"),
    "tag t u": ("E101", "1:7", "`u` does not fit"),
    "dalete 3": ("E101", "1:1", "write `delete 2`"),
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_shown_at_its_place(text):
    code, place, message = MISTAKES[text]
    with pytest.raises(LanguageError) as caught:
        parse_tag(text, "file.tag")
    shown = str(caught.value)
    assert f"[{code}]" in shown
    assert f"file.tag:{place}" in shown
    assert message in shown
    assert "help: " in shown


def test_all_mistakes_are_shown_at_once():
    with pytest.raises(LanguageError) as caught:
        parse_tag("tag t\na -> z\ndelete x\na -> a\nfoo bar\n")
    assert re.findall(r"\[(E\d+)\]", str(caught.value)) == ["E106", "E107", "E102", "E101"]


def test_a_missing_file():
    with pytest.raises(InputError, match="no file"):
        load_tag("no-such-file.tag")


@given(st.lists(st.text(alphabet='ab ->"\\#tgh\n', max_size=12), max_size=8))
def test_any_text_is_a_system_or_a_language_error(lines):
    try:
        parse_tag("tag t\n" + "\n".join(lines))
    except LanguageError as error:
        assert "help: " in str(error)
