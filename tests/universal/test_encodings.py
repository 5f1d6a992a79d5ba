"""Universal machines against known trajectories: every word is decoded from their tapes, in all three forms."""

from itertools import islice

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from triquetra.compiler import compile_machine
from triquetra.machines import InputError, Verdict
from triquetra.machines.tag import BitagSystem, TagSystem, parse_tag, words
from triquetra.machines.universal import (
    BITAG_MACHINES,
    TAG_MACHINES,
    UNIVERSAL_MACHINES,
    CannotEncode,
    Garbled,
    encode,
    load_universal,
)
from triquetra.machines.universal.embedding import Bracketed, Filled
from triquetra.runtime.cycles import configurations, cycle_ends, followed_cycle_ends, machine_cycle_ends
from triquetra.runtime.event_network import EventNetwork
from triquetra.runtime.event_pomdp import EventPomdp
from triquetra.runtime.network import NetworkForm
from triquetra.runtime.pomdp import PomdpForm
from triquetra.runtime.reference import TuringForm
from triquetra.runtime.turing import run

LIMIT = 20_000_000  # steps of a universal machine
SIZES = {
    "minsky-7-4": (7, 4),
    "rogozhin-2-18": (2, 18),
    "rogozhin-4-6": (4, 6),
    "rogozhin-5-5": (5, 5),
    "neary-woods-9-3": (9, 3),
    "neary-woods-15-2": (15, 2),
}
RULES = {  # as the papers count them; Minsky's table has a rule into its halting state beside 27 others
    "minsky-7-4": 28,
    "rogozhin-2-18": 35,
    "rogozhin-4-6": 22,
    "rogozhin-5-5": 23,
    "neary-woods-9-3": 26,
    "neary-woods-15-2": 29,
}
SMALL_TAG = parse_tag("tag small\na -> b\nb -> h a\nhalt h\nword b a b a a")
SMALL_BITAG = parse_tag(
    "bitag small\ne1 a1 -> a2 e2\ne1 a2 -> a1 a1 e1\ne2 a1 -> a1 e1\ne2 a2 -> a1 e3\nhalt e3\nword e1 a1 a2"
)


COMPILED = {name: compile_machine(load_universal(name)) for name in UNIVERSAL_MACHINES}


def small(name):
    return SMALL_TAG if name in TAG_MACHINES else SMALL_BITAG


def passing(encoding, word, ends):
    """The words that pass, without the steps."""
    return [each for _, each in encoding.words(word, ends)]


def fast(encoding, word, limit=LIMIT):
    return machine_cycle_ends(encoding.machine, encoding.cell, encoding.tape(word), limit)


@pytest.mark.parametrize("name", UNIVERSAL_MACHINES)
def test_sizes_are_those_of_the_papers(name):
    machine = load_universal(name)
    running = [verdict for verdict in machine.verdicts if verdict is None]
    assert (len(running), len(machine.symbols)) == SIZES[name]
    assert len(machine.rules) == RULES[name]


def test_trajectories_of_the_corpus(known):
    system, trajectory = known
    for name in TAG_MACHINES if isinstance(system, TagSystem) else BITAG_MACHINES:
        encoding = encode(system, name)
        got = passing(encoding, system.initial, fast(encoding, system.initial))
        # UTM(5,5) and UTM(4,6) are slow: what they reach within the limit must still be right
        assert got == trajectory[: len(got)]
        assert len(got) == len(trajectory) or (name in ("rogozhin-4-6", "rogozhin-5-5") and len(got) > 3)


def test_trajectories_of_the_corpus_in_network_and_agent(known):
    system, trajectory = known
    for name in TAG_MACHINES if isinstance(system, TagSystem) else BITAG_MACHINES:
        encoding = encode(system, name)
        tape = encoding.tape(system.initial)
        times = list(fast(encoding, system.initial, 500_000))
        count = len(passing(encoding, system.initial, times))  # what the machine itself reaches within the limit
        compiled = COMPILED[name]
        for engine in (EventNetwork(compiled.network, [[tape]]), EventPomdp(compiled.pomdp, [[tape]])):
            got = passing(encoding, system.initial, followed_cycle_ends(engine, times))
            assert got == trajectory[:count]
            assert count > 1


@pytest.mark.parametrize("name", UNIVERSAL_MACHINES)
def test_the_machine_halts_by_itself_at_the_halting_letter(name):
    system = small(name)
    encoding = encode(system, name)
    tape = encoding.tape(system.initial)
    outcome = run(encoding.machine, tape, max_steps=100_000_000)
    *_, (last, _) = encoding.words(system.initial, fast(encoding, system.initial))
    assert outcome.verdict in (Verdict.HALTED, Verdict.UNDEFINED)
    assert outcome.steps > last


@pytest.mark.parametrize("name", UNIVERSAL_MACHINES)
def test_all_three_forms_let_the_same_words_pass(name):
    system = small(name)
    encoding = encode(system, name)
    tape = encoding.tape(system.initial)
    compiled = COMPILED[name]
    times = list(fast(encoding, system.initial))
    own = list(words(system))
    for engine in (EventNetwork(compiled.network, [[tape]]), EventPomdp(compiled.pomdp, [[tape]])):
        assert passing(encoding, system.initial, followed_cycle_ends(engine, times)) == own
    synaptic = EventNetwork(compiled.network, [[tape]], cells=2000 if name != "rogozhin-5-5" else 16_000)
    assert passing(encoding, system.initial, followed_cycle_ends(synaptic, times)) == own


