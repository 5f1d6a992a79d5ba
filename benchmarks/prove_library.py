"""`python -m benchmarks.prove_library`: each machine of the library proved, in both tape modes.

Exit status 1 if one is refuted or unknown. With a folder as argument, certificates are written into it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import triquetra
from triquetra.machines import Machine, write_whole
from triquetra.machines.catalogue import library
from triquetra.verifier import Certificate, verify_modes, write_certificate

CELLS = 1024


def main(folder: Path | None = None) -> int:
    """Prove all of them, a line each; the number of machines that were not proved."""
    print("greatest distance of an activity or belief from the one-hot code, at any step of any run:")
    print(f"{'machine':<26}{'states':>7}{'rules':>7}{'tapes':>7}{'gain':>10}{'external':>12}{f'{CELLS:,} cells':>14}")
    machines = [file.program.machine for file in library() if file.program is not None]
    failed = 0
    for machine in machines:
        sizes = f"{len(machine.states):>7}{len(machine.rules):>7}{machine.tapes:>7}"
        certificate = prove(machine)
        if certificate is None:
            failed += 1
            print(f"{machine.name:<26}{sizes}  not proved", flush=True)
            continue
        external, synaptic = (_largest_error(certificate, cells) for cells in (None, CELLS))
        print(f"{machine.name:<26}{sizes}{certificate.gain:>5g} nats{external:>12.2e}{synaptic:>14.2e}", flush=True)
        if folder is not None:
            write_whole(folder / f"{machine.name}.json", write_certificate(certificate))
    print(f"{len(machines) - failed} machines proved, each as network and POMDP in both tape modes; {failed} not")
    return failed


def prove(machine: Machine) -> Certificate | None:
    """The certificate of a machine as it is compiled, for both tape modes; None, and why on stderr, if not proved."""
    network, pomdp = triquetra.compile(machine, cells=CELLS)
    found = verify_modes(machine, network, pomdp, (None, CELLS), gain=network.saturation, robustness=False)
    if not found:
        print(found, file=sys.stderr)
        return None
    return found.certificate


def _largest_error(certificate: Certificate, cells: int | None) -> float:
    return float(max(e for proof in certificate.proofs if proof.cells == cells for e in proof.epsilon.values()))


if __name__ == "__main__":
    sys.exit(min(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None), 1))
