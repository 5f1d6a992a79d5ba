"""Tag and bi-tag systems: what they are, how they run, and the `.tag` files that hold them."""

from .language import load_tag as load_tag
from .language import parse_tag as parse_tag
from .systems import BitagSystem as BitagSystem
from .systems import System as System
from .systems import TagError as TagError
from .systems import TagSystem as TagSystem
from .systems import Word as Word
from .systems import words as words
