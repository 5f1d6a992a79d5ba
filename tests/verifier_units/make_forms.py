"""Writes forms.json: `python -m tests.verifier_units.make_forms`. Saved forms to try the checker on.

Their weights are all different, so that no two places of the checker can be exchanged unnoticed.
"""

from __future__ import annotations

import base64
import dataclasses
import json
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from triquetra.compiler import compile_machine, to_pomdp
from triquetra.forms import Network, to_bytes
from triquetra.forms.nearby import perturb

from .two_machines import BEAVER, TWO_TAPES

HERE = Path(__file__).parent


def with_another_cell(network: Network, state: int, read: tuple[int, ...]) -> Network:
    """The network with a coincidence for a cell without a rule, heard weakly by two units."""
    axes = network.axes
    dense = network.weights.toarray()
    column = np.zeros((axes.units, 1))
    column[1], column[axes.units - 1] = -1.5, 2.25
    weights = csr_array(np.hstack([dense[:, : axes.cells], column, dense[:, axes.cells :]]))
    weights.sort_indices()
    cell_state = np.append(axes.cell_state, state)
    cell_read = np.vstack([axes.cell_read, [read]])
    return dataclasses.replace(
        network, axes=dataclasses.replace(axes, cell_state=cell_state, cell_read=cell_read), weights=weights
    )


def main() -> None:
    found = {}
    for name, machine, extra in (("beaver", BEAVER, None), ("two tapes", TWO_TAPES, (0, (1, 0)))):
        network = perturb(compile_machine(machine, gain=12).network, 1.0, seed=7)
        network = dataclasses.replace(network, saturation=11.5, rate=49.0, bistability=2.25)
        if extra is not None:
            network = with_another_cell(network, *extra)
        for form in (network, to_pomdp(network)):
            header, tensors = to_bytes(form)
            kind = "network" if isinstance(form, Network) else "pomdp"
            found[f"{kind} of {name}"] = {"header": json.loads(header), "tensors": base64.b64encode(tensors).decode()}
    (HERE / "forms.json").write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
