"""The exceptions of the program.

    LetsTalkError            every error that is meant to be shown; carries a text fit for a reader
    ├── WorldError           the world's fault: a file, a disk, another program (exit status 1)
    │   ├── ContentError     a resource cannot be read or does not follow the format
    │   ├── NotebookError    the reader's database cannot be opened, read or written
    │   ├── ExportError      a document could not be made
    │   └── NotFound         what was asked for does not exist (or exists more than once)
    └── UsageError           wrong usage of the command line (exit status 2)

A text is a literal template with named fields, marked with ``N_`` so that it enters the catalogue; it is translated when it
is shown, because the one who raises does not know the reader's language.
"""

from __future__ import annotations

from letstalk_desktop.language import Translator


class LetsTalkError(Exception):
    """An error with a text for the reader: what happened and what to do.

    ``template`` is an untranslated literal (marked with ``N_``), ``fields`` fill its named fields.
    """

    def __init__(self, template: str, **fields: object) -> None:
        super().__init__(template.format(**fields) if fields else template)
        self.template = template
        self.fields = fields

    def text(self, translator: Translator) -> str:
        """The message in the translator's language."""
        template = translator.gettext(self.template)
        return template.format(**self.fields) if self.fields else template


class WorldError(LetsTalkError):
    """The world's fault; the message says what to do about it."""


class ContentError(WorldError):
    """A resource cannot be read or does not follow the format; ``file`` and ``line`` (from 1) say where."""

    def __init__(self, template: str, *, file: str = "", line: int = 0, **fields: object) -> None:
        super().__init__(template, file=file, line=line, **fields)
        self.where = f"{file}:{line}: " if line else f"{file}: " if file else ""
        self.args = (self.where + str(self.args[0]),)

    def text(self, translator: Translator) -> str:
        """``file:line: message``"""
        return self.where + super().text(translator)


class NotebookError(WorldError):
    """The reader's database cannot be opened, read or written."""


class ExportError(WorldError):
    """A document could not be made."""


class NotFound(WorldError):
    """What was asked for does not exist, or stands more than once."""


class UsageError(LetsTalkError):
    """The command was not understood."""
