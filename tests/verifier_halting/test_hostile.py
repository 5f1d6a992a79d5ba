"""Any certificate of less than 1 MB is answered within 10 s and 1 GB."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.verifier_halting.hostile import SAMPLES

SCRIPT = Path(__file__).with_name("hostile.py")
# What is true may be accepted.
ACCEPTED = {
    "10 words for 10 squared middles", "130 words for 130 squared middles", "a long cycle", "a long way to a cycle",
}  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
def test_it_is_answered(name):
    run = subprocess.run([sys.executable, str(SCRIPT), name], capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr[-2000:]
    assert run.stdout.startswith("<") == (name in ACCEPTED)
    assert len(run.stdout) < 500  # a message echoes no file
