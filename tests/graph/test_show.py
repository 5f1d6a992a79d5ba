"""`triquetra show` as a user meets it."""

import json
from pathlib import Path

import networkx as nx
import pytest
from tests.conftest import Command

from triquetra.machines import InputError, Machine, Rule, from_busy_beaver
from triquetra.machines.picture import MAX_STATES, draw


def test_the_table_has_a_row_a_state_and_a_column_a_symbol(triquetra: Command) -> None:
    status, out, _ = triquetra("show", "1RB---_1LA1RZ")
    assert status == 0
    rows = [line.split() for line in out.splitlines()]
    assert ["state", "0", "1"] in rows
    assert ["→", "A", "1", "R", "B", "·"] in rows
    assert ["B", "1", "L", "A", "R", "Z"] in rows
    assert ["halt", "in", "Z"] in rows


def test_several_tapes_have_a_row_a_rule(triquetra: Command) -> None:
    _, out, _ = triquetra("show", "@two-tape-add")
    rows = [line.split() for line in out.splitlines()]
    assert ["→", "right", "_,_", "L,L", "add"] in rows
    assert ["_,(0", "1)", "S,R", "right"] in rows


def test_names_with_brackets_are_no_markup(triquetra: Command, tmp_path: Path) -> None:
    path = tmp_path / "[bold].csv"
    path.write_text("state,read,write,move,goto\n[b],[red],_,R,[b]\n")
    for option in ((), ("--graph",)):
        status, out, err = triquetra("show", path, *option)
        assert status == 0, err
        assert "[red]" in out and "[b]" in out and "[bold]" in out


def test_the_graph_and_what_follows_from_it(triquetra: Command) -> None:
    _, out, _ = triquetra("show", "1RB1RC_0LB0LB_1RZ1RC", "--graph")
    assert "├─▶ B   0→1,R" in out
    assert "╰─▶ itself   0,L   1→0,L" in out
    assert "no way to halt from: B" in out
    assert "runs away for ever over blank cells: B" in out


def test_json(triquetra: Command) -> None:
    status, out, _ = triquetra("show", "1RB1LB_1LA1RZ", "--json")
    shown = json.loads(out)
    assert status == 0
    assert shown["start"] == "A"
    assert shown["rules"][0] | {"origin": None} == {
        "state": "A", "read": ["0"], "write": ["1"], "move": ["R"], "goto": "B", "origin": None,
    }  # fmt: skip
    assert shown["graph"]["parts"] == [["A", "B"], ["Z"]]


def test_drawings_for_other_programs(triquetra: Command, tmp_path: Path) -> None:
    dot, graphml = tmp_path / "m.dot", tmp_path / "m.graphml"
    status, out, _ = triquetra("show", "1RB1LB_1LA1RZ", "--dot", dot, "--graphml", graphml)
    assert status == 0
    assert out.splitlines() == [f"wrote {dot}", f"wrote {graphml}"]
    assert '  "A" -> "B" [label="0→1,R\\n1,L"];' in dot.read_text()
    graph = nx.read_graphml(graphml, force_multigraph=True)
    assert sorted(graph.edges(data="label")) == [
        ("A", "B", "0→1,R"), ("A", "B", "1,L"), ("B", "A", "0→1,L"), ("B", "Z", "1,R"),
    ]  # fmt: skip


@pytest.mark.parametrize(("suffix", "magic"), [(".svg", b"<?xml"), (".png", b"\x89PNG"), (".pdf", b"%PDF")])
def test_pictures(triquetra: Command, tmp_path: Path, suffix: str, magic: bytes) -> None:
    pytest.importorskip("matplotlib")
    path = tmp_path / f"m{suffix}"
    status, _, err = triquetra("show", "@palindrome", "--draw", path)
    assert status == 0, err
    assert path.read_bytes().startswith(magic)


def test_a_picture_names_all_states_and_rules_and_is_the_same_each_time(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    machine = Machine(
        states=("a", "$b$", "一"),
        symbols=("_", "$"),
        rules=(Rule(0, (0,), (1,), (1,), 1), Rule(1, (0,), (0,), (1,), 1), Rule(1, (1,), (0,), (-1,), 2)),
        verdicts=(None, None, "accept"),
    )
    draw(machine, tmp_path / "1.svg")
    draw(machine, tmp_path / "2.svg")
    text = (tmp_path / "1.svg").read_text()
    assert all(part in text for part in (">a<", ">$b$<", ">一<", "_→$,R", "_,R", "$→_,L"))
    assert text == (tmp_path / "2.svg").read_text()


def test_what_cannot_be_drawn_is_refused(triquetra: Command, tmp_path: Path) -> None:
    status, _, err = triquetra("show", "1RB1LB_1LA1RZ", "--draw", tmp_path / "m.gif")
    assert status == 2
    assert "ends in .svg, .png, .pdf" in err
    n = MAX_STATES + 1
    large = Machine(states=tuple(map(str, range(n))), symbols=("_",), rules=(), verdicts=(None,) * n)
    with pytest.raises(InputError, match="61 states, a drawing at most 60"):
        draw(large, tmp_path / "m.svg")
    status, _, err = triquetra("show", "1RB1LB_1LA1RZ", "--dot", tmp_path / "none" / "m.dot")
    assert status == 2
    assert "cannot be written" in err


def test_the_library_s_drawings_have_room_for_every_state(tmp_path: Path) -> None:
    """No two states in one place, for the largest machine that is drawn."""
    from triquetra.machines.picture import _places

    bb = from_busy_beaver("_".join(f"1R{chr(66 + i)}0L{chr(65 + (7 * i) % 25)}" for i in range(25)))
    places = list(_places(bb).values())
    assert len(set(places)) == len(bb.states)
