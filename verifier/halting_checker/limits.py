"""What a certificate may ask for. Each bound is held before the work it speaks of is begun."""

from __future__ import annotations

from triquetra.machines.core import InputError

MAX_BYTES = 1 << 24  # of a certificate's text
MAX_WORK = 5_000_000  # units, each of about a microsecond; entries of a list
MAX_ROOM = 1 << 31  # bits of memory
MAX_PLAIN = 2_000_000  # plain steps
MAX_BEFORE = 10_000  # plain steps before the tape is cut into blocks
MAX_DIGITS = 160_000  # of one integer
MAX_BITS = 1 << 19  # of any number that comes up
MAX_DOUBLINGS = 4096  # of a rule that is repeated
MAX_BLOCK = 64  # cells
MAX_RUNS = 64  # on one side, in the start of a rule
MAX_VARIABLES = 64  # in one rule
MAX_CONDITIONS = 1024  # of one rule
MAX_TERMS = 4096  # of a polynomial
MAX_DEGREE = 32  # of a polynomial that is summed over

NUMBER = 512  # bits of memory that a number takes, besides its own


class RefusedHalting(InputError):
    """The certificate does not prove what it claims; the message says where it fails."""


class Work:
    """What may still be done, and still be kept in memory."""

    def __init__(self) -> None:
        self.left, self.room = MAX_WORK, MAX_ROOM

    def spend(self, amount: int) -> None:
        """So much is done next."""
        self.left -= amount
        if self.left < 0:
            raise RefusedHalting(f"proof: it takes more than {MAX_WORK:,} steps to check")

    def keep(self, bits: int) -> None:
        """So much is kept from now on; less than 0: given back."""
        self.room -= bits
        if self.room < 0:
            raise RefusedHalting(f"proof: it takes more than {MAX_ROOM >> 23:,} MB to check")


def price(one: int, two: int = 0) -> int:
    """Units of work for a product of two numbers of so many bits, or a sum."""
    return 1 + (one + two >> 13) + (one * two >> 21)
