"""Saved forms come back as they were, and a damaged file is refused with the field that is wrong."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from triquetra.compiler import compile_machine
from triquetra.forms import digest, load_network, load_pomdp, save, saved_bytes, to_bytes
from triquetra.machines import InputError, from_busy_beaver
from triquetra.machines.strategies import machines

MACHINE = from_busy_beaver("1RB1LB_1LA0LC_1RZ1LD_1RD0RA")


@pytest.fixture
def saved(tmp_path):
    compiled = compile_machine(MACHINE)
    save(compiled.network, tmp_path)
    save(compiled.pomdp, tmp_path)
    return tmp_path


@given(machines(max_tapes=2))
@settings(max_examples=20)
def test_round_trip(tmp_path_factory, machine):
    folder = tmp_path_factory.mktemp("forms")
    compiled = compile_machine(machine)
    for form, load in ((compiled.network, load_network), (compiled.pomdp, load_pomdp)):
        save(form, folder)
        again = load(folder)
        assert digest(again) == digest(form)
        assert again.axes.unit_names == form.axes.unit_names
        assert again.axes.basis_names == form.axes.basis_names
        assert again.axes.verdicts == machine.verdicts


def rewrite_header(folder, form, **changes):
    path = folder / f"{form}.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"format": "other"}, "format"),
        ({"version": 99}, "version"),
        ({"kind": "pomdp"}, "kind"),
        ({"sha256": "0" * 64}, "sha256"),
        ({"states": ["A", "A", "B", "C", "D"]}, "state"),
        ({"states": "ABCDZ"}, "states"),
        ({"symbols": ["0"]}, "symbol"),
        ({"verdicts": [None]}, "verdicts"),
        ({"start": 17}, "start"),
        ({"start": True}, "start"),
        ({"one_way": [0]}, "one_way"),
        ({"one_way": [False, False]}, "cell_read"),
        ({"input_symbols": [7]}, "input symbol"),
        ({"name": 3}, "name"),
    ],
)
def test_a_wrong_header_is_refused_by_field(saved, changes, named):
    rewrite_header(saved, "network", **changes)
    with pytest.raises(InputError, match=named):
        load_network(saved)


def rewrite_tensor(folder, name, change):
    path = folder / "network.safetensors"
    tensors = load_file(path)
    tensors[name] = change(tensors[name].copy())
    tensors = {key: np.ascontiguousarray(value) for key, value in tensors.items() if value is not None}
    save_file(tensors, path)
    import hashlib

    rewrite_header(folder, "network", sha256=hashlib.sha256(path.read_bytes()).hexdigest())


def with_entry(index, value):
    def change(array):
        array[index] = value
        return array

    return change


@pytest.mark.parametrize(
    ("name", "change", "named"),
    [
        ("bias", with_entry(2, np.nan), r"bias\[2\]"),
        ("bias", with_entry(0, np.inf), r"bias\[0\]"),
        ("bias", lambda a: a[:-1], "bias has shape"),
        ("bias", lambda a: a.astype(np.float32), "bias"),
        ("weights_data", with_entry(0, np.nan), "weights.data"),
        ("weights_data", lambda a: a[:-1], "weights_data"),
        ("weights_indices", with_entry(0, 10_000), "weights_indices"),
        ("weights_indices", lambda a: a[::-1], "weights_indices"),
        ("weights_indptr", with_entry(-1, 3), "weights_indptr"),
        ("cell_state", with_entry(0, -1), "cell_state"),
        ("cell_read", with_entry((0, 0), 9), "cell_read"),
        ("cell_state", lambda a: a * 0, "occurs twice"),
        ("saturation", lambda a: -a, "saturation"),
        ("saturation", lambda a: np.array([1.0, 2.0]), "saturation"),
        ("sensory_weights", lambda a: a[0], "sensory_weights"),
        ("rate", with_entry(0, np.inf), "rate"),
    ],
)
def test_a_wrong_tensor_is_refused_by_name(saved, name, change, named):
    rewrite_tensor(saved, name, change)
    with pytest.raises(InputError, match=named):
        load_network(saved)


def test_a_missing_folder_names_the_command_that_makes_one(tmp_path):
    with pytest.raises(InputError, match="triquetra compile"):
        load_network(tmp_path / "nothing")


@given(st.binary(max_size=200))
@settings(max_examples=30)
def test_noise_is_refused(tmp_path_factory, noise):
    folder = tmp_path_factory.mktemp("noise")
    (folder / "network.json").write_bytes(noise)
    (folder / "network.safetensors").write_bytes(noise)
    with pytest.raises(InputError):
        load_network(folder)


def test_a_truncated_file_is_refused(saved):
    path = saved / "network.safetensors"
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(InputError, match="sha256"):
        load_network(saved)


def test_the_bytes_of_a_form_are_those_that_are_saved(saved):
    compiled = compile_machine(MACHINE)
    found = {"network": to_bytes(compiled.network), "pomdp": to_bytes(compiled.pomdp)}
    assert saved_bytes(saved) == saved_bytes(str(saved)) == found
    assert found["network"] == ((saved / "network.json").read_bytes(), (saved / "network.safetensors").read_bytes())
    (saved / "pomdp.json").unlink()
    assert saved_bytes(saved) == {"network": found["network"]}
    (saved / "network.safetensors").unlink()
    with pytest.raises(InputError, match=r"network\.safetensors"):
        saved_bytes(saved)


@pytest.mark.parametrize("key", ["format", "version", "kind", "sha256"])
@pytest.mark.parametrize("value", ["x" * 10**6, ["x"] * 10**5, {"x": "y" * 10**6}, [[[]]], 10**4000])
def test_a_message_does_not_repeat_the_header(saved, key, value):
    rewrite_header(saved, "network", **{key: value})
    with pytest.raises(InputError, match=f"{key} is") as error:
        load_network(saved)
    assert len(str(error.value)) < 500
