"""A survey that is stopped, by Ctrl-C, a kill or a full disk, says what is saved and goes on to the same counts."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from tests.commands.examples import SIGN_OF_LIFE

# Set in the new process itself: whoever starts tests in the background has them ignore Ctrl-C, and a function that runs
# between fork and exec is not safe where a library of the test process has threads.
COMMAND = """
import resource, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
if {most}:
    resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}))
from triquetra.cli import main
main()
"""
# Coq-BB5, README of BB3: 5,417 machines of 3 states in tree-normal form, of which 1,772 halt.
SPACE, MACHINES, HALTING = "3x2", 5_417, 1_772


def start(out: Path, workers: int, space: str = SPACE, most: int = 0) -> subprocess.Popen[str]:
    """Begin a survey; no file that it writes may grow beyond `most` bytes, if that is not 0."""
    program = [sys.executable, "-c", COMMAND.format(most=most)]
    command = [*program, "survey", space, "--out", str(out), "--workers", str(workers)]
    return subprocess.Popen(command, stdout=-1, stderr=-1, text=True, start_new_session=True)


def tasks(out: Path) -> int:
    """Tasks that are done so far."""
    if not out.exists():
        return 0
    with contextlib.closing(sqlite3.connect(out)) as database:
        try:
            return int(database.execute("SELECT COUNT(*) FROM tasks").fetchone()[0])
        except sqlite3.OperationalError:  # no table yet, or one is writing
            return 0


def wait_for(out: Path, number: int, survey: subprocess.Popen[str]) -> None:
    while tasks(out) < number:
        assert survey.poll() is None, survey.communicate()
        time.sleep(0.1)


def workers_of(survey: subprocess.Popen[str]) -> list[psutil.Process]:
    children = psutil.Process(survey.pid).children(recursive=True)
    return [child for child in children if not any("resource_tracker" in part for part in child.cmdline())]


@contextlib.contextmanager
def cleared(survey: subprocess.Popen[str]) -> Iterator[None]:
    """Whatever happens, nothing of the survey stays behind."""
    with survey:
        try:
            yield
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(survey.pid, signal.SIGKILL)


def goes_on(out: Path) -> None:
    """The same command ends with the published counts, and does not begin again."""
    before = tasks(out)
    with contextlib.closing(sqlite3.connect(out)) as database:
        kept = database.execute("SELECT task, seconds FROM tasks").fetchall()
    finished = start(out, 2)
    with cleared(finished):
        output, errors = finished.communicate(timeout=240)
    assert (finished.returncode, SIGN_OF_LIFE.sub("", errors)) == (0, "")
    assert f"{MACHINES:,} machines" in output
    assert re.search(rf"halts +{HALTING:,}\n", output)
    assert f"forms agree in {MACHINES:,} of {MACHINES:,} machines" in output
    with contextlib.closing(sqlite3.connect(out)) as database:
        assert set(kept) <= set(database.execute("SELECT task, seconds FROM tasks"))  # done once, not again
        assert database.execute("SELECT COUNT(*), COUNT(DISTINCT machine) FROM machines").fetchone() == (MACHINES,) * 2
    assert before > 0


def test_a_survey_killed_at_work_with_several_workers_goes_on(tmp_path: Path) -> None:
    out = tmp_path / "s.sqlite"
    survey = start(out, 3)
    with cleared(survey):
        wait_for(out, 20, survey)
        assert len(workers_of(survey)) == 3
        os.killpg(survey.pid, signal.SIGKILL)
        survey.wait()
    assert 20 <= tasks(out) < 180
    goes_on(out)


def test_each_of_several_workers_may_be_killed(tmp_path: Path) -> None:
    out = tmp_path / "s.sqlite"
    survey = start(out, 2)
    with cleared(survey):
        wait_for(out, 10, survey)
        for worker in workers_of(survey):
            worker.kill()
        output, errors = survey.communicate(timeout=240)
    assert survey.returncode == 0, errors
    assert f"{MACHINES:,} machines" in output and re.search(rf"halts +{HALTING:,}\n", output)


def test_a_full_disk_is_said_with_what_is_saved(tmp_path: Path) -> None:
    """The results file may grow to 96 KiB only; the status is that of bad input, not that of a disagreement."""
    out = tmp_path / "s.sqlite"
    survey = start(out, 2, most=96 * 1024)
    with cleared(survey):
        output, errors = survey.communicate(timeout=240)
    assert (survey.returncode, output) == (2, "")
    assert re.fullmatch(
        rf"error: {re.escape(str(out))} cannot be written: .*\n{tasks(out)} tasks saved in {re.escape(str(out))}; "
        r"the same command goes on from there\n",
        SIGN_OF_LIFE.sub("", errors),
    ), errors
    assert tasks(out) > 0
    goes_on(out)


@pytest.mark.parametrize("done", [0, 15])
def test_an_interrupt_says_what_is_saved_and_nothing_else(done: int, tmp_path: Path) -> None:
    """Ctrl-C goes to all processes of the terminal: workers that start, work or close have nothing to say about it."""
    out = tmp_path / "s.sqlite"
    survey = start(out, 2)
    with cleared(survey):
        if done:
            wait_for(out, done, survey)
        else:
            while not (out.exists() and len(workers_of(survey)) >= 1):
                time.sleep(0.05)
        os.killpg(survey.pid, signal.SIGINT)
        output, errors = survey.communicate(timeout=60)
    assert (survey.returncode, output) == (130, "")
    number = tasks(out)
    assert SIGN_OF_LIFE.sub("", errors) == (
        f"interrupted; {number} task{'' if number == 1 else 's'} saved in {out}; the same command goes on from there\n"
    )
    assert number >= done


def test_two_surveys_at_once_do_not_mind_each_other(tmp_path: Path) -> None:
    surveys = [start(tmp_path / f"{number}.sqlite", 1, "2x2") for number in range(2)]
    with cleared(surveys[0]), cleared(surveys[1]):
        ended = [survey.communicate(timeout=240) for survey in surveys]
    assert [survey.returncode for survey in surveys] == [0, 0]
    assert [errors for _, errors in ended] == ["", ""]
    assert all("61 machines" in output for output, _ in ended)
