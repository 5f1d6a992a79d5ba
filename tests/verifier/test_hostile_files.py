"""Any file under 1 MB is answered within 10 s and 1 GB, in a message that does not repeat it.

Each answer is given in a process of its own that the system stops at these limits.
"""

import base64
import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from tests.verifier_units import hostile

from triquetra.compiler import compile_machine
from triquetra.forms import load_network, to_bytes
from triquetra.forms.nearby import perturb
from triquetra.machines import InputError, Machine, Rule, from_busy_beaver
from triquetra.verifier import Certificate, check, read_certificate, write_certificate
from triquetra.verifier.checker import certificate as limits
from triquetra.verifier.checker.certificate import Proof
from triquetra.verifier.checker.check import MAX_DRIVES
from triquetra.verifier.checker.obligations import obligations
from triquetra.verifier.checker.reading import MAX_DIMENSIONS, MAX_ENTRIES, MAX_TENSORS, read_saved, read_tensors
from triquetra.verifier.checker.refusal import Fault, Refused
from triquetra.verifier.prover.certify import certify

ROOT = Path(__file__).parent.parent.parent
GENUINE = json.loads((ROOT / "tests" / "refused" / "genuine.json").read_text())
FILES = {
    kind: (json.dumps(GENUINE[kind]["header"]).encode(), base64.b64decode(GENUINE[kind]["tensors"]))
    for kind in ("network", "pomdp")
}
LIMITS = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
resource.setrlimit(resource.RLIMIT_AS, (10**9, 10**9))
"""
READ_ALL = """
from tests.verifier_units import hostile
from tests.verifier_units.two_machines import BEAVER
from triquetra.verifier.checker import Refused
from triquetra.verifier.checker.reading import read_saved
for name, files in hostile.FORMS.items():
    try:
        read_saved("network", files, BEAVER)
        print("read", name)
    except Refused as refusal:
        assert len(str(refusal)) < 500, name
"""
CHECK = """
from triquetra.machines.core import Machine, Rule
from triquetra.verifier.checker import Refused, check, read_certificate
folder, states, symbols = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
rules = tuple(Rule(s, (a,), ((a + s) % symbols,), ((a * s) % 3 - 1,), (7 * a + s) % states)
    for s in range(states) for a in range(symbols))
machine = Machine(states=tuple(f"s{i}" for i in range(states)), symbols=tuple(f"a{i}" for i in range(symbols)),
    rules=rules, verdicts=(None,) * states)
content = [open(f"{folder}/{name}", "rb").read() for name in ("certificate", "header", "tensors")]
try:
    check(read_certificate(content[0]), machine, network=tuple(content[1:]))
    print("accepted")
except Refused as refusal:
    print(refusal.fault, refusal.found)
