"""`triquetra tag` and `triquetra universal` as a user meets them."""

import json

import pytest

COLLATZ = "tag collatz\na -> b c\nb -> a\nc -> a a a\nword a a a a\n"


@pytest.fixture
def collatz(tmp_path):
    path = tmp_path / "collatz.tag"
    path.write_text(COLLATZ, encoding="utf-8")
    return path


def test_a_tag_system_by_itself(triquetra, collatz):
    status, out, _ = triquetra("tag", collatz, "--trace")
    assert status == 0
    assert [line.split()[1] for line in out.splitlines()[1:-1]] == ["aaaa", "aabc", "bcbc", "bca", "aa", "bc", "a"]


def test_collatz_inside_a_network_and_an_agent(triquetra, collatz):
    status, out, _ = triquetra("tag", collatz, "--on", "minsky-7-4", "--form", "all", "--json")
    result = json.loads(out)
    assert status == 0
    assert result["agree"] is result["complete"] is True
    assert list(result["runs"]) == ["turing", "network", "pomdp"]
    for run in result["runs"].values():
        assert run["words"] == ["aaaa", "aabc", "bcbc", "bca", "aa", "bc", "a"]
        assert run["steps"] == [0, 346, 862, 1131, 1462, 2256, 2709]


def test_a_synaptic_tape(triquetra, collatz):
    arguments = "--on", "minsky-7-4", "--form", "network", "--tape", "synaptic", "--cells", 500
    status, out, _ = triquetra("tag", collatz, "-i", "aa", *arguments)
    assert status == 0
    assert "every word is the system's own" in out


def test_a_limit_is_a_status_of_its_own(triquetra, collatz):
    assert triquetra("tag", collatz, "--max-words", 3)[0] == 3
    assert triquetra("tag", collatz, "--on", "minsky-7-4", "--max-steps", 1000)[0] == 3
    assert triquetra("universal", "@increment", "-i", "1", "--max-steps", 1000)[0] == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["tag", "missing.tag"], "no file"),
        (["tag", "COLLATZ", "-i", "xyz"], "letter 1 is `x`"),
        (["tag", "COLLATZ", "--on", "minsky"], "`minsky-7-4` is one"),
        (["tag", "COLLATZ", "--on", "neary-woods-9-3"], "simulates bi-tag systems"),
        (["tag", "COLLATZ", "--on", "minsky-7-4", "--form", "net"], "a form is"),
        (["universal", "@increment", "--on", "minsky-7-4"], "two symbols"),
        (["universal", "@increment", "--on", "practicle"], "`practical`"),
        (["universal", "@increment", "-i", "1", "-i", "1"], "2 inputs for 1 machine"),
        (["universal", "@two-tape-add"], "2 tapes"),
    ],
)
def test_bad_input(triquetra, collatz, arguments, message):
    status, _, err = triquetra(*(collatz if each == "COLLATZ" else each for each in arguments))
    assert status == 2
    assert message in err
    assert "Traceback" not in err


def test_two_programs_on_one_network(triquetra):
    status, out, _ = triquetra("universal", "@increment", "@parity", "-i", "11", "-i", "110", "--form", "all", "--json")
    result = json.loads(out)
    assert status == 0
    assert result["same_weights"] is True
    first, second = result["programs"]
    assert first["weights"] == second["weights"]
    assert [run["output"] for run in first["runs"].values()] == ["100"] * 3
    assert all(run["agrees"] and run["complete"] for program in (first, second) for run in program["runs"].values())


def test_the_whole_chain(triquetra):
    arguments = "universal", "1RZ---", "1RZ---", "-i", "", "-i", "1", "--on", "minsky-7-4", "--form", "all"
    status, out, _ = triquetra(*arguments)
    assert status == 0
    assert "the weights are the same for all programs" in out
    assert out.count("as by itself") == 6


def test_what_is_simulated_is_shown(triquetra):
    status, out, _ = triquetra("universal", "@increment", "-i", "11", "--trace")
    assert status == 0
    assert "[_]100" in out or "[1]00" in out
