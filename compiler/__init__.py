"""From a machine to the network and the POMDP that are the same computation."""

from .gain import Gain as Gain
from .gain import choose_gain as choose_gain
from .pipeline import Compiled as Compiled
from .pipeline import compile_machine as compile_machine
from .pipeline import compile_source as compile_source
from .to_network import to_network as to_network
from .to_pomdp import to_pomdp as to_pomdp
