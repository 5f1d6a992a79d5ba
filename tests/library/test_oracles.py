"""The library's machines against plain Python, on inputs that nobody chose."""

import math
from itertools import islice, pairwise

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from triquetra.machines import Verdict, steps
from triquetra.machines.load import load
from triquetra.runtime import turing

MAX_STEPS = 2_000_000
PROGRAMS = {}


def run(name, *inputs):
    """What the machine is, and how it ends; it must halt in a halting state."""
    if name not in PROGRAMS:
        PROGRAMS[name] = load(f"@{name}").machine
    machine = PROGRAMS[name]
    outcome = turing.run(machine, *inputs, max_steps=MAX_STEPS)
    assert outcome.verdict is Verdict.HALTED, (name, inputs, outcome.verdict)
    return machine, outcome


def outputs(name, *inputs):
    machine, outcome = run(name, *inputs)
    return tuple(machine.spell(tape.cells) for tape in outcome.configuration.tapes)


def output(name, *inputs):
    return outputs(name, *inputs)[0]


def verdict(name, *inputs):
    machine, outcome = run(name, *inputs)
    return machine.verdicts[outcome.configuration.state]


def accepts(name, *inputs):
    answer = verdict(name, *inputs)
    assert answer in ("accept", "reject")
    return answer == "accept"


def bits(longest=10):
    return st.text("01", max_size=longest)


def words(letters, longest=10):
    return st.text(letters, max_size=longest)


def tallies(most=12):
    return st.integers(0, most)


def value(word):
    return int(word, 2) if word else 0


def binary(number, width=0):
    """Binary digits, at least `width` of them, and none for zero of width 0."""
    return f"{number:0{width}b}" if number or width else ""


# Binary numbers


@given(bits())
def test_increment(word):
    assert output("increment", word) == binary(value(word) + 1, len(word))


@given(bits())
def test_decrement(word):
    if value(word):
        assert output("decrement", word) == binary(value(word) - 1, 1)
        assert verdict("decrement", word) == "halt"
    else:
        assert output("decrement", word) == word
        assert verdict("decrement", word) == "underflow"


@given(bits(), bits())
def test_add(x, y):
    assert output("add", f"{x}+{y}") == binary(value(x) + value(y), max(len(x), len(y)))


@given(bits(), bits())
def test_two_tape_add(x, y):
    assert outputs("two-tape-add", x, y) == (binary(value(x) + value(y), max(len(x), len(y))), y)


@given(bits(), bits())
@example("", "")
def test_subtract(x, y):
    if value(x) < value(y):
        assert verdict("subtract", f"{x}-{y}") == "negative"
    else:
        assert output("subtract", f"{x}-{y}") == binary(value(x) - value(y), 1)


@given(bits(7), bits(7))
def test_multiply(x, y):
    assert output("multiply", f"{x}x{y}") == binary(value(x) * value(y), 1)


def compared(x, y):
    return "less" if x < y else "greater" if x > y else "equal"


@given(bits(), bits())
def test_compare(x, y):
    assert verdict("compare", f"{x}?{y}") == compared(value(x), value(y))


@given(bits())
def test_divisible_by_three(word):
    assert accepts("divisible-by-three", word) == (value(word) % 3 == 0)


@given(st.integers(0, 2000))
def test_gray_increment(number):
    def gray(n):
        return binary(n ^ (n >> 1))

    assert output("gray-increment", gray(number)) == gray(number + 1)


