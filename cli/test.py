"""`triquetra test`: the tests that live with machines, in all forms."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .common import (
    Exit,
    From,
    Json,
    command,
    open_program,
    print_json,
    shown,
)
from .forms import FormOption
from .lists import worst
from .output import count

if TYPE_CHECKING:
    from triquetra.machines import Machine
    from triquetra.runtime.inline import TestResult


@command
def test(
    files: Annotated[list[str], typer.Argument(help="Paths or library names.")],
    form: FormOption = "all",
    max_steps: Annotated[int, typer.Option("--max-steps", min=0, help="Steps for a test that names none.")] = 1_000_000,
    from_: From = None,
    json: Json = False,
) -> None:
    """Run inline tests in all three forms; exit status 1 if one fails, 2 if a file or a test cannot be read."""
    from triquetra.machines import InputError
    from triquetra.machines.language import LanguageError
    from triquetra.runtime.forms import form_names
    from triquetra.runtime.inline import run_tests

    from .forms import make_forms

    names = form_names(form)
    statuses, records, passed, in_part, unread = [Exit.FINE], [], 0, 0, []
    for file in files:
        try:
            program = open_program(file, from_)
            forms = make_forms(program.machine, names, cells=None)
            for result in run_tests(program, list(forms.values()), max_steps=max_steps):
                records.append({"file": file} | _describe(program.machine, result))
                passed += result.passed
                in_part += not all(result.whole.values())
                statuses.append(Exit.FINE if result.passed else Exit.FAILED)
                if not json and not result.passed:
                    _print_failure(file, program.machine, result)
            if errors := program.test_errors:
                raise LanguageError(errors)
        except InputError as error:
            statuses.append(Exit.BAD_INPUT)
            unread.append({"file": file, "error": str(error)})
            print(shown(error), file=sys.stderr)
    failed = len(records) - passed
    if json:
        print_json({"passed": passed, "failed": failed, "forms": list(names), "tests": records, "errors": unread})
    else:
        note = f"; forms compared for part of {count(in_part, 'long test')}" if in_part else ""
        wrong = f"; mistakes in {', '.join(each['file'] for each in unread)}" if unread else ""
        print(f"{count(passed, 'test')} passed, {failed:,} failed in {count(len(files), 'file')}{note}{wrong}")
    if (status := worst(statuses)) is not Exit.FINE:
        raise typer.Exit(status)


def _describe(machine: Machine, result: TestResult) -> dict[str, Any]:
    beside = {
        name: {
            "agrees": each.agrees,
            "steps": each.outcome.steps,
            "whole": result.whole[name],
            "difference": each.difference and each.difference.what,
        }
        for name, each in result.beside.items()
    }
    return {
        "test": result.test.text, "at": result.test.origin, "passed": result.passed,
        "failures": list(result.failures), "verdict": str(result.outcome.verdict), "steps": result.outcome.steps,
        "tapes": list(result.outcome.tapes), "forms": beside,
    }  # fmt: skip


def _print_failure(file: str, machine: Machine, result: TestResult) -> None:
    """What was wanted, what was, and the command that shows it again."""
    inputs = "".join(f" -i {shlex.quote(machine.spell(tape.cells))}" for tape in result.test.inputs)
    print(f"FAILED {result.test.origin}: {result.test.text}")
    for failure in result.failures:
        print(f"    {failure}")
    if result.failures:
        print(*(f"    {line.strip()}" for line in str(result.outcome).splitlines()), sep="\n")
        limit = f" --max-steps {result.outcome.steps}" if result.outcome.verdict == "step limit" else ""
        print(f"    triquetra run {shlex.quote(file)}{inputs}{limit}")
    for agreement in result.parted.values():
        print(*(f"    {line.strip()}" for line in str(agreement).splitlines()), sep="\n")
        print(f"    triquetra agree {shlex.quote(file)}{inputs} --max-steps {agreement.outcome.steps}")
