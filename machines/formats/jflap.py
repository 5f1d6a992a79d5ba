"""JFLAP's `.jff` files (versions 4 to 7): XML with states, or blocks that hold nothing, and transitions.

As JFLAP has it: an empty symbol (or the character of its drawings, □) is the blank; where a transition leaves something
out, it reads and writes the blank and moves right, but one that leaves a block keeps the symbol and stays; a final
state accepts and halts, so that its own transitions never apply; `~` reads any symbol, or writes what was read; on one
tape `!a` reads any symbol but `a`, `!` alone any but the blank, and both yield to others. Two transitions that apply to
one cell and differ are refused, since JFLAP runs whichever comes first; so are building blocks with something in them
and variables (`a,b}x`). States of one name are told apart by their numbers. XML is parsed without entities and document
types.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from ..core import MOVE_NAMES, Machine
from ..language.program import Program
from .detection import NO, Guess, perhaps, surely
from .note import Spelling
from .source import MOVES, CannotHold, FormatError, FormatText, NamedRule, build, left_out

if TYPE_CHECKING:
    from xml.sax.xmlreader import AttributesImpl, Locator

NAME = "JFLAP"
BLANK = "□"
KEEP = "~"
NOT = "!"
MAX_TAPES = 5
MAX_DEPTH = 20
_OWN_COMMENTS = re.compile(r"Created with JFLAP|The list of ")  # which JFLAP writes itself
# what each element may hold without meaning anything here, and how that is called
_DRAWN = {
    "state": {"x": "position", "y": "", "label": "label"},
    "block": {"x": "position", "y": "", "label": "label"},
    "transition": {"controlx": "bend", "controly": ""},
}
_READ = {
    "state": ("initial", "final", "tag"),
    "block": ("initial", "final", "tag"),
    "transition": ("from", "to", "read", "write", "move"),
}


def _is_xml(text: str) -> bool:
    """Whether XML 1.0 may hold every character, and hands it back as it is."""
    return all(c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff" for c in text)


SPELLING = Spelling(
    state=lambda name, halting: _is_xml(name) and name == name.strip(),
    symbol=lambda name: len(name) == 1 and _is_xml(name) and not name.isspace() and name not in "~!}□",
    blank=BLANK,
)


def recognise(text: str) -> Guess:
    """Whether it is XML with JFLAP's root."""
    if not text.lstrip("\ufeff \t\r\n").startswith("<"):
        return NO
    return surely("it is XML with <structure>") if "<structure" in text else perhaps("it is XML")


def comments(text: str) -> list[str]:
    """The comments of a file, but for those that JFLAP writes itself."""
    found = (each.strip() for each in re.findall(r"<!--(.*?)-->", text, re.DOTALL))
    return [each for each in found if not _OWN_COMMENTS.match(each)]


@dataclass(slots=True)
class Element:
    """An XML element with the line it starts on."""

    name: str
    attributes: dict[str, str]
    line: int
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def all(self, name: str) -> list[Element]:
        return [child for child in self.children if child.name == name]

    def one(self, name: str) -> Element | None:
        return next((child for child in self.children if child.name == name), None)

    @property
    def holds_states(self) -> bool:
        """Whether there is a state in it, however deep."""
        return any(child.name in ("state", "block") or child.holds_states for child in self.children)


@dataclass(frozen=True, slots=True)
class Transition:
    """A transition as the file has it: `read[i]` is a symbol, `~`, or `!` and a symbol."""

    state: str
    read: tuple[str, ...]
    write: tuple[str, ...]
    move: tuple[int, ...]
    goto: str
    line: int

    @property
    def yields(self) -> bool:
        """Whether transitions without `!` come first."""
        return self.read[0].startswith(NOT) and len(self.read[0]) == 2


def read(source: FormatText) -> Program:
    """The machine of a `.jff` file.

    Raises: FormatError: it is not XML, no Turing machine, or what the module says is refused.
    """
    root = _parse(source)
    if root.name != "structure":
        raise source.error(
            root.line, f"the file holds `<{root.name}>`", expected="<structure>, as JFLAP saves it", cure="save it anew"
        )
    if "type" in root.attributes:
        raise source.error(
            root.line,
            f'this is a file of JFLAP 8 (<structure type="{root.attributes["type"]}">)',
            expected="a file of JFLAP 4 to 7",
            cure="in JFLAP 8, save it as .jff, the format of version 7",
        )
    kind = root.one("type")
    if kind is None or kind.text.strip().lower() != "turing":
        raise source.error(
            (kind or root).line,
            f"the type is `{kind.text.strip()}`" if kind else "there is no <type>",
            expected="<type>turing</type>",
            cure="only Turing machines are read; JFLAP's other automata are something else",
        )
    automaton = root.one("automaton") or root
    tapes = _tapes(source, root.one("tapes") or automaton.one("tapes"))
    names, final, start = _states(source, root, automaton)
    transitions = [_transition(source, element, names, tapes) for element in automaton.all("transition")]
    symbols = dict.fromkeys([BLANK])
    for transition in transitions:
        for text in (*transition.read, *transition.write):
            symbols |= dict.fromkeys([] if text == KEEP else [text[-1]])
    rules = list(_rules(source, [t for t in transitions if t.state not in final], list(symbols)))
    machine = build(
        source,
        rules,
        start=start,
        blank=BLANK,
        states=names.values(),
        symbols=symbols,
        verdicts=dict.fromkeys(final, "accept"),
        tapes=tapes,
    )
    return Program(
        machine, notes=tuple(_notes(source, root, automaton, names, [t for t in transitions if t.state in final]))
    )


