"""Files as they were met in the field, and what is right for each: none may be read as something that it is not."""

import json
import time
from pathlib import Path

import pytest
from tests.conftest import Command

from triquetra.machines import InputError, steps
from triquetra.machines.load import load

FIELD = Path(__file__).parent / "field"


def test_a_document_of_turingmachine_io_runs_on_its_own_input(triquetra: Command, tmp_path: Path) -> None:
    path = FIELD / "yaml-input.yaml"
    status, out, err = triquetra("run", path)
    assert (status, " ".join(out.split())) == (0, "turing halted in state done after 5 steps 101[1]")
    assert err == f"note: {path}:1: a run that is given no input starts on `1011`\n"
    assert "after 1 step\n" in triquetra("run", path, "--input", "")[1]
    assert json.loads(triquetra("run", path, "--json")[1])["notes"] == [err.removeprefix("note: ").strip()]


@pytest.mark.parametrize("suffix", [".tm", ".jff", ".csv", ".txt", ".yaml"])
def test_a_converted_document_keeps_its_input(triquetra: Command, suffix: str, tmp_path: Path) -> None:
    target = tmp_path / f"converted{suffix}"
    assert triquetra("convert", FIELD / "yaml-input.yaml", target)[0] == 0
    for form in ("turing", "network"):
        assert "halted in state done after 5 steps" in triquetra("run", target, "--form", form)[1]
    assert json.loads(triquetra("agree", target, "--json")[1])["steps"] == 5


def test_what_cannot_hold_the_input_says_so(triquetra: Command, tmp_path: Path) -> None:
    _, _, err = triquetra("convert", FIELD / "yaml-input.yaml", tmp_path / "x.bb")
    assert "busy-beaver text has no room for" in err and "what stands on its tapes" in err


def test_a_file_of_two_machines_is_not_read_as_something_else() -> None:
    with pytest.raises(InputError, match="2 machines in busy-beaver text"):
        load(FIELD / "machine-list.txt")


@pytest.mark.parametrize("source", [FIELD / "spaced-bb.txt", "1RB 1LB  1LA 1RH"])
def test_busy_beaver_text_with_spaces(triquetra: Command, source: object) -> None:
    status, out, err = triquetra("halts", source)
    assert status == 0 and "halts after 6 steps, with 4 marks" in out
    assert "read as 1RB1LB_1LA1RH" in err


def test_prose_in_a_file_of_the_simulator(triquetra: Command) -> None:
    status, _, err = triquetra("run", FIELD / "morphett-prose.txt", "--input", "01")
    assert status == 2
    assert "morphett-prose.txt:2: this line is not a rule" in err and "help: begin a comment with ;" in err


def test_a_table_with_an_empty_corner(triquetra: Command) -> None:
    *_, last = steps(load(FIELD / "empty-corner.csv").machine)
    assert (sum(1 for _ in steps(load(FIELD / "empty-corner.csv").machine)) - 1, last.tapes[0].nonblank) == (5, 4)
    assert "halted in state B, which has no rule" in triquetra("run", FIELD / "empty-corner.csv")[1]


def test_wildcards_on_many_tapes_are_refused_before_they_are_written_out() -> None:
    began = time.process_time()
    with pytest.raises(InputError, match="wildcards and macros make more than 12,500 rules"):
        load(FIELD / "many_wildcards.tm")
    assert time.process_time() - began < 5
