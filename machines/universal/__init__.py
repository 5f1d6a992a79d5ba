"""Universal machines, and the codes that make tag systems, bi-tag systems and machines their programs."""

from .catalogue import BITAG_MACHINES as BITAG_MACHINES
from .catalogue import TAG_MACHINES as TAG_MACHINES
from .catalogue import UNIVERSAL_MACHINES as UNIVERSAL_MACHINES
from .catalogue import encode as encode
from .catalogue import load_universal as load_universal
from .cocke_minsky import TagSimulation as TagSimulation
from .cocke_minsky import to_tag_system as to_tag_system
from .encoding import CannotEncode as CannotEncode
from .encoding import CycleEnd as CycleEnd
from .encoding import Encoding as Encoding
from .encoding import Garbled as Garbled
from .simulation import PRACTICAL as PRACTICAL
from .simulation import Simulation as Simulation
from .simulation import expected as expected
from .simulation import same_from_the_head as same_from_the_head
from .simulation import simulate as simulate