def _notes(
    source: FormatText, root: Element, automaton: Element, names: dict[str, str], idle: list[Transition]
) -> Iterator[str]:
    """What was left out, or read as something that does not stand there."""
    elements = [child for child in automaton.children if child.name in _READ]
    yield from left_out(source, _left_out(root, automaton, elements))
    for element in elements:
        if element.name != "transition":
            name = names[element.attributes["id"]]
            if element.attributes.get("name") != name:
                yield source.note(element.line, f"the state with the id {element.attributes['id']} is called `{name}`")
        else:
            lacking = [part for part in _READ["transition"][2:] if element.one(part) is None]
            if lacking and element.attributes.get("block") != "true":
                missing = "<" + ">, <".join(lacking) + ">"
                yield source.note(element.line, f"no {missing}: JFLAP reads and writes the blank, and moves right")
    for transition in idle:
        yield source.note(transition.line, f"left out: a transition of `{transition.state}`, which is final and halts")


def _left_out(root: Element, automaton: Element, elements: list[Element]) -> Counter[str]:
    """How many there are of what has no meaning here."""
    count: Counter[str] = Counter()
    tags = {tag.text.strip() for element in elements if (tag := element.one("tag"))}
    for element in elements:
        drawn = _DRAWN[element.name]
        for child in element.children:
            if child.name not in (*_READ[element.name], *tags):
                count[drawn.get(child.name, f"element <{child.name}>")] += 1
    for parent in {id(root): root, id(automaton): automaton}.values():
        for child in parent.children:
            if child.name not in (*_READ, *tags, "type", "tapes", "automaton"):
                count["note" if child.name == "note" else f"element <{child.name}>"] += 1
    del count[""]
    return count


def _tapes(source: FormatText, element: Element | None) -> int:
    text = "1" if element is None else element.text.strip()
    if element is not None and text not in map(str, range(1, MAX_TAPES + 1)):
        raise source.error(
            element.line, f"<tapes> holds `{text}`", expected=f"a number from 1 to {MAX_TAPES}", cure="write the number"
        )
    return int(text)


def _states(source: FormatText, root: Element, automaton: Element) -> tuple[dict[str, str], set[str], str]:
    """Names by id, names of final states, and the name of the initial one."""
    elements = [child for child in automaton.children if child.name in ("state", "block")]
    count: dict[str, int] = {}
    for element in elements:
        name = _state_name(element)
        count[name] = count.get(name, 0) + 1
    names: dict[str, str] = {}
    final: set[str] = set()
    initial: list[tuple[str, Element]] = []
    for element in elements:
        number = element.attributes.get("id", "")
        if not number or number in names:
            raise source.error(
                element.line,
                f"the id `{number}` is there twice" if number else "a state has no id",
                expected="an id of its own for each state",
                cure="give it a number that is free",
            )
        name = _state_name(element)
        if count[name] > 1:
            name = f"{name}#{number}"
        if name in names.values():
            raise source.error(
                element.line, f"two states are named `{name}`", expected="different names", cure="rename one of the two"
            )
        _refuse_block(source, root, automaton, element)
        names[number] = name
        if element.one("final") is not None:
            final.add(name)
        if element.one("initial") is not None:
            initial.append((name, element))
    if len(initial) != 1:
        where = initial[1][1] if initial else automaton
        raise source.error(
            where.line,
            f"{len(initial)} states are initial" if initial else "no state is initial",
            expected="one state with <initial/>",
            cure="mark the state to start in, and no other",
        )
    return names, final, initial[0][0]


def _state_name(element: Element) -> str:
    return element.attributes.get("name") or f"q{element.attributes.get('id', '')}"


