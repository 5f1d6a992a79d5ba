"""The transition graph of a machine as networkx knows graphs, and what follows from it without running anything."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from .core import BLANK, MOVE_NAMES, STAY, Machine, Rule

T = TypeVar("T")

if TYPE_CHECKING:
    import networkx as nx

    Graph = nx.MultiDiGraph[str]


@dataclass(frozen=True, slots=True)
class Reach:
    """What a run from the start state on any input could meet, as far as the graph knows: a superset of what it does.

    `states` and `rules` are in the machine's order; `symbols[i]` are the symbols that tape `i` could hold.
    """

    states: tuple[int, ...]
    rules: tuple[Rule, ...]
    symbols: tuple[frozenset[int], ...]


@dataclass(frozen=True, slots=True)
class TrivialLoop:
    """A cycle of rules that is never left once the heads are where the loop begins.

    `rules` is the cycle, from its first rule in the machine's order. `in_place`: no head moves, so the loop is certain
    from its first cell on. Otherwise the heads run away over blank cells: certain once nothing but blanks lies ahead.
    """

    rules: tuple[Rule, ...]
    in_place: bool


def transition_graph(machine: Machine) -> Graph:
    """States as nodes, rules as edges.

    A node is a state's name with attributes `verdict` (None where it runs) and `start`; an edge has the `rule`, and a
    `label` such as `1→0,L` (`0→1,R 1→1,S` on two tapes; `1,R` where the symbol is kept).
    """
    import networkx as nx

    graph: Graph = nx.MultiDiGraph(name=machine.name)
    for index, (name, verdict) in enumerate(zip(machine.states, machine.verdicts)):
        graph.add_node(name, verdict=verdict, start=index == machine.start)
    for rule in machine.rules:
        graph.add_edge(
            machine.states[rule.state], machine.states[rule.goto], rule=rule, label=rule_label(machine, rule)
        )
    return graph


def rule_label(machine: Machine, rule: Rule) -> str:
    """What a rule does apart from its states, such as `1→0,L`; one part for each tape."""
    parts = []
    for read, write, move in zip(rule.read, rule.write, rule.move):
        kept = machine.symbols[read] if read == write else f"{machine.symbols[read]}→{machine.symbols[write]}"
        parts.append(f"{kept},{MOVE_NAMES[move]}")
    return " ".join(parts)


def reach(machine: Machine) -> Reach:
    """States, rules and symbols that a run could meet.

    Least fixed point: the start state is met; each tape holds the blank and the input symbols; a rule applies once its
    state is met and its tapes hold what it reads, and then its goto is met and its tapes hold what it writes.
    """
    # a fact is a state met, as (-1, state), or a symbol that a tape holds, as (tape, symbol)
    waiting: dict[tuple[int, int], list[int]] = {}
    missing = []
    for index, rule in enumerate(machine.rules):
        needs = ((-1, rule.state), *enumerate(rule.read))
        missing.append(len(needs))
        for fact in needs:
            waiting.setdefault(fact, []).append(index)
    held = range(machine.tapes)
    facts = dict.fromkeys([(-1, machine.start), *((t, a) for t in held for a in (BLANK, *machine.input_symbols))])
    queue = deque(facts)
    while queue:
        for index in waiting.get(queue.popleft(), ()):
            missing[index] -= 1
            if missing[index] == 0:
                rule = machine.rules[index]
                new = [fact for fact in ((-1, rule.goto), *enumerate(rule.write)) if fact not in facts]
                facts.update(dict.fromkeys(new))
                queue.extend(new)
    return Reach(
        tuple(sorted(state for kind, state in facts if kind == -1)),
        tuple(rule for rule, left in zip(machine.rules, missing) if left == 0),
        tuple(frozenset(symbol for tape, symbol in facts if tape == t) for t in held),
    )


def unreachable_states(machine: Machine) -> tuple[str, ...]:
    """Names of the states that no run from the start state enters."""
    met = set(reach(machine).states)
    return tuple(name for index, name in enumerate(machine.states) if index not in met)


def dead_rules(machine: Machine) -> tuple[Rule, ...]:
    """Rules that never apply: their state is unreachable, or they read what no input holds and no rule writes."""
    live = set(reach(machine).rules)
    return tuple(rule for rule in machine.rules if rule not in live)


def without_unreachable(machine: Machine) -> Machine:
    """The same machine without its unreachable states; its runs on inputs are the same, its indices are not."""
    kept = reach(machine).states
    if len(kept) == len(machine.states):
        return machine
    new = {old: index for index, old in enumerate(kept)}
    return Machine(
        name=machine.name,
        states=tuple(machine.states[s] for s in kept),
        symbols=machine.symbols,
        rules=tuple(
            Rule(new[r.state], r.read, r.write, r.move, new[r.goto], r.origin)
            for r in machine.rules
            if r.state in new and r.goto in new  # a dead rule of a kept state may go to a dropped one
        ),
        verdicts=tuple(machine.verdicts[s] for s in kept),
        start=new[machine.start],
        one_way=machine.one_way,
        input_symbols=machine.input_symbols,
        documentation=machine.documentation,
    )


def strong_components(machine: Machine) -> tuple[tuple[str, ...], ...]:
    """Strongly connected parts of the graph, each in the machine's order; no part reaches one before it."""
    import networkx as nx

    graph = transition_graph(machine)
    place = {name: index for index, name in enumerate(machine.states)}
    condensed = nx.condensation(graph)
    parts = [tuple(sorted(condensed.nodes[c]["members"], key=place.__getitem__)) for c in condensed]
    order = nx.lexicographical_topological_sort(condensed, key=lambda c: place[parts[c][0]])
    return tuple(parts[c] for c in order)


