"""Tag and bi-tag systems of the corpus, with their whole trajectories."""

import json
from pathlib import Path

import pytest

from triquetra.machines.tag import BitagSystem, System, TagSystem, Word

FOLDER = Path(__file__).parent.parent / "corpus" / "universal"
Known = tuple[System, list[Word]]


def _tag(entry: dict) -> Known:
    system = TagSystem(
        name=entry["id"],
        deletion=entry["deletion"],
        productions=tuple((letter, tuple(entry["productions"][letter])) for letter in entry["letters"]),
        halting=(entry["halt_letter"],),
        initial=tuple(entry["initial_word"]),
    )
    return system, [tuple(word) for word in entry["trajectory"]]


def _bitag(entry: dict) -> Known:
    halting = entry["halt_letter"]
    productions = entry["active_productions"].items()
    system = BitagSystem(
        name=entry["id"],
        passive=tuple(entry["A"]),
        active=tuple(letter for letter in entry["E"] if letter != halting),
        halting=(halting,),
        productions=tuple((tuple(pair.split()), tuple(word.split())) for pair, word in productions),
        initial=tuple(entry["initial_word"].split()),
    )
    return system, [tuple(word.split()) for word in entry["trajectory"]]


def _load(name: str, make) -> dict[str, Known]:
    entries = json.loads((FOLDER / name).read_text(encoding="utf-8"))["public"]
    return {entry["id"]: make(entry) for entry in entries}


CORPUS = _load("tag_systems.json", _tag) | _load("bitag_systems.json", _bitag)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "known" in metafunc.fixturenames:
        metafunc.parametrize("known", CORPUS.values(), ids=CORPUS.keys())


@pytest.fixture
def corpus() -> dict[str, Known]:
    return CORPUS