@pytest.mark.parametrize("name", UNIVERSAL_MACHINES)
def test_every_unit_and_every_step(name):
    system = small(name)
    encoding = encode(system, name)
    tape = encoding.tape(system.initial)
    compiled = COMPILED[name]
    first_cycles = [(steps, at) for steps, at in islice(fast(encoding, system.initial), 40) if steps <= 4000]
    limit = first_cycles[-1][0] if first_cycles else 2000
    for form in (TuringForm(encoding.machine), NetworkForm(compiled.network), PomdpForm(compiled.pomdp)):
        seen = list(cycle_ends(encoding.cell, configurations(form, tape, limit)))
        assert seen == first_cycles


LETTERS = "abc"
PRODUCTIONS = st.lists(st.sampled_from(LETTERS + "h"), max_size=3).map(tuple)


@st.composite
def tag_systems(draw):
    productions = tuple((letter, draw(PRODUCTIONS)) for letter in LETTERS)
    initial = tuple(draw(st.lists(st.sampled_from(LETTERS), min_size=2, max_size=5)))
    return TagSystem(productions=productions, halting=("h",), initial=initial)


@pytest.mark.parametrize("name", ["minsky-7-4", "rogozhin-2-18", "rogozhin-4-6", "rogozhin-5-5"])
@given(tag_systems())
@settings(max_examples=25)
def test_any_tag_system(name, system):
    encoding = encode(system, name)
    own = list(islice(words(system), 12))
    got = passing(encoding, system.initial, islice(fast(encoding, system.initial, 2_000_000), 60))[:12]
    assert got == own[: len(got)]
    assert len(got) == len(own) or len(got) > 1


@st.composite
def bitag_systems(draw):
    passive, active = ("a1", "a2", "a3")[: draw(st.integers(1, 3))], ("e1", "e2")[: draw(st.integers(1, 2))]
    production = st.tuples(
        st.lists(st.sampled_from(passive), min_size=1, max_size=2), st.sampled_from((*active, "h"))
    ).map(lambda parts: (*parts[0], parts[1]))
    productions = tuple(((e, a), draw(production)) for e in active for a in passive)
    rest = draw(st.lists(st.sampled_from(passive), min_size=2, max_size=4))
    rest.insert(draw(st.integers(0, len(rest))), draw(st.sampled_from(active)))
    return BitagSystem(passive=passive, active=active, halting=("h",), productions=productions, initial=tuple(rest))


@pytest.mark.parametrize("name", BITAG_MACHINES)
@given(bitag_systems())
@settings(max_examples=25)
def test_any_bitag_system(name, system):
    encoding = encode(system, name)
    own = list(islice(words(system), 20))
    assert passing(encoding, system.initial, islice(fast(encoding, system.initial), 19)) == own


@pytest.mark.parametrize("embed", [Filled.of, Bracketed.of])
@given(tag_systems())
def test_embeddings_keep_every_word(embed, system):
    embedding = embed(system)
    own = list(islice(words(system), 15))
    assume(own[-1] or len(own) > 1)
    inner = embedding.put(system.initial)
    got = [embedding.take(inner)]
    for _ in range(400):
        if len(got) == len(own):
            break
        after = embedding.inner.step(inner)
        assert after is not None
        if not embedding.is_silent(inner):
            got.append(embedding.take(after))
        inner = after
    assert got == own[: len(got)]


def tag(text):
    return parse_tag(f"tag t\n{text}")


@pytest.mark.parametrize(
    ("system", "on", "message"),
    [
        (SMALL_BITAG, "minsky-7-4", "simulates 2-tag systems; for `small` choose one of neary-woods-9-3"),
        (SMALL_TAG, "neary-woods-9-3", "simulates bi-tag systems"),
        (tag("delete 3\na -> a"), "rogozhin-4-6", "deletes 3 letters"),
        (tag("a -> a\nhalt g h"), "rogozhin-4-6", "2 halting letters"),
        (parse_tag("bitag b\ne a -> a e\nhalt g h"), "neary-woods-9-3", "2 halting letters"),
        (parse_tag("bitag b\ne a -> a a a e\nhalt h"), "neary-woods-15-2", "appends 4 letters"),
    ],
)
def test_what_a_machine_cannot_hold_is_refused(system, on, message):
    with pytest.raises(CannotEncode, match=message):
        encode(system, on)


def test_an_unknown_machine_is_named():
    with pytest.raises(InputError, match="`minsky-7-4` is one"):
        encode(SMALL_TAG, "minsky-4-7")


def test_a_word_with_one_passive_letter_is_not_for_u93():
    with pytest.raises(CannotEncode, match="two passive letters"):
        encode(SMALL_BITAG, "neary-woods-9-3").tape(("e1", "a1"))


@pytest.mark.parametrize("name", UNIVERSAL_MACHINES)
def test_a_garbled_tape_is_noticed(name):
    encoding = encode(small(name), name)
    with pytest.raises(Garbled):
        encoding.read(["<"] * 7)
