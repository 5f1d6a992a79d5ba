"""Acceleration that carries its proof: macro-steps, proved rules, and certificates of halting or of running forever."""

from .decide import Decision as Decision
from .decide import DecisionKind as DecisionKind
from .decide import decide as decide
from .engine import Ending as Ending
from .engine import MacroEngine as MacroEngine
from .run import AcceleratedOutcome as AcceleratedOutcome
from .run import run as run
from .tape import LongConfiguration as LongConfiguration
