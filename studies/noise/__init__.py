"""How much noise a compiled network bears: error rates beside what the certificate promises."""
