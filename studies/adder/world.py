"""What the adder sees: numbers of 16 bits shown as handwritten digits, one bit position after the other.

A session is 128 blocks of 16 steps. Every step of a block shows the block's whole number; the position moves on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..common import Bytes, Floats
from .digits import PIXELS, Digits

BITS = 16  # of a number, steps of a block, positions, cells of memory
STATES = 2 * BITS
REPEATS = 16  # observations of each position bit
ELEMENTS = BITS * PIXELS + BITS * REPEATS  # all observations but the last, the echo of the agent's own action
QUARTERS = 4  # sums restart at each quarter of a session
RANDOM_BITS = 10  # the others are 0, so that a quarter's sum stays below 32768


@dataclass(frozen=True)
class Session:
    """One session of T = 16 * blocks steps, drawn or recorded; step t is entry t - 1.

    numbers (blocks,); images (T, 16): the image shown for each bit, as a number in `Digits.images`; echo (T,):
    uniform draws that decide the echo of the agent's action; confidence: c in [1, 4], scale of the transition prior.
    """

    numbers: NDArray[np.int64]
    images: NDArray[np.int64]
    echo: Floats
    confidence: float

    @property
    def blocks(self) -> int:
        """Number of blocks, of 16 steps each."""
        return len(self.numbers)


def bits_of(numbers: NDArray[np.int64]) -> Bytes:
    """Numbers (...,) as bits (..., 16), least significant first."""
    return (numbers[..., None] >> np.arange(BITS) & 1).astype(np.uint8)


def states(session: Session) -> Bytes:
    """The true states (T, 32): 16 bits of the block's number, then the position, one-hot."""
    position = np.tile(np.eye(BITS, dtype=np.uint8), (session.blocks, 1))
    return np.hstack([np.repeat(bits_of(session.numbers), BITS, axis=0), position])


def sums(session: Session) -> NDArray[np.int64]:
    """The target (blocks,): the running sum within each quarter. Its bits are the true memory of a block's steps."""
    totals: NDArray[np.int64] = session.numbers.reshape(QUARTERS, -1).cumsum(1).ravel()
    return totals


def observations(session: Session, digits: Digits, block: int) -> Bytes:
    """What the 16 steps of a block (from 0) show, (16, 12800): 16 images, then each position bit 16 times."""
    shown = digits.images[session.images[block * BITS : (block + 1) * BITS]].reshape(BITS, BITS * PIXELS)
    return np.hstack([shown, np.repeat(np.eye(BITS, dtype=np.uint8), REPEATS, axis=1)])


def draw(blocks: int, digits: Digits | None, rng: np.random.Generator) -> Session:
    """A session of `blocks` blocks (a multiple of 4) from `rng`; without digits no images are drawn."""
    numbers = rng.integers(0, 2**RANDOM_BITS, blocks)
    numbers[:: blocks // QUARTERS] = 0
    confidence = rng.uniform(1, 4)
    echo = rng.random(blocks * BITS)
    images = np.zeros((blocks * BITS, BITS), np.int64)
    if digits is not None:
        bits = np.repeat(bits_of(numbers), BITS, axis=0)
        images = digits.choose(bits, rng.random(bits.shape))
    return Session(numbers, images, echo, float(confidence))
