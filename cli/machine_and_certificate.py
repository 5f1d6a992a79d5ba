"""The two arguments of `check` and `check-halts`, which are easily swapped."""

from __future__ import annotations

import os
import shlex


def certificate_bytes(command: str, certificate: str, file: str) -> bytes:
    """The bytes of a certificate.

    Raises: InputError: it cannot be read, or the arguments are the wrong way round: `file` is JSON, the other is not.
    """
    from triquetra.machines import InputError, read_bytes
    from triquetra.machines.busy_beaver import is_busy_beaver

    def is_json(path: str) -> bool:
        return os.path.isfile(path) and read_bytes(path).lstrip().startswith(b"{")

    named = certificate.startswith("@") or is_busy_beaver(certificate)
    if is_json(file) and (named or not is_json(certificate)):
        right = f"triquetra {command} {shlex.quote(file)} {shlex.quote(certificate)}"
        raise InputError(f"the certificate goes first and the machine second: {right}")
    if named:
        raise InputError(f"{certificate} is a machine; the certificate goes first: {command} CERTIFICATE FILE")
    return read_bytes(certificate)
