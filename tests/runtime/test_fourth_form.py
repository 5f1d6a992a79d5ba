"""A further form is one class and one line: every door, command, test and comparison then has it.

`Tables` executes a dict of rules, made from what is compiled; `Controller` a file, whose folder is the artifact's.
"""

import json

import pytest
from typer.testing import CliRunner

import triquetra
from triquetra.cli import make_app
from triquetra.compiler import compile_machine
from triquetra.machines import InputError, step
from triquetra.machines.load import load
from triquetra.runtime.forms import FORMS, form_names, is_compiled
from triquetra.runtime.inline import run_tests
from triquetra.runtime.protocol import MachineForm
from triquetra.runtime.reference import TuringForm, TuringState


class Tables(MachineForm[TuringState]):
    """Runs by a dict; as an object of its own it shares nothing with the machine's table but what is written in it."""

    kind = "tables"
    executes = dict

    def __init__(self, data, cells=None):
        self.name, self.data, self.machine = self.kind, data, data["machine"]
        self.verdicts = self.machine.verdicts

    @classmethod
    def of(cls, compiled):
        return {"machine": compiled.machine, "ways": compiled.machine.delta}

    @classmethod
    def files(cls, data):
        return {"tables.json": json.dumps([list(cell[1]) for cell in data["ways"]]).encode()}

    def init(self, *inputs):
        return TuringForm(self.machine).init(*inputs)

    def step(self, state):
        at = state.configuration
        return (
            TuringForm(self.machine).step(state) if (at.state, at.read) in self.data["ways"] else TuringState(at, True)
        )

    def decode(self, state):
        return state.configuration

    def halted(self, state):
        return state.halted


class Controller(Tables):
    """What it does is in a file; this one says how many steps to make before it gives up."""

    kind = "controller"

    @classmethod
    def of(cls, compiled):
        if compiled.folder is None:
            raise InputError("a controller is loaded and not compiled: name its folder with --artifact")
        return {"machine": compiled.machine} | json.loads((compiled.folder / "controller.json").read_text())

    @classmethod
    def files(cls, data):
        return {}

    def step(self, state):
        after = step(self.machine, state.configuration)
        self.data["steps"] -= 1
        return TuringState(state.configuration, True) if after is None or self.data["steps"] < 0 else TuringState(after)


@pytest.fixture
def fourth(monkeypatch):
    monkeypatch.setitem(FORMS, "tables", Tables)  # the line


def called(*arguments):
    ended = CliRunner().invoke(make_app(arguments[0]), [*map(str, arguments), "--json"])
    assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
    return ended.exit_code, json.loads(ended.stdout)


def test_python_has_it(fourth, tmp_path):
    assert triquetra.run("@increment", "1011", form="tables").output == "1100"
    agreed = triquetra.agree("@increment", "1011")
    assert agreed.forms == ("turing", "network", "pomdp", "tables") and agreed
    assert "network, pomdp and tables agree" in str(triquetra.agree("@increment", "1011", dense=True))
    with pytest.raises(InputError, match="but `tables`"):
        triquetra.run("@increment", "1011", form="table")
    triquetra.save(triquetra.compile("@increment"), tmp_path)
    assert json.loads((tmp_path / "tables.json").read_text())
    assert triquetra.run(triquetra.load_compiled(tmp_path, "@increment"), "1011", form="tables").output == "1100"


def test_commands_have_it(fourth, tmp_path):
    status, said = called("run", "@increment", "-i", "1011", "--form", "tables")
    assert (status, said["form"], said["output"]) == (0, "tables", "1100")
    status, said = called("run", "@increment", "-i", "1011", "--form", "all")
    assert (status, said["agree"], list(said["forms"])) == (0, True, ["turing", "network", "pomdp", "tables"])
    status, said = called("run", "@increment", "-i", "1011", "--form", "tables", "--trace")
    assert [row["state"] for row in said["trace"]][-2:] == ["carry", "done"]
    assert called("agree", "@increment", "-i", "1011")[1]["agree"]
    status, said = called("test", "@increment")
    assert (status, said["forms"]) == (0, ["turing", "network", "pomdp", "tables"])
    assert all(each["forms"]["tables"]["agrees"] for each in said["tests"])
    assert list(called("test", "@increment", "--form", "tables")[1]["tests"][0]["forms"]) == ["tables"]
    status, said = called("compile", "@increment", "--out", tmp_path / "out")
    assert list(said["forms"]) == ["network", "pomdp", "tables"] and (tmp_path / "out" / "tables.json").exists()
    assert list(called("universal", "@parity", "-i", "11", "--form", "tables")[1]["programs"][0]["runs"]) == ["tables"]
    help_page = CliRunner().invoke(make_app("run"), ["run", "--help"], env={"COLUMNS": "200"}).stdout
    assert "turing, network, pomdp, tables or all" in help_page


def test_inline_tests_have_it(fourth):
    program = load("@increment")
    form = FORMS["tables"](FORMS["tables"].of(compile_machine(program.machine)))
    results = list(run_tests(program, [form], max_steps=1000))
    assert results and all(list(each.beside) == ["tables"] and each.passed for each in results)


def test_one_that_is_wrong_is_found(monkeypatch):
    class Lazy(Tables):
        def step(self, state):
            after = super().step(state)
            return TuringState(state.configuration, True) if len(after.configuration.tapes[0].cells) > 3 else after

    monkeypatch.setitem(FORMS, "tables", Lazy)
    assert triquetra.agree("@increment", "101")
    parted = triquetra.agree("@increment", "111")
    assert not parted and parted.difference.what == "tables: halts"
    status, said = called("test", "@increment")
    assert status == 1 and said["failed"] > 0
    with pytest.raises(triquetra.Undecodable, match="where the machine has a rule"):
        triquetra.run("@increment", "111", form="tables")


def test_one_that_comes_from_a_file_is_loaded_with_the_artifact(monkeypatch, tmp_path):
    monkeypatch.setitem(FORMS, "controller", Controller)
    assert "controller" in form_names("all", among=is_compiled)
    with pytest.raises(InputError, match="--artifact"):
        triquetra.run("@increment", "1011", form="controller")
    triquetra.save(triquetra.load_compiled(saved(tmp_path, 100), "@increment"), tmp_path / "again")
    assert sorted(each.name for each in (tmp_path / "again").iterdir())
    status, said = called("run", "@increment", "-i", "1011", "--form", "controller", "--artifact", tmp_path)
    assert (status, said["output"]) == (0, "1100")
    assert called("agree", "@increment", "-i", "1011", "--artifact", saved(tmp_path, 3))[0] == 1


def saved(folder, steps):
    network, pomdp = triquetra.compile("@increment")
    triquetra.save(network, folder)
    triquetra.save(pomdp, folder)
    (folder / "controller.json").write_text(json.dumps({"steps": steps}))
    return folder
