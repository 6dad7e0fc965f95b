"""Who may import whom, and what nobody may use: the house rules of docs/architecture.md, read off the source."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "letstalk_desktop"
FILES = {path.relative_to(PACKAGE).as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}

# What each part may import of our own; a part is a folder, or a file at the top. Everyone may import errors and language.
BELOW = {"exporting", "importing", "storage", "annotations", "library", "settings", "reading_state", "paths"}
MAY_IMPORT = {
    "language": set(),
    "errors": set(),
    "paths": set(),
    "settings": set(),
    "reading_state": {"settings"},
    "library": set(),
    "annotations": {"library"},
    "storage": {"annotations", "library"},
    "exporting": {"annotations", "library"},
    "importing": {"annotations", "library"},
    "ui": BELOW,
    "app": BELOW | {"ui"},
    "demo": BELOW | {"ui", "app"},
    "commands": BELOW | {"app", "demo"},
    "cli": {"paths", "commands", "app", "exporting"},
    "__main__": {"cli"},
    "__init__": set(),
}
# Where a name may be imported: paths begin with one of these.
ONLY_IN = {
    "PySide6": ("ui/", "app.py", "demo.py"),
    "sqlalchemy": ("storage/",),
    "alembic": ("storage/",),
    "markdown": ("library/compiler.py",),
    "markdown_it": ("annotations/notes.py",),
    "citeproc": ("library/csl.py",),
    "networkx": ("annotations/map_layout.py",),
    "typst": ("exporting/pdf.py",),
    "jinja2": ("exporting/template_text.py",),
    "markupsafe": ("exporting/template_text.py",),
    "docx": ("exporting/word",),
    "pypdf": ("importing/notes_file.py",),
    "platformdirs": ("paths.py",),
    "letstalk_desktop.paths.find_paths": ("app.py", "cli.py", "commands/", "demo.py"),  # the others are handed what it finds
    "PySide6.QtNetwork": ("ui/single_instance.py",),  # a local socket between two starts of the program, no network
}
NETWORK = """
    socket ssl http urllib.request urllib.error ftplib smtplib poplib imaplib telnetlib xmlrpc socketserver webbrowser
    asyncio requests httpx aiohttp PySide6.QtWebEngineCore PySide6.QtWebSockets PySide6.QtHttpServer
"""
LONGEST = 700  # lines; from 400 on, look for a file's second reason


@cache
def imports(name: str) -> set[str]:
    """The full names that a file imports: modules, and names taken from them."""
    package = ["letstalk_desktop", *name.split("/")[:-1]]
    found: set[str] = set()
    for node in ast.walk(ast.parse(FILES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*start, *filter(None, [node.module])])
            found.update({module} | {f"{module}.{alias.name}" for alias in node.names})
    return found


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


@pytest.mark.parametrize("name", FILES)
def test_a_file_imports_only_what_its_place_allows(name: str) -> None:
    part = name.split("/")[0].removesuffix(".py")
    allowed = MAY_IMPORT[part] | {part, "errors", "language", "__version__"}
    ours = {module.split(".")[1] for module in imports(name) if module.startswith("letstalk_desktop.")}
    assert ours <= allowed, f"{name} must not import {ours - allowed}"
    for package, places in ONLY_IN.items():
        if any(within(module, package) for module in imports(name)):
            assert name.startswith(places), f"only {places} may import {package}"
    assert not [module for module in imports(name) for banned in NETWORK.split() if within(module, banned)], (
        "nothing leaves the machine"
    )
    assert Path(name).stem not in {module.split(".")[0] for module in imports(name)}, "a module named after what it imports"


@pytest.mark.parametrize(
    ("pattern", "allowed"),
    [
        # They turn no-break spaces into spaces: quotations would no longer match. (Citations put HTML on the clipboard.)
        (r"\bsetHtml\b|\binsertHtml\b", ("ui/citing.py",)),
        (r"\bsetExtraSelections\b", ("ui/decorations.py",)),  # one owner, else Qt crashes on a document that is gone
        (r"\.exec\(", ("app.py", "demo.py")),  # a dialog is opened and answers by signal
        (r"\bprocessEvents\b", ()),  # re-entrancy
        (r"\bQNetwork\w+|\bQTcpSocket\b|\bQUdpSocket\b", ()),
    ],
)
def test_some_calls_have_one_place_or_none(pattern: str, allowed: tuple[str, ...]) -> None:
    found = [name for name, path in FILES.items() if re.search(pattern, path.read_text(encoding="utf-8"))]
    assert set(found) <= set(allowed)


def test_a_file_has_one_reason_and_a_name_that_says_it() -> None:
    assert not [name for name in FILES if re.search(r"(^|/)(utils?|common|helpers?|misc|managers?)(\.py|/)", name)]
    long = {name: count for name, path in FILES.items() if (count := path.read_text(encoding="utf-8").count("\n")) > LONGEST}
    assert not long, "look for the second reason of these files"


def test_the_plan_of_the_house_names_files_that_are_there() -> None:
    plan = (PACKAGE.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = plan[plan.index("## Files") : plan.index("## Who may import whom")]
    named = set(re.findall(r"`([a-z_]+\.py)`", rooms))
    assert len(named) > 80
    assert named <= {name.split("/")[-1] for name in FILES}
