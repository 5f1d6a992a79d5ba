"""The papers behind the project, as text and as BibTeX."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where a paper stands; `pages` may be an article's number."""

    journal: str
    volume: str = ""
    number: str = ""
    pages: str = ""

    def __str__(self) -> str:
        issue = f" {self.volume}" + (f"({self.number})" if self.number else "") if self.volume else ""
        return self.journal + issue + (f", {self.pages}" if self.pages else "")

    def bibtex(self) -> str:
        """Lines of a BibTeX entry."""
        fields = {
            "journal": self.journal, "volume": self.volume, "number": self.number,
            "pages": self.pages.replace("–", "--"),
        }  # fmt: skip
        return "".join(f"  {name} = {{{text}}},\n" for name, text in fields.items() if text)


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper, and what here comes from it. `link`: a DOI, or arXiv and its number."""

    key: str
    authors: tuple[str, ...]
    title: str
    where: Place
    year: int
    link: str
    here: str

    def text(self) -> str:
        """One paragraph: authors, year, title, place and address."""
        return f"{_listed(self.authors)} ({self.year}). {self.title}. {self.where}. {self.address}"

    @property
    def address(self) -> str:
        """Where to read it."""
        kind, _, number = self.link.partition(":")
        return f"https://arxiv.org/abs/{number}" if kind == "arXiv" else f"https://doi.org/{self.link}"

    def bibtex(self) -> str:
        """One BibTeX entry."""
        kind, _, number = self.link.partition(":")
        link = (
            f"  eprint = {{{number}}},\n  archiveprefix = {{arXiv}},\n"
            if kind == "arXiv"
            else f"  doi = {{{self.link}}},\n"
        )
        return (
            f"@article{{{self.key},\n  author = {{{' and '.join(self.authors)}}},\n  title = {{{{{self.title}}}}},\n"
            f"{self.where.bibtex()}  year = {{{self.year}}},\n{link}}}"
        )


def _listed(authors: tuple[str, ...]) -> str:
    return authors[0] if len(authors) == 1 else f"{', '.join(authors[:-1])} and {authors[-1]}"


PAPERS = (
    Paper(
        "isomura2025triple",
        ("Takuya Isomura",),
        "Triple equivalence for the emergence of biological intelligence",
        Place("Communications Physics", volume="8"),
        2025,
        "10.1038/s42005-025-02059-4",
        "the claim itself, the energy, mental actions, and the studies universal, adder and evolution",
    ),
    Paper(
        "isomura2022canonical",
        ("Takuya Isomura", "Hideaki Shimazaki", "Karl J. Friston"),
        "Canonical neural networks perform active inference",
        Place("Communications Biology", volume="5", pages="55"),
        2022,
        "10.1038/s42003-021-02994-2",
        "canonical networks, delayed modulation by risk, the correspondence",
    ),
    Paper(
        "isomura2020reverse",
        ("Takuya Isomura", "Karl J. Friston"),
        "Reverse-engineering neural networks to characterize their cost functions",
        Place("Neural Computation", volume="32", number="11", pages="2085–2121"),
        2020,
        "10.1162/neco_a_01315",
        "energies of networks as variational free energies; reading a model off a network",
    ),
    Paper(
        "isomura2023validation",
        ("Takuya Isomura", "Kiyoshi Kotani", "Yasuhiko Jimbo", "Karl J. Friston"),
        "Experimental validation of the free-energy principle with in vitro neural networks",
        Place("Nature Communications", volume="14", pages="4547"),
        2023,
        "10.1038/s41467-023-40141-z",
        "reading a model off recorded activity",
    ),
    Paper(
        "turing1936computable",
        ("Alan M. Turing",),
        "On computable numbers, with an application to the Entscheidungsproblem",
        Place("Proceedings of the London Mathematical Society", volume="s2-42", pages="230–265"),
        1937,
        "10.1112/plms/s2-42.1.230",
        "machines, and that one can be universal",
    ),
    Paper(
        "cocke1964tag",
        ("John Cocke", "Marvin Minsky"),
        "Universality of tag systems with P = 2",
        Place("Journal of the ACM", volume="11", number="1", pages="15–20"),
        1964,
        "10.1145/321203.321206",
        "machines as 2-tag systems",
    ),
    Paper(
        "rogozhin1996small",
        ("Yurii Rogozhin",),
        "Small universal Turing machines",
        Place("Theoretical Computer Science", volume="168", number="2", pages="215–240"),
        1996,
        "10.1016/S0304-3975(96)00077-1",
        "small universal machines over tag systems",
    ),
    Paper(
        "neary2009four",
        ("Turlough Neary", "Damien Woods"),
        "Four small universal Turing machines",
        Place("Fundamenta Informaticae", volume="91", pages="105–126"),
        2009,
        "10.3233/FI-2009-0008",
        "small universal machines over bi-tag systems",
    ),
    Paper(
        "bbchallenge2025fifth",
        ("The bbchallenge Collaboration",),
        "Determination of the fifth Busy Beaver value",
        Place("Preprint"),
        2025,
        "arXiv:2509.12337",
        "busy-beaver text, its way of counting steps, and BB(5)",
    ),
    Paper(
        "lang1998abbadingo",
        ("Kevin J. Lang", "Barak A. Pearlmutter", "Rodney A. Price"),
        "Results of the Abbadingo One DFA learning competition and a new evidence-driven state merging algorithm",
        Place("Grammatical Inference, Lecture Notes in Computer Science", volume="1433", pages="1–12"),
        1998,
        "10.1007/BFb0054059",
        "inferring hidden states by merging histories",
    ),
)
