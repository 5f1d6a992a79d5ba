"""The noise study: how often runs go wrong, over noise and gain, beside what each certificate promises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from triquetra.compiler.gain import choose_gain
from triquetra.compiler.to_network import to_network
from triquetra.machines import Machine, Tape
from triquetra.machines.load import load
from triquetra.verifier import Proved, verify

from ..common import Arrays, Progress, require, run_jobs, silent
from .simulate import Noise, first_errors

MACHINE = "@busy-beaver-4"  # 107 steps to its halt on the blank tape, over 14 cells
CELLS = 32
GAINS = (5.0, 6.0, 8.0, 12.0, 20.0, 40.0)  # nats
ACTIVITY = tuple(round(0.01 * i, 2) for i in range(19))  # amplitudes of noise on activities
SYNAPSES = tuple(round(0.05 * i, 2) for i in range(19))  # amplitudes of noise on weights, as parts of the gain
NORMAL = tuple(round(0.005 * i, 3) for i in range(19))  # standard deviations of noise on activities


@dataclass(frozen=True, kw_only=True)
class NoiseSettings:
    """`samples`: runs for each point. `steps`: of each run; the machine halts within 107 and must then stay halted."""

    samples: int = 400
    steps: int = 120
    seed: int = 0

    def __post_init__(self) -> None:
        require(self.samples >= 1, f"samples = {self.samples}: at least one run is needed")
        require(self.steps >= 1, f"steps = {self.steps}: at least one step is needed")


def run(settings: NoiseSettings, *, workers: int | None = None, progress: Progress = silent) -> Arrays:
    """Shares of runs with an error: (gain, amplitude) for each kind of noise; what is certified (gain,) for each.

    `inside_…`: runs with an error at exactly the certified amplitude; a sound certificate makes them 0.
    """
    machine = load(MACHINE).machine
    rows = run_jobs(
        lambda i, tick: _row(machine, GAINS[i], settings, i, tick),
        len(GAINS),
        workers=workers,
        progress=progress,
        ticks=4,
    )
    return {name: np.array([row[name] for row in rows]) for name in rows[0]} | {
        "gains": np.array(GAINS), "activity": np.array(ACTIVITY), "synapses": np.array(SYNAPSES),
        "normal": np.array(NORMAL),
    }  # fmt: skip


def _row(machine: Machine, gain: float, settings: NoiseSettings, index: int, tick: Any) -> dict[str, Any]:
    network = to_network(machine, choose_gain(machine, cells=CELLS, gain=gain))

    def errors(noise: Noise) -> float:
        first = first_errors(
            machine, network, CELLS, noise,
            trials=settings.samples, steps=settings.steps, seed=1000 * settings.seed + index, tape=Tape(),
        )  # fmt: skip
        return float((first <= settings.steps).mean())

    verdict = verify(machine, network, None, CELLS)
    proofs = verdict.certificate.proofs if isinstance(verdict, Proved) else ()
    radius = max((float(proof.radius) for proof in proofs), default=0.0)
    noise = max((float(proof.noise) for proof in proofs), default=0.0)
    tick()
    row: dict[str, Any] = {
        "certified_synapses": radius,
        "certified_activity": noise,
        "inside_synapses": errors(Noise(synapses=radius)),
        "inside_activity": errors(Noise(activity=noise)),
        "error_activity": [errors(Noise(activity=a)) for a in ACTIVITY],
    }
    tick()
    row["error_synapses"] = [errors(Noise(synapses=part * gain)) for part in SYNAPSES]
    tick()
    row["error_normal"] = [errors(Noise(activity=a, distribution="normal")) for a in NORMAL]
    tick()
    return row


def summary(settings: NoiseSettings, arrays: Arrays) -> dict[str, Any]:
    """For each gain what is certified, and the least amplitude of the grid at which a run went wrong."""
    results: dict[str, Any] = {"machine": f"{MACHINE}, {CELLS} cells of synaptic memory"}
    for i, gain in enumerate(arrays["gains"]):
        seen_activity = _first(arrays["error_activity"][i], arrays["activity"])
        seen_synapses = _first(arrays["error_synapses"][i], arrays["synapses"] * gain)
        results[f"gain {gain:g} nats"] = (
            f"activity: certified {arrays['certified_activity'][i]:.4f}, first errors at {seen_activity:.4g}; "
            f"weights: certified {arrays['certified_synapses'][i]:.3f} nats, first errors at {seen_synapses:.4g}"
        )
    inside = float(max(arrays["inside_activity"].max(), arrays["inside_synapses"].max()))
    results["error rate inside the certificates"] = inside
    return results


def _first(errors: np.ndarray[Any, Any], amplitudes: np.ndarray[Any, Any]) -> float:
    wrong = np.flatnonzero(errors > 0)
    return float(amplitudes[wrong[0]]) if wrong.size else float("inf")
