"""Files are written whole, through links, and never over a device."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from triquetra.machines import InputError, write_whole
from triquetra.machines.files import refuse_to_replace


def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    write_whole(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "real").read_text() == "new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "real"]


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    refuse_to_replace(path)
    write_whole(path, "text")
    assert os.read(reader, 10) == b"text"
    os.close(reader)
    assert stat.S_ISFIFO(path.stat().st_mode)


def test_a_full_device_is_said() -> None:
    with pytest.raises(InputError, match="/dev/full cannot be written: No space left on device"):
        write_whole("/dev/full", "text")
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)


def test_what_is_there_is_not_replaced(tmp_path: Path) -> None:
    there, dangling = tmp_path / "there", tmp_path / "dangling"
    there.touch()
    dangling.symlink_to("nowhere")
    refuse_to_replace(tmp_path / "new", "/dev/null")
    for path in (there, dangling):
        with pytest.raises(InputError, match="--force"):
            refuse_to_replace(path)


@pytest.mark.parametrize("name", ["a\0b", "missing/file", ""])
def test_what_cannot_be_written_is_an_input_error(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="cannot be written"):
        write_whole(name, "text")
    assert not list(tmp_path.iterdir())
