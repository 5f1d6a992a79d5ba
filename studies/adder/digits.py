"""Handwritten zeros and ones: real MNIST files where the user has them, else a labelled substitute.

The substitute is scikit-learn's bundled digits (8 x 8 pixels, from the UCI repository), enlarged to 28 x 28.
"""

from __future__ import annotations

import gzip
import io
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from triquetra.machines import InputError
from triquetra.machines.files import MAX_BYTES, read_bytes

from ..common import Bytes, Floats, require, require_extras

SIDE = 28
PIXELS = SIDE * SIDE
MARGIN = 2  # with cubic enlargement to 24 x 24 the likelihood tells all 360 images apart, by 20 nats or more
THRESHOLD = 0.5


@dataclass(frozen=True)
class Digits:
    """Binary images (n, 784) of the digits 0, then 1; `zeros` of them are zeros. `source` names where they come from.

    Pixel order: row + 28 * column of the upright image.
    """

    images: Bytes
    zeros: int
    source: str

    def choose(self, bits: NDArray[np.uint8], u: Floats) -> NDArray[np.int64]:
        """An image number for each bit, at uniform draws u in [0, 1) of the same shape."""
        ones = len(self.images) - self.zeros
        return np.where(bits == 0, (u * self.zeros).astype(np.int64), self.zeros + (u * ones).astype(np.int64))


def from_images(grey: NDArray[np.float64], labels: NDArray[np.int64], source: str) -> Digits:
    """Digits from upright images (n, 28, 28) with grey levels in [0, 1]; labels other than 0 and 1 are left out."""
    require(bool((labels == 0).any() and (labels == 1).any()), f"{source}: images of both digits 0 and 1 are needed")
    groups = [(grey[labels == digit] > THRESHOLD).transpose(0, 2, 1).reshape(-1, PIXELS) for digit in (0, 1)]
    return Digits(np.concatenate(groups).astype(np.uint8), len(groups[0]), source)


def substitute() -> Digits:
    """scikit-learn's digits, enlarged by cubic splines to 24 x 24 pixels and framed to 28 x 28: 178 zeros and 182 ones.

    Raises: InputError: scikit-learn is not installed.
    """
    require_extras("sklearn")
    from scipy.ndimage import zoom
    from sklearn.datasets import load_digits

    digits = load_digits()
    scale = (SIDE - 2 * MARGIN) / digits.images.shape[1]
    enlarged = zoom(digits.images / 16, (1, scale, scale), order=3, grid_mode=True, mode="nearest")
    framed = np.pad(enlarged, ((0, 0), (MARGIN, MARGIN), (MARGIN, MARGIN)))
    return from_images(framed, digits.target, "substitute: scikit-learn digits enlarged to 28 x 28")


def mnist(folder: Path) -> Digits:
    """The training images in a folder that holds MNIST's idx files, plain or gzipped.

    Raises: InputError: a file is missing or is not what its name says.
    """
    images = _idx(_find(folder, "train-images", 3), dimensions=3)
    labels = _idx(_find(folder, "train-labels", 1), dimensions=1)
    require(images.shape[1:] == (SIDE, SIDE), f"{folder}: images are {images.shape[1:]}; {SIDE} x {SIDE} is needed")
    require(len(images) == len(labels), f"{folder}: {len(images)} images but {len(labels)} labels")
    wanted = labels <= 1
    return from_images(images[wanted] / 255, labels[wanted].astype(np.int64), "MNIST training images")


def _find(folder: Path, name: str, dimensions: int) -> Path:
    names = [f"{name}{dot}idx{dimensions}-ubyte{end}" for dot in "-." for end in ("", ".gz")]
    for candidate in names:
        if (folder / candidate).is_file():
            return folder / candidate
    raise InputError(f"{folder} holds no file {names[0]} (or {names[1]})")


def _idx(path: Path, *, dimensions: int) -> NDArray[np.uint8]:
    """The array in an idx file of unsigned bytes."""
    raw = read_bytes(path)
    if path.suffix == ".gz":
        try:
            with gzip.open(io.BytesIO(raw)) as file:
                raw = file.read(MAX_BYTES + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise InputError(f"{path} is not a gzip file: {error}") from None
        require(len(raw) <= MAX_BYTES, f"{path} unpacks to more than {MAX_BYTES:,} bytes")
    header = 4 + 4 * dimensions
    require(len(raw) >= header and raw[:4] == bytes([0, 0, 8, dimensions]), f"{path} is not an idx file of bytes")
    shape = struct.unpack(f">{dimensions}I", raw[4:header])
    expected = int(np.prod(shape, dtype=object))
    require(
        len(raw) - header == expected, f"{path}: {len(raw) - header} bytes of data where its header says {expected}"
    )
    return np.frombuffer(raw, np.uint8, offset=header).reshape(shape)


def on_frequencies(digits: Digits, rng: np.random.Generator, count: int = 10_000) -> tuple[Floats, Floats]:
    """How often each pixel is on in `count` random images of digit 1 and of digit 0: (p1, p0), each (784,)."""
    u = rng.random((2, count))
    p1, p0 = (
        digits.images[digits.choose(np.full(count, bit, np.uint8), u[bit])].mean(0, dtype=np.float64) for bit in (1, 0)
    )
    return p1, p0
