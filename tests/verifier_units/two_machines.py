"""The machines of forms.json."""

from triquetra.machines import Machine, Rule, from_busy_beaver

BEAVER = from_busy_beaver("1RB1LB_1LA1RZ")
# One of two tapes is one-way; all moves, writes, a halting state, undefined cells, and a state that is never entered.
TWO_TAPES = Machine(
    states=("A", "B", "H", "never"),
    symbols=("_", "1"),
    verdicts=(None, None, "halt", None),
    one_way=(False, True),
    rules=(
        Rule(0, (0, 0), (1, 0), (1, 0), 0),
        Rule(0, (0, 1), (0, 1), (-1, 1), 1),
        Rule(0, (1, 1), (1, 0), (0, -1), 2),
        Rule(1, (0, 0), (1, 1), (1, 1), 0),
        Rule(1, (1, 0), (0, 0), (-1, -1), 2),
        Rule(3, (0, 0), (1, 1), (1, 1), 3),
    ),
)
