"""Writes the forgeries of this folder: `python tests/refused/make.py`.

Each file is one forged or corrupted certificate or saved form, with what is forged in `forgery` and in `refused` the
fault that the checker must find and where (`place` is the beginning of the place). A form that is not in a file is the
genuine one, of genuine.json. Where weights are forged the certificate is made to name them, so that only the proof can
tell.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load, save

from triquetra.compiler import compile_machine
from triquetra.forms import to_bytes
from triquetra.machines import from_busy_beaver
from triquetra.verifier import Proved, verify, write_certificate
from triquetra.verifier.prover.verify import joined

HERE = Path(__file__).parent
MACHINE = "1RB1LB_1LA1RZ"
GAIN, CELLS = 20.0, 16
Json = dict[str, Any]


def genuine() -> Json:
    """A machine, its forms and the certificate that is right for them."""
    machine = from_busy_beaver(MACHINE)
    compiled = compile_machine(machine, gain=GAIN)
    verdicts = [
        verify(machine, compiled.network, compiled.pomdp, cells, gain=GAIN, robustness=False) for cells in (None, CELLS)
    ]
    external, synaptic = (verdict.certificate for verdict in verdicts if isinstance(verdict, Proved))
    return {
        "machine": MACHINE,
        "certificate": json.loads(write_certificate(joined(external, synaptic))),
        "network": encoded(*to_bytes(compiled.network)),
        "pomdp": encoded(*to_bytes(compiled.pomdp)),
    }


def encoded(header: bytes, tensors: bytes) -> Json:
    """The two files of a form as JSON."""
    return {"header": json.loads(header), "tensors": base64.b64encode(tensors).decode()}


def write(name: str, content: Json) -> None:
    """Write one file."""
    (HERE / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n")


# --- certificates


def certificates(right: Json) -> list[tuple[str, str, str, Json | str]]:
    """(file, what is forged, fault | place, the certificate)."""
    forged: list[tuple[str, str, str, Json | str]] = []

    def forge(name: str, what: str, said: str, change: Callable[[Json], None]) -> None:
        certificate = copy.deepcopy(right)
        change(certificate)
        forged.append((f"certificate_{name}", what, said, certificate))

    def first(**changes: Any) -> Callable[[Json], None]:
        return lambda c: c["proofs"][0].update(changes)

    def entry(kind: str, population: str, value: Any, proof: int = 0) -> Callable[[Json], None]:
        return lambda c: c["proofs"][proof][kind].update({population: value})

    def top(**changes: Any) -> Callable[[Json], None]:
        return lambda c: c.update(changes)

    synaptic = next(i for i, proof in enumerate(right["proofs"]) if proof["cells"])
    small = right["proofs"][0]["epsilon"]["state"]
    forge("other_machine", "the digest of another machine", "other | machine", top(machine="0" * 64))
    forge("other_network", "the digest of another network", "other | network", top(network="1" * 64))
    forge("other_pomdp", "the digest of another POMDP", "other | pomdp", top(pomdp="2" * 64))
    forge(
        "short_digest",
        "a digest cut short",
        "value | certificate: `network`",
        lambda c: c.update(network=c["network"][:-1]),
    )
    forge("unnamed_network", "no digest for a network that is given", "unpaired | network", top(network=None))
    forge(
        "epsilon_halved",
        "ε below what a step achieves",
        "error | network, external tape: state",
        entry("epsilon", "state", small / 2),
    )
    forge(
        "epsilon_a_little_low",
        "ε low by one part in 10^5",
        "error | network, external tape: state",
        entry("epsilon", "state", small * 0.99999),
    )
    forge("epsilon_zero", "ε = 0", "epsilon | network, external tape: read", entry("epsilon", "read", 0.0))
    forge(
        "epsilon_half",
        "ε = 1/2, at which nothing is decided",
        "epsilon | network, external tape: halt",
        entry("epsilon", "halt", 0.5),
    )
    forge(
        "epsilon_large",
        "an ε that does not reproduce itself",
        "side | network, external tape: state",
        entry("epsilon", "state", 0.45),
    )
    forge(
        "epsilon_negative",
        "a negative ε",
        "value | certificate: `proofs[0].epsilon.move`",
        entry("epsilon", "move", -1e-9),
    )
    forge(
        "epsilon_text", "ε in quotes", "value | certificate: `proofs[0].epsilon.move`", entry("epsilon", "move", "1e-9")
    )
    forge("epsilon_true", "ε = true", "value | certificate: `proofs[0].epsilon.move`", entry("epsilon", "move", True))
    forge(
        "epsilon_missing",
        "no ε for Γ",
        "missing | network, external tape: ε of risk",
        lambda c: c["proofs"][0]["epsilon"].pop("risk"),
    )
    forge("epsilon_place_missing", "a memory without ε for place", "missing | network, synaptic tape: ε of place",
          lambda c: c["proofs"][synaptic]["epsilon"].pop("place"))  # fmt: skip
    forge(
        "epsilon_unknown",
        "ε for a population that there is not",
        "value | certificate: `proofs[0].epsilon`",
        entry("epsilon", "soul", 1e-9),
    )
    forge(
        "epsilon_superfluous",
        "ε for places of an external tape",
        "keys | network, external tape: `epsilon`",
        entry("epsilon", "place", 1e-9),
    )
    forge(
        "margin_large",
        "a margin that is not there",
        "margin | network, external tape: risk",
        entry("margin", "risk", GAIN + 1e-6),
    )
    forge(
        "margin_missing",
        "no margin for halt",
        "keys | network, external tape: `margin`",
        lambda c: c["proofs"][0]["margin"].pop("halt"),
    )
    forge("no_proofs", "nothing is proved", "empty | ", top(proofs=[]))
    forge("proof_of_absent_form", "a proof for a POMDP that is not named", "unpaired | pomdp", top(pomdp=None))
    forge(
        "proof_of_turing",
        "a proof for a form that there is not",
        "value | certificate: `proofs[0].form`",
        first(form="turing"),
    )
    forge("cells_zero", "a memory without cells", "value | certificate: `proofs[0].cells`", first(cells=0))
    forge("cells_true", "cells = true", "value | certificate: `proofs[0].cells`", first(cells=True))
    forge("cells_fraction", "half a cell", "value | certificate: `proofs[0].cells`", first(cells=16.5))
    forge("cells_raised", "more cells than the gain is good for", "error | network, synaptic tape: read",
          lambda c: c["proofs"][synaptic].update(cells=10**8))  # fmt: skip
    forge(
        "cells_astronomical",
        "2^60 cells",
        "range | network, synaptic tape: a sum of",
        lambda c: c["proofs"][synaptic].update(cells=2**60),
    )
    forge("radius_raised", "a radius that is not proved", "error | network, external tape: state", first(radius=6.0))
    forge("noise_raised", "noise that ε has no room for", "error | network, external tape: state", first(noise=1e-6))
    forge(
        "correspondence_zero",
        "parameters said to be equal exactly",
        "difference | correspondence",
        top(correspondence=0.0),
    )
    forge("format", "another format", "value | certificate: `format`", top(format="triquetra"))
    forge("version", "a version of the future", "value | certificate: `version`", top(version=2))
    forge("version_true", "version = true", "value | certificate: `version`", top(version=True))
    forge("extra_key", "a key that means nothing", "keys | certificate", top(trusted=True))
    forge("missing_key", "no noise", "keys | certificate: `proofs[0]`", lambda c: c["proofs"][0].pop("noise"))
    forge(
        "proofs_object",
        "proofs that are no list",
        "value | certificate: `proofs`",
        lambda c: c.update(proofs=c["proofs"][0]),
    )
    text = json.dumps(right)
    number = json.dumps(small)
    forged += [
        ("certificate_epsilon_nan", "ε is no number", "not JSON | certificate", text.replace(number, "NaN", 1)),
        ("certificate_epsilon_overflows", "ε = 1e999", "not JSON | certificate", text.replace(number, "1e999", 1)),
        ("certificate_key_twice", "a second ε after the first", "not JSON | certificate",
         text.replace('"cells": null', '"epsilon": {}, "cells": null', 1)),
        ("certificate_truncated", "the last half is missing", "not JSON | certificate", text[: len(text) // 2]),
        ("certificate_deep", "brackets that never end", "not JSON | certificate", '{"proofs": ' + "[" * 3000),
        ("certificate_list", "a list of certificates", "value | certificate", f"[{text}]"),
        ("certificate_long_number", "a number of 5,000 digits", "not JSON | certificate",
         text.replace(number, "9" * 5000, 1)),
    ]  # fmt: skip
    return forged


# --- forms


def forms(right: Json) -> list[tuple[str, str, str, str, Json]]:
    """(file, what is forged, fault | place, kind, the form)."""
    forged: list[tuple[str, str, str, str, Json]] = []

    def tensors(kind: str, name: str, what: str, said: str, change: Callable[[dict[str, Any]], None]) -> None:
        arrays = {key: value.copy() for key, value in load(base64.b64decode(right[kind]["tensors"])).items()}
        change(arrays)
        put(kind, name, what, said, save({key: np.ascontiguousarray(value) for key, value in arrays.items()}))

    def put(of: str, name: str, what: str, said: str, raw: bytes, **header: Any) -> None:
        full = right[of]["header"] | {"sha256": hashlib.sha256(raw).hexdigest()} | header
        form = {"header": full, "tensors": base64.b64encode(raw).decode()}
        forged.append((f"{of}_{name}", what, said, of, form))

    def scaled(name: str, factor: float, at: Any = slice(None)) -> Callable[[dict[str, Any]], None]:
        def change(arrays: dict[str, Any]) -> None:
            arrays[name][at] *= factor

        return change

    def replaced(name: str, value: Any, at: Any = slice(None)) -> Callable[[dict[str, Any]], None]:
        def change(arrays: dict[str, Any]) -> None:
            arrays[name][at] = value

        return change

    def swapped(name: str) -> Callable[[dict[str, Any]], None]:
        def change(arrays: dict[str, Any]) -> None:
            arrays[name] = arrays[name][..., ::-1, :].copy()

        return change

    def extra_cell(arrays: dict[str, Any]) -> None:
        """A coincidence for a cell without a rule, which moves."""
        cells = len(arrays["cell_state"])
        arrays["cell_state"] = np.append(arrays["cell_state"], 2)
        arrays["cell_read"] = np.vstack([arrays["cell_read"], [[1]]])
        indices = arrays["weights_indices"]
        indices[indices >= cells] += 1
        at = int(arrays["weights_indptr"][5])  # after the entries of move:L
        arrays["weights_indices"] = np.insert(indices, at, cells)
        arrays["weights_data"] = np.insert(arrays["weights_data"], at, 2 * GAIN)
        arrays["weights_indptr"][5:] += 1

    all_weights = (
        "weights_data",
        "bias",
        "sensory_weights",
        "sensory_bias",
        "place_weight",
        "place_bias",
        "saturation",
        "rate",
    )

    def weaker(arrays: dict[str, Any]) -> None:
        for each in all_weights:
            arrays[each] *= 0.5

    network = "network"
    for entry in (0, 2, 7, 11):
        tensors(network, f"synapse_{entry}_reversed", f"synapse {entry} with the other sign",
                "side | network, external tape: ", scaled("weights_data", -1.0, entry))  # fmt: skip
    tensors(
        network,
        "synapse_lost",
        "a synapse of zero",
        "side | network, external tape: state",
        replaced("weights_data", 0.0, 1),
    )
    tensors(
        network,
        "synapse_weak",
        "a synapse at half strength",
        "side | network, external tape: state",
        scaled("weights_data", 0.5, 1),
    )
    tensors(
        network,
        "bias_on",
        "a movement that is always on",
        "side | network, external tape: move",
        scaled("bias", -1.0, 4),
    )
    tensors(
        network,
        "halt_silent",
        "a halt unit that is always off",
        "side | network, external tape: halt",
        scaled("bias", -1.0, 3),
    )
    tensors(
        network,
        "sees_double",
        "two symbols exchanged in what is seen",
        "side | network, external tape: read",
        swapped("sensory_weights"),
    )
    tensors(network, "cells_exchanged", "two cells exchanged", "side | network, external tape: state",
            lambda arrays: arrays.update(cell_read=arrays["cell_read"][::-1].copy()))  # fmt: skip
    tensors(
        network,
        "extra_cell",
        "a cell without a rule that moves the head",
        "side | network, external tape: move",
        extra_cell,
    )
    tensors(
        network,
        "half_the_gain",
        "all weights at half strength, with the old ε",
        "error | network, external tape: state",
        weaker,
    )
    tensors(
        network,
        "place_reversed",
        "place neurons with the other sign",
        "side | network, synaptic tape: place",
        scaled("place_weight", -1.0),
    )
    tensors(
        network,
        "rate_low",
        "plasticity too weak to flip a synapse",
        "memory | network, synaptic tape: memory: a synapse at the head",
        scaled("rate", 0.25),
    )
    tensors(
        network,
        "rate_negative",
        "plasticity that unlearns",
        "memory | network, synaptic tape: memory: a synapse at the head",
        scaled("rate", -1.0),
    )
    tensors(
        network,
        "memory_leaks",
        "synapses that decay",
        "memory | network, synaptic tape: memory: a synapse away from the head",
        replaced("bistability", 0.9),
    )
    tensors(
        network,
        "memory_negative",
        "a saturation below zero",
        "memory | network, synaptic tape: memory: a synapse at the head",
        scaled("saturation", -1.0),
    )
    tensors(
        network,
        "memory_faint",
        "synapses that are hardly there",
        "error | network, synaptic tape: read",
        replaced("saturation", 0.5),
    )
    tensors(
        network,
        "enormous",
        "weights that overflow",
        "range | network, external tape: a sum that could overflow",
        scaled("weights_data", 1e305),
    )
    tensors(
        network,
        "not_finite",
        "a weight that is infinite",
        "not finite | network: tensor `weights_data`",
        replaced("weights_data", np.inf, 0),
    )
    tensors(
        network,
        "no_number",
        "a bias that is no number",
        "not finite | network: tensor `bias`",
        replaced("bias", np.nan, 0),
    )
    tensors(
        network,
        "column_outside",
        "a synapse from nowhere",
        "order | network: `weights_indices`",
        replaced("weights_indices", 99, -1),
    )
    tensors(
        network,
        "column_negative",
        "a synapse from column -1",
        "order | network: `weights_indices`",
        replaced("weights_indices", -1, 0),
    )
    tensors(network, "column_twice", "one synapse twice", "order | network: `weights_indices`",
            lambda arrays: arrays["weights_indices"].__setitem__(1, arrays["weights_indices"][0]))  # fmt: skip
    tensors(
        network,
        "rows_undone",
        "units that share synapses",
        "division | network: `weights_indptr`",
        replaced("weights_indptr", 1, 0),
    )
    tensors(
        network,
        "cell_outside",
        "a cell of a state that there is not",
        "outside | network: `cell_state`",
        replaced("cell_state", 9, 0),
    )
    tensors(network, "cell_twice", "one cell twice", "twice | network: the cells",
            lambda arrays: arrays["cell_read"].__setitem__(1, arrays["cell_read"][0]))  # fmt: skip
    tensors(
        network,
        "tensor_missing",
        "no place bias",
        "missing | network: tensor `place_bias`",
        lambda arrays: arrays.pop("place_bias"),
    )
    tensors(network, "tensor_unknown", "a tensor that means nothing", "unknown | network: tensor `backdoor`",
            lambda arrays: arrays.update(backdoor=np.zeros(3)))  # fmt: skip
    tensors(network, "single_precision", "biases in single precision", "value | network.safetensors: tensor `bias`",
            lambda arrays: arrays.update(bias=arrays["bias"].astype(np.float32)))  # fmt: skip
    tensors(network, "shape", "sensory weights in one row", "tensor | network: tensor `sensory_weights`",
            lambda arrays: arrays.update(sensory_weights=arrays["sensory_weights"].reshape(-1)))  # fmt: skip
    raw = base64.b64decode(right[network]["tensors"])
    (length,) = struct.unpack("<Q", raw[:8])
    put(network, "truncated", "the last 8 bytes are missing", "length | network.safetensors: the tensors", raw[:-8])
    put(network, "longer", "8 bytes too many", "length | network.safetensors: the tensors", raw + bytes(8))
    put(network, "empty", "no bytes at all", "length | network.safetensors: the length of the header", b"")
    put(
        network,
        "header_beyond",
        "a header that is longer than the file",
        "length | network.safetensors: the header",
        struct.pack("<Q", 2**62) + raw[8:],
    )
    put(
        network,
        "header_garbage",
        "a header of zeros",
        "not JSON | network.safetensors",
        raw[:8] + bytes(length) + raw[8 + length :],
    )
    overlap = json.loads(raw[8 : 8 + length])
    overlap["place_bias"]["data_offsets"] = overlap["place_weight"]["data_offsets"]
    text = json.dumps(overlap).encode()
    put(
        network,
        "overlap",
        "two tensors in one place",
        "offsets | network.safetensors: tensor `place_bias`",
        struct.pack("<Q", len(text)) + text + raw[8 + length :],
    )
    put(
        network,
        "other_bytes",
        "a digest that is not the tensors'",
        "value | network.json: `sha256`",
        raw,
        sha256="0" * 64,
    )
    put(
        network,
        "other_states",
        "states of another machine",
        "value | network.json: `states`",
        raw,
        states=["A", "B", "C"],
    )
    put(
        network,
        "other_symbols",
        "symbols of another machine",
        "value | network.json: `symbols`",
        raw,
        symbols=["0", "x"],
    )
    put(network, "one_way", "another kind of tape", "value | network.json: `one_way`", raw, one_way=[True])
    put(network, "other_start", "another start state", "value | network.json: `start`", raw, start=1)
    put(network, "start_false", "start = false", "value | network.json: `start`", raw, start=False)
    put(network, "other_kind", "a POMDP's header", "value | network.json: `kind`", raw, kind="pomdp")
    pomdp = "pomdp"

    def exchange(a: str, b: str) -> Callable[[dict[str, Any]], None]:
        return lambda arrays: arrays.update({a: arrays[b], b: arrays[a]})

    tensors(
        pomdp,
        "on_and_off",
        "ln P and ln(1 − P) exchanged",
        "side | pomdp, external tape: state",
        exchange("transition_on", "transition_off"),
    )
    tensors(
        pomdp,
        "prior_even",
        "priors of one half",
        "side | pomdp, external tape: move",
        replaced("action_prior", np.log(0.5)),
    )
    tensors(
        pomdp,
        "floor_high",
        "counts that are hardly apart",
        "error | pomdp, synaptic tape: read",
        replaced("count_floor", 0.9),
    )
    tensors(
        pomdp,
        "floor_zero",
        "counts of zero",
        "memory | pomdp, synaptic tape: memory: a synapse at the head",
        replaced("count_floor", 0.0),
    )
    tensors(
        pomdp,
        "counts_fade",
        "counts that decay",
        "memory | pomdp, synaptic tape: memory: a synapse at the head",
        replaced("bistability", 0.8),
    )
    tensors(
        pomdp,
        "rate_low",
        "counts that hardly grow",
        "memory | pomdp, synaptic tape: memory: a synapse at the head",
        replaced("count_rate", 0.5),
    )
    tensors(
        pomdp,
        "sees_double",
        "two symbols exchanged in what is seen",
        "side | pomdp, external tape: read",
        swapped("likelihood"),
    )
    return forged


def refusal(said: str) -> Json:
    """`fault | place` as two fields."""
    fault, _, place = said.partition(" | ")
    return {"fault": fault, "place": place}


def main() -> None:
    """Write all files."""
    right = genuine()
    for old in HERE.glob("*.json"):
        old.unlink()
    write("genuine", right)
    for name, what, said, certificate in certificates(right["certificate"]):
        write(name, {"forgery": what, "refused": refusal(said), "certificate": certificate})
    for name, what, said, kind, form in forms(right):
        certificate = right["certificate"] | {kind: hashlib.sha256(base64.b64decode(form["tensors"])).hexdigest()}
        write(name, {"forgery": what, "refused": refusal(said), "certificate": certificate, kind: form})


if __name__ == "__main__":
    main()
