"""What a machine becomes: `Network` and `Pomdp` as frozen arrays with named axes, and their saved artifacts."""

from .artifact import KINDS as KINDS
from .artifact import digest as digest
from .artifact import is_saved as is_saved
from .artifact import kind_of as kind_of
from .artifact import load_network as load_network
from .artifact import load_pomdp as load_pomdp
from .artifact import save as save
from .artifact import save_all as save_all
from .artifact import saved_bytes as saved_bytes
from .artifact import to_bytes as to_bytes
from .artifact import to_files as to_files
from .axes import Axes as Axes
from .axes import FloatArray as FloatArray
from .axes import FormError as FormError
from .axes import IntArray as IntArray
from .axes import axes_of as axes_of
from .axes import make_read_only as make_read_only
from .axes import require as require
from .compiled import Compiled as Compiled
from .compiled import Gain as Gain
from .compiled import load_forms as load_forms
from .compiled import require_form_of as require_form_of
from .network import Network as Network
from .pomdp import Pomdp as Pomdp
