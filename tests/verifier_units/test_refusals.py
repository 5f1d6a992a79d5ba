"""A refusal is a value; its words are made from its fields in one place, and never at length."""

from fractions import Fraction

import pytest

from triquetra.verifier.checker.refusal import TEXT, Fault, Refused, at_most, require

LONG = "x" * 10**6


def test_every_fault_has_its_words_and_they_are_short():
    assert set(TEXT) == set(Fault)
    assert len({text.format(place="p", found="f", wanted="w", json="j") for text in TEXT.values()}) == len(Fault)
    for fault in Fault:
        for value in (
            LONG,
            [LONG] * 9,
            [LONG, 10**5000],
            {LONG: LONG},
            Fraction(10**5000),
            10**4000,
            None,
            Fraction(1, 3),
        ):
            assert len(str(Refused(fault, LONG, value, value))) < 500


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (Refused(Fault.VALUE, "a: `b`", "1e-9", "a number"), 'a: `b` is "1e-9", not a number'),
        (Refused(Fault.VALUE, "a: `b`", "é" * 100, "a"), f'a: `b` is "{"é" * 58}…, not a'),
        (Refused(Fault.VALUE, "a: `b`", [1, None, {"c": True}], [2]), 'a: `b` is [1, null, {"c": true}], not [2]'),
        (Refused(Fault.NOT_JSON, "a", "x" * 61), f"a is not JSON: {'x' * 59}…"),
        (Refused(Fault.NOT_JSON, "a", "x" * 60), f"a is not JSON: {'x' * 60}"),
        (Refused(Fault.MARGIN, "p: state", Fraction(1, 3), Fraction(1, 2)), "p: state: the margin is only "
         "0.3333333333333333 nats, not 0.5"),
        (Refused(Fault.MARGIN, "p", Fraction(2**1000) - 1, Fraction(-(2**1000))), "p: the margin is only "
         "1.0715086071862673e+301 nats, not more than 2^1000"),
        (Refused(Fault.EMPTY), "the certificate proves nothing"),
        (Refused(Fault.OTHER, "machine", "a" * 64, "b" * 64), "the certificate is for another machine"),
        (Refused(Fault.MEMORY, "p" * 300, wanted="kept"), f"{'p' * 199}… may not be kept"),
        (Refused(Fault.MEMORY, "p" * 200, wanted="kept"), f"{'p' * 200} may not be kept"),
    ],
)  # fmt: skip
def test_words(refusal, words):
    assert str(refusal) == words


def test_a_place_may_be_within_another():
    refusal = Refused(Fault.ERROR, "state", Fraction(1), Fraction(2)).within("network, external tape")
    assert isinstance(refusal, Refused)
    assert refusal.place == "network, external tape: state"
    assert (refusal.fault, refusal.found, refusal.wanted) == (Fault.ERROR, 1, 2)
    assert refusal.args == (Fault.ERROR, "network, external tape: state", 1, 2)


def test_what_is_required():
    require(True, Fault.EMPTY)
    with pytest.raises(Refused) as refusal:
        require(False, Fault.VALUE, "place", 1, 2)
    assert refusal.value.args == (Fault.VALUE, "place", 1, 2)
    with pytest.raises(Refused) as refusal:
        require(False, Fault.EMPTY)
    assert refusal.value.args == (Fault.EMPTY, "", None, None)
    assert Refused(Fault.EMPTY).place == ""
    at_most(10, 10, "file", "things")
    with pytest.raises(Refused, match=r"^file: 1,001 things, but at most 1,000 are taken$") as refusal:
        at_most(1000, 1001, "file", "things")
    assert refusal.value.fault == Fault.TOO_MUCH
