"""From a machine to the network and the POMDP that are the same computation."""

from .gain import choose_gain as choose_gain
from .pipeline import compile_machine as compile_machine
from .pipeline import load_compiled as load_compiled
from .to_network import to_network as to_network
from .to_pomdp import to_pomdp as to_pomdp
