"""Files in and out: what cannot be read is an `InputError`; what is written is written whole or not at all."""

from __future__ import annotations

import glob
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from .core import InputError

MAX_BYTES = 64 * 2**20
MAX_JOURNAL = 2**16  # bytes
SUFFIX = ".new"  # of files that are not yet in their place


def read_bytes(path: str | Path) -> bytes:
    """The bytes of a file of at most 64 MiB.

    Raises: InputError: there is no such file, it is a folder, it is too large or it cannot be read.
    """
    path = Path(path)
    try:
        if path.is_dir():
            raise InputError(f"{path} is a folder; name a file in it")
        with path.open("rb") as file:  # a device or a pipe has no size
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise InputError(f"{path} has more than the {MAX_BYTES:,} bytes that are read")
        return content
    except FileNotFoundError:
        raise InputError(f"there is no file {path}") from None
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(f"{path} cannot be read: {reason}") from None


def read_text(path: str | Path) -> str:
    """The text of a UTF-8 file, with line ends made `\\n`.

    Raises: InputError: as `read_bytes`, or a byte that is not UTF-8, with its line.
    """
    return decode_text(read_bytes(path), path)


def decode_text(raw: bytes, path: str | Path) -> str:
    """The text of UTF-8 bytes, with line ends made `\\n`; `path` is for the message.

    Raises: InputError: a byte that is not UTF-8, with its line.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}:{line}: byte 0x{raw[error.start]:02x} is not UTF-8; save the file as UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def write_whole(path: str | Path, content: str | bytes) -> None:
    """Write a file so that a reader sees the old content or the new, never a part, also if the writer is killed.

    A device or a pipe is written to as it is; a symbolic link stays, and what it leads to is written.

    Raises: InputError: the folder is missing or cannot be written, or the disk is full.
    """
    try:
        target = Path(os.path.realpath(path))
        data = content.encode() if isinstance(content, str) else content
        if target.exists() and not target.is_file() and not target.is_dir():
            target.write_bytes(data)
            return
        os.replace(_beside(target, data), target)
        _clear(target.parent, [target.name])
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(f"{path} cannot be written: {reason}") from None


def refuse_to_replace(*paths: str | Path) -> None:
    """Refuse files that are there already; devices and pipes are not replaced when they are written.

    Raises: InputError: one is; the message names it.
    """
    for path in paths:
        if os.path.lexists(path) and (os.path.isfile(path) or os.path.islink(path)):
            raise InputError(f"{path} is there already; name another file, or replace it with --force")


def write_together(folder: str | Path, files: Mapping[str, bytes]) -> None:
    """Write files of one folder (made if missing) so that `current` names all old ones or all new ones.

    The new files are written beside the old ones; then one rename puts down what is to replace what, and with it
    they count; then they are renamed. Whoever is killed before that has changed nothing; what was left undone after
    it is done by the next writer, and readers do not wait for it. Other files of the folder are not touched.
    Raises: InputError: the folder cannot be made or written.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _finish(folder)
        moves = {name: _beside(folder / name, content).name for name, content in files.items()}
        os.replace(_beside(folder / JOURNAL, json.dumps(moves).encode()), folder / JOURNAL)
        _finish(folder)
        _clear(folder, [*files, JOURNAL])
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror}") from None


def current(folder: str | Path, name: str) -> Path:
    """Where the content of a file that `write_together` wrote is, also if the writer was killed."""
    folder = Path(folder)
    beside = _journal(folder).get(name)
    return folder / beside if beside is not None and (folder / beside).exists() else folder / name


JOURNAL = ".replacing"  # a JSON object: which file is replaced by which


def _journal(folder: Path) -> dict[str, str]:
    """What was put down to be renamed; only names of this folder, whoever wrote it."""
    try:
        with (folder / JOURNAL).open("rb") as file:
            moves = json.loads(file.read(MAX_JOURNAL))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return {}
    own = isinstance(moves, dict) and all(_is_beside(beside, name) for name, beside in moves.items())
    return moves if own else {}


def _finish(folder: Path) -> None:
    for name, beside in _journal(folder).items():
        if (folder / beside).exists():
            os.replace(folder / beside, folder / name)
    (folder / JOURNAL).unlink(missing_ok=True)


def _beside(path: Path, content: bytes) -> Path:
    """A new file beside `path`, named after it and this process."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.{os.getpid()}.", suffix=SUFFIX)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, 0o666 & ~_umask())
    except BaseException:
        os.unlink(name)
        raise
    return Path(name)


def _is_beside(beside: object, name: str) -> bool:
    return isinstance(beside, str) and os.path.basename(beside) == beside and _writer(beside, name) is not None


def _writer(beside: str, name: str) -> int | None:
    """The process that wrote a file beside `name`; None if it is no such file."""
    if not (beside.startswith(f".{name}.") and beside.endswith(SUFFIX)):
        return None
    process = beside[len(name) + 2 :].partition(".")[0]
    return int(process) if process.isdecimal() and process.isascii() and len(process) < 10 else None


def _clear(folder: Path, names: Iterable[str]) -> None:
    """Remove what killed writers of these files left beside them."""
    for name in names:
        for left in folder.glob(f".{glob.escape(name)}.*{SUFFIX}"):
            writer = _writer(left.name, name)
            if writer is not None and not _runs(writer):
                left.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    if os.name != "posix":
        return True  # there is no harmless way to ask
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
