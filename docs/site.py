"""What the site has that is no page in docs/: README as its front page, CONTRIBUTING, sources that pages link to."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parent.parent
PAGES = {"index.md": "README.md", "contributing.md": "CONTRIBUTING.md"}
OUTSIDE = re.compile(r"\]\(\.\./(?P<path>[^)#]+)\)")


def on_files(files: Files, *, config: Any) -> Files:
    """Add the pages that come from outside docs/, and one for each source that a page links to."""
    for name, source in PAGES.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        links = re.sub(r"\]\((?!docs/|\w+:|#)", "](../", text).replace("](docs/", "](")
        files.append(File.generated(config, name, content=links))
    for page in list(files.documentation_pages()):
        for match in OUTSIDE.finditer(page.content_string):
            target = _page_of(match["path"])
            if files.get_file_from_path(target) is None:
                files.append(File.generated(config, target, content=_show(ROOT / match["path"], match["path"])))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Let links out of docs/ lead to the pages that were made for them."""
    return OUTSIDE.sub(lambda match: f"]({_page_of(match['path'])})", markdown)


def _page_of(path: str) -> str:
    return f"source/{path.strip('/').replace('/', '-')}.md"


def _show(path: Path, name: str) -> str:
    if path.is_dir():
        listed = "\n".join(f"* `{each.name}`" for each in sorted(path.iterdir()) if each.name[0] not in "_.")
        return f"---\nsearch:\n  exclude: true\n---\n# {name}\n\n{listed}\n"
    kind = {".py": "python", ".toml": "toml", ".v": "coq"}.get(path.suffix, "text")
    return f"---\nsearch:\n  exclude: true\n---\n# {name}\n\n````{kind}\n{path.read_text(encoding='utf-8')}````\n"
