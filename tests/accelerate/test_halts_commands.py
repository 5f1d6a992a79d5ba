"""`triquetra halts` and `triquetra check-halts`, as one would type them."""

import io
import json
import subprocess
import sys
import time

import pytest

from triquetra.cli import heartbeat
from triquetra.machines import from_busy_beaver
from triquetra.runtime.accelerate import DecisionKind, decide

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


UNDECIDED = "1RB1RE_1LC0RA_0RD1LB_---1RC_1LF1RE_0LB0LE"  # Antihydra: nobody knows


def test_seconds_are_kept_to():
    began = time.monotonic()
    run = triquetra("halts", UNDECIDED, "--seconds", "1", "--max-macro-steps", "1000000000")
    assert (run.returncode, run.stderr) == (3, "")
    assert run.stdout == f"{UNDECIDED}: unknown; nothing was found in 1 s; more may help\n"
    assert time.monotonic() - began < 20  # it would take hours


def test_seconds_of_a_proof_about_a_network():
    run = triquetra("verify", UNDECIDED, "--tape", "external", "--no-robustness", "--halts", "--seconds", "0.5")
    assert run.stdout.endswith("halting: unknown; nothing was found in 0.5 s; more may help\n")


def test_seconds_of_a_survey(tmp_path):
    results = str(tmp_path / "results.sqlite")
    answer = triquetra("survey", "random:6x2", "--count", "4", "--seconds", "0", "--out", results, "--json")
    assert json.loads(answer.stdout)["kinds"] == {"unknown": 4}


@pytest.mark.parametrize("seconds", ["-1", "nan", "soon"])
def test_no_time_is_bad_input(seconds):
    run = triquetra("halts", UNDECIDED, "--seconds", seconds)
    assert (run.returncode, run.stdout) == (2, "")
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"max_steps": 10**6, "closed_sets": ()}, "plain steps"),
        ({"closed_sets": ((8, 8),) * 99}, "closed sets"),
        ({"closed_sets": (), "max_macro_steps": 10**9}, "macro-steps"),
    ],
)
def test_all_stages_tell_how_far_they_are_and_can_be_stopped(options, what):
    told = []
    decision = decide(from_busy_beaver(UNDECIDED), seconds=0.5, progress=lambda *each: told.append(each), **options)
    assert (decision.kind, decision.certificate) == (DecisionKind.UNKNOWN, None)
    assert decision.reason == "nothing was found in 0.5 s; more may help"
    counts = [done for name, done in told if name == what]
    assert told[-1][0] == what and counts == sorted(counts)


def test_a_line_on_stderr_now_and_then(monkeypatch, capsys):
    monkeypatch.setattr(heartbeat, "EVERY", 0.05)
    with heartbeat.heartbeat("machine") as report:
        report("macro-steps", 12_345)
        time.sleep(0.3)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) >= 2 and set(lines) == {"machine: 0 s, 12,345 macro-steps"}


def test_a_line_that_changes_on_a_terminal(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(heartbeat, "REDRAWN", 0.05)
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    monkeypatch.setenv("TERM", "xterm")
    with heartbeat.heartbeat("machine") as report:
        report("closed sets", 3)
        time.sleep(0.2)
    assert "\r\x1b[Kmachine: 0 s, 3 closed sets" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K") and "\n" not in terminal.getvalue()
