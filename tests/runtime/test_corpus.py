"""The whole corpus in all forms, to its end; docs/corpus.md says what came out."""

from pathlib import Path

from tests.corpus.table import page, run_all


def test_the_corpus_in_all_forms_and_its_page():
    groups = run_all()
    assert [wrong for group in groups.values() for wrong in group.wrong] == []
    assert sum(group.machines for group in groups.values()) == 308
    for group in groups.values():
        assert len({digest.hexdigest() for digest in group.digests.values()}) == 1
    assert (Path(__file__).parents[2] / "docs" / "corpus.md").read_text() == page(groups)
