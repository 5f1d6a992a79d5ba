"""One door: paths, standard input, the library, busy-beaver text; and clear words for what is none of these."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triquetra.machines import InputError, LanguageError, from_busy_beaver, parse
from triquetra.machines.load import load

TEXT = "machine m\n  blank _\n  a: _ -> R halt\n"
BEAVER = "1RB1LB_1LA1RZ"


def message(source: str | Path) -> str:
    with pytest.raises(InputError) as caught:
        load(source)
    return str(caught.value)


def test_a_path(tmp_path: Path) -> None:
    path = tmp_path / "m.tm"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    assert load(path) == load(str(path)) == parse(TEXT)


def test_the_content_decides(tmp_path: Path) -> None:
    path = tmp_path / "m.txt"
    path.write_text(BEAVER + "\n")
    assert load(path).machine == from_busy_beaver(BEAVER)


def test_busy_beaver_text() -> None:
    assert load(BEAVER).machine == from_busy_beaver(BEAVER)


@pytest.mark.parametrize("text", [TEXT, BEAVER + "\n"])
def test_standard_input(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert load("-").machine == (parse(TEXT).machine if text is TEXT else from_busy_beaver(BEAVER))


def test_the_library() -> None:
    assert load("@increment").machine.name == "increment"


def test_what_is_nothing_names_the_nearest_library_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "`@increment`" in message("@incremnt")
    assert "`@increment`" in message("incremnt.tm")
    assert "neither a file nor busy-beaver text" in message("beaver")
    assert "row B, cell 1: `1R` is not a symbol, a move" in message("1RB1LB_1LA1R")
    assert "`triquetra library` lists" in message("@")
    assert "`triquetra library` lists" in message("")


def test_a_folder_and_an_empty_file(tmp_path: Path) -> None:
    assert "is a folder" in message(tmp_path)
    (tmp_path / "empty.tm").touch()
    assert message(tmp_path / "empty.tm").startswith("error[E002]: this file is empty")


@pytest.mark.parametrize("name", ["a\x00b", "x" * 5000, "/dev/null/x", "~", "../" * 2000 + "x"])
def test_odd_paths(name: str) -> None:
    assert message(name)


def test_bytes_that_are_not_utf8_have_a_place(tmp_path: Path) -> None:
    (tmp_path / "latin.tm").write_bytes(b"\xef\xbb\xbfmachine \xe4\r\nblank _\r\n")
    with pytest.raises(LanguageError) as caught:
        load(tmp_path / "latin.tm")
    (found,) = caught.value.diagnostics
    assert (found.code, found.span.line, found.span.column) == ("E001", 1, 9)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_an_include_of_a_pipe_does_not_wait(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.tm")
    (tmp_path / "m.tm").write_text('include "pipe.tm"\n' + TEXT)
    assert "is not a file" in message(tmp_path / "m.tm")


@given(st.binary() | st.text().map(str.encode))
def test_any_content_is_a_machine_or_an_input_error(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.tm"
    path.write_bytes(raw)
    with contextlib.suppress(InputError):
        load(path)
