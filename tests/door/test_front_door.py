"""The front door: what is asked for is what runs, what comes back can be read, and what is wrong is said at once."""

import json
import subprocess
import sys

import numpy as np
import pytest
from typer.testing import CliRunner

import triquetra
from triquetra.cli import make_app
from triquetra.machines import InputError
from triquetra.runtime.forms import AGREE_STEPS, DENSE_STEPS, FAST_STEPS, FORMS

INCREMENT = triquetra.load("@increment")
COMPILED = triquetra.compile(INCREMENT)


def command(*arguments):
    """What a command prints with --json."""
    ended = CliRunner().invoke(make_app(arguments[0]), [*map(str, arguments), "--json"])
    return json.loads(ended.stdout)


def test_what_is_compiled_is_one_value_and_unpacks_as_the_pair():
    network, pomdp = COMPILED
    assert (network, pomdp) == (COMPILED.network, COMPILED.pomdp)
    assert COMPILED.machine is INCREMENT
    assert COMPILED.gain.nats == network.saturation
    assert repr(COMPILED) == f"<increment as a network and a POMDP, gain {COMPILED.gain.nats:g} nats>"
    assert str(network) in str(COMPILED) and str(network) in COMPILED._repr_html_()


def test_it_is_taken_by_run_agree_verify_and_save(tmp_path):
    for form in FORMS:
        assert triquetra.run(COMPILED, "1011", form=form).output == "1100"
    assert triquetra.agree(COMPILED, "1011")
    assert triquetra.verify(COMPILED, robustness=False)
    triquetra.save(COMPILED, tmp_path / "forms")
    loaded = triquetra.load_compiled(tmp_path / "forms", INCREMENT)
    assert loaded.gain is None and str(loaded.folder) in repr(loaded)
    assert np.array_equal(loaded.network.bias, COMPILED.network.bias)
    assert np.array_equal(loaded.pomdp.prior, COMPILED.pomdp.prior)
    assert triquetra.agree(loaded, "1011")


def test_the_weights_that_were_compiled_are_those_that_run():
    weak = triquetra.compile(INCREMENT, gain=2)
    assert triquetra.run(weak, "1011").output == "1100"
    with pytest.raises(triquetra.Undecodable):
        triquetra.run(weak, "1011", form="network")
    assert not triquetra.agree(weak, "1011")
    assert not triquetra.verify(weak, robustness=False)
    with pytest.raises(triquetra.Undecodable):
        triquetra.run(INCREMENT, "1011", form=weak.pomdp)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("Network", "but `network`"),
        ("neural", "there is no form `neural`"),
        ("pomdb", "but `pomdp`"),
        ("", "a form is `turing`, `network`, `pomdp` or `all`"),
        ("all", "`agree` runs all of them"),
        (None, "`NoneType` is no form"),
        (INCREMENT, "`Machine` is no form"),
    ],
)
def test_a_form_that_does_not_exist_is_refused(form, said):
    with pytest.raises(InputError, match=said):
        triquetra.run(INCREMENT, "1011", form=form)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: triquetra.run(INCREMENT, 1011), 'write "1011"'),
        (lambda: triquetra.agree(INCREMENT, b"1011"), "bytes"),
        (lambda: triquetra.run(INCREMENT, "1021"), "input symbol 3"),
        (lambda: triquetra.run(INCREMENT, "1", "1"), "2 inputs"),
        (lambda: triquetra.run("@incremant", "1"), "@increment"),
        (lambda: triquetra.run(17, "1"), "`int` is no machine"),
        (lambda: triquetra.run(INCREMENT, max_steps=-5), "max_steps = -5"),
        (lambda: triquetra.run(INCREMENT, max_steps=1.5), "max_steps = 1.5"),
        (lambda: triquetra.agree(INCREMENT, max_steps=-1), "max_steps = -1"),
        (lambda: triquetra.run(INCREMENT, form="network", cells=0), "cells = 0"),
        (lambda: triquetra.verify(INCREMENT, cells=-1), "cells = -1"),
        (lambda: triquetra.verify(INCREMENT, INCREMENT), "`Machine` is no form"),
        (lambda: triquetra.save(INCREMENT, "nowhere"), "`Machine` is no form"),
        (lambda: triquetra.compile(INCREMENT, gain=-3), "gain"),
    ],
)
def test_what_is_wrong_is_said(wrong, said):
    with pytest.raises(InputError, match=said):
        wrong()


def test_a_machine_may_be_named_where_one_is_wanted(tmp_path):
    path = tmp_path / "copy.bb"
    path.write_text("1RB1LB_1LA1RZ\n")
    assert triquetra.run("@increment", "1011", form="network").output == "1100"
    assert triquetra.agree(path).outcome.steps == triquetra.run("1RB1LB_1LA1RZ").steps == 6
    assert triquetra.compile("@parity").machine.name == "parity"
    assert triquetra.verify("1RB1LB_1LA1RZ", robustness=False)


