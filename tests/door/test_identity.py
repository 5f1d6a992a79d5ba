"""Is this form of this machine? One answer at every door."""

import dataclasses
import json

import numpy as np
import pytest
from typer.testing import CliRunner

import triquetra
from triquetra.cli import make_app
from triquetra.compiler.decompile import decompile
from triquetra.forms import require_form_of
from triquetra.machines import InputError
from triquetra.testing import assert_agrees

MACHINE = triquetra.load("@increment")
OTHER_RULE = dataclasses.replace(  # the same names, one rule that writes something else
    MACHINE, rules=(dataclasses.replace(MACHINE.rules[0], write=(2,)), *MACHINE.rules[1:])
)
UNLIKE = {
    "states": triquetra.load("@parity"),
    "symbols": dataclasses.replace(MACHINE, symbols=(*MACHINE.symbols[:-1], "I")),
    "input symbols": dataclasses.replace(MACHINE, input_symbols=(1,)),
    "tapes": dataclasses.replace(MACHINE, one_way=(True,)),
    "start state": dataclasses.replace(MACHINE, start=1),
    "halting states": dataclasses.replace(MACHINE, verdicts=(None, None, "accept")),
}
FOREIGN = triquetra.compile(OTHER_RULE)


def doors(compiled, folder):
    """Every way in which the library takes a form and a machine, with `foreign` or not."""
    network, pomdp = compiled
    yield lambda **more: triquetra.run(MACHINE, "1011", form=network, **more)
    yield lambda **more: triquetra.run(MACHINE, "1011", form=pomdp, **more)
    yield lambda **more: triquetra.agree(MACHINE, "1011", network=network, **more)
    yield lambda **more: triquetra.agree(MACHINE, "1011", pomdp=pomdp, **more)
    yield lambda **more: triquetra.verify(MACHINE, network, **more, robustness=False)
    yield lambda **more: triquetra.verify(MACHINE, None, pomdp, **more, robustness=False)
    yield lambda **more: triquetra.load_compiled(folder, MACHINE, **more)
    yield lambda **more: assert_agrees(MACHINE, network, "1011", **more)
    yield lambda **more: assert_agrees(MACHINE, pomdp, "1011", **more)


def commands(folder, certificate):
    """Every command that takes --artifact."""
    artifact = ("--artifact", str(folder))
    yield ("run", "@increment", "-i", "1011", "--form", "network", *artifact)
    yield ("run", "@increment", "-i", "1011", "--form", "all", *artifact)
    yield ("agree", "@increment", "-i", "1011", *artifact)
    yield ("verify", "@increment", "--tape", "external", "--no-robustness", *artifact)
    yield ("check", str(certificate), "@increment", *artifact)
    yield ("record", "@increment", "-i", "1011", "--out", str(folder / "activity.csv"), *artifact)
    yield ("energy", "@increment", "-i", "1011", *artifact)
    yield ("explain", "@increment", "halt", *artifact)
    yield ("obligations", "@increment", "--smt", str(folder / "o.smt2"), *artifact)


def called(*arguments):
    """Exit status and all that is printed."""
    ended = CliRunner().invoke(make_app(arguments[0]), arguments)
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    return ended.exit_code, ended.output


@pytest.fixture
def saved(tmp_path):
    """A folder with the weights of the other machine, and a certificate about this one's."""
    triquetra.save(FOREIGN, tmp_path / "foreign")
    proved = triquetra.verify(MACHINE, *triquetra.compile(MACHINE), robustness=False)
    from triquetra.verifier import write_certificate

    (tmp_path / "certificate.json").write_text(write_certificate(proved.certificate))
    return tmp_path / "foreign", tmp_path / "certificate.json"


def test_weights_of_another_machine_are_refused_at_every_door(saved):
    for door in doors(FOREIGN, saved[0]):
        with pytest.raises(InputError, match=r"the names fit, the rules do not.*--foreign"):
            door()
    for arguments in commands(*saved):
        status, said = called(*arguments)
        assert status == 2, (arguments, said)
        assert "compiled from another machine than `increment`" in said and "--foreign" in said


