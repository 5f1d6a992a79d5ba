"""Models from plain arrays, to files and back, and what is refused on the way."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save as save_tensors

from triquetra import theory
from triquetra.forms import FormError
from triquetra.machines import InputError
from triquetra.theory.models import CanonicalNetwork
from triquetra.theory.strategies import networks, random_signals, sizes

DTYPES = [np.float64, np.float32, np.float16, np.int64, np.int8, np.uint16, bool]


def sig(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


@pytest.mark.parametrize("dtype", DTYPES)
def test_arrays_of_any_number_type_make_the_same_network(dtype: type) -> None:
    W1, W0 = np.array([[1, 0, 1], [0, 0, 1]], dtype), np.array([[0, 1, 1], [1, 0, 0]], dtype)
    network = theory.network(W1=W1, W0=W0, K=np.array([[1, 0], [0, 1]], dtype), priors=0.25)
    plain = theory.network(W1=W1.tolist(), W0=W0.tolist(), K=[[1, 0], [0, 1]], priors=[0.25, 0.25])
    for mine, theirs in zip(network.W[0] + network.K + network.phi_x, plain.W[0] + plain.K + plain.phi_x, strict=True):
        np.testing.assert_array_equal(mine, theirs)
        assert mine.dtype == np.float64
    np.testing.assert_array_equal(network.W1[0][0], W1.astype(float))


def test_what_a_network_does_is_what_its_arrays_say() -> None:
    rng = np.random.default_rng(1)
    W, K, psi = rng.normal(size=(2, 5)), rng.normal(size=(2, 3)), rng.uniform(size=(4, 3))
    o = rng.integers(0, 2, (4, 5))
    h = rng.normal(size=(2, 2))
    run = theory.perceive(theory.network(W=W, K=K, thresholds=h), o, basis=psi)
    np.testing.assert_allclose(run.activity.states[0][0], sig(o @ W.T + psi @ K.T + h[0] - h[1]), rtol=1e-12)
    W1, W0, D = rng.normal(size=(2, 5)), rng.normal(size=(2, 5)), np.array([0.2, 0.7])
    run = theory.perceive(theory.network(W1=W1, W0=W0, priors=D), o)
    h1, h0 = np.log(1 - sig(W1)).sum(1) + np.log(D), np.log(1 - sig(W0)).sum(1) + np.log(1 - D)
    np.testing.assert_allclose(run.activity.states[0][0], sig(o @ (W1 - W0).T + h1 - h0), rtol=1e-12)


def test_several_factors_and_modalities_of_several_axes() -> None:
    W1 = [[np.zeros((2, 3, 4)), np.zeros((2, 3, 5, 6))], [np.zeros((1, 2, 4)), np.zeros((1, 2, 5, 6))]]
    network = theory.network(W1=W1, W0=W1, priors=[np.full((2, 3), 0.5), np.full((1, 2), 0.1)], state_axes=2)
    assert network.sizes.states == ((2, 3), (1, 2)) and network.sizes.outcomes == ((4,), (5, 6))
    run = theory.perceive(network, [np.zeros((7, 4)), np.zeros((7, 5, 6))])
    np.testing.assert_allclose(run.activity.states[1][0], 0.1, rtol=1e-12)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"W1": np.zeros((2, 3))}, "W1 and W0 belong together"),
        ({"W": np.zeros((2, 3)), "W1": np.zeros((2, 3)), "W0": np.zeros((2, 3))}, "not both"),
        ({"W1": np.zeros((2, 3)), "W0": np.zeros((2, 4))}, r"W0\[0\]\[0\] has shape \(2, 4\), not \(2, 3\)"),
        ({"W": np.zeros((2, 3)), "K": np.zeros((3, 4))}, r"K\[0\] has shape \(3, 4\), which begins not with \(2,\)"),
        ({"W": np.zeros((2, 3)), "priors": [0.5, 0.5, 0.5]}, r"priors\[0\] has shape \(3,\), not \(2,\)"),
        ({"W": np.zeros((2, 3)), "priors": [0.5, 1.0]}, r"priors\[0\]\[1\] = 1 is outside \(0, 1\)"),
        ({"W": np.zeros((2, 3)), "priors": 0.5, "thresholds": np.zeros((2, 2))}, "give thresholds or priors, not both"),
        ({"W": np.zeros((2, 3)), "thresholds": np.zeros((3, 2))}, r"thresholds\[0\] has shape"),
        ({"W": [["a"]]}, "numbers are needed"),
        ({"W": [[1, 2], [3]]}, "rows are of different lengths"),
        ({"W": np.zeros((2, 3), complex)}, "complex128; numbers are needed"),
        ({"W": [[np.inf, 0]]}, r"W\[0\]\[0\]\[0, 0\] = inf is not finite|W\[0, 0\] = inf is not finite"),
        ({"W": np.zeros((2, 3)), "K": np.zeros((2, 3)), "basis": theory.past()}, r"makes \(2,\), but the basis is"),
        ({"W": np.zeros((2, 3)), "K": np.zeros((2, 2)), "basis": "past"}, "is no recipe"),
        ({"W": np.zeros((2, 3)), "K": np.zeros((2, 2)), "basis": theory.past("states", 1)}, r"no states\[1\]"),
    ],
)  # fmt: skip
def test_arrays_that_do_not_fit_are_refused_by_name(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        theory.network(**arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"D": [0.5, 0.4]}, r"D\[0\]: the pair sums to 0.9, not 1"),
        ({"D": [1, 0]}, r"D\[0\] = 1 is outside \(0, 1\)"),
        ({"D": [1, 0, 0]}, r"D\[0\]\[1\] = 0 is outside \(0, 1\)"),
        ({"D": [0.5, 0.5], "A": np.full((3, 3), 1 / 3)}, r"A\[0\]\[0\] has shape"),
        ({"D": [0.5, 0.5], "C": np.full((2, 2), 0.5)}, "C and E belong together"),
        ({"D": [0.5, 0.5], "B": np.full((3, 2), 1 / 3)}, r"B\[0\] has shape \(3, 2\), which begins not with \(2,\)"),
    ],
)  # fmt: skip
def test_probabilities_that_make_no_model_are_refused_by_name(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        theory.model(**arguments)  # type: ignore[arg-type]


def test_single_precision_probabilities_are_normalised() -> None:
    p = np.random.default_rng(2).dirichlet(np.ones(5), 3).astype(np.float32).T
    model = theory.model(D=np.full(3, 1 / 3, np.float32), A=p)
    np.testing.assert_allclose(np.exp(model.A[0][0]).sum(0), 1, rtol=1e-14)


def test_arrays_inside_are_read_only_and_the_callers_own_stays_free() -> None:
    W = np.zeros((2, 3))
    network = theory.network(W1=W, W0=W)
    with pytest.raises(ValueError, match="read-only"):
        network.W[0][0][:] = 1
    W[:] = 1
    assert (network.W1[0][0] == 0).all()


# --- files ------------------------------------------------------------------------------------------------------------


def values(network: CanonicalNetwork, seed: int) -> list[object]:
    signals = random_signals(network.sizes, 3, seed)
    given: dict[str, object] = {"observations": list(signals.observations), "basis": list(signals.state_basis)}
    if network.sizes.actions:
        given |= {"action_basis": list(signals.action_basis), "risk": 0.2}
    model = theory.to_pomdp(network)
    learned = [theory.learn(value, load=3.0, **given).end for value in (network, model)]  # type: ignore[arg-type]
    return [network, model, *learned]


@given(networks(sizes(max_length=2, max_levels=3)), st.integers(0, 2**32 - 1))
def test_every_value_comes_back_from_its_file(
    tmp_path_factory: pytest.TempPathFactory, network: CanonicalNetwork, seed: int
) -> None:
    path = tmp_path_factory.mktemp("saved") / "model.safetensors"
    for value in values(network, seed):
        theory.save(value, path)  # type: ignore[arg-type]
        back = theory.load(path)
        assert type(back) is type(value)
        assert pickle.dumps(arrays(back)) == pickle.dumps(arrays(value))


def arrays(value: object) -> list[bytes]:
    """Every array in a value, in order, as bytes."""
    if isinstance(value, np.ndarray):
        return [value.tobytes()]
    if isinstance(value, tuple):
        return [part for item in value for part in arrays(item)]
    if hasattr(value, "__dataclass_fields__") and not isinstance(value, theory.Sizes):
        return [part for name in value.__dataclass_fields__ for part in arrays(getattr(value, name))]
    return [repr(value).encode()]


def test_recipes_of_bases_are_saved_and_functions_are_not(tmp_path: Path) -> None:
    recipe = theory.join(
        theory.product(theory.past(), theory.past(level=1, lag=2)), theory.shift(theory.past(), -1, cyclic=False)
    )
    network = theory.network(W=np.zeros((2, 3)), K=np.zeros((2, 6)), basis=recipe)
    theory.save(network, tmp_path / "n")
    back = theory.load(tmp_path / "n")
    assert isinstance(back, CanonicalNetwork) and back.sizes == network.sizes
    own = theory.network(W=np.zeros((2, 3)), K=np.zeros((2, 1)), basis=theory.own(lambda past: [0], 1))
    with pytest.raises(InputError, match="cannot be saved"):
        theory.save(own, tmp_path / "o")
    assert not (tmp_path / "o").exists()


def test_files_that_hold_no_model_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "n"
    theory.save(theory.network(W=np.zeros((2, 3)), K=np.zeros((2, 2)), basis=theory.past()), path)
    tensors = load_tensors(path.read_bytes())
    raw = path.read_bytes()
    length = int.from_bytes(raw[:8], "little")
    header = json.loads(json.loads(raw[8 : 8 + length])["__metadata__"]["triquetra"])

    def forged(change: dict[str, object], arrays: dict[str, np.ndarray] | None = None) -> bytes:
        text = json.dumps(header | change)
        return save_tensors(tensors if arrays is None else arrays, metadata={"triquetra": text})

    past = {"past": "states", "factor": 0, "lag": 1, "level": None}
    nested: dict[str, object] = {"past": "states", "factor": 0, "lag": 1, "level": None}
    for _ in range(40):
        nested = {"product": [nested]}
    cases = {
        b"": "holds no model", raw[:-1]: "holds no model", b"\x80\x04K\x01.": "holds no model",
        save_tensors(tensors): "holds no model",
        forged({"version": 2}): "version 2", forged({"kind": "machine"}): "none of",
        forged({"states": [[3]]}): "shape|makes", forged({"states": 3}): "not a list of shapes",
        forged({"states": [[-1]]}): "whole numbers", forged({"state_levels": [1]}): "two levels",
        forged({"state_recurrence": [{"own": 1}]}): "describe no basis",
        forged({"state_recurrence": [nested]}): "at most 32 deep",
        forged({"state_recurrence": [past | {"lag": 10**30}]}): "lag = 1",
        forged({"state_recurrence": [{"shift": past, "by": -(10**30), "axis": 0, "cyclic": True}]}): "by = -1",
        forged({"states": [[10**7]], "state_recurrence": [{"product": [past] * 9}]}): r"makes \(10000000, 10000000",
        forged({}, {k: v for k, v in tensors.items() if k != "K.0"}): "`K.0` is missing",
        forged({}, tensors | {"K.0": tensors["K.0"].astype(np.float32)}): "float32, not float64",
        forged({}, tensors | {"K.0": np.full_like(tensors["K.0"], np.nan)}): "not finite",
    }  # fmt: skip
    for content, message in cases.items():
        path.write_bytes(content)
        with pytest.raises(FormError, match=message):
            theory.load(path)
    with pytest.raises(InputError, match="there is no file"):
        theory.load(tmp_path / "nothing")


def test_everything_public_is_there_and_documented() -> None:
    for name in theory.__all__:
        assert getattr(theory, name).__doc__, name
    with pytest.raises(AttributeError, match="no attribute `nets`"):
        theory.nets  # noqa: B018


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="nan is not finite"):
        theory.network(W=np.zeros((2, 3)), priors=float("nan"))
