"""Learning a machine: what is learned is what was met, states shown or hidden, and it is proved."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer import Typer
from typer.testing import CliRunner

from triquetra.cli.learn import learn as learn_command
from triquetra.compiler.decompile import decompile
from triquetra.forms import load_network
from triquetra.machines import Machine, from_busy_beaver
from triquetra.machines.equivalence import first_difference
from triquetra.machines.load import load
from triquetra.machines.strategies import machines
from triquetra.studies.learning.experience import Event, experience, runs
from triquetra.studies.learning.hidden import NOTHING, Hypothesis, infer
from triquetra.studies.learning.learner import HebbianLearner, happening
from triquetra.studies.learning.lesson import budgets, learn, steps_needed, taught
from triquetra.verifier import Proved

SEEDS = st.integers(0, 1000)

app = Typer()
app.command()(learn_command)


@given(machines(max_tapes=2), SEEDS, st.integers(1, 120))
def test_with_states_shown_exactly_what_was_met_is_learned(machine: Machine, seed: int, steps: int) -> None:
    events = list(islice(experience(machine, seed), steps))
    learned = decompile(taught(machine, events, hidden=False))
    assert set(learned.rules) == {event.rule for event in events if event.rule is not None}


def explains(hypothesis: Hypothesis, events: list[Event]) -> bool:
    """Whether an automaton does what was seen, as far as it says anything."""
    state = 0
    for event in events:
        state = 0 if event.first else state
        edge = None if state == NOTHING else hypothesis.edges[state].get(event.read)
        if edge is not None and edge[0] != event.action:
            return False
        state = NOTHING if edge is None else edge[1]
    return True


@given(machines(max_tapes=2), SEEDS, st.integers(1, 200))
@settings(max_examples=60)
def test_with_states_hidden_what_is_inferred_explains_all_that_was_seen(
    machine: Machine, seed: int, steps: int
) -> None:
    events = list(islice(experience(machine, seed), steps))
    hypothesis = infer(events)
    assert explains(hypothesis, events)
    labelled = hypothesis.label(events)
    inferred = hypothesis.machine(machine)
    for state, read, rule in labelled:
        assert inferred.delta.get((state, read)) == rule
    assert decompile(taught(machine, events, hidden=True)) == inferred


@given(machines(max_tapes=2), SEEDS)
@settings(max_examples=30)
def test_experience_is_repeatable_runs_of_the_machine(machine: Machine, seed: int) -> None:
    events = list(islice(experience(machine, seed), 60))
    assert events == list(islice(experience(machine, seed), 60))
    assert all(event.rule == machine.delta.get((event.state, event.read)) for event in events)
    for run in runs(events):
        assert run[0].first and run[0].state == machine.start
        assert not any(event.first for event in run[1:])
        assert all(event.rule is not None for event in run[:-1])


def test_one_experience_gives_every_synapse_of_a_cell_the_strength_that_a_proof_asks_for() -> None:
    machine = load("@increment").machine
    learner = HebbianLearner(machine)
    rule = machine.rules[0]
    learner.observe(rule.state, rule.read, rule)
    assert list(learner.strength) == [(rule.state, rule.read)]
    strength = learner.strength[rule.state, rule.read]
    wanted = happening(learner.network().axes, rule.state, rule)
    assert (np.abs(strength) >= 2 * learner.gain - 1e-9).all()
    np.testing.assert_array_equal(strength > 0, wanted == 1)


def test_contradicting_experience_is_counted() -> None:
    machine = from_busy_beaver("1RB0LA_1LA1LZ")
    learner = HebbianLearner(machine, first_count=0.5)
    right, left = machine.rules[0], machine.rules[2]
    assert (right.move, left.move) == ((1,), (-1,))
    for rule in (right, right, right, left):
        learner.observe(0, (0,), rule)
    unit = learner.network().axes.left(0)
    assert learner.strength[0, (0,)][unit + 1] == pytest.approx(np.log(3.5 / 1.5))
    assert learner.strength[0, (0,)][unit] == pytest.approx(np.log(1.5 / 3.5))


@pytest.mark.parametrize("name", ["increment", "palindrome", "two-tape-add", "busy-beaver-5", "one-way-shift"])
def test_machines_are_learned_and_proved_with_states_shown(name: str) -> None:
    machine = load(f"@{name}").machine
    lesson = learn(machine, 2000, 0, hidden=False)
    assert isinstance(lesson.proof, Proved)
    assert not lesson.wrong
    assert lesson.verdict == ("partly" if lesson.missing else "proved")
    if not lesson.missing:
        assert first_difference(machine, lesson.learned) is None


@pytest.mark.parametrize("name, steps", [("increment", 200), ("parity", 400), ("palindrome", 1500)])
def test_machines_are_learned_and_proved_with_states_hidden(name: str, steps: int) -> None:
    machine = load(f"@{name}").machine
    lesson = learn(machine, steps, 0, hidden=True)
    assert lesson.verdict == "proved"
    assert first_difference(machine, lesson.learned) is None
    assert lesson.learned.states != machine.states


@pytest.mark.parametrize("name, steps", [("palindrome", 1500), ("divisible-by-three", 400)])
def test_verdicts_are_proved_only_where_they_were_shown(name: str, steps: int) -> None:
    """With hidden states nothing tells an accepting halt from a rejecting one, and nothing is said of it."""
    machine = load(f"@{name}").machine
    for hidden in (False, True):
        lesson = learn(machine, steps, 0, hidden=hidden)
        assert lesson.verdict == "proved"
        assert (set(lesson.learned.verdicts) == set(machine.verdicts)) == lesson.shows_verdicts == (not hidden)
        states = "hidden" if hidden else "shown"
        result = CliRunner().invoke(app, [f"@{name}", "--steps", str(steps), "--states", states])
        assert result.exit_code == 0
        if hidden:
            assert f"the learned network writes, moves and halts as {name} does (external tape)" in result.output
            assert "not learned, as states were hidden: where halting means `accept`, where `reject`" in result.output
            assert f"does what {name} does" not in result.output
        else:
            assert f"the learned network does what {name} does (external tape)" in result.output
            assert "not learned" not in result.output


def test_what_was_never_met_is_said() -> None:
    machine = load("@multiply").machine
    lesson = learn(machine, 500, 0, hidden=False)
    assert lesson.verdict == "partly"
    learned = {(rule.state, rule.read) for rule in lesson.learned.rules}
    assert lesson.missing and not lesson.wrong
    for difference in lesson.missing:
        assert (difference.first, difference.read) in machine.delta
        assert (difference.first, difference.read) not in learned


def test_too_little_experience_of_hidden_states_is_found_wrong() -> None:
    verdicts = {learn(load("@same-word").machine, 3000, seed, hidden=True).verdict for seed in range(2)}
    assert verdicts & {"wrong", "partly"}


def test_steps_needed_are_enough_and_one_less_is_not() -> None:
    machine = load("@increment").machine
    needed = steps_needed(machine, 3, hidden=False, limit=1000)
    assert needed is not None
    assert learn(machine, needed, 3, hidden=False).verdict == "proved"
    assert learn(machine, needed - 1, 3, hidden=False).verdict == "partly"
    assert steps_needed(machine, 3, hidden=False, limit=needed - 1) is None
    hidden = steps_needed(machine, 3, hidden=True, limit=1000)
    assert hidden is not None and hidden >= needed
    assert learn(machine, hidden, 3, hidden=True).verdict == "proved"


def test_budgets_grow_to_the_limit() -> None:
    assert list(budgets(50)) == [8, 11, 16, 23, 32, 45, 50]
    assert list(budgets(5)) == [5]


def test_the_command_proves_and_saves_what_was_learned(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["@increment", "--steps", "500", "--out", str(tmp_path / "net"), "--json"])
    assert result.exit_code == 0, result.output
    report = json.loads(result.output)
    assert report["verdict"] == "proved" and report["missing_cells"] == []
    assert decompile(load_network(tmp_path / "net")) == load("@increment").machine


@pytest.mark.parametrize(
    "arguments, status, says",
    [
        (["@increment", "--states", "hidden", "--steps", "300"], 0, "PROVED: on every input"),
        (["@increment", "--steps", "3"], 3, "never met, so the network halts there"),
        (["@increment", "--states", "secret"], 2, "the states are `shown` or `hidden`"),
        (["@nothing"], 2, "@nothing"),
    ],
)
def test_the_command_says_how_it_went(arguments: list[str], status: int, says: str) -> None:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == status
    assert says in result.output