def test_an_outcome_speaks_of_states_and_symbols_by_name():
    outcome = triquetra.run(INCREMENT, "1011", form="pomdp")
    assert (outcome.verdict, outcome.state, outcome.result) == (triquetra.Verdict.HALTED, "done", "halt")
    assert (outcome.steps, outcome.output, outcome.tapes) == (8, "1100", ("1100",))
    assert str(outcome) == "halted in state done after 8 steps\n  1[1]00"
    assert repr(outcome) == "<halted in state done after 8 steps | 1[1]00>"
    assert outcome._repr_html_() == "<p>halted in state done after 8 steps</p><pre>1[1]00</pre>"
    assert outcome == triquetra.run(INCREMENT, "1011")
    one = triquetra.run(INCREMENT, "1011", max_steps=1)
    assert str(one).startswith("still running in state right at the step limit after 1 step\n")


def test_agreement_and_proof_are_true_only_if_they_hold():
    agreed = triquetra.agree(COMPILED, "1011", dense=True)
    assert agreed
    assert str(agreed).startswith(
        "turing, network and pomdp agree at every step: halted in state done after 8 steps\n  1[1]"
    )
    assert "network        smallest margin 0.5" in str(agreed)
    weak = triquetra.compile(INCREMENT, gain=2)
    parted = triquetra.agree(weak, "1011")
    assert not parted
    assert parted.outcome.verdict is triquetra.Verdict.PARTED
    assert repr(parted).startswith("<turing, network and pomdp part at step 5: network: another state")
    assert "turing: runs in state carry, cell 3 of `1011`" in str(parted)
    assert "<p>turing, network and pomdp part" in parted._repr_html_()
    proved, refuted = triquetra.verify(INCREMENT, robustness=False), triquetra.verify(weak, robustness=False)
    assert proved and isinstance(proved, triquetra.Proved)
    assert not refuted and isinstance(refuted, triquetra.Refuted)
    unknown = triquetra.verify(triquetra.compile(INCREMENT, gain=8), cells=10**6, robustness=False)
    assert not unknown and not isinstance(unknown, triquetra.Proved)
    for result in (proved, refuted, unknown):
        assert "increment" in repr(result) and "Configuration(" not in repr(result) + str(result)


def test_the_same_words_mean_the_same_engine_and_limits_in_python_and_on_the_command_line():
    """BB(5) takes 47 million steps: no dense form makes them in the time of a test, and its limit is 100,000."""
    for form in ("network", "pomdp"):
        ours, theirs = triquetra.run("@busy-beaver-5", form=form), command("run", "@busy-beaver-5", "--form", form)
        assert (ours.steps, str(ours.verdict)) == (theirs["steps"], theirs["verdict"]) == (47_176_870, "halted")
    dense, theirs = (
        triquetra.run("@never-halts", form="network", dense=True, max_steps=50),
        command("run", "@never-halts", "--form", "network", "--dense", "--max-steps", 50),
    )
    assert (dense.steps, str(dense.verdict)) == (theirs["steps"], theirs["verdict"]) == (50, "step limit")
    assert triquetra.agree("@never-halts").outcome.steps == command("agree", "@never-halts")["steps"] == AGREE_STEPS


@pytest.mark.parametrize(
    ("name", "numbers"), [("run", (FAST_STEPS, DENSE_STEPS)), ("agree", (AGREE_STEPS,)), ("test", (10**6,))]
)
def test_help_shows_the_limits_that_hold(name, numbers):
    shown = CliRunner().invoke(make_app(name), [name, "--help"], env={"COLUMNS": "200"}).stdout
    for number in numbers:
        assert f"{number:,}" in shown or str(number) in shown


def test_names_that_are_listed_are_there_and_nothing_else_is_listed():
    assert set(triquetra.__all__) <= set(dir(triquetra))
    for name in dir(triquetra):
        assert getattr(triquetra, name) is not None
    assert not [name for name in dir(triquetra) if name.startswith("_") and name != "__version__"]
    assert {"InputError", "Outcome", "Agreement", "Proved", "Refuted", "Unknown", "Verdict"} <= set(dir(triquetra))
    with pytest.raises(AttributeError, match="no attribute `compilee`"):
        triquetra.compilee  # noqa: B018


@pytest.mark.parametrize("name", ["agree", "compile", "load", "load_compiled", "run", "save", "verify"])
def test_docstrings_are_the_reference(name):
    function = getattr(triquetra, name)
    parameters = [each for each in function.__annotations__ if each != "return"]
    arguments = function.__doc__.partition("Args:")[2] or function.__doc__
    assert name == "save" or all(f"{parameter}:" in arguments for parameter in parameters), parameters
    assert "Raises:" in function.__doc__


def test_the_door_loads_nothing_before_it_is_opened():
    code = "import sys, triquetra; print(sorted(m for m in sys.modules if m in ('numpy', 'numba', 'scipy', 'lark')))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
