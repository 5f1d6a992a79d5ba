"""triquetra: one Turing machine as a table, a canonical neural network and a Bayesian agent."""
