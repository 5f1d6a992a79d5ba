"""The `.tm` language: source to syntax to machine, diagnostics, and one canonical look.

The passes are two pure functions, `parse_syntax` (source to syntax) and `elaborate` (syntax to program), with
`read_includes` between them for what stands in other files; `parse` is all of it.
"""

from .codes import codes as codes
from .codes import explain as explain
from .diagnostics import Diagnostic as Diagnostic
from .diagnostics import LanguageError as LanguageError
from .diagnostics import Note as Note
from .diagnostics import render as render
from .diagnostics import render_all as render_all
from .elaborate import elaborate as elaborate
from .front import compile_source
from .layout import format_text as format_text
from .parser import parse_syntax as parse_syntax
from .printer import print_machine as print_machine
from .program import Program as Program
from .program import Test as Test
from .reading import decode as decode
from .reading import library_names as library_names
from .reading import library_path as library_path
from .reading import read_includes as read_includes
from .source import SourceText as SourceText
from .source import Span as Span
from .source import with_plain_ends
from .syntax import Syntax as Syntax


def parse(text: str, path: str = "<text>") -> Program:
    """The machine and the tests of `.tm` text; `path` is named in messages, and includes are relative to it.

    Raises: LanguageError: all that is wrong with it, drawn with places and cures.
    """
    return compile_source(SourceText(path, with_plain_ends(text)))
