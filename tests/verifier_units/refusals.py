"""What the tests of the checker say of a refusal: its fault, its place, and that it can be put in words."""

import re
from contextlib import contextmanager

import pytest

from triquetra.verifier.checker.refusal import Fault, Refused


@contextmanager
def refused(fault, place=""):
    """The block is refused with this fault; `place`: a regular expression that is found in the place."""
    with pytest.raises(Refused) as refusal:
        yield refusal
    assert refusal.value.fault == Fault(fault)
    assert re.search(place, refusal.value.place), refusal.value.place
    assert len(str(refusal.value)) < 400
