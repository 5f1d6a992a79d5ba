"""What a machine becomes: `Network` and `Pomdp` as frozen arrays with named axes, and their saved artifacts."""

from .axes import Axes as Axes
from .axes import FloatArray as FloatArray
from .axes import FormError as FormError
from .axes import IntArray as IntArray
from .network import Network as Network
from .pomdp import Pomdp as Pomdp
