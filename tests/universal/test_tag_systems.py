"""Tag and bi-tag systems by themselves."""

from itertools import islice

import pytest

from triquetra.machines.tag import BitagSystem, TagError, TagSystem, words

COLLATZ = TagSystem(productions=(("a", ("b", "c")), ("b", ("a",)), ("c", ("a", "a", "a"))), initial=("a",) * 3)


def test_trajectories_of_the_corpus(known):
    system, trajectory = known
    assert list(words(system)) == trajectory


@pytest.mark.parametrize("number", range(2, 20))
def test_collatz_words_of_one_letter_are_the_collatz_sequence(number):
    lengths = [len(word) for word in words(COLLATZ, ("a",) * number) if set(word) == {"a"}]
    sequence = [number]
    while sequence[-1] > 1:
        n = sequence[-1]
        sequence.append((3 * n + 1) // 2 if n % 2 else n // 2)
    assert lengths == sequence


def test_a_system_may_run_for_ever():
    system = TagSystem(productions=(("a", ("a", "a")),), initial=("a", "a"))
    assert len(list(islice(words(system), 100))) == 100


def test_deletion_numbers_other_than_two():
    system = TagSystem(deletion=3, productions=(("0", ("0", "0")), ("1", ("1", "1", "0", "1"))), initial=tuple("10010"))
    assert ["".join(word) for word in islice(words(system), 4)] == ["10010", "101101", "1011101", "11011101"]


def test_text_of_words():
    assert COLLATZ.word("a b\tc") == COLLATZ.word("abc") == ("a", "b", "c")
    assert COLLATZ.spell(("a", "b")) == "ab"
    long = TagSystem(productions=(("a1", ()), ("a2", ("a1",))))
    assert long.word("a1 a2") == ("a1", "a2")
    assert long.spell(("a1", "a2")) == "a1 a2"


PRODUCTION = ((("e", "a"), ("a", "e")),)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: TagSystem(productions=()), "at least one production"),
        (lambda: TagSystem(deletion=0, productions=(("a", ()),)), "deletion number 0"),
        (lambda: TagSystem(productions=(("a", ("b",)),)), "letter 1 is `b`"),
        (lambda: TagSystem(productions=(("a", ()), ("a", ()))), "defined twice"),
        (lambda: TagSystem(productions=(("a", ()),), halting=("a",)), "defined twice"),
        (lambda: TagSystem(productions=(("a b", ()),)), "has a space"),
        (lambda: TagSystem(productions=(("a", ()),), initial=("z",)), "letter 1 is `z`"),
        (lambda: COLLATZ.word("abz"), "letter 3 is `z`"),
        (lambda: BitagSystem(passive=(), active=("e",), halting=(), productions=()), "passive and active letters"),
        (lambda: BitagSystem(passive=("a",), active=("e",), halting=(), productions=()), "`e a` has no production"),
        (lambda: BitagSystem(passive=("a",), active=("e",), halting=(), productions=PRODUCTION * 2), "two productions"),
        (
            lambda: BitagSystem(passive=("a",), active=("e",), halting=(), productions=((("e", "a"), ("e",)),)),
            "passive letters, then one active",
        ),
        (
            lambda: BitagSystem(passive=("a",), active=("e",), halting=(), productions=PRODUCTION, initial=("a",)),
            "has 0 active letters",
        ),
    ],
)
def test_what_is_not_well_formed_is_refused(make, message):
    with pytest.raises(TagError, match=message):
        make()
