"""`triquetra halts` and `triquetra check-halts`, as one would type them."""

import json
import subprocess
import sys

import pytest

CHAMPION = "1RB2LA1RA2LB2LA_0LA2RB3RB4RA1RZ"


def triquetra(*arguments):
    command = [sys.executable, "-c", "from triquetra.cli import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def test_a_certificate_is_written_accepted_and_refused(tmp_path):
    certificate = str(tmp_path / "certificate.json")
    found = triquetra("halts", CHAMPION, "--out", certificate)
    assert (found.returncode, found.stderr) == (0, "")
    assert "halts after 10^704.279 steps, with 10^352.251 marks" in found.stdout
    accepted = triquetra("check-halts", certificate, CHAMPION, "--json")
    answer = json.loads(accepted.stdout)
    assert (accepted.returncode, answer["accepted"], answer["ending"], len(answer["steps"])) == (0, True, "halted", 705)
    other = triquetra("check-halts", certificate, "1RB1LB_1LA1RZ")
    assert (other.returncode, "refused" in other.stderr, "another machine" in other.stderr) == (1, True, True)


@pytest.mark.parametrize(
    ("arguments", "status", "halts", "method", "steps"),
    [
        (["1RB1LB_1LA1RZ"], 0, True, "halts", "6"),
        (["@increment", "--input", "1011"], 0, True, "halts", "8"),
        (["1RB1LB_1LC0RC_0LA1RC"], 0, False, "cycle", None),
        (["1RB1LA_0LA1RB"], 0, False, "closed set", None),
        ([CHAMPION, "--max-macro-steps", "100"], 3, None, "unknown", None),
    ],
)
def test_answers(arguments, status, halts, method, steps):
    run = triquetra("halts", *arguments, "--json")
    answer = json.loads(run.stdout)
    assert (run.returncode, answer["halts"], answer["method"], answer["steps"]) == (status, halts, method, steps)
    assert (answer["reason"] is None) == (halts is not None)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["halts", "@two-tape-add"], "several tapes"),
        (["halts", "@one-way-shift"], "one-way tape"),
        (["halts", "@increment", "--input", "x"], "increment` reads"),
        (["check-halts", "nowhere.json", "@increment"], "there is no file"),
    ],
)
def test_bad_input(arguments, said):
    run = triquetra(*arguments)
    assert (run.returncode, run.stdout) == (2, "")
    assert said in run.stderr
    assert "Traceback" not in run.stderr
