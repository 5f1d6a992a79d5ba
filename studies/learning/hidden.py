"""Hidden states: the automaton behind sequences of what was read and done.

The histories form a tree; two of its nodes may be one state if nothing seen after them contradicts it. Nodes are
visited breadth first; each is merged with the known state that shares most of its future, or becomes a new state if
none is compatible: state merging for Mealy machines (the red–blue scheme of Lang, Pearlmutter & Price 1998, after
Oncina & García 1992). What it finds agrees with all experience, and in the limit of experience it is the smallest
machine that does what the observed one does; before that it may hold two states for one, or merge what was not
yet told apart.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from triquetra.machines import Machine, Rule

from .experience import Action, Event, runs

Read = tuple[int, ...]
Edge = tuple[Action | None, int]  # what was done (None: halted), and the node after it; -1 where nothing follows
Changes = list[tuple[int, Read, Edge | None]]  # of node and symbol, the edge that was there
NOTHING = -1
EVIDENCE = 3  # steps that must confirm a merge; with less, states that were hardly met are mistaken for others


@dataclass(frozen=True)
class Hypothesis:
    """An automaton: for each state, what it does on what it reads. State 0 starts.

    An edge to `NOTHING` halts, or leads to where nothing was ever seen to follow.
    """

    edges: tuple[dict[Read, Edge], ...]

    def label(self, events: Iterable[Event]) -> list[tuple[int, Read, Rule | None]]:
        """The steps with the states that are inferred for them; those that lead to an unknown state are left out."""
        labelled: list[tuple[int, Read, Rule | None]] = []
        state = 0
        for event in events:
            if event.first:
                state = 0
            edge = NOTHING if state == NOTHING else self.edges[state].get(event.read, NOTHING)
            if isinstance(edge, int):
                state = NOTHING
                continue
            action, after = edge
            if action is None:
                labelled.append((state, event.read, None))
            elif after != NOTHING:
                labelled.append((state, event.read, Rule(state, event.read, *action, after)))
            state = after
        return labelled

    def machine(self, like: Machine) -> Machine:
        """The automaton as a machine over the symbols and tapes of `like`; its states are named q0, q1, …"""
        rules = [
            Rule(state, read, *action, after)
            for state, edges in enumerate(self.edges)
            for read, (action, after) in sorted(edges.items(), key=lambda item: item[0])
            if action is not None and after != NOTHING
        ]
        return Machine(
            name=f"{like.name} (inferred)",
            states=tuple(f"q{i}" for i in range(len(self.edges))),
            symbols=like.symbols,
            rules=tuple(rules),
            verdicts=(None,) * len(self.edges),
            one_way=like.one_way,
            input_symbols=like.input_symbols,
        )


class _Tree:
    """Histories as a tree, and then the automaton that it is folded into."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.edges: list[dict[Read, Edge]] = [{}]
        for run in runs(events):
            node = 0
            for event in run:
                edge = self.edges[node].get(event.read)
                if edge is None:
                    after = NOTHING
                    if event.action is not None:
                        after = len(self.edges)
                        self.edges.append({})
                    edge = self.edges[node][event.read] = (event.action, after)
                node = edge[1]

    def try_merge(self, parent: int, read: Read, state: int) -> int:
        """As `merge`, and then everything as it was."""
        confirmed, changes = self.merge(parent, read, state)
        self._undo(changes)
        return confirmed

    def merge(self, parent: int, read: Read, state: int) -> tuple[int, Changes]:
        """Let `parent` go to `state` on `read`, and fold the subtree that was there into `state`.

        Returns the number of steps of the subtree that `state` confirms, −1 where one contradicts it, and what changed.
        """
        changes: Changes = []
        confirmed = 0
        action, node = self.edges[parent][read]
        self._set(changes, parent, read, (action, state))
        waiting = [(state, node)]
        while waiting:
            into, source = waiting.pop()
            for symbol, (seen, child) in self.edges[source].items():
                known = self.edges[into].get(symbol)
                if known is None:
                    self._set(changes, into, symbol, (seen, child))
                elif known[0] != seen:
                    return -1, changes
                else:
                    confirmed += 1
                    if child not in (NOTHING, known[1]):
                        waiting.append((known[1], child))
        return confirmed, changes

    def _set(self, changes: Changes, node: int, read: Read, edge: Edge) -> None:
        changes.append((node, read, self.edges[node].get(read)))
        self.edges[node][read] = edge

    def _undo(self, changes: Changes) -> None:
        for node, read, edge in reversed(changes):
            if edge is None:
                del self.edges[node][read]
            else:
                self.edges[node][read] = edge


def infer(events: Sequence[Event], most_states: int = 200) -> Hypothesis:
    """The automaton behind the events, states hidden; it agrees with all of them.

    `most_states`: give up refining there; what comes after them is then left unknown.
    """
    tree = _Tree(events)
    red = [0]
    waiting = deque(_fringe(tree, 0))
    while waiting:
        parent, read = waiting.popleft()
        node = tree.edges[parent][read][1]
        if node in red or not tree.edges[node]:
            continue
        evidence = [tree.try_merge(parent, read, state) for state in red]
        most = max(evidence)
        if most >= EVIDENCE:
            tree.merge(parent, read, red[evidence.index(most)])
            waiting = deque(edge for state in red for edge in _fringe(tree, state))
        elif len(red) < most_states:
            red.append(node)
            waiting.extend(_fringe(tree, node))
    number = {node: i for i, node in enumerate(red)}
    return Hypothesis(
        tuple(
            {read: (action, number.get(after, NOTHING)) for read, (action, after) in tree.edges[node].items()}
            for node in red
        )
    )


def _fringe(tree: _Tree, node: int) -> list[tuple[int, Read]]:
    return [(node, read) for read, (_, after) in tree.edges[node].items() if after != NOTHING]