def _refuse_block(source: FormatText, root: Element, automaton: Element, element: Element) -> None:
    """A block is a plain state in JFLAP 6 and 7 if the machine that it names is empty, or not there."""
    tag = element.one("tag")
    name = "" if tag is None else tag.text.strip()
    named = [] if name in ("", "state", "block") else [*automaton.all(name), *root.all(name)]
    if any(inner.holds_states for inner in (element, *named)):
        raise source.error(
            element.line,
            f"`{_state_name(element)}` is a building block with a machine inside",
            expected="states and transitions only",
            cure="in JFLAP, replace the block by its machine (Convert, Combine), or write it as a macro in .tm",
        )


def _transition(source: FormatText, element: Element, names: dict[str, str], tapes: int) -> Transition:
    """One transition, with JFLAP's defaults for what it leaves out."""
    ends = []
    for end in ("from", "to"):
        found = element.one(end)
        number = "" if found is None else found.text.strip()
        if number not in names:
            raise source.error(
                (found or element).line,
                f"<{end}> names the state `{number}`, which is not there" if found else f"there is no <{end}>",
                expected=f"the id of a state: {', '.join(list(names)[:8])}",
                cure="write the id of a state, not its name",
            )
        ends.append(names[number])
    parts: dict[str, list[str]] = {"read": [BLANK] * tapes, "write": [BLANK] * tapes, "move": ["R"] * tapes}
    if element.attributes.get("block") == "true":
        parts |= {"write": [KEEP] * tapes, "move": ["S"] * tapes}
    for child in element.children:
        if child.name not in parts:
            continue
        number = child.attributes.get("tape", "1") or "1"
        if number not in map(str, range(1, tapes + 1)):
            raise source.error(
                child.line,
                f"tape `{number}` of {tapes}",
                expected=f"a tape from 1 to {tapes}",
                cure="correct the attribute, or the number in <tapes>",
            )
        text = child.text if child.text.strip() else ""
        parts[child.name][int(number) - 1] = _symbol(source, child, text.strip(), tapes)
    return Transition(
        ends[0],
        tuple(parts["read"]),
        tuple(parts["write"]),
        tuple(MOVES[move] for move in parts["move"]),
        ends[1],
        element.line,
    )


def _symbol(source: FormatText, element: Element, text: str, tapes: int) -> str:
    """The content of <read>, <write> or <move>."""

    def wrong(expected: str, cure: str) -> FormatError:
        return source.error(element.line, f"<{element.name}> holds `{text}`", expected=expected, cure=cure)

    if element.name == "move":
        if text not in MOVES:
            raise wrong("L, R or S", "write the direction as one letter")
        return text
    if "}" in text:
        raise wrong("one symbol: variables are not read", "write one transition for each symbol")
    if element.name == "read" and text == NOT and tapes == 1:
        return NOT + BLANK
    if element.name == "read" and len(text) == 2 and text[0] == NOT and text[1] != KEEP:
        if tapes > 1:
            raise wrong("one symbol: JFLAP reads `!` on machines with one tape only", "write the symbols out")
        return text
    if len(text) > 1:
        raise wrong("one character, or nothing for the blank", "use one character a symbol")
    return text or BLANK


def _rules(source: FormatText, transitions: list[Transition], symbols: list[str]) -> Iterator[NamedRule]:
    """Each transition for each cell that it applies to; one with `!` only where no other does."""
    cells: dict[tuple[str, tuple[str, ...]], tuple[NamedRule, bool]] = {}
    room = source.room
    for transition in transitions:
        choices = [_choices(text, symbols) for text in transition.read]
        room -= math.prod(map(len, choices)) * len(choices)
        if room < 0:
            raise source.too_large(transition.line, "with `~` and `!` written out")
        for cell in product(*choices):
            rule = NamedRule(
                transition.state,
                cell,
                tuple(a if text == KEEP else text for text, a in zip(transition.write, cell)),
                transition.move,
                transition.goto,
                transition.line,
            )
            known, yields = cells.get((rule.state, cell), (rule, True))
            if known is not rule and yields == transition.yields and _action(known) != _action(rule):
                raise source.error(
                    rule.line,
                    f"state `{rule.state}` reading `{' '.join(cell)}` has a transition on line {known.line} already",
                    expected="one transition for each cell: machines here are deterministic",
                    cure="delete one of the two, or let `~` and `!` cover less",
                )
            if known is rule or (yields and not transition.yields):
                cells[rule.state, cell] = (rule, transition.yields)
    return (rule for rule, _ in cells.values())


def _choices(text: str, symbols: list[str]) -> list[str]:
    if text == KEEP:
        return symbols
    if len(text) == 2:
        return [symbol for symbol in symbols if symbol != text[1]]
    return [text]


def _action(rule: NamedRule) -> tuple[tuple[str, ...], tuple[int, ...], str]:
    return rule.write, rule.move, rule.goto


