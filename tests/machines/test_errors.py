"""What a message repeats of somebody's input is short, whatever the input is."""

import time

import pytest

from triquetra.machines import MachineError, from_busy_beaver, shorten


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("as it is", "as it is"), ("", ""), ("x" * 60, "x" * 60), ("x" * 61, "x" * 59 + "…"),
        (["a", 1, None, True], '["a", 1, null, true]'), ({"é": 0.5}, '{"é": 0.5}'), ((1, 2), "[1, 2]"),
        (list(range(10**6)), str(list(range(30)))[:59] + "…"), ([[]] * 10**6, ("[" + "[], " * 20)[:59] + "…"),
        ({"a": "x" * 10**7}, '{"a": "' + "x" * 52 + "…"), (7, "7"),
    ],
)  # fmt: skip
def test_shortened(value, text):
    begun = time.process_time()
    assert shorten(value) == text
    assert time.process_time() - begun < 1


def test_a_deep_value_is_not_followed_to_its_end():
    value: list = []
    for _ in range(100_000):
        value = [value]
    assert shorten(value) == "[" * 59 + "…"
    while value:  # Python frees nested lists recursively
        value = value[0]


def test_an_input_that_does_not_fit_is_not_repeated_at_length():
    with pytest.raises(MachineError) as error:
        from_busy_beaver("1RB1LB_1LA1RZ").word(["y" * 10**6])
    assert len(str(error.value)) < 500