def test_they_are_taken_where_they_are_meant(saved):
    network, pomdp = FOREIGN
    assert triquetra.run(MACHINE, "0", form=network, foreign=True).output != triquetra.run(MACHINE, "0").output
    assert not triquetra.agree(MACHINE, "0", network=network, foreign=True)
    assert isinstance(triquetra.verify(MACHINE, network, foreign=True, robustness=False), triquetra.Refuted)
    with pytest.raises(AssertionError, match="part at step"):
        assert_agrees(MACHINE, pomdp, "0", foreign=True)
    for arguments in commands(*saved):
        status, said = called(*arguments, "--foreign")
        assert "compiled from another machine" not in said, (arguments, said)
        assert status != 2, (arguments, said)
    status, said = called("agree", "@increment", "-i", "0", "--foreign")
    assert status == 2 and "--foreign is for saved forms; add --artifact" in said


@pytest.mark.parametrize("what", UNLIKE)
@pytest.mark.parametrize("foreign", [False, True])
def test_names_that_differ_are_refused_foreign_or_not(what, foreign, tmp_path):
    compiled = triquetra.compile(UNLIKE[what])
    triquetra.save(compiled, tmp_path)
    for door in doors(compiled, tmp_path):
        with pytest.raises(InputError, match=f"it has other {what}"):
            door(foreign=foreign)


def test_what_names_no_machine_is_held_against_any_that_it_fits(tmp_path):
    """Hand-made, learned and decompiled forms, and artifacts of old, have no digest."""
    network = triquetra.compile(MACHINE).network
    own = dataclasses.replace(network, axes=dataclasses.replace(network.axes, machine=""))
    assert triquetra.agree(MACHINE, "1011", network=own)
    assert not triquetra.agree(OTHER_RULE, "0", network=own)
    with pytest.raises(InputError, match="other start state"):
        triquetra.agree(UNLIKE["start state"], network=own)
    triquetra.save(network, tmp_path)
    header = json.loads((tmp_path / "network.json").read_text())
    del header["machine"]
    (tmp_path / "network.json").write_text(json.dumps(header))
    old = triquetra.load_compiled(tmp_path, MACHINE)
    assert old.network.axes.machine == old.pomdp.axes.machine == ""
    assert triquetra.agree(old, "1011")
    assert triquetra.verify(old, robustness=False)
    assert called("run", "@increment", "-i", "1011", "--form", "all", "--artifact", str(tmp_path))[0] == 0


def test_a_decompiled_machine_has_the_digest_of_the_one_that_was_compiled():
    compiled = triquetra.compile(MACHINE)
    require_form_of(decompile(compiled.network), compiled.network)


def test_tests_names_and_prose_do_not_count():
    renamed = dataclasses.replace(MACHINE, name="other", documentation="words")
    assert triquetra.agree(renamed, "1011", network=triquetra.compile(MACHINE).network)


@pytest.mark.parametrize("field", ["bias", "sensory_weights", "sensory_bias"])
def test_arrays_of_frozen_values_cannot_be_written_to(field):
    given = np.array(getattr(FOREIGN.network, field))
    network = dataclasses.replace(FOREIGN.network, **{field: given})
    with pytest.raises(ValueError, match="read-only"):
        getattr(network, field)[...] = 99
    given[...] = 99  # what was handed in stays its owner's, and is not what is in the network
    assert not (getattr(network, field) == 99).any()


def test_no_array_of_a_form_can_be_written_to():
    network, pomdp = FOREIGN
    arrays = [network.weights.data, network.weights.indices, network.weights.indptr, network.axes.cell_state]
    arrays += [each.data for each in pomdp.transition]
    arrays += [value for form in FOREIGN for value in vars(form).values() if isinstance(value, np.ndarray)]
    assert len(arrays) > 12
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
