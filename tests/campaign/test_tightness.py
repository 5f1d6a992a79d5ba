"""The table of least gains: its bisection, and that what is provable works."""

import pytest
from benchmarks import tightness
from benchmarks.tightness import DIGITS, HIGH, LOW, least, main


def test_the_least_gain_is_found_to_its_digits():
    assert 5.0 <= least(lambda gain: gain >= 5.0) <= 5.0 + DIGITS
    assert least(lambda gain: gain > HIGH) is None
    assert least(lambda gain: True) == LOW


def test_no_more_is_proved_than_works(capsys, monkeypatch):
    monkeypatch.setattr(tightness, "DIGITS", 0.25)
    main(["busy-beaver-2"])
    head, row = capsys.readouterr().out.splitlines()
    assert head.split()[-3:] == ["proved", "works", "ratio"]
    name, *figures = row.split()
    assert name == "busy-beaver-2"
    for proved, works, ratio in (figures[:3], figures[3:]):
        assert LOW < float(works) <= float(proved) < HIGH
        assert float(ratio) == pytest.approx(float(proved) / float(works), abs=0.02)
