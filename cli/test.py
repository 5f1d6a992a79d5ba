"""`triquetra test`: the tests that live with machines, in all three forms."""

from __future__ import annotations

from typing import Annotated

import typer

from .common import (
    Exit,
    From,
    Json,
    command,
    open_program,
    print_json,
)

SLOW_FORM_STEPS = 20_000  # the dense forms evaluate every unit; longer tests run in them as far as this


@command
def test(
    files: Annotated[list[str], typer.Argument(help="Paths or library names.")],
    form: Annotated[str, typer.Option("--form", "-f", help="turing, network, pomdp or all.")] = "all",
    max_steps: Annotated[int, typer.Option("--max-steps", min=0, help="Steps for a test that names none.")] = 1_000_000,
    from_: From = None,
    json: Json = False,
) -> None:
    """Run inline tests in all three forms; exit status 1 if one fails."""
    from triquetra.machines import InputError, LanguageError
    from triquetra.machines.language import Diagnostic
    from triquetra.runtime.inline import run_tests

    from .forms import make_forms

    names = ["turing", "network", "pomdp"] if form == "all" else [form]
    if not set(names) <= {"turing", "network", "pomdp"}:
        raise InputError(f"--form {form}: a form is `turing`, `network`, `pomdp` or `all`")
    failed, passed, cut, records = 0, 0, 0, []
    wrong: list[Diagnostic] = []
    for file in files:
        program = open_program(file, from_)
        wrong += program.test_errors
        forms = make_forms(program.machine, names, cells=None, gain=None, artifact=None)
        for result in run_tests(program, list(forms.values()), max_steps=max_steps, dense_steps=SLOW_FORM_STEPS):
            records.append({
                "file": file, "test": result.test.text, "at": result.test.origin, "form": result.form,
                "passed": not result.failures, "steps": result.steps, "whole": result.whole,
                "failures": list(result.failures),
            })  # fmt: skip
            failed, passed, cut = (
                failed + bool(result.failures),
                passed + (not result.failures),
                cut + (not result.whole),
            )
            if result.failures and not json:
                print(f"FAILED {result.test.origin} in the {result.form} form: {result.test.text}")
                for failure in result.failures:
                    print(f"    {failure}")
    if json:
        print_json({"passed": passed, "failed": failed, "tests": records})
    else:
        note = f" ({cut} compared with the machine over their first {SLOW_FORM_STEPS:,} steps)" if cut else ""
        print(f"{passed} passed, {failed} failed in {len(files)} file{'' if len(files) == 1 else 's'}{note}")
    if wrong:
        raise LanguageError(wrong)
    if failed:
        raise typer.Exit(Exit.FAILED)
