"""Any weight or parameter in words: what it does, how strongly, and which rule it comes from."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Iterator, Sequence

from triquetra.forms import Axes, Network, Pomdp
from triquetra.machines import InputError, Machine, Rule

BIAS = "bias"


def explain_network(
    network: Network, machine: Machine, unit: str | None = None, source: str | None = None
) -> list[str]:
    """One sentence for each synapse onto `unit` from `source`; without `source` all of them, without `unit` all units.

    `unit` and `source` are names of axes (`state:carry`, `cell:carry,1`), or `bias` as a source.
    Raises: InputError: no such name; the message says the nearest ones.
    """
    return list(_sentences(network.axes, machine, unit, source, lambda post, pre: _nats(network, post, pre), _excites))


def explain_pomdp(pomdp: Pomdp, machine: Machine, unit: str | None = None, source: str | None = None) -> list[str]:
    """As `explain_network`, for the parameters B (from a source) and D, E and the prior of Γ (`bias`)."""
    return list(_sentences(pomdp.axes, machine, unit, source, lambda post, pre: _odds(pomdp, post, pre), _believes))


def _nats(network: Network, post: int, pre: int | None) -> float:
    return float(network.bias[post] if pre is None else network.weights[post, pre])


def _odds(pomdp: Pomdp, post: int, pre: int | None) -> float:
    on, off = pomdp.prior[:, post] if pre is None else (b[post, pre] for b in pomdp.transition)
    return float(on - off)


def _sentences(
    axes: Axes,
    machine: Machine,
    unit: str | None,
    source: str | None,
    parameter: Callable[[int, int | None], float],
    phrase: Callable[[str, str, float], str],
) -> Iterator[str]:
    posts = range(axes.units) if unit is None else [_find(unit, axes.unit_names, "unit")]
    sources = [*axes.basis_names, BIAS]
    for post in posts:
        chosen = range(len(sources)) if source is None else [_find(source, sources, "source")]
        for pre in chosen:
            at = None if pre == axes.basis else pre
            value = parameter(post, at)
            if value or source is not None:
                cause = _because(axes, machine, post, at, value)
                yield f"{phrase(_source_words(axes, at), _unit_words(axes, post), value)}{cause}"


def _find(name: str, names: Sequence[str], kind: str) -> int:
    try:
        return list(names).index(name)
    except ValueError:
        near = difflib.get_close_matches(name, names, n=3) or list(names[:3])
        raise InputError(f"there is no {kind} `{name}`; the nearest are {', '.join(f'`{n}`' for n in near)}") from None


def _excites(source: str, unit: str, nats: float) -> str:
    if nats == 0:
        return f"{source} does not act on {unit}"
    return f"{source} {'excites' if nats > 0 else 'inhibits'} {unit} with {nats:+g} nats"


def _believes(source: str, unit: str, nats: float) -> str:
    if nats == 0:
        return f"{source} says nothing about {unit}"
    likely = "certain" if nats > 0 else "impossible"
    return f"{source} makes {unit} nearly {likely}: odds of e^{nats:+g}, a probability {_side(nats)}"


def _side(nats: float) -> str:
    return f"within {math.exp(-abs(nats)):.1e} of {1 if nats > 0 else 0}"


def _unit_words(axes: Axes, post: int) -> str:
    name = axes.unit_names[post]
    if name == "halt":
        return "the halt unit"
    kind, _, what = name.partition(":")
    tape = f" of tape {kind[kind.index('[') + 1 : -1]}" if "[" in kind else ""
    if kind == "state":
        return f"state {what}"
    if kind.startswith("move"):
        return f"the movement {'left' if what == 'L' else 'right'}{tape}"
    return f"the flip of symbol {what}{tape}"


def _source_words(axes: Axes, pre: int | None) -> str:
    if pre is None:
        return "the bias alone"
    if pre >= axes.cells:
        return f"state {axes.states[pre - axes.cells]} by itself"
    read = ", ".join(axes.symbols[a] for a in axes.cell_read[pre].tolist())
    return f"state {axes.states[int(axes.cell_state[pre])]} reading {read}"


def _because(axes: Axes, machine: Machine, post: int, pre: int | None, value: float) -> str:
    """Why the compiler put this parameter there; nothing where it did not."""
    if value == 0:
        return ""
    if pre is None:
        return (
            " because the machine halts unless a rule applies" if value > 0 else " because a unit is off unless driven"
        )
    if pre >= axes.cells:
        return " because a state stays unless a rule leads elsewhere"
    read = tuple(axes.cell_read[pre].tolist())
    rule = machine.delta.get((int(axes.cell_state[pre]), read))
    return "" if rule is None else f" because of rule {_rule_words(machine, rule)}"


def _rule_words(machine: Machine, rule: Rule) -> str:
    written = machine.describe_rule(rule)
    return f"{rule.origin} ({written})" if rule.origin else written
