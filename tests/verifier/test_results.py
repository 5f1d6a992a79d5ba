"""Results of a proof as values: true only if proved, in words for a terminal and for a notebook."""

import dataclasses

import pytest

from triquetra.compiler import compile_machine
from triquetra.machines import InputError, from_busy_beaver
from triquetra.verifier import Proved, Refuted, Unknown, Verification, verify, verify_modes
from triquetra.verifier.prover.verify import joined

BEAVER = from_busy_beaver("1RB1LB_1LA1RZ", "<beaver> & co")


def result(gain, cells=None):
    return verify(BEAVER, compile_machine(BEAVER, gain=gain).network, cells=cells, gain=gain, robustness=False)


CASES = {"proved": (result(20), Proved), "refuted": (result(1.5), Refuted), "unknown": (result(4, 6), Unknown)}


@pytest.mark.parametrize("name", CASES)
def test_a_result_is_true_only_if_proved_and_reads_in_words(name):
    found, kind = CASES[name]
    assert isinstance(found, kind)
    assert bool(found) is (name == "proved")
    assert str(found) == found.words()
    assert str(found).startswith(name)
    assert "\n" not in repr(found)
    assert repr(found).startswith(f"<{name}")
    html = found._repr_html_()
    assert "&lt;beaver&gt; &amp; co" in html
    assert "<beaver>" not in html
    assert found.to_json()["verdict"] == name
    assert found.machine == BEAVER


def test_a_verification_is_true_only_if_all_of_it_is():
    compiled = compile_machine(BEAVER, gain=20)
    both = verify_modes(BEAVER, compiled.network, compiled.pomdp, (None, 16), gain=20, robustness=False)
    assert both
    assert len(both.certificate.proofs) == 4
    part = Verification(BEAVER, (CASES["proved"][0], CASES["unknown"][0]))
    assert not part
    assert not part.refuted
    assert part.certificate == CASES["proved"][0].certificate
    assert str(part).index("proved") < str(part).index("unknown")
    none = Verification(BEAVER, (CASES["refuted"][0],))
    assert (bool(none), none.refuted, none.certificate) == (False, True, None)


def test_certificates_about_different_things_cannot_be_joined():
    certificate = CASES["proved"][0].certificate
    assert joined(certificate, certificate).proofs == certificate.proofs * 2
    for key in ("machine", "network", "pomdp"):
        with pytest.raises(InputError, match="joined"):
            joined(certificate, dataclasses.replace(certificate, **{key: "0" * 64}))
