"""What a reader's template may read, how much it may make, and how its faults are told."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from letstalk_desktop.errors import ExportError
from letstalk_desktop.language import N_, Translator

MOST = 200_000_000  # bytes of one document


class TemplateFault(ExportError):
    """A template cannot be used as it is; ``file`` and ``line`` (from 1, or 0) say where.

    ``what`` is an untranslated literal with named fields, or the words of the engine; no full stop at its end.
    """

    def __init__(self, file: str, line: int, what: str, **details: object) -> None:
        words = what.format(**details) if details else what
        if line:
            super().__init__(N_("Template {file}, line {line}: {what}."), file=file, line=line, what=words)
        else:
            super().__init__(N_("Template {file}: {what}."), file=file, what=words)
        self.file, self.line, self.what, self.details = file, line, what, details

    def text(self, translator: Translator) -> str:
        """The message in the translator's language; an engine's own words stay as they are."""
        what = translator.gettext(self.what)
        fields = {**self.fields, "what": what.format(**self.details) if self.details else what}
        return translator.gettext(self.template).format(**fields)


def too_large(file: str) -> TemplateFault:
    """The document grows without end."""
    return TemplateFault(file, 0, N_("its document is larger than {size} MB"), size=MOST // 1_000_000)


def file_in(folder: Path, name: str) -> Path | None:
    """The file with this name in the folder or below it; None where there is none or the name leads out of the folder."""
    parts = PurePosixPath(name).parts
    if not parts or "\\" in name or "\0" in name or ":" in name or any(part in ("/", "..", "//") for part in parts):
        return None
    root = folder.resolve()
    path = root.joinpath(*parts).resolve()
    return path if path.is_relative_to(root) and path.is_file() else None


def links_out_of(folder: Path) -> Iterator[str]:
    """The names of links in the folder, or below it, that lead out of it."""
    root = folder.resolve()
    for parent, folders, files in os.walk(root):
        for name in [*folders, *files]:
            path = Path(parent, name)
            if (path.is_symlink() or _is_junction(path)) and not path.resolve().is_relative_to(root):
                yield path.relative_to(root).as_posix()


def _is_junction(path: Path) -> bool:
    """Windows' other kind of link to a folder."""
    try:
        return bool(getattr(path.lstat(), "st_reparse_tag", 0))
    except OSError:
        return False
