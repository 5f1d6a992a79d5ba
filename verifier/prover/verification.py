"""One call a command: forms verified in several tape modes, a certificate held against saved or compiled forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from triquetra.compiler import compile_machine, load_compiled
from triquetra.forms import Network, Pomdp, saved_bytes, to_bytes
from triquetra.machines import InputError, Machine

from ..checker.certificate import Certificate, read_certificate
from ..checker.check import check
from ..checker.reading import FormBytes
from .result import REPLAY, ProofResult, Proved, Refuted
from .verify import joined, verify
from .words import render_proofs


@dataclass(frozen=True)
class Verification:
    """What verifying a machine's forms came to, a result for each tape mode."""

    machine: Machine
    results: tuple[ProofResult, ...]

    def __bool__(self) -> bool:
        """Whether all of it is proved."""
        return all(self.results)

    @property
    def refuted(self) -> bool:
        """Whether a form parts from the machine."""
        return any(isinstance(result, Refuted) for result in self.results)

    @property
    def certificate(self) -> Certificate | None:
        """One certificate with all that was proved; None if nothing was."""
        proved = [result.certificate for result in self.results if isinstance(result, Proved)]
        return reduce(joined, proved) if proved else None

    def words(self, replay: str = REPLAY, details: bool = False) -> str:
        """What is proved in all modes, then what is not; `replay` is the command that replays a refutation.

        `details`: the margins and errors of every population.
        """
        certificate = self.certificate
        scales = {result.cells: result.scale for result in self.results if isinstance(result, Proved)}
        proved = [] if certificate is None else [render_proofs(self.machine, certificate, scales, details)]
        return "\n".join([*proved, *(result.words(replay) for result in self.results if not result)])

    def __str__(self) -> str:
        return self.words()

    def to_json(self) -> dict[str, Any]:
        """The machine and its results as a JSON object; docs/claim.md lists the keys."""
        verdicts = [result.to_json() for result in self.results]
        return {"machine": self.machine.name, "digest": self.machine.digest, "verdicts": verdicts}


def verify_modes(
    machine: Machine,
    network: Network | None,
    pomdp: Pomdp | None,
    modes: Sequence[int | None],
    *,
    gain: float | None = None,
    files: Mapping[str, FormBytes] | None = None,
    robustness: bool = True,
) -> Verification:
    """`verify` in each tape mode: None for external tapes, N for a synaptic memory of N cells.

    Raises: InputError: as `verify`.
    """
    each = (verify(machine, network, pomdp, cells, gain=gain, files=files, robustness=robustness) for cells in modes)
    return Verification(machine, tuple(each))


def check_certificate(raw: bytes, machine: Machine, folder: str | None = None, *, foreign: bool = False) -> Certificate:
    """Hold a certificate's text against the forms that it names: those saved in `folder`, or else compiled anew.

    `foreign`: those saved may have been compiled from another machine with the same names.
    Returns: the certificate, which is accepted.
    Raises: Refused: it is not; InputError: it is for saved weights, or nothing is saved in `folder`.
    """
    certificate = read_certificate(raw)
    kinds = [kind for kind in ("network", "pomdp") if getattr(certificate, kind) is not None]
    if folder is not None:
        saved = load_compiled(folder, machine, foreign=foreign)  # these are the machine's
        found = {"pomdp": to_bytes(saved.pomdp)} | saved_bytes(folder)  # `verify` reads it off the network, too
    elif certificate.gain is not None:
        compiled = compile_machine(machine, gain=certificate.gain)
        found = {"network": to_bytes(compiled.network), "pomdp": to_bytes(compiled.pomdp)}
    else:
        raise InputError("the certificate is for saved weights: name their folder with --artifact")
    check(certificate, machine, **{kind: found[kind] for kind in kinds if kind in found})
    return certificate
