"""The results file of a survey: SQLite, one transaction a task, so that a survey can stop anywhere and go on."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from triquetra.machines import InputError
from triquetra.machines.core.numbers import decimal, integer

from .space import Space
from .task import SurveyRow, SurveySettings

SCHEMA = """
CREATE TABLE IF NOT EXISTS survey (space TEXT, settings TEXT);
CREATE TABLE IF NOT EXISTS tasks (task TEXT PRIMARY KEY, seconds REAL);
CREATE TABLE IF NOT EXISTS machines (
    machine TEXT PRIMARY KEY, task TEXT, kind TEXT, steps TEXT, nonblank TEXT, agrees INTEGER
);
"""


@dataclass(frozen=True, slots=True)
class Report:
    """What a survey found so far. `champion`: the machine with the most steps of those that halt; `marks`: the one that
    leaves the most cells that are not blank. A step is a rule applied: halting at an undefined cell takes none."""

    space: str
    tasks: int
    seconds: float
    kinds: dict[str, int]
    compared: int
    disagree: list[str]
    unknown: list[str]
    champion: tuple[str, int] | None
    marks: tuple[str, int] | None


class Results:
    """An open results file.

    Raises: InputError: it is not one, or it belongs to another survey.
    """

    def __init__(self, path: str | Path, space: Space, settings: SurveySettings) -> None:
        self.path, self.space = path, space
        try:
            self._database = sqlite3.connect(path)
            self._database.executescript(SCHEMA)
            found = self._database.execute("SELECT space, settings FROM survey").fetchone()
        except sqlite3.Error as error:
            raise InputError(f"{path} cannot be used as a results file: {error}") from None
        ours = (str(space), json.dumps(asdict(settings)))
        if found is None:
            try:
                with self._database:
                    self._database.execute("INSERT INTO survey VALUES (?, ?)", ours)
            except sqlite3.Error as error:
                raise InputError(f"{path} cannot be written: {error}") from None
        elif found != ours:
            raise InputError(f"{path} holds the survey {found[0]} with {found[1]}; name another file with --out")

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def done(self) -> set[str]:
        """The tasks that are finished."""
        return {task for (task,) in self._database.execute("SELECT task FROM tasks")}

    def add(self, task: str, rows: Iterable[SurveyRow], seconds: float) -> None:
        """Store a finished task, whole or not at all.

        Raises: InputError: the disk is full, or the file cannot be written for another reason.
        """
        try:
            with self._database:
                self._database.execute("INSERT OR REPLACE INTO tasks VALUES (?, ?)", (task, seconds))
                self._database.executemany(
                    "INSERT OR REPLACE INTO machines VALUES (?, ?, ?, ?, ?, ?)",
                    ((row.machine, task, row.kind, _text(row.steps), _text(row.nonblank), row.agrees) for row in rows),
                )
        except sqlite3.Error as error:
            raise InputError(f"{self.path} cannot be written: {error}") from None

    def row(self, machine: str) -> SurveyRow | None:
        """What is known of a machine, if anything."""
        read = self._database.execute
        found = read("SELECT kind, steps, nonblank, agrees FROM machines WHERE machine = ?", (machine,)).fetchone()
        if found is None:
            return None
        kind, steps, nonblank, agrees = found
        return SurveyRow(machine, kind, _number(steps), _number(nonblank), None if agrees is None else bool(agrees))

    def report(self) -> Report:
        """What is known so far."""
        read = self._database.execute
        with closing(read("SELECT kind, COUNT(*) FROM machines GROUP BY kind ORDER BY COUNT(*) DESC")) as cursor:
            kinds = dict(cursor.fetchall())
        tasks, seconds = read("SELECT COUNT(*), COALESCE(SUM(seconds), 0) FROM tasks").fetchone()
        return Report(
            space=str(self.space),
            tasks=tasks,
            seconds=seconds,
            kinds=kinds,
            compared=read("SELECT COUNT(*) FROM machines WHERE agrees IS NOT NULL").fetchone()[0],
            disagree=[m for (m,) in read("SELECT machine FROM machines WHERE agrees = 0")],
            unknown=[m for (m,) in read("SELECT machine FROM machines WHERE kind = 'unknown'")],
            champion=self._most("steps"),
            marks=self._most("nonblank"),
        )

    def _most(self, column: str) -> tuple[str, int] | None:
        order = f"ORDER BY LENGTH({column}) DESC, {column} DESC, machine LIMIT 1"
        row = self._database.execute(f"SELECT machine, {column} FROM machines WHERE kind = 'halts' {order}").fetchone()
        return None if row is None else (row[0], integer(row[1]))


def _number(text: str | None) -> int | None:
    return None if text is None else integer(text)


def _text(number: int | None) -> str | None:
    """Decimal text: steps may be larger than SQLite's integers."""
    return None if number is None else decimal(number)