"""


def run(code, *arguments):
    """What a process prints that has 10 s and 1 GB."""
    command = [sys.executable, "-c", f"{LIMITS}\n{code}", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_the_checkers_reader_refuses_all_of_them_in_time():
    assert all(len(part) <= hostile.MB for files in hostile.FORMS.values() for part in files)
    assert run(READ_ALL) == ""


@pytest.mark.parametrize("name", hostile.FORMS)
def test_the_other_reader_refuses_them_in_few_words(name, tmp_path):
    for path, content in zip(("network.json", "network.safetensors"), hostile.FORMS[name]):
        (tmp_path / path).write_bytes(content)
    with pytest.raises(InputError) as error:
        load_network(tmp_path)
    assert len(str(error.value)) < 500


def test_the_other_reader_refuses_them_in_time(tmp_path):
    for i, files in enumerate(hostile.FORMS.values()):
        (tmp_path / str(i)).mkdir()
        for path, content in zip(("network.json", "network.safetensors"), files):
            (tmp_path / str(i) / path).write_bytes(content)
    code = (
        "from pathlib import Path\nfrom triquetra.forms import load_network\n"
        "from triquetra.machines import InputError\n"
        "for folder in Path(sys.argv[1]).iterdir():\n"
        "    try: load_network(folder); print('read', folder)\n"
        "    except InputError: pass"
    )
    assert run(code, tmp_path) == ""


@pytest.mark.parametrize("name", hostile.certificates(GENUINE["certificate"]))
def test_certificates_that_ask_for_much(name):
    text = hostile.certificates(GENUINE["certificate"])[name]
    assert len(text) <= limits.MAX_BYTES
    machine = from_busy_beaver(GENUINE["machine"])
    if name == "correspondence of 10^308":
        check(read_certificate(text), machine, **FILES)  # says too little, but nothing wrong
        return
    with pytest.raises(Refused) as refusal:
        check(read_certificate(text), machine, **FILES)
    assert len(str(refusal.value)) < 500


def refusal_of(function, *arguments):
    with pytest.raises(Refused) as refusal:
        function(*arguments)
    return refusal.value


def test_each_bound_holds_to_the_last():
    first = GENUINE["certificate"]["proofs"][0]
    machine = from_busy_beaver(GENUINE["machine"])

    def with_proofs(number):
        return read_certificate(hostile.certificate(GENUINE["certificate"], proofs=[first] * number))

    assert len(check(with_proofs(limits.MAX_PROOFS), machine, **FILES)) == limits.MAX_PROOFS
    assert refusal_of(with_proofs, limits.MAX_PROOFS + 1).fault == Fault.TOO_MUCH
    text = hostile.certificate(GENUINE["certificate"])
    read_certificate(text + " " * (limits.MAX_BYTES - len(text)))
    assert refusal_of(read_certificate, text + " " * (limits.MAX_BYTES - len(text) + 1)).fault == Fault.TOO_MUCH
    for number, fault in ((MAX_TENSORS, None), (MAX_TENSORS + 1, Fault.TOO_MUCH)):
        raw = hostile.tensors({f"t{i}": hostile.EMPTY for i in range(number)})
        assert fault == (refusal_of(read_tensors, raw, "x").fault if fault else None)
        assert fault or len(read_tensors(raw, "x")) == number
    assert read_tensors(hostile.tensors(hostile.one([1] * MAX_DIMENSIONS, 8), bytes(8)), "x")["a"].values == (0.0,)
    refusal = refusal_of(read_tensors, hostile.tensors(hostile.one([1] * (MAX_DIMENSIONS + 1), 8), bytes(8)), "x")
    assert refusal.fault == Fault.VALUE
    many = {"a": {"dtype": "F64", "shape": [MAX_ENTRIES + 1], "data_offsets": [0, 8 * MAX_ENTRIES + 8]}}
    assert refusal_of(read_tensors, hostile.tensors(many, bytes(8 * MAX_ENTRIES + 8)), "x").fault == Fault.TOO_MUCH


def distinct(states, symbols):
    """A machine and the bytes of a network whose every weight is another number, so that no two obligations are one."""
    rules = tuple(
        Rule(s, (a,), ((a + s) % symbols,), ((a * s) % 3 - 1,), (7 * a + s) % states)
        for s in range(states) for a in range(symbols)
    )  # fmt: skip
    machine = Machine(
        states=tuple(f"s{i}" for i in range(states)), symbols=tuple(f"a{i}" for i in range(symbols)),
        rules=rules, verdicts=(None,) * states,
    )  # fmt: skip
    return machine, to_bytes(perturb(compile_machine(machine).network, 1.0))


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A folder with a form of almost 1 MB, its sizes, one proof of it, and how many obligations that has."""
    states, symbols = 100, 75
    machine, files = distinct(states, symbols)
    assert 800_000 < len(files[1]) < hostile.MB
    form = read_saved("network", files, machine)
    required = obligations(machine, form)
    proof = certify(form, required, None, room=Fraction(2))
    assert isinstance(proof, Proof)
    folder = tmp_path_factory.mktemp("large")
    (folder / "header").write_bytes(files[0])
    (folder / "tensors").write_bytes(files[1])

    def check_with(number):
        proofs = (proof,) * number
        of_it = Certificate(machine=machine.digest, network=form.digest, pomdp=None, proofs=proofs)
        (folder / "certificate").write_text(write_certificate(of_it))
        return run(CHECK, folder, states, symbols).split()

    return check_with, len(required)


def test_the_largest_certificate_that_is_taken_is_checked_in_time(large):
    check_with, each = large
    most = MAX_DRIVES // each
    assert most >= 3
    assert check_with(most) == ["accepted"]
    fault, *_ = check_with(most + 1)
    assert fault == "too"
