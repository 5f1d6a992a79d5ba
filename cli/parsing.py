"""How command lines are read, beyond what typer does: the same for every command."""

from __future__ import annotations

import math
from typing import Any

import typer
from typer.core import TyperCommand

LARGEST = 2**63 - 1  # of a whole number, so that it fits a machine word everywhere


class Command(TyperCommand):
    """A command that takes `---1RB_1LA1RZ` for a machine and not for an option, and only finite numbers.

    In help, `{forms}` stands for the names in the table of forms.
    """

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help page."""
        parameter: Any
        for parameter in self.params:
            if "{forms}" in (getattr(parameter, "help", None) or ""):
                from triquetra.runtime.forms import form_list  # for help alone

                parameter.help = parameter.help.replace("{forms}", form_list())
        super().format_help(ctx, formatter)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments. Raises: BadParameter: a number that no option can mean."""
        if any(arg.startswith("---") for arg in args):  # no option does; the first cell of such a machine is undefined
            ctx.ignore_unknown_options = True
        rest = super().parse_args(ctx, args)
        parameter: Any
        for parameter in self.params:
            value = ctx.params.get(parameter.name)
            if isinstance(value, float) and not math.isfinite(value):
                raise typer.BadParameter(f"{value} is not a finite number", ctx=ctx, param=parameter)
            if isinstance(value, int) and abs(value) > LARGEST:
                raise typer.BadParameter(f"{LARGEST:,} is the largest number", ctx=ctx, param=parameter)
        return rest
