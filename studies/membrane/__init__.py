"""From the Hodgkin-Huxley membrane to the canonical neuron: five neurons, one response curve."""
