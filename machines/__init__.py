"""What a machine is (`core`), and where machines come from: the language, the library, formats and strategies.

The core is here at once; the rest is loaded on first use, so that who needs only a machine needs no parser.
`triquetra.machines.load` has the one door for machines from anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .core import BLANK as BLANK
from .core import LEFT as LEFT
from .core import MOVE_NAMES as MOVE_NAMES
from .core import RIGHT as RIGHT
from .core import STAY as STAY
from .core import Alphabet as Alphabet
from .core import Configuration as Configuration
from .core import Input as Input
from .core import InputError as InputError
from .core import Machine as Machine
from .core import MachineError as MachineError
from .core import NoConfiguration as NoConfiguration
from .core import Rule as Rule
from .core import Tape as Tape
from .core import inputs_to_tapes as inputs_to_tapes
from .core import legible as legible
from .core import shorten as shorten
from .core import spell as spell
from .core import start as start
from .core import step as step
from .core import steps as steps
from .core import visible as visible
from .core import word as word

if TYPE_CHECKING:
    from .busy_beaver import from_busy_beaver as from_busy_beaver
    from .busy_beaver import is_busy_beaver as is_busy_beaver
    from .busy_beaver import to_busy_beaver as to_busy_beaver
    from .files import read_bytes as read_bytes
    from .files import read_text as read_text
    from .files import write_whole as write_whole
    from .language import LanguageError as LanguageError
    from .language import Program as Program
    from .language import Test as Test
    from .language import parse as parse
    from .outcome import Outcome as Outcome
    from .outcome import Return as Return
    from .outcome import Verdict as Verdict
    from .outcome import draw as draw
    from .outcome import sentence as sentence
    from .union import disjoint_union as disjoint_union

_HOME = {
    **dict.fromkeys(("from_busy_beaver", "is_busy_beaver", "to_busy_beaver"), "busy_beaver"),
    **dict.fromkeys(("read_bytes", "read_text", "write_whole"), "files"),
    **dict.fromkeys(("LanguageError", "Program", "Test", "parse"), "language"),
    **dict.fromkeys(("Outcome", "Return", "Verdict", "draw", "sentence"), "outcome"),
    "disjoint_union": "union",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module `triquetra.machines` has no attribute `{name}`")
    import importlib

    return getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)
