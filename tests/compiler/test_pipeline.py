"""Every pass keeps what it promises, on every machine of the library, and a broken result is noticed."""

import dataclasses

import pytest

from triquetra.compiler import compile_machine
from triquetra.compiler.pipeline import columns_are_distributions, compile_source, every_cell_has_a_margin
from triquetra.forms import FormError
from triquetra.machines import InputError, read_text
from triquetra.machines.catalogue import library
from triquetra.machines.language import library_path
from triquetra.machines.language.front import delta_is_a_function
from triquetra.machines.language.source import SourceText

MACHINES = [file.name for file in library() if file.program is not None]


@pytest.mark.parametrize("name", MACHINES)
def test_passes_ensure_what_they_say(name):
    path = library_path(name)
    program = compile_source(SourceText(path, read_text(path)), checked=True)
    if len(program.machine.rules) <= 1000:  # the check of margins looks at every cell by itself
        compile_machine(program.machine, checked=True)


def test_what_is_broken_is_noticed():
    path = library_path("increment")
    program = compile_source(SourceText(path, read_text(path)))
    compiled = compile_machine(program.machine)
    weak = dataclasses.replace(compiled.network, bias=compiled.network.bias * 0.9)
    with pytest.raises(FormError, match=r"state right: a unit's drive is"):
        every_cell_has_a_margin(weak)
    nowhere = dataclasses.replace(
        program.machine, rules=tuple(dataclasses.replace(r, origin=None) for r in program.machine.rules)
    )
    with pytest.raises(InputError, match="does not know its line"):
        delta_is_a_function(dataclasses.replace(program, machine=nowhere))
    on, off = compiled.pomdp.transition
    certain = on.copy()
    certain.data = certain.data * 0.0
    object.__setattr__(compiled.pomdp, "transition", (certain, off))
    with pytest.raises(FormError, match="0 or 1"):
        columns_are_distributions(compiled.pomdp)
