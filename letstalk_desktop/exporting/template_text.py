"""A reader's own HTML or Markdown template, filled in. The only file that imports Jinja, and only its sandbox.

What the reader wrote is escaped as it is printed: as HTML, or so that nothing in it is Markdown. A template reads files of
its own folder, nothing else, and calls nothing that could reach out of it. Time and memory are limited by ``child.py``.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from jinja2 import FunctionLoader, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from letstalk_desktop.errors import ExportError
from letstalk_desktop.exporting.characters import carried, json_in_html
from letstalk_desktop.exporting.html_text import blocks_html, inlines_html
from letstalk_desktop.exporting.note_markdown import blocks_markdown, escaped, inlines_markdown
from letstalk_desktop.exporting.note_trees import inlines_of_runs, note_tree
from letstalk_desktop.exporting.template_files import MOST, TemplateFault, file_in, too_large
from letstalk_desktop.language import N_

_KINDS_OF_FILES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".woff2": "font/woff2",
}
_NOTE_HEADINGS = 3  # a heading in a note stands below the headings of the document


def fill_in(folder: Path, file: str, document: Mapping[str, Any], notes: bytes | None) -> str:
    """The text that the template ``file`` of ``folder`` makes of a ``Summary`` as JSON (``document``).

    ``notes``: the reader's notes as JSON, for the template to put inside. Raises ``TemplateFault``.
    """
    as_html = file.lower().endswith(".html")
    environment = _Environment(folder, as_html=as_html)
    travelling = Markup(json_in_html(notes.decode("utf-8"))) if notes is not None else Markup()
    parts, size = [], 0
    try:
        for part in environment.get_template(file).generate(doc=document, words=document["labels"], notes=travelling):
            size += len(part)
            if size > MOST:
                raise too_large(file)
            parts.append(part)
    except ExportError:
        raise
    except Exception as error:  # whatever a template calls may raise
        raise _fault(file, error) from error
    return carried("".join(parts))


class _Environment(ImmutableSandboxedEnvironment):
    def __init__(self, folder: Path, *, as_html: bool) -> None:
        def load(name: str) -> tuple[str, str, None]:
            return _source(folder, name), name, None

        super().__init__(
            loader=FunctionLoader(load),
            # On for Markdown too, so that what macros and blocks have made is known as finished and not escaped twice.
            autoescape=True,
            finalize=_html_text if as_html else _markdown_text,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        for name in ("lipsum", "cycler", "joiner"):
            self.globals.pop(name)

        def data_uri(name: str) -> Markup:
            kind = _KINDS_OF_FILES.get(Path(name).suffix.lower(), "application/octet-stream")
            return Markup(f"data:{kind};base64,{base64.b64encode(_read(folder, name)).decode('ascii')}")

        self.globals["data_uri"] = data_uri
        make: dict[str, Callable[..., Markup]] = (
            {"note": _note_html, "runs": _runs_html} if as_html else {"note": _note_markdown, "runs": _runs_markdown}
        )
        self.filters.update(make)
        if not as_html:
            self.filters["quoted"] = _quoted


def _read(folder: Path, name: str) -> bytes:
    path = file_in(folder, name)
    if path is None:
        raise TemplateNotFound(name)
    return path.read_bytes()


def _source(folder: Path, name: str) -> str:
    try:
        return _read(folder, name).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TemplateFault(name, 0, N_("it is not text in UTF-8")) from error


# --- what is printed ----------------------------------------------------------------------------------------------------


def _html_text(value: Any) -> Any:
    """A value on its way into HTML, which Jinja then escapes."""
    return value if hasattr(value, "__html__") or isinstance(value, StrictUndefined) else carried(_words(value))


def _markdown_text(value: Any) -> Any:
    """A value on its way into Markdown: nothing in it is markup."""
    if hasattr(value, "__html__") or isinstance(value, StrictUndefined):
        return value
    return Markup(escaped(_words(value)))


def _words(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def _note_html(tree: Sequence[Mapping[str, Any]]) -> Markup:
    return Markup(blocks_html(note_tree(tree)))


def _runs_html(runs: Sequence[Mapping[str, Any]]) -> Markup:
    return Markup(inlines_html(inlines_of_runs(runs)))


def _note_markdown(tree: Sequence[Mapping[str, Any]]) -> Markup:
    return Markup(blocks_markdown(note_tree(tree), deeper=_NOTE_HEADINGS))


def _runs_markdown(runs: Sequence[Mapping[str, Any]]) -> Markup:
    return Markup(inlines_markdown(inlines_of_runs(runs)))


def _quoted(value: Any) -> Markup:
    """Each line as one of a block quotation."""
    return Markup("\n".join(f"> {line}" if line else ">" for line in str(_markdown_text(value)).split("\n")))


# --- what went wrong ----------------------------------------------------------------------------------------------------


def _fault(file: str, error: Exception) -> TemplateFault:
    """The error with the template and the line where it happened."""
    if isinstance(error, TemplateSyntaxError):
        return TemplateFault(error.name or file, error.lineno, (error.message or "").rstrip("."))
    where, line = _place(error.__traceback__) or (file, 0)
    match error:
        case TemplateNotFound():
            return TemplateFault(
                where, line, N_("there is no file “{name}” in the folder of templates"), name=error.message or ""
            )
        case RecursionError():
            return TemplateFault(where, line, N_("it calls itself without end"))
        case MemoryError():
            return TemplateFault(where, line, N_("it needs more memory than templates may have"))
        case TemplateError():
            return TemplateFault(where, line, (error.message or type(error).__name__).rstrip("."))
        case _:
            return TemplateFault(where, line, f"{type(error).__name__}: {error}".rstrip(": ."))


def _place(trace: TracebackType | None) -> tuple[str, int] | None:
    """File and line of the innermost template in a traceback, where Jinja has put them."""
    found = None
    while trace is not None:
        if "__jinja_exception__" in trace.tb_frame.f_globals:
            found = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    return found
