"""For every command a call that works, in a folder with some files; and how commands are called here."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.main import get_command

from triquetra.cli import COMMANDS, make_app

BEAVER = "1RB1LB_1LA1RZ"
MAIN = [sys.executable, "-c", "from triquetra.cli import main; main()"]

# Arguments of a call that ends with status 0 and prints something; files are made by `prepare`.
EXAMPLES: dict[str, tuple[str, ...]] = {
    "run": (BEAVER,),
    "compile": (BEAVER, "--out", "new"),
    "agree": (BEAVER,),
    "test": ("@increment",),
    "verify": (BEAVER, "--no-robustness", "--tape", "external"),
    "check": ("proof.json", BEAVER),
    "obligations": (BEAVER,),
    "halts": (BEAVER,),
    "check-halts": ("halts.json", BEAVER),
    "fmt": ("messy.tm",),
    "lint": (BEAVER,),
    "energy": (BEAVER,),
    "explain": (BEAVER, "halt"),
    "library": (),
    "zoo": (),
    "show": (BEAVER,),
    "convert": (BEAVER, "-", "--to", "tm"),
    "tag": ("collatz.tag", "--input", "aaa"),
    "universal": ("1RZ---", "--on", "practical"),
    "decompile": ("saved",),
    "record": (BEAVER, "--out", "new.csv"),
    "learn": (BEAVER, "--steps", "400"),
    "study": ("universal", "--samples", "2", "--steps", "200", "--out", "new"),
    "survey": ("random:2x2", "--count", "5", "--out", "new.sqlite", "--workers", "1"),
    "cite": (),
}


# What a long command says every 30 s; a slow machine makes any command long.
SIGN_OF_LIFE = re.compile(r"^.+: \d+ s(, [\d,]+ [a-z-]+( [a-z-]+)*|, \d+ of \d+ tasks)?\n", re.MULTILINE)


@dataclass(frozen=True)
class Ended:
    """What a call left; signs of life are no part of `err`."""

    status: int
    out: str
    err: str


def call(
    *arguments: str,
    folder: Path,
    encoding: str = "utf-8",
    columns: int = 80,
    stdin: bytes = b"",
    stdout: Any = -1,
    unbuffered: bool = False,
) -> Ended:
    """Run the command as a user would, in `folder`; whatever happens it must not end in a traceback."""
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "COLUMNS": str(columns), "NO_COLOR": "1"}
    environment["PYTHONUNBUFFERED"] = "1" if unbuffered else ""
    done = subprocess.run(
        [*MAIN, *arguments], cwd=folder, env=environment, input=stdin, stdout=stdout, stderr=-1, timeout=240
    )
    errors = done.stderr.decode(encoding, "replace")
    assert "Traceback" not in errors and "Exception ignored" not in errors, errors
    return Ended(done.returncode, (done.stdout or b"").decode(), SIGN_OF_LIFE.sub("", errors))


def prepare(folder: Path) -> None:
    """Make the files of `EXAMPLES`."""
    (folder / "messy.tm").write_text("machine m\nblank _\na: _->R halt\n")
    (folder / "word.txt").write_text("\n")
    (folder / "list.txt").write_text(f"{BEAVER}  6 4\n1RB1RZ_1LB0RC_1LC1LA\n")
    examples = Path(__file__).parents[2] / "examples"
    (folder / "collatz.tag").write_text((examples / "collatz.tag").read_text())
    for arguments in (
        ("compile", BEAVER, "--out", "saved"),
        ("verify", BEAVER, "--no-robustness", "--tape", "external", "--out", "proof.json"),
        ("halts", BEAVER, "--out", "halts.json"),
    ):
        assert call(*arguments, folder=folder).status == 0


def commands() -> dict[str, Any]:
    """The parsed form of every command, by its name."""
    group: Any = get_command(make_app(*COMMANDS))
    return dict(group.commands)


def long_name(parameter: Any) -> str:
    """An option's long name, such as --out."""
    return next(name for name in parameter.opts if name.startswith("--"))


def replaced(arguments: Sequence[str], option: str, value: str) -> list[str]:
    """The same arguments with another value of an option."""
    kept = list(arguments)
    if option in kept:
        place = kept.index(option)
        del kept[place : place + 2]
    return [*kept, option, value]
