"""A network of one's own, the agent that it is, and their energies: the theory's example of the README."""

import numpy as np

from triquetra import theory

rng = np.random.default_rng(1)
W1, W0 = rng.normal(size=(2, 2, 32))  # log-odds of 32 inputs for two neurons, on and off
network = theory.network(W1=W1, W0=W0, K=np.eye(2), basis=theory.past(), priors=0.5)
inputs = rng.integers(0, 2, (2000, 32))
sides = theory.both(network, inputs, learning=True, load=100.0)
for side in (sides.network, sides.agent):
    first, last = side.energy[:200].mean(), side.energy[-200:].mean()
    print(f"{side.symbol} of a step: {first:.3f} nats at first, {last:.3f} at last")
print("𝒜 = F + constant in every step:", sides.largest_gap < 1e-10)
