"""A writer that is killed leaves all of the old or all of the new, wherever it is killed; the next one tidies up.

The writer runs in a process of its own, which kills itself just before its n-th system call that names a file, for
every n, and in the middle of what it writes.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from triquetra.compiler import compile_machine
from triquetra.forms import digest, load_network, load_pomdp, save_all
from triquetra.machines import InputError, from_busy_beaver, write_whole
from triquetra.machines.files import JOURNAL, current, write_together

OLD, NEW = {"a.json": b"old a", "b": b"old b"}, {"a.json": b"new a" * 9, "b": b"new b" * 99, "c": b"new c"}

CHILD = """
import os, signal, sys
from pathlib import Path
target, at, what = sys.argv[1], int(sys.argv[2]), sys.argv[3]
exec(what)  # makes `write`
seen = 0

def count(*_):
    global seen
    seen += 1
    if seen == at:
        os.kill(os.getpid(), signal.SIGKILL)

def audit(event, arguments):
    if event in NAMES and any(target in os.fsdecode(a) for a in arguments if isinstance(a, (str, bytes, os.PathLike))):
        count()

NAMES = {"open", "os.rename", "os.remove", "os.mkdir", "os.chmod", "os.link", "os.truncate"}
fdopen = os.fdopen

class Half:
    def __init__(self, *arguments): self.file = fdopen(*arguments)
    def __enter__(self): return self
    def __exit__(self, *_): self.file.close()
    def write(self, content):
        self.file.write(content[: len(content) // 2]); self.file.flush()
        count()
        self.file.write(content[len(content) // 2 :]); self.file.flush()
        count()

os.fdopen = Half
sys.addaudithook(audit)
write()
print("finished after", seen)
"""
TOGETHER = f"""
from triquetra.machines.files import write_together
def write(): write_together(target, {NEW!r})
"""
ONE = """
from triquetra.machines import write_whole
def write(): write_whole(Path(target) / "a.json", "new")
"""


def killed_at(folder: Path, n: int, what: str) -> bool:
    """Whether the writer was killed at its n-th call, or ended before."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder), str(n), what], capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode != 0


def content(folder: Path) -> dict[str, bytes]:
    return {name: path.read_bytes() for name in NEW if (path := current(folder, name)).exists()}


def put(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir()
    for name, each in files.items():
        (folder / name).write_bytes(each)


@pytest.mark.parametrize("old", [OLD, {}], ids=["over", "anew"])
def test_files_written_together_are_all_old_or_all_new(tmp_path, old):
    seen, n = [], 0
    while True:
        n += 1
        folder = tmp_path / f"killed at {n}"
        put(folder, {**old, "of somebody else": b"kept"})
        killed = killed_at(folder, n, TOGETHER)
        seen.append(content(folder) == NEW)
        assert content(folder) in (old, NEW)
        write_together(folder, {"b": b"last"})  # the next writer finishes what was begun, and tidies up
        assert content(folder) == {**(NEW if seen[-1] else old), "b": b"last"}
        assert (folder / "of somebody else").read_bytes() == b"kept"
        # what was left beside files that it did not write is for their next writer
        write_together(folder, dict.fromkeys(NEW, b"x"))
        assert sorted(os.listdir(folder)) == sorted([*NEW, "of somebody else"])
        if not killed:
            break
    assert n > 15
    assert seen == sorted(seen)  # first old, then new: there is one moment that decides
    assert seen[-1]
    assert not seen[0]


def test_a_single_file_is_old_or_new_and_nothing_is_left_for_long(tmp_path):
    n, killed = 0, True
    while killed:
        n += 1
        folder = tmp_path / f"killed at {n}"
        put(folder, {"a.json": b"old"})
        killed = killed_at(folder, n, ONE)
        assert (folder / "a.json").read_bytes() in (b"old", b"new")
        write_whole(folder / "a.json", "newer")
        assert os.listdir(folder) == ["a.json"]
        assert (folder / "a.json").read_bytes() == b"newer"
    assert n > 4


def test_what_a_living_writer_is_about_to_write_is_left_alone(tmp_path):
    own = tmp_path / f".a.{os.getpid()}.xyz.new"
    own.write_bytes(b"")
    foreign = [tmp_path / name for name in (".a.nobody.xyz.new", ".a.1.new.txt", "a.1.x.new")]
    for path in foreign:
        path.write_bytes(b"")
    write_whole(tmp_path / "a", "text")
    assert own.exists()
    assert all(path.exists() for path in foreign)


@pytest.mark.parametrize(
    "journal",
    [
        b"",
        b"[]",
        b"{",
        b'{"b": 3}',
        b'{"b": "c"}',
        b'{"../b": ".../b.1.x.new"}',
        b'{"b": "../.b.1.x.new"}',
        b"x" * 10**6,
    ],
)
def test_a_journal_that_nobody_wrote_moves_nothing(tmp_path, journal):
    folder = tmp_path / "folder"
    put(folder, OLD)
    (tmp_path / ".b.1.x.new").write_bytes(b"outside")
    (folder / JOURNAL).write_bytes(journal)
    assert current(folder, "b") == folder / "b"
    write_together(folder, {"a.json": b"new"})
    assert (folder / "b").read_bytes() == OLD["b"]
    assert not (folder / JOURNAL).exists()


def test_a_saved_artifact_is_old_or_new_as_a_whole(tmp_path):
    machine = from_busy_beaver("1RB1LB_1LA1RZ")
    weak, strong = (compile_machine(machine, gain=gain) for gain in (20.0, 30.0))
    what = (
        "from triquetra.compiler import compile_machine; from triquetra.forms import save_all\n"
        "from triquetra.machines import from_busy_beaver\n"
        "c = compile_machine(from_busy_beaver('1RB1LB_1LA1RZ'), gain=30.0)\n"
        "def write(): save_all([c.network, c.pomdp], target)"
    )
    for n in (1, 8, 12, 16, 17, 18, 19, 20, 99):
        folder = tmp_path / str(n)
        save_all([weak.network, weak.pomdp], folder)
        killed = killed_at(folder, n, what)
        found = digest(load_network(folder)), digest(load_pomdp(folder))
        assert found in [(digest(each.network), digest(each.pomdp)) for each in (weak, strong)]
        assert killed or found[0] == digest(strong.network)


def test_what_cannot_be_written_is_bad_input(tmp_path):
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "folder"):
        with pytest.raises(InputError, match="cannot be written"):
            write_together(folder, NEW)


def test_the_journal_is_plain(tmp_path):
    """For who wants to see what was left undone."""
    put(tmp_path / "folder", OLD)
    n = 0
    while killed_at(tmp_path / "folder", (n := n + 1), TOGETHER):
        if (tmp_path / "folder" / JOURNAL).exists():
            moves = json.loads((tmp_path / "folder" / JOURNAL).read_text())
            assert moves.keys() == NEW.keys()
            return
    raise AssertionError("no writer was killed with its journal written")
