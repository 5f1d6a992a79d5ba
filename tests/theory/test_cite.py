"""`triquetra cite`: text, BibTeX and JSON of the papers."""

from __future__ import annotations

import json
import re

from typer import Typer
from typer.testing import CliRunner

from triquetra.cli.cite import cite
from triquetra.studies.papers import PAPERS

app = Typer()
app.command()(cite)


def test_every_paper_is_printed_with_its_address_and_its_entry() -> None:
    output = CliRunner().invoke(app, []).output
    for paper in PAPERS:
        assert paper.title in output and paper.address in output
        assert f"@article{{{paper.key}," in output


def test_bibtex_alone_is_balanced_entries() -> None:
    output = CliRunner().invoke(app, ["--bibtex"]).output
    assert output.count("{") == output.count("}")
    keys = re.findall(r"^@article\{(\w+),$", output, re.MULTILINE)
    assert keys == [paper.key for paper in PAPERS] and len(set(keys)) == len(keys)
    assert len(re.findall(r"^  (?:doi = \{10\.\d+/\S+\}|eprint = \{\d{4}\.\d{5}\}),$", output, re.MULTILINE)) == len(
        keys
    )


def test_json_is_one_object() -> None:
    report = json.loads(CliRunner().invoke(app, ["--json"]).output)
    assert len(report["papers"]) == len(PAPERS)
    assert report["bibtex"].startswith("@article{isomura2025triple")


def test_volume_number_and_pages_are_fields_of_their_own() -> None:
    entries = {
        entry.partition(",")[0]: entry for entry in CliRunner().invoke(app, ["--bibtex"]).output.split("@article{")
    }
    found = entries["isomura2020reverse"]
    for line in ("journal = {Neural Computation},", "volume = {32},", "number = {11},", "pages = {2085--2121},"):
        assert f"  {line}\n" in found
    assert not [name for name, entry in entries.items() if re.search(r"journal = \{[^}]*\d", entry)]
