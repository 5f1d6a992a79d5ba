"""Learning a machine from experience: the differentiable Turing machine, its proofs, and what it is compared with."""
