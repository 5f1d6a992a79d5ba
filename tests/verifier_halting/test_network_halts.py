"""`triquetra verify --halts` says of a network whether it halts, and only of one that is proved."""

import subprocess
import sys

import pytest

COMMAND = [sys.executable, "-c", "from triquetra.cli import main; main()", "verify", "--no-robustness", "--halts"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["1RB2LA1RA2LB2LA_0LA2RB3RB4RA1RZ"], "halt from the blank tape after 10^704.279 steps"),
        (["@increment", "--input", "1011"], "halt on input '1011' after 8 steps"),
        (["1RA1RA"], "run forever from the blank tape"),
        (["@increment", "--gain", "0.5"], "nothing can be said of the network"),
    ],
)
def test_what_is_said(arguments, said):
    run = subprocess.run([*COMMAND, "--tape", "external", *arguments], capture_output=True, text=True, timeout=120)
    assert said in run.stdout, run.stderr
