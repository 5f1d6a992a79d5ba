"""`triquetra zoo`: famous machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from .common import Json, command, print_json
from .output import print_data

if TYPE_CHECKING:
    from triquetra.machines.catalogue import Famous


@command
def zoo(
    name: Annotated[str | None, typer.Argument(help="A machine of the zoo, to say all that is known of it.")] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="The list as a Markdown page (docs/zoo.md).")] = False,
    json: Json = False,
) -> None:
    """List famous machines: steps, marks, who found them, and what it takes to run them."""
    from triquetra.machines import InputError, catalogue

    if markdown and json:
        raise InputError("--markdown and --json are two ways to print the list; leave one out")
    if name is not None:
        if markdown:
            raise InputError("--markdown is for the whole list; leave out the name")
        one = catalogue.famous(name)
        if json:
            print_json(_describe(one))
        else:
            print(_story(one), end="")
        return
    machines = catalogue.zoo()
    if json:
        print_json({"zoo": [_describe(each) for each in machines]})
    elif markdown:
        print_data(_page(machines))
    else:
        print(_list(machines), end="")


def _describe(one: Famous) -> dict[str, Any]:
    from dataclasses import asdict

    states, symbols = one.size
    return asdict(one) | {"states": states, "symbols": symbols}


def _number(value: int | str | None) -> str:
    """`47,176,870`, `7.412e36534`, or a dash."""
    return "-" if value is None else f"{value:,}" if isinstance(value, int) else value


def _ending(one: Famous) -> str:
    return _number(one.steps) if one.steps is not None else {"halts": "too many"}.get(one.ends, one.ends)


def _list(machines: tuple[Famous, ...]) -> str:
    """Columns of text."""
    rows = [("", "size", "steps", "marks", "run", "found by")]
    rows += [
        (one.name, "x".join(map(str, one.size)), _ending(one), _number(one.marks), one.runs, one.found)
        for one in machines
    ]
    widths = [max(map(len, column)) for column in zip(*rows)]
    alignments = "<>>><<"
    lines = ["  ".join(f"{cell:{a}{w}}" for cell, a, w in zip(row, alignments, widths)) for row in rows]
    lines += [
        "",
        "Size: states x symbols. All begin on the blank tape. `triquetra zoo NAME` says more.",
        "Run: step by step in every form; accelerated, by rules that are proved on the way; or not to its end.",
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _story(one: Famous) -> str:
    states, symbols = one.size
    lines = [f"{one.name}: {states} states, {symbols} symbols; {one.found}", one.note, ""]
    if one.steps is not None:
        lines.append(f"halts after {_number(one.steps)} steps with {_number(one.marks)} marks")
    else:
        lines.append({"unknown": "nobody knows whether it halts"}.get(one.ends, one.ends))
    how = {"step by step": "triquetra run", "accelerated": "triquetra halts"}.get(one.runs)
    lines += [f"machine: {one.source}", f"source: {one.citation}"]
    lines.append(f"run it: {how} @{one.name}" if how else f"watch it: triquetra run @{one.name} --max-steps 1000")
    return "\n".join(lines) + "\n"


def _page(machines: tuple[Famous, ...]) -> str:
    """The text of docs/zoo.md."""
    lines = [
        "# The zoo",
        "",
        "Famous machines, begun on the blank tape; size is states × symbols. A rule that enters the halting state",
        "counts as a step. Numbers such as 7.412e36534 have their digits cut off, not rounded. A machine runs *step",
        "by step* in every form; *accelerated*, by rules that are proved on the way, where its steps are too many",
        "for that; or *not to its end*. The tests run each as far as it goes. This page is what",
        "`triquetra zoo --markdown` prints.",
        "",
        "| name | size | steps | marks | run | found by | source |",
        "|---|---|---:|---:|---|---|---|",
    ]
    for one in machines:
        size = "×".join(map(str, one.size))
        lines.append(
            f"| `{one.name}` | {size} | {_ending(one)} | {_number(one.marks)} | {one.runs} | {one.found} "
            f"| {one.citation} |"
        )
    lines += ["", "## What is known of them", ""]
    lines += [f"* `{one.name}`: {one.note} `{one.source}`" for one in machines]
    return "\n".join(lines) + "\n"
