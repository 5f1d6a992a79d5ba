"""What a machine is: `Machine`, `Tape`, `steps`, the language, the library, formats and strategies."""

from .busy_beaver import from_busy_beaver as from_busy_beaver
from .busy_beaver import is_busy_beaver as is_busy_beaver
from .busy_beaver import to_busy_beaver as to_busy_beaver
from .configuration import BLANK as BLANK
from .configuration import Configuration as Configuration
from .configuration import Input as Input
from .configuration import Outcome as Outcome
from .configuration import Tape as Tape
from .configuration import Verdict as Verdict
from .configuration import inputs_to_tapes as inputs_to_tapes
from .configuration import start as start
from .configuration import step as step
from .configuration import steps as steps
from .files import InputError as InputError
from .files import read_text as read_text
from .files import write_whole as write_whole
from .machine import LEFT as LEFT
from .machine import MOVE_NAMES as MOVE_NAMES
from .machine import RIGHT as RIGHT
from .machine import STAY as STAY
from .machine import Alphabet as Alphabet
from .machine import Machine as Machine
from .machine import MachineError as MachineError
from .machine import Rule as Rule
from .machine import spell as spell
from .machine import word as word