def _parse(source: FormatText) -> Element:
    """The root element.

    Raises: FormatError: this is not XML; it has a document type, entities, or is nested too deeply.
    """
    from xml.sax import SAXParseException
    from xml.sax.handler import ContentHandler

    import defusedxml
    import defusedxml.sax

    class JflapTree(ContentHandler):
        def __init__(self) -> None:
            self.open: list[Element] = [Element("", {}, 0)]

        def setDocumentLocator(self, locator: Locator) -> None:
            self.locator = locator

        def startElement(self, name: str, attrs: AttributesImpl) -> None:
            element = Element(name, dict(attrs.items()), self.locator.getLineNumber() or 1)
            if len(self.open) > MAX_DEPTH:
                raise source.error(
                    element.line, "elements are nested too deeply", expected="a file of JFLAP", cure="save it anew"
                )
            self.open[-1].children.append(element)
            self.open.append(element)

        def endElement(self, name: str) -> None:
            self.open.pop()

        def characters(self, content: str) -> None:
            self.open[-1].text += content

    tree = JflapTree()
    try:
        defusedxml.sax.parseString(_declared_utf8(source.text), tree, forbid_dtd=True)
    except SAXParseException as error:
        raise source.error(
            error.getLineNumber() or 1,
            f"this is not XML: {error.getMessage()}",
            expected="a file that JFLAP saved",
            cure="write &lt; and &amp; for < and &, and close every element",
        ) from None
    except defusedxml.DefusedXmlException:
        line = source.text.count("\n", 0, max(source.text.find("<!DOCTYPE"), 0)) + 1
        raise source.error(
            line,
            "the file declares a document type",
            expected="none, as JFLAP writes none",
            cure="delete <!DOCTYPE ...>",
        ) from None
    return tree.open[0].children[0]


def _declared_utf8(text: str) -> bytes:
    """The text in UTF-8; it is text already, whatever encoding its first line speaks of."""
    declaration, end, rest = text.partition("?>")
    if end and declaration.lstrip().startswith("<?xml"):
        lines = "\n" * text[: len(declaration)].count("\n")
        text = lines + rest
    return text.lstrip("\ufeff").encode("utf-8", "surrogatepass")


def write(machine: Machine) -> str:
    """The `.jff` file of a machine; states that halt are final unless they reject.

    Raises: CannotHold: a one-way tape, or too many tapes.
    """
    if any(machine.one_way):
        raise CannotHold(NAME, machine, "its tape is one-way, and JFLAP's have no end", "use .tm")
    if machine.tapes > MAX_TAPES:
        raise CannotHold(NAME, machine, f"it has {machine.tapes} tapes, JFLAP at most {MAX_TAPES}", "use .tm or .csv")
    lines = [
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>',
        "<structure>",
        "  <type>turing</type>",
        *([f"  <tapes>{machine.tapes}</tapes>"] if machine.tapes > 1 else []),
        "  <automaton>",
    ]
    for (index, name), (x, y) in zip(enumerate(machine.states), _places(len(machine.states))):
        verdict = machine.verdicts[index]
        lines += [
            f"    <state id={quoteattr(str(index))} name={quoteattr(name)}>",
            f"      <x>{x:.1f}</x>",
            f"      <y>{y:.1f}</y>",
            *(["      <initial/>"] if index == machine.start else []),
            *(["      <final/>"] if verdict not in (None, "reject") else []),
            "    </state>",
        ]
    for rule in machine.rules:
        lines += ["    <transition>", f"      <from>{rule.state}</from>", f"      <to>{rule.goto}</to>"]
        for tape in range(machine.tapes):
            number = f' tape="{tape + 1}"' if machine.tapes > 1 else ""
            for part, value in (
                ("read", _xml_symbol(machine, rule.read[tape])),
                ("write", _xml_symbol(machine, rule.write[tape])),
                ("move", MOVE_NAMES[rule.move[tape]]),
            ):
                lines.append(f"      <{part}{number}>{value}</{part}>" if value else f"      <{part}{number}/>")
        lines.append("    </transition>")
    return "\n".join([*lines, "  </automaton>", "</structure>"]) + "\n"


def _xml_symbol(machine: Machine, symbol: int) -> str:
    return "" if symbol == 0 else escape(machine.symbols[symbol])


def _places(n: int) -> Iterator[tuple[float, float]]:
    """Places for `n` states on a circle, in JFLAP's pixels."""
    radius = max(100.0, 30.0 * n)
    for index in range(n):
        angle = 2 * math.pi * index / n - math.pi
        yield radius * (1.2 + math.cos(angle)), radius * (1.2 + math.sin(angle))
