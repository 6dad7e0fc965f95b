"""``check-content``: the authors' checker on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from letstalk_desktop.commands.output import print_json, say
from letstalk_desktop.errors import ContentError, NotFound
from letstalk_desktop.language import N_, Translator
from letstalk_desktop.paths import Paths

if TYPE_CHECKING:
    from letstalk_desktop.library.checking.report import Measures

_HEAD = "resource.toml"


def run_check_content(options: argparse.Namespace, paths: Paths, tr: Translator) -> int:
    """Every finding as ``file:line: message``; 1 where readers would meet a fault."""
    from letstalk_desktop.library.checker import Report, Severity, check, write_ids

    folders = _folders(options.folder, paths)
    written: list[str] = []
    if options.write_ids:
        for folder in folders:
            try:
                written += [str(path) for path in write_ids(folder)]
            except OSError as error:
                raise ContentError(
                    N_("the ids could not be written ({reason}); make the file writable"),
                    file=error.filename or str(folder),
                    reason=error.strerror or error,
                ) from error
    reports: list[Report] = [check(folder, paths.locale) for folder in folders]
    if options.json:
        print_json({"resources": [report.as_json(tr) for report in reports], "written": written})
    else:
        for path in written:
            say(tr.gettext("Ids were written into {file}.").format(file=path))
        for report in reports:
            for finding in report.findings:
                say(str(report.folder / "") + "/" + finding.text(tr))
            for line in _table(report.measures, tr):
                say(line)
            words = tr.gettext("{folder}: {errors} errors, {warnings} warnings, {notes} notes")
            counts = {severity: len(report.of(severity)) for severity in Severity}
            say(
                words.format(
                    folder=report.folder,
                    errors=counts[Severity.ERROR],
                    warnings=counts[Severity.WARNING],
                    notes=counts[Severity.NOTE],
                )
            )
    return 0 if all(report.clean for report in reports) else 1


def _table(measures: Sequence[Measures], tr: Translator) -> list[str]:
    """How long and how hard to read each chapter is, in columns."""
    _ = tr.gettext
    head = (_("file"), _("words"), _("blocks"), _("longest section"), _("words a sentence"), _("grade"))
    rows = [head]
    for one in measures:
        grade = f"{one.grade:.1f}" if one.grade is not None else "–"
        longest, pace = str(one.longest_section), f"{one.words_per_sentence:.1f}"
        rows.append((one.file, str(one.words), str(one.blocks), longest, pace, grade))
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]

    def line(row: tuple[str, ...]) -> str:
        numbers = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        return "  ".join([row[0].ljust(widths[0]), *numbers])

    return [line(row) for row in rows]


def _folders(wanted: str, paths: Paths) -> list[Path]:
    """The resource folders meant: the one named, those inside it, the one we are in, or else the bundled ones."""
    if not wanted:
        here = Path()
        return [here.absolute()] if (here / _HEAD).is_file() else _inside(paths.content)
    folder = Path(wanted)
    if folder.name == _HEAD and folder.is_file():
        return [folder.parent]
    if (folder / _HEAD).is_file():
        return [folder]
    found = _inside(folder)
    if not found:
        raise NotFound(N_("“{folder}” holds no resource.toml; choose the folder of a resource, which has one"), folder=wanted)
    return found


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(one for one in folder.iterdir() if (one / _HEAD).is_file())
    except OSError:
        return []
