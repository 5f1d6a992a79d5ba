"""Surveys: published counts, resuming, and workers that die."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time

import psutil
import pytest

from triquetra.machines import InputError
from triquetra.runtime import turing
from triquetra.studies.survey.results import Results
from triquetra.studies.survey.run import tasks_of
from triquetra.studies.survey.space import machine_of, parse_space, table_of, tables, text_of
from triquetra.studies.survey.task import SurveySettings, perform

COMMAND = [sys.executable, "-c", "from triquetra.cli import main; main()", "survey"]
# Coq-BB5 (github.com/ccz181078/Coq-BB5), README of BB2, BB3 and BB4: machines enumerated, of which halt.
PUBLISHED = {"2x2": (61, 19, 6, 4), "3x2": (5_417, 1_772, 21, 6)}


def whole(text, settings=None):
    """All rows of a space, done here without a cluster."""
    space = parse_space(text, 0, 0)
    settings = settings or SurveySettings(agree_steps=0)
    return [row for task in tasks_of(space, settings) for row in perform(space, task, settings)[0]]


@pytest.mark.parametrize("text", PUBLISHED)
def test_tree_normal_form_has_the_published_counts(text):
    total, halting, steps, marks = PUBLISHED[text]
    rows = whole(text)
    assert len(rows) == len({row.machine for row in rows}) == total
    halts = [row for row in rows if row.kind == "halts"]
    assert len(halts) == halting
    assert all(row.kind != "unknown" for row in rows)
    assert max(row.steps for row in halts) + 1 == steps
    assert max(row.nonblank for row in halts) in (marks, marks - 1)


def test_all_tables_of_two_states_agree_with_plain_runs():
    space = parse_space("all:2x2", 0, 0)
    settings = SurveySettings(agree_steps=0)
    rows = [row for task in tasks_of(space, settings)[::4] for row in perform(space, task, settings)[0]]
    for row in rows[::7]:
        machine = machine_of(table_of(row.machine))
        outcome = turing.run(machine, max_steps=200)
        assert (row.kind == "halts") == (outcome.verdict == "halted")
        if row.kind == "halts":
            assert row.steps == outcome.steps


def test_forms_are_compared():
    rows, _ = perform(parse_space("random:4x3", 300, 5), "0", SurveySettings(max_steps=100, max_macro_steps=10))
    assert len(rows) == 300
    assert all(row.agrees for row in rows)


def test_random_tables_repeat():
    space = parse_space("random:5x3", 10, 3)
    assert list(tables(space, 0)) == list(tables(space, 0))
    assert list(tables(space, 0)) != list(tables(parse_space("random:5x3", 10, 4), 0))
    for table in tables(space, 0):
        assert table_of(text_of(table)) == table


@pytest.mark.parametrize("text", ["4", "0x2", "2x1", "99x2", "some:2x2", "all:9x2"])
def test_spaces_that_are_none(text):
    with pytest.raises(InputError):
        parse_space(text, 0, 0)


def run(*arguments):
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=240)


def test_a_survey_goes_on_where_it_stopped(tmp_path):
    out = tmp_path / "s.sqlite"
    space, settings = parse_space("2x2", 0, 0), SurveySettings()
    results = Results(out, space, settings)
    for task in tasks_of(space, settings)[:30]:
        results.add(task, *perform(space, task, settings))
    results.close()
    finished = run("2x2", "--out", str(out), "--workers", "1", "--json")
    assert finished.returncode == 0, finished.stderr
    report = json.loads(finished.stdout)
    assert sum(report["kinds"].values()) == report["compared"] == 61
    other = run("3x2", "--out", str(out))
    assert other.returncode == 2
    assert "holds the survey" in other.stderr


def test_a_killed_worker_costs_only_time(tmp_path):
    out = tmp_path / "s.sqlite"
    with subprocess.Popen(
        [*COMMAND, "3x2", "--out", str(out), "--workers", "1", "--json"], stdout=-1, stderr=-1
    ) as survey:
        victim = None
        while survey.poll() is None and victim is None:
            time.sleep(0.2)
            if out.exists():
                with sqlite3.connect(out) as database:
                    started = database.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]
                    if started == 0 or database.execute("SELECT COUNT(*) FROM tasks").fetchone()[0] < 5:
                        continue
                victim = worker_of(survey.pid)
                os.kill(victim, signal.SIGKILL)
        output, errors = survey.communicate(timeout=240)
    assert victim is not None
    assert survey.returncode == 0, errors
    assert sum(json.loads(output)["kinds"].values()) == 5_417


def worker_of(survey):
    """The process id of the Dask worker among a survey's children."""
    children = psutil.Process(survey).children(recursive=True)
    return next(child.pid for child in children if not any("resource_tracker" in part for part in child.cmdline()))