@given(st.integers(1, 400))
@example(27)
def test_collatz_stages(number):
    """Whenever the machine is about to halve, the next number of the sequence stands on its tape."""
    machine = load("@collatz").machine
    halve = machine.states.index("halve")
    seen = []
    for at in steps(machine, binary(number)):
        if at.state == halve:
            seen.append(value(machine.spell(at.tapes[0].cells)))
    expected = [number]
    while expected[-1] != 1:
        expected.append(expected[-1] // 2 if expected[-1] % 2 == 0 else 3 * expected[-1] + 1)
    assert seen == expected
    assert output("collatz", binary(number)) == "1"


def test_binary_counter_counts():
    machine = load("@binary-counter").machine
    shown = [
        machine.spell(at.tapes[0].cells)
        for at in islice(steps(machine), 3000)
        if machine.states[at.state] == "right" and at.read == (0,)
    ]
    assert len(shown) > 100
    assert shown == [binary(n) for n in range(len(shown))]


# Words


@given(bits())
def test_parity(word):
    assert output("parity", word) == word + str(word.count("1") % 2)


@given(words("ab"))
def test_majority(word):
    a, b = word.count("a"), word.count("b")
    assert verdict("majority", word) == ("a" if a > b else "b" if b > a else "tie")


@given(bits())
def test_copy(word):
    assert output("copy", word) == f"{word}={word}"


@given(words("abc"))
def test_reverse(word):
    assert output("reverse", word) == word[::-1]


@given(words("123"))
def test_sort(word):
    assert output("sort", word) == "".join(sorted(word))


@given(bits())
def test_one_way_shift(word):
    machine, outcome = run("one-way-shift", word)
    assert machine.spell(outcome.configuration.tapes[0].cells) == "$" + word
    assert outcome.configuration.tapes[0].origin == outcome.configuration.heads[0] == 0


@pytest.mark.parametrize(
    ("name", "letters"), [("palindrome", "ab"), ("two-tape-palindrome", "ab"), ("one-way-palindrome", "01")]
)
@given(st.data())
def test_palindromes(name, letters, data):
    half = data.draw(words(letters, 6))
    for word in (half + half[::-1], half + half[-2::-1], data.draw(words(letters))):
        assert accepts(name, word) == (word == word[::-1])


def test_two_tapes_take_the_time_that_is_documented():
    for n in range(8):
        assert run("two-tape-add", "1" * n, "1" * n)[1].steps == 2 * n + 2
    for half in ("", "a", "ab", "abba", "babba"):
        assert run("two-tape-palindrome", half + half[::-1])[1].steps == 6 * len(half) + 3


@given(words("abc", 9), st.integers(0, 5))
def test_anbncn(word, n):
    for each in (word, "a" * n + "b" * n + "c" * n, "a" * n + word):
        k = len(each) // 3
        assert accepts("anbncn", each) == (each == "a" * k + "b" * k + "c" * k)


def balanced(word, pairs):
    stack = []
    for sign in word:
        if sign in pairs:
            stack.append(pairs[sign])
        elif not stack or stack.pop() != sign:
            return False
    return not stack


@st.composite
def nested(draw, pairs):
    """A balanced word, then perhaps one sign in it changed."""
    word = draw(
        st.recursive(
            st.just(""),
            lambda inner: st.builds(
                lambda pair, a, b: pair[0] + a + pair[1] + b, st.sampled_from(sorted(pairs.items())), inner, inner
            ),
            max_leaves=8,
        )
    )
    if word and draw(st.booleans()):
        place = draw(st.integers(0, len(word) - 1))
        word = word[:place] + draw(st.sampled_from([*pairs, *pairs.values()])) + word[place + 1 :]
    return word


@given(nested({"(": ")"}) | words("()"))
def test_brackets(word):
    assert accepts("brackets", word) == balanced(word, {"(": ")"})


@given(nested({"(": ")", "[": "]"}) | words("()[]"))
def test_two_kinds_of_brackets(word):
    assert accepts("two-kinds-of-brackets", word) == balanced(word, {"(": ")", "[": "]"})


@given(bits(6), words("01=", 12))
def test_same_word(word, other):
    for each in (f"{word}={word}", f"{word}={other}", other):
        left, sign, right = each.partition("=")
        assert accepts("same-word", each) == (sign == "=" and left == right)


@given(words("ab", 4), words("ab", 12))
def test_find_word(word, text):
    assert accepts("find-word", word, text) == (word in text)


# Tallies


@given(tallies(), tallies())
def test_unary_arithmetic(x, y):
    a, b = "|" * x, "|" * y
    assert output("unary-add", f"{a}+{b}") == "|" * (x + y)
    assert output("unary-subtract", f"{a}-{b}") == "|" * max(x - y, 0)
    assert output("unary-multiply", f"{a}x{b}") == "|" * (x * y)
    assert verdict("unary-compare", f"{a}?{b}") == compared(x, y)


@given(tallies(), tallies(40))
def test_unary_divides(x, y):
    assert accepts("unary-divides", "|" * x + "/" + "|" * y) == (y % x == 0 if x else y == 0)
    assert accepts("unary-divides", "|" * x + "/" + "|" * (x * (y % 5)))


@given(tallies(70))
@example(64)
def test_power_of_two(n):
    assert accepts("power-of-two", "|" * n) == (n.bit_count() == 1)


@pytest.mark.parametrize("n", range(40))
def test_unary_prime(n):
    assert accepts("unary-prime", "|" * n) == (n > 1 and all(n % d for d in range(2, n)))


@given(tallies(15), tallies(15))
def test_gcd(x, y):
    if x and y:
        assert outputs("gcd", "|" * x, "|" * y) == ("|" * math.gcd(x, y),) * 2
    else:
        assert verdict("gcd", "|" * x, "|" * y) == "zero"


@given(tallies(100))
def test_unary_to_binary(n):
    assert output("unary-to-binary", "|" * n) == binary(n, 1)


@given(bits(6))
def test_binary_to_unary(word):
    assert output("binary-to-unary", word) == "|" * value(word)


@given(bits(24))
def test_binary_to_decimal(word):
    assert output("binary-to-decimal", word) == str(value(word))


# Decimal numbers


@given(st.integers(0, 10**6))
@example(999_999)
def test_decimal_increment(number):
    assert output("decimal-increment", str(number)) == str(number + 1)


@given(st.text("0123456789", max_size=4), st.sampled_from("+-x/"), st.text("0123456789", max_size=3))
@example("100", "/", "00")
@example("", "-", "")
@example("1", "-", "0001")
@example("999", "x", "999")
def test_calculator(left, sign, right):
    x, y = int(left or "0"), int(right or "0")
    assume(sign != "/" or y == 0 or x // y < 400)
    text = left + sign + right
    if sign == "-" and x < y:
        assert verdict("calculator", text) == "negative"
    elif sign == "/" and y == 0:
        assert verdict("calculator", text) == "division by zero"
    else:
        assert output("calculator", text) == str({"+": x + y, "-": x - y, "x": x * y}[sign] if sign != "/" else x // y)


# Machines that run something


def interpret(program, data, limit=3000):
    """The data of a P'' program at its end; `reject` where a bracket has no partner, None where it takes long."""
    cells = {place: int(digit) for place, digit in enumerate(data)}
    at = place = 0
    for _ in range(limit):
        if at == len(program):
            used = [p for p, cell in cells.items() if cell]
            return "".join(str(cells.get(p, 0) or "_") for p in range(min(used), max(used) + 1)) if used else ""
        sign, here = program[at], cells.get(place, 0)
        if sign in "+-":
            cells[place] = (here + (1 if sign == "+" else -1)) % 10
        place += {"<": -1, ">": 1}.get(sign, 0)
        way = 1 if sign == "[" and not here else -1 if sign == "]" and here else 0
        depth = way and 1
        while depth:
            at += way
            if not 0 <= at < len(program):
                return "reject"
            depth += way * {"[": 1, "]": -1}.get(program[at], 0)
        at += 1
    return None


@st.composite
def programs(draw):
    plain = st.text("+-<>", max_size=4)
    loops = st.recursive(plain, lambda part: st.lists(part, max_size=3).map("".join) | part.map("[{}]".format))
    return draw(loops | st.text("+-<>[]", max_size=8))


@given(programs(), st.text("123456789", max_size=3))
def test_p_double_prime(program, data):
    expected = interpret(program, data)
    assume(expected is not None)
    if expected == "reject":
        assert verdict("p-double-prime", program, data) == "reject"
    else:
        assert outputs("p-double-prime", program, data) == (program, expected, "")


@pytest.mark.parametrize("rule", [90, 110])
@given(bits(8), st.integers(0, 8))
def test_cellular_automata(rule, row, generations):
    cells = row
    for _ in range(generations):
        padded = f"00{cells}00"
        cells = "".join(str(rule >> int(padded[i : i + 3], 2) & 1) for i in range(len(cells) + 2))
    assert outputs(f"rule-{rule}", row, "|" * generations) == (cells, "")


@given(st.lists(st.sampled_from([("nickel", 5), ("dime", 10), ("quarter", 25)]), max_size=6))
def test_vending_machine(coins):
    paid = sum(worth for _, worth in coins)
    expected = "exact" if paid == 20 else "change" if paid > 20 else "more"
    assert verdict("vending-machine", " ".join(name for name, _ in coins)) == expected


# Machines that never halt


def figures(name, after):
    """What Turing calls the figures: the digits on the tape after so many steps, from the left."""
    machine = load(f"@{name}").machine
    outcome = turing.run(machine, max_steps=after)
    assert outcome.verdict is Verdict.STEP_LIMIT
    return "".join(each for each in machine.spell(outcome.configuration.tapes[0].cells) if each in "01")


def test_turing_1936():
    assert figures("turing-1936", 4000) == "01" * 1000


def test_turing_1936_second():
    expected = "0" + "".join("0" + "1" * n for n in range(1, 60))
    shown = figures("turing-1936-second", 10_000)
    assert len(shown) > 150
    assert expected.startswith(shown)


def test_never_halts_turns_at_ever_greater_distance():
    machine = load("@never-halts").machine
    turns = [at.heads[0] for at in islice(steps(machine), 5000) if at.read == (0,)]
    assert len(turns) > 50
    assert turns == sorted(turns, key=abs)
    assert all(one * other <= 0 for one, other in pairwise(turns))