def endless_states(machine: Machine) -> tuple[str, ...]:
    """Reachable states from which neither a halting state nor an undefined cell is reached: no run ends after them."""
    import networkx as nx

    met = reach(machine)
    live: nx.DiGraph[int] = nx.DiGraph()
    live.add_nodes_from(met.states)
    live.add_edges_from((rule.state, rule.goto) for rule in met.rules)
    defined = dict.fromkeys(met.states, 0)
    for rule in met.rules:
        defined[rule.state] += 1
    full = 1
    for held in met.symbols:
        full *= len(held)
    ends = {s for s in met.states if defined[s] < full}  # halting states have no rules at all
    back = live.reverse(copy=False)
    halting = ends.union(*(nx.descendants(back, s) for s in ends))
    return tuple(machine.states[s] for s in met.states if s not in halting)


def trivial_loops(machine: Machine) -> tuple[TrivialLoop, ...]:
    """Loops that show in the table: cycles of rules that move no head, and cycles that run away over blank cells."""
    live = {(rule.state, rule.read): rule for rule in reach(machine).rules}
    in_place = {cell: (rule.goto, rule.write) for cell, rule in live.items() if all(move == STAY for move in rule.move)}
    loops = [TrivialLoop(tuple(live[cell] for cell in cycle), in_place=True) for cycle in _cycles(in_place)]
    blanks = (BLANK,) * machine.tapes
    on_blank = {cell: (rule.goto, blanks) for cell, rule in live.items() if rule.read == blanks}
    for cycle in _cycles(on_blank):
        rules = tuple(live[cell] for cell in cycle)
        if any(set(rule.move) != {STAY} for rule in rules) and _meets_only_blanks(machine, rules):
            loops.append(TrivialLoop(rules, in_place=False))
    return tuple(loops)


def _meets_only_blanks(machine: Machine, rules: tuple[Rule, ...]) -> bool:
    """Whether each head of an all-blank cycle reads a blank again: it goes one way, and leaves no mark in place."""
    for tape, one_way in enumerate(machine.one_way):
        moves = {rule.move[tape] for rule in rules} - {STAY}
        if len(moves) > 1:
            return False
        stuck = one_way and moves == {-1}  # the head may be kept on cell 0, where its mark would stay under it
        if any((rule.move[tape] == STAY or stuck) and rule.write[tape] != BLANK for rule in rules):
            return False
    return True


def _cycles(successor: dict[T, T]) -> Iterator[list[T]]:
    """The cycles of a partial function, each once."""
    seen: set[T] = set()
    for first in successor:
        path: dict[T, None] = {}
        node = first
        while node in successor and node not in seen:
            seen.add(node)
            path[node] = None
            node = successor[node]
        if node in path:
            nodes = list(path)
            yield nodes[nodes.index(node) :]
