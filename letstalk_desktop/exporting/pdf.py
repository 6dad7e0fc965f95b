"""PDF through Typst. The only file that imports typst.

The document reaches the template as data, never as source; fonts are ours alone; nothing outside the template's folder is
read and no package is loaded. Imports little, because it runs in a child process that should start fast (``child.py``).
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import typst

from letstalk_desktop.errors import ExportError
from letstalk_desktop.exporting.coverage import Coverage, read_coverage
from letstalk_desktop.exporting.printable import UNUSUAL, USUAL, printable, strict
from letstalk_desktop.exporting.rendered import Rendered
from letstalk_desktop.exporting.template_files import TemplateFault
from letstalk_desktop.language import N_

if TYPE_CHECKING:
    from letstalk_desktop.exporting.model import Summary

# PDF/A-2a forbids attachments, so a document that carries the reader's notes is PDF/A-3a.
_STANDARDS: list[Any] = ["ua-1", "a-2a"]
_STANDARDS_WITH_NOTES: list[Any] = ["ua-1", "a-3a"]
_NO_PACKAGES = "letstalk-no-packages"
_PLACE = re.compile(r"┌─ (.+):(\d+):\d+$", re.MULTILINE)
_PACKAGE = re.compile(r"\b(?:import|include)\s*\(?\s*\"(@[^\"]+)\"")


class Typesetter:
    """Sets documents; keeps the fonts loaded between them."""

    def __init__(self, fonts: Path, templates: Path) -> None:
        """``fonts``: our fonts; ``templates``: the folder with one ``.typ`` per shape. Raises ``ExportError``."""
        if not fonts.is_dir():
            raise _no_fonts(fonts)
        self._templates = templates
        self._fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts])
        if not self._fonts.families():
            raise _no_fonts(fonts)
        self._folder = fonts
        self._known: Coverage | None = None

    def typeset(
        self,
        document: str,
        shape: str,
        *,
        attachment: bytes | None = None,
        image_ppi: float | None = None,
    ) -> Rendered:
        """Set a summary's JSON in the template of a shape.

        ``attachment``: the reader's notes as JSON, to travel in the PDF. ``image_ppi``: PNG pages instead of a PDF.
        Raises ``ExportError``.
        """
        template = self._templates / f"{shape}.typ"
        if not template.is_file():
            raise ExportError(N_("The template {file} is missing. Install the program again."), file=template)
        _refuse_packages(template)
        coverage = self._coverage() if UNUSUAL.search(document) else Coverage((), USUAL)
        text, replaced = printable(document, coverage)
        try:
            return Rendered(self._compile(template, text, attachment, image_ppi), replaced)
        except typst.TypstError:
            # Rules of fonts, scripts and PDF/A meet here; a document with plainer characters is better than none.
            text, replaced = strict(document, self._coverage())
        try:
            return Rendered(self._compile(template, text, attachment, image_ppi), replaced)
        except typst.TypstError as error:
            raise _failure(error) from error

    def typeset_own(
        self, document: str, file: str, *, attachment: bytes | None = None, image_ppi: float | None = None
    ) -> Rendered:
        """As ``typeset``, by a reader's template: accessible where the template allows it, else plain.

        Raises ``TemplateFault``.
        """
        template = self._templates / file
        if not template.is_file():
            raise TemplateFault(file, 0, N_("it is not in the folder {folder}"), folder=self._templates)
        text, replaced = printable(document, self._coverage())
        try:
            return Rendered(self._compile(template, text, attachment, image_ppi), replaced)
        except typst.TypstError as error:
            if not str(error.message).startswith("PDF/"):
                raise self._fault(file, error) from error
            reason = str(error.message)
        if UNUSUAL.search(document):  # perhaps only a character stood in the way
            plainer, coded = strict(document, self._coverage())
            try:
                return Rendered(self._compile(template, plainer, attachment, image_ppi), coded)
            except typst.TypstError as error:
                reason = str(error.message)
        try:
            made = self._compile(template, text, attachment, image_ppi, accessible=False)
        except typst.TypstError as error:
            raise self._fault(file, error) from error
        return Rendered(made, replaced, plain=reason)

    def _fault(self, file: str, error: typst.TypstError) -> TemplateFault:
        """What Typst found, with the file and the line where it stands."""
        found = _PLACE.search(error.diagnostic)
        where, line = file, 0
        if found:
            line = int(found[2])
            where = Path(os.path.relpath(found[1], self._templates)).as_posix()
        message = str(error.message).strip().rstrip(".")
        if "would escape" in message or message.startswith("file not found"):
            return TemplateFault(where, line, N_("it asks for a file that is not in the folder of templates"))
        if "package" in message:
            return TemplateFault(where, line, N_("packages are not loaded; copy what you need beside the template"))
        return TemplateFault(where, line, "; ".join([message.replace("\n", " "), *map(str, error.hints[:1])]))

    def _coverage(self) -> Coverage:
        """What the fonts show; read when a document holds more than the usual letters."""
        if self._known is None:
            self._known = read_coverage(self._folder)
        return self._known

    def _compile(
        self, template: Path, document: str, attachment: bytes | None, image_ppi: float | None, *, accessible: bool = True
    ) -> tuple[bytes, ...]:
        inputs = {"document": document}
        standards = _STANDARDS
        if attachment is not None and image_ppi is None:
            inputs["notes"] = attachment.decode("utf-8")
            standards = _STANDARDS_WITH_NOTES
        nowhere = self._templates / _NO_PACKAGES
        kind: Literal["png", "pdf"] = "pdf" if image_ppi is None else "png"
        made = typst.compile(
            template,
            root=self._templates,
            font_paths=self._fonts,
            ignore_system_fonts=True,
            format=kind,
            ppi=image_ppi,
            sys_inputs=inputs,
            pdf_standards=standards if image_ppi is None and accessible else [],
            package_path=nowhere,
            package_cache_path=nowhere,
        )
        return tuple(made) if isinstance(made, list) else (made,)


def write_pdf(summary: Summary, fonts: Path, templates: Path, *, attachment: bytes | None = None) -> Rendered:
    """A summary as PDF, in this process. The window and the command line use ``child.Engine``, which can be cancelled."""
    from letstalk_desktop.exporting.summary_json import printed  # not needed by the child process

    document = json.dumps(printed(summary), ensure_ascii=False)
    return Typesetter(fonts, templates).typeset(document, summary.shape.value, attachment=attachment)


def _refuse_packages(template: Path) -> None:
    """A package would have to be fetched. (What hides its name from this look finds no package folder and no network.)"""
    found = _PACKAGE.search(template.read_text(encoding="utf-8", errors="replace"))
    if found:
        raise ExportError(
            N_("The template {file} asks for the package {package}. Packages are not loaded: copy what you need beside it."),
            file=template,
            package=found[1],
        )


def _no_fonts(folder: Path) -> ExportError:
    return ExportError(N_("The program’s fonts are missing from {folder}. Install the program again."), folder=folder)


def _failure(error: typst.TypstError) -> ExportError:
    what = str(error.message)
    return ExportError(N_("The document could not be set: {what}"), what=what)
