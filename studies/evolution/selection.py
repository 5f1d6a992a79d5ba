"""How risk matrices evolve: genotypes, cost, selection and mutation, one short function an equation.

A genotype is 8 bits, numbered 1 + sum of bit_k 2^(k-1), so from 1 to 256; a distribution P over genotypes has 256
entries, and entry i belongs to number i + 1. Source: the evolution simulation's order of operations.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..common import Bytes, Floats

GENES = 8
GENOTYPES = 2**GENES
STAY = 0.92
MUTATE = 0.01  # for each of the 8 neighbours that differ in one bit
TEMPERATURE = 50.0
BIAS_COST = 1000.0
FULL_ADDER_ID = 170


def genes(number: int) -> Bytes:
    """The 8 bits of a genotype's number (1..256), bit 1 first."""
    return (np.array(number - 1) >> np.arange(GENES) & 1).astype(np.uint8)


def risk_matrix(number: int) -> Floats:
    """The risk matrix Gamma (2, 4) of a genotype, filled column by column."""
    return genes(number).reshape(4, 2).T.astype(np.float64)


def cost(err_c: Floats, memory: Floats, target: Bytes) -> float:
    """err_xi of a session: the sum of its err_C (blocks,), and 1000 times the *square of the mean* of target − memory.

    The mean is over all steps and bits, so errors of both signs cancel in it: the second term weighs a memory that
    holds too many ones or too few, the first one wrong bits.
    Args: memory (T, 16), probability that a bit is 1; target (T, 16), the true memory at each step.
    """
    return float(err_c.sum() + BIAS_COST * (target - memory).mean() ** 2)


def mutation() -> Floats:
    """The mutation matrix (256, 256): 0.92 on the diagonal, 0.01 between one-bit neighbours; columns add up to 1."""
    all_genes = np.array([genes(1 + i) for i in range(GENOTYPES)])
    neighbours = (all_genes[:, None] != all_genes).sum(2) == 1
    return np.where(neighbours, MUTATE, STAY * np.eye(GENOTYPES))


def select(p: Floats, genotypes: NDArray[np.int64], costs: Floats) -> Floats:
    """P (256,) after selection by the costs of a generation's individuals.

    The P of a genotype that occurred is multiplied by exp(-e / 50), e the mean cost of its carriers; those that
    occurred are rescaled together to keep their joint total, and those that did not keep their P.
    Args: genotypes (individuals,), numbers 1..256; costs (individuals,).
    """
    carriers = np.bincount(genotypes - 1, minlength=GENOTYPES)
    occurred = carriers > 0
    e = np.bincount(genotypes - 1, costs, GENOTYPES)[occurred] / carriers[occurred]
    weights = p[occurred] * np.exp(-(e - e.min()) / TEMPERATURE)  # the common factor cancels, and cannot underflow
    selected = p.copy()
    selected[occurred] = weights * (p[occurred].sum() / weights.sum())
    return selected


def next_generation(p: Floats, genotypes: NDArray[np.int64], costs: Floats) -> Floats:
    """P (256,) of the next generation: selection, then mutation, then normalisation."""
    mutated = mutation() @ select(p, genotypes, costs)
    normalised: Floats = mutated / mutated.sum()
    return normalised
