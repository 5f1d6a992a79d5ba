"""Every forgery of tests/refused is refused, for the reason that its file states; the genuine one is accepted."""

import base64
import json
from pathlib import Path

import pytest

from triquetra.machines import from_busy_beaver
from triquetra.verifier import Refused, check, read_certificate, write_certificate

FOLDER = Path(__file__).parent.parent / "refused"
GENUINE = json.loads((FOLDER / "genuine.json").read_text())
FORGERIES = sorted(path.stem for path in FOLDER.glob("*.json") if path.stem != "genuine")


def read_and_check(case):
    files = {}
    for kind in ("network", "pomdp"):
        form = case.get(kind, GENUINE[kind])
        files[kind] = json.dumps(form["header"]).encode(), base64.b64decode(form["tensors"])
    certificate = case["certificate"]
    text = certificate if isinstance(certificate, str) else json.dumps(certificate)
    return check(read_certificate(text), from_busy_beaver(GENUINE["machine"]), **files)


def test_the_genuine_certificate_is_accepted():
    bounds = read_and_check(GENUINE)
    assert len(bounds) == 4
    assert all(bound.error is not None for each in bounds for bound in each.values())


def test_a_certificate_comes_back_as_it_was_written():
    certificate = read_certificate(json.dumps(GENUINE["certificate"]))
    assert read_certificate(write_certificate(certificate)) == certificate


def test_there_are_forgeries():
    assert len(FORGERIES) >= 30


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_refused_for_its_reason(name):
    case = json.loads((FOLDER / f"{name}.json").read_text())
    with pytest.raises(Refused) as refusal:
        read_and_check(case)
    assert refusal.value.fault == case["refused"]["fault"]
    assert refusal.value.place.startswith(case["refused"]["place"])
