"""Proofs for tools that are not ours: an SMT solver and Coq. Shares no code with the checker but the certificate."""
