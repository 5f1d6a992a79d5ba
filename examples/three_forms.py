"""One machine through all three forms: the ten lines of the README."""

import triquetra

machine = triquetra.load("@increment")
network, pomdp = triquetra.compile(machine)
print(network)
print(pomdp)
for form in ("turing", "network", "pomdp"):
    outcome = triquetra.run(machine, "1011", form=form)
    print(form, outcome.verdict, outcome.steps, machine.spell(outcome.configuration.tapes[0].cells))
print(triquetra.agree(machine, "1011", network=network, pomdp=pomdp, cells=64).agrees)
