"""Finds proofs and counterexamples. It is clever and need not be trusted: what it finds, the checker decides."""
