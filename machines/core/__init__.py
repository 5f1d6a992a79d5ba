"""What a machine is, and nothing else: `Machine`, `Tape`, `Configuration`, `step`.

It needs the standard library alone (tests/packaging/test_layout.py); the trusted checkers rest on it.
"""

from .configuration import BLANK as BLANK
from .configuration import Configuration as Configuration
from .configuration import Input as Input
from .configuration import NoConfiguration as NoConfiguration
from .configuration import Tape as Tape
from .configuration import apply as apply
from .configuration import inputs_to_tapes as inputs_to_tapes
from .configuration import start as start
from .configuration import step as step
from .configuration import steps as steps
from .errors import InputError as InputError
from .errors import shorten as shorten
from .machine import LEFT as LEFT
from .machine import MOVE_NAMES as MOVE_NAMES
from .machine import RIGHT as RIGHT
from .machine import STAY as STAY
from .machine import Alphabet as Alphabet
from .machine import Machine as Machine
from .machine import MachineError as MachineError
from .machine import Rule as Rule
from .machine import legible as legible
from .machine import word as word
from .spelling import spell as spell
from .spelling import visible as visible
