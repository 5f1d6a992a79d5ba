"""The transition graph as text for other programs: Graphviz's DOT and GraphML. Neither is read back."""

from __future__ import annotations

from collections.abc import Iterator

from ..core import Machine
from ..graph import transition_graph


def to_dot(machine: Machine) -> str:
    """Graphviz's DOT: an arrow into the start state, double circles where it halts, one edge a pair of states."""
    lines = [
        f"digraph {_dot(machine.name)} {{",
        "  rankdir=LR;",
        '  node [shape=circle, fontname="Helvetica"];',
        '  edge [fontname="Helvetica"];',
        "  __start [shape=point];",
    ]
    for name, verdict in zip(machine.states, machine.verdicts):
        if verdict is not None:
            lines.append(f"  {_dot(name)} [shape=doublecircle, tooltip={_dot(verdict)}];")
    lines.append(f"  __start -> {_dot(machine.states[machine.start])};")
    for (state, goto), labels in edge_labels(machine):
        lines.append(f"  {_dot(state)} -> {_dot(goto)} [label={_dot(chr(10).join(labels))}];")
    return "\n".join([*lines, "}"]) + "\n"


def edge_labels(machine: Machine) -> Iterator[tuple[tuple[str, str], list[str]]]:
    """For each pair of states with rules between them, the labels of these rules."""
    label: str
    together: dict[tuple[str, str], list[str]] = {}
    for state, goto, label in transition_graph(machine).edges(data="label"):
        together.setdefault((state, goto), []).append(label)
    yield from together.items()


def _dot(text: str) -> str:
    """A quoted identifier of DOT."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def to_graphml(machine: Machine) -> str:
    """GraphML by networkx: nodes have `verdict` (empty where it runs) and `start`, edges have `label` and its parts."""
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=machine.name)
    source = transition_graph(machine)
    for name, data in source.nodes(data=True):
        graph.add_node(name, verdict=data["verdict"] or "", start=data["start"])
    for state, goto, data in source.edges(data=True):
        rule = data["rule"]
        graph.add_edge(
            state,
            goto,
            label=data["label"],
            read=" ".join(machine.symbols[a] for a in rule.read),
            write=" ".join(machine.symbols[a] for a in rule.write),
            move=" ".join("LSR"[move + 1] for move in rule.move),
        )
    return "\n".join(nx.generate_graphml(graph)) + "\n"
