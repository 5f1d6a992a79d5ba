"""Files in and out: what cannot be read is an `InputError`; what is written is written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

MAX_BYTES = 64 * 2**20


class InputError(ValueError):
    """Bad input of any kind; the message names the place and the cure, and is all that a user needs to see."""


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
    """Write a file so that a reader sees the old content or the new, never a part.

    A device or a pipe is written to as it is; a symbolic link stays, and what it leads to is written.

    Raises: InputError: the folder is missing or cannot be written, or the disk is full.
    """
    data = content.encode() if isinstance(content, str) else content
    try:
        target = Path(os.path.realpath(path))
        if target.exists() and not target.is_file() and not target.is_dir():
            target.write_bytes(data)
            return
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.chmod(name, 0o666 & ~_umask())
            os.replace(name, target)
        except BaseException:
            os.unlink(name)
            raise
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


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
