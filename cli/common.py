"""What every command shares: exit statuses, errors that people can read, and one JSON object on request."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from enum import IntEnum
from typing import Any, NoReturn, ParamSpec

import typer

P = ParamSpec("P")


class Exit(IntEnum):
    """Exit statuses of every command."""

    FINE = 0
    FAILED = 1  # disagreement, failed test, refuted
    BAD_INPUT = 2
    LIMIT = 3  # a limit was reached, or the answer is unknown
    INTERRUPTED = 130


def command(function: Callable[P, None]) -> Callable[P, None]:
    """Turn `InputError` and Ctrl-C inside a command into a message on stderr and an exit status."""

    @functools.wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        from triquetra.machines import InputError

        try:
            function(*args, **kwargs)
        except InputError as error:
            text = str(error)
            fail(text if text.startswith("error") else f"error: {text}", Exit.BAD_INPUT)
        except KeyboardInterrupt:
            fail("interrupted; nothing was left half-written", Exit.INTERRUPTED)
        except BrokenPipeError:
            sys.stderr.close()
            raise SystemExit(Exit.FINE) from None

    return guarded


def fail(message: str, status: Exit) -> NoReturn:
    """Say `message` on stderr and leave with `status`."""
    sys.stdout.flush()
    print(message, file=sys.stderr)
    raise typer.Exit(int(status))


def print_json(value: dict[str, Any]) -> None:
    """One JSON object on stdout."""
    print(json.dumps(value, ensure_ascii=False, indent=2))
