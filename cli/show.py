"""`triquetra show`: a machine's table, its transition graph, and drawings of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from .common import (
    File,
    From,
    Json,
    command,
    open_program,
    print_json,
)
from .output import Force, console, new_files, print_data, table

if TYPE_CHECKING:
    from rich.table import Table

    from triquetra.machines import Machine, Rule

MAX_COLUMNS = 10  # symbols beyond which a table has one row a rule


@command
def show(
    file: File,
    from_: From = None,
    graph: Annotated[bool, typer.Option("--graph", help="The transition graph, and what follows from it.")] = False,
    dot: Annotated[str | None, typer.Option("--dot", help="Write the graph as Graphviz DOT; - prints it.")] = None,
    graphml: Annotated[str | None, typer.Option("--graphml", help="Write the graph as GraphML; - prints it.")] = None,
    draw: Annotated[
        str | None, typer.Option("--draw", help="Draw the graph: a path that ends in .svg, .png or .pdf.")
    ] = None,
    force: Force = False,
    json: Json = False,
) -> None:
    """Show a machine: its table δ, or its transition graph as text, as a drawing, or for other programs."""
    from triquetra.machines import InputError, legible, write_whole
    from triquetra.machines.formats import write

    if json and graph:
        raise InputError("--graph and --json: the object has the graph anyway; leave one out")
    if "-" in (dot, graphml) and (json or graph or draw or (dot and graphml)):
        raise InputError("--dot - and --graphml - print the graph for a program; give nothing else with them")
    new_files(force, dot, graphml, draw)
    program = open_program(file, from_)
    machine = program.machine
    written = []
    for path, format in ((dot, "dot"), (graphml, "graphml")):
        if path == "-":
            print_data(write(machine, format))
            return
        if path:
            write_whole(path, write(machine, format))
            written.append(path)
    if draw:
        from triquetra.machines.picture import draw as draw_picture

        draw_picture(legible(machine), draw)
        written.append(draw)
    if json:
        print_json(_described(machine) | {"written": written, "notes": list(program.notes)})
        return
    for path in written:
        print(f"wrote {path}")
    if graph:
        _print_graph(legible(machine))
    elif not written:
        _print_table(machine)


def _print_table(whole: Machine) -> None:
    from rich.markup import escape

    from triquetra.machines import legible

    machine = legible(whole)
    page = console()
    page.print(f"[bold]{escape(str(machine))}[/bold]")
    if machine.documentation:
        page.print(escape(machine.documentation))
    inputs = " ".join(machine.symbols[a] for a in machine.input_symbols)
    one_way = [str(i) for i, closed in enumerate(machine.one_way, 1) if closed]
    page.print(
        f"blank [bold]{escape(machine.symbols[0])}[/bold]   input {escape(inputs)}"
        + (f"   one-way tape {', '.join(one_way)}" if one_way else "")
    )
    wide = machine.tapes == 1 and len(machine.symbols) <= MAX_COLUMNS
    page.print(_by_state(machine) if wide else _by_rule(whole, machine))
    for meaning in dict.fromkeys(verdict for verdict in machine.verdicts if verdict):
        names = (name for name, verdict in zip(machine.states, machine.verdicts) if verdict == meaning)
        page.print(f"[bold]{escape(meaning)}[/bold] in {escape(', '.join(names))}")


def _by_state(machine: Machine) -> Table:
    """One row a state, one column a symbol; a cell is what is written (if it changes), the move, and where it goes."""
    from rich.text import Text

    rows = table("state", *map(Text, machine.symbols))
    for state, verdict in enumerate(machine.verdicts):
        if verdict is None:
            cells = [_action(machine, machine.delta.get((state, (a,)))) for a in range(len(machine.symbols))]
            rows.add_row(_state(machine, state), *map(Text, cells))
    return rows


def _by_rule(whole: Machine, machine: Machine) -> Table:
    """One row a rule as the language writes it, cells with one action put together; `machine` is made legible."""
    from rich.text import Text

    from triquetra.machines.language.rows import rows

    found = table("state", "read", "write", "move", "goto")
    previous = -1
    for row in rows(whole):
        if previous >= 0 and row.state != previous:
            found.add_section()
        found.add_row(
            _state(machine, row.state) if row.state != previous else "",
            *map(Text, (row.read, row.write, row.move, machine.states[row.goto])),
        )
        previous = row.state
    return found


def _state(machine: Machine, state: int) -> Any:
    from rich.text import Text

    return Text(("→ " if state == machine.start else "  ") + machine.states[state])


def _action(machine: Machine, rule: Rule | None) -> str:
    if rule is None:
        return "·"
    write = machine.symbols[rule.write[0]]
    same = rule.write == rule.read
    goto = "" if rule.goto == rule.state else f" {machine.states[rule.goto]}"
    return f"{' ' * len(write) if same else write} {_moves(rule)}{goto}"


def _word(machine: Machine, word: tuple[int, ...]) -> str:
    return " ".join(machine.symbols[a] for a in word)


def _moves(rule: Rule) -> str:
    from triquetra.machines import MOVE_NAMES

    return " ".join(MOVE_NAMES[move] for move in rule.move)


def _print_graph(machine: Machine) -> None:
    from rich.markup import escape

    from triquetra.machines.formats.drawings import edge_labels

    page = console()
    arrows: dict[str, list[tuple[str, str]]] = {name: [] for name in machine.states}
    for (source, goto), labels in edge_labels(machine):
        arrows[source].append((goto, "   ".join(labels)))
    page.print(f"[bold]{escape(str(machine))}[/bold]")
    for state, name in enumerate(machine.states):
        verdict = machine.verdicts[state]
        mark = "→" if state == machine.start else " "
        page.print(f"{mark} [bold]{escape(name)}[/bold]" + (f"   ({escape(verdict)})" if verdict else ""))
        for place, (goto, label) in enumerate(arrows[name]):
            branch = "╰─▶" if place == len(arrows[name]) - 1 else "├─▶"
            target = "itself" if goto == name else goto
            page.print(f"    {branch} {escape(target)}   [cyan]{escape(label)}[/cyan]")
    for sentence in _facts(machine):
        page.print(escape(sentence))


def _facts(machine: Machine) -> list[str]:
    """What follows from the graph, in sentences."""
    from triquetra.machines import graph

    facts = [f"reach each other: {', '.join(part)}" for part in graph.strong_components(machine) if len(part) > 1]
    unreachable = graph.unreachable_states(machine)
    if unreachable:
        facts.append(f"never entered: {', '.join(unreachable)}")
    dead = graph.dead_rules(machine)
    if dead:
        labels = (f"{machine.states[rule.state]} on {_word(machine, rule.read)}" for rule in dead)
        facts.append(f"never applied: {', '.join(labels)}")
    endless = graph.endless_states(machine)
    if endless:
        facts.append(f"no way to halt from: {', '.join(endless)}")
    for loop in graph.trivial_loops(machine):
        names = " → ".join(dict.fromkeys(machine.states[rule.state] for rule in loop.rules))
        read = ", ".join(_word(machine, rule.read) for rule in loop.rules)
        facts.append(
            f"loops for ever without moving: {names} reading {read}"
            if loop.in_place
            else f"runs away for ever over blank cells: {names}"
        )
    return facts


def _described(machine: Machine) -> dict[str, Any]:
    from triquetra.machines import graph

    return {
        "machine": machine.name, "documentation": machine.documentation, "digest": machine.digest,
        "tapes": machine.tapes, "one_way": list(machine.one_way),
        "blank": machine.symbols[0], "symbols": list(machine.symbols),
        "input": [machine.symbols[a] for a in machine.input_symbols],
        "start": machine.states[machine.start],
        "states": [{"name": name, "verdict": verdict} for name, verdict in zip(machine.states, machine.verdicts)],
        "rules": [_rule(machine, rule) for rule in machine.rules],
        "graph": {
            "parts": [list(part) for part in graph.strong_components(machine)],
            "unreachable": list(graph.unreachable_states(machine)),
            "dead_rules": [_rule(machine, rule) for rule in graph.dead_rules(machine)],
            "endless": list(graph.endless_states(machine)),
            "trivial_loops": [
                {"in_place": loop.in_place, "rules": [_rule(machine, rule) for rule in loop.rules]}
                for loop in graph.trivial_loops(machine)
            ],
        },
    }  # fmt: skip


def _rule(machine: Machine, rule: Rule) -> dict[str, Any]:
    from triquetra.machines import MOVE_NAMES

    return {
        "state": machine.states[rule.state],
        "read": [machine.symbols[a] for a in rule.read],
        "write": [machine.symbols[a] for a in rule.write],
        "move": [MOVE_NAMES[move] for move in rule.move],
        "goto": machine.states[rule.goto],
        "origin": rule.origin,
    }
