"""``backup``, ``restore`` and ``check``: copies of the notebook, their way back, and the state it is in."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from letstalk_desktop.commands.notebooks import now, open_notebook
from letstalk_desktop.commands.output import print_json, say, warn
from letstalk_desktop.errors import NotFound, UsageError
from letstalk_desktop.language import N_, Translator
from letstalk_desktop.paths import Paths

if TYPE_CHECKING:
    from letstalk_desktop.storage.backups import Backup
    from letstalk_desktop.storage.damage import IntegrityReport
    from letstalk_desktop.storage.restoring import RestorePreview

_SQLITE = b"SQLite format 3\0"


def run_backup(options: argparse.Namespace, paths: Paths, tr: Translator) -> int:
    """A whole, verified copy of the notebook: in the folder of backups, or at OUT."""
    from letstalk_desktop.storage.backups import MANUAL, Backups

    target = Path(options.out).absolute() if options.out else None
    if target is not None and not target.is_dir():
        _refuse_to_replace(target, paths)
    with open_notebook(paths, tr) as notebook:
        if target is None or target.is_dir():
            path = Backups(target or paths.backups).make(notebook.copy_to, now(), MANUAL).path
        else:
            notebook.copy_to(target)
            path = target
        notes = notebook.total()
    if options.json:
        print_json({"backup": str(path), "notes": notes, "size": path.stat().st_size})
    else:
        words = tr.ngettext("{count} note is safe in {file}.", "{count} notes are safe in {file}.", notes)
        say(words.format(count=notes, file=path))
    return 0


def _refuse_to_replace(target: Path, paths: Paths) -> None:
    """Raise UsageError where a copy would overwrite the notebook itself, or something that is not a backup."""
    try:
        if not target.exists():
            return
        ours = paths.notebook.exists() and target.samefile(paths.notebook)
        with target.open("rb") as file:
            other = file.read(len(_SQLITE)) != _SQLITE
    except OSError:
        return  # what cannot be looked at cannot be written either, and that is told then
    if ours:
        raise UsageError(N_("{file} is the notebook itself. Choose another name for the backup."), file=target)
    if other:
        raise UsageError(N_("{file} exists and is not a backup. Choose another name."), file=target)


def run_restore(options: argparse.Namespace, paths: Paths, tr: Translator) -> int:
    """Bring a backup back: merged into the notebook, or with --replace in its place. --dry-run only says what would happen."""
    from letstalk_desktop.storage.backups import Backups
    from letstalk_desktop.storage.restoring import Mode, preview, restore

    file = Path(options.file).absolute()
    if not file.is_file():
        raise NotFound(N_("There is no file {file}. “letstalk check” lists the backups there are."), file=file)
    who = ""
    with open_notebook(paths, tr) as notebook:
        found = preview(notebook, file, now=now())
        safety: Path | None = None
        if not options.dry_run:
            mode: Mode = "replace" if options.replace else "merge"
            safety = restore(notebook, file, Backups(paths.backups), now=now(), mode=mode, who=who).safety.path
        notes = notebook.total()
    if options.json:
        print_json(_restored_json(found, options, safety, notes))
    else:
        for line in _restored_lines(found, options, safety, notes, tr):
            say(line)
    return 0


def _restored_json(found: RestorePreview, options: argparse.Namespace, safety: Path | None, notes: int) -> dict[str, Any]:
    return {
        "file": str(found.file),
        "mode": "replace" if options.replace else "merge",
        "dry_run": options.dry_run,
        "in_file": found.verified.notes,
        "added": found.added,
        "changed": found.changed,
        "kept": found.kept,
        "identical": found.identical,
        "stay_deleted": found.stay_deleted,
        "others": found.others,
        "lost": found.lost,
        "notes": notes,
        "safety": str(safety) if safety else "",
    }


def _restored_lines(
    found: RestorePreview, options: argparse.Namespace, safety: Path | None, notes: int, tr: Translator
) -> list[str]:
    _ = tr.gettext
    in_file = tr.ngettext("{file} holds {count} note.", "{file} holds {count} notes.", found.verified.notes)
    lines = [in_file.format(file=found.file, count=found.verified.notes)]
    if options.replace:
        words = _("added {added}, changed {changed}, not in the file and taken away {lost}")
        counts = words.format(added=found.added, changed=found.changed + found.kept, lost=found.lost)
    else:
        words = _(
            "added {added}, changed {changed}, kept as changed later here {kept}, identical {identical}, in the trash {trash}"
        )
        counts = words.format(
            added=found.added, changed=found.changed, kept=found.kept, identical=found.identical, trash=found.stay_deleted
        )
    if safety is None:
        lines.append(_("Restoring it would do this: {counts}. Nothing has been changed.").format(counts=counts))
        return lines
    lines.append(_("Restored: {counts}.").format(counts=counts))
    now_there = tr.ngettext("The notebook has {count} note now.", "The notebook has {count} notes now.", notes)
    lines.append(now_there.format(count=notes))
    lines.append(_("What it was before is kept in {file}.").format(file=safety))
    return lines


def run_check(options: argparse.Namespace, paths: Paths, tr: Translator) -> int:
    """Look at every page and entry of the notebook, and for the newest whole backup; changes nothing. 1 if it is not whole."""
    from letstalk_desktop.storage.backups import Backups
    from letstalk_desktop.storage.damage import check

    backups = Backups(paths.backups)
    newest = backups.newest_whole()
    held = newest[1].notes if newest else 0
    report = check(paths.notebook) if paths.notebook.exists() else None
    missing = report is None and held > 0
    whole = report.whole if report else not missing
    if options.json:
        print_json(_check_json(report, paths, whole, [backup.path for backup in backups.all()], newest and newest[0], held))
        return 0 if whole else 1
    if missing:
        warn(tr.gettext("There is no notebook at {path}, though there are backups.").format(path=paths.notebook))
    elif report is None:
        say(tr.gettext("There is no notebook yet at {path}; it is made with the first note.").format(path=paths.notebook))
    else:
        for line in _check_lines(report, tr):
            say(line)
    for line in _backup_lines(newest[0] if newest else None, held, backups, whole, tr):
        say(line)
    return 0 if whole else 1


def _check_json(
    report: IntegrityReport | None, paths: Paths, whole: bool, backups: list[Path], newest: Backup | None, held: int
) -> dict[str, Any]:
    return {
        "notebook": str(paths.notebook),
        "exists": report is not None,
        "whole": whole,
        "notes": report.notes if report else 0,
        "annotations": report.annotations if report else 0,
        "size": report.size if report else 0,
        "revision": report.revision if report else "",
        "errors": list(report.errors) if report else [],
        "problems": [{"table": one.table, "id": one.id, "reason": one.reason} for one in report.problems] if report else [],
        "backups": [str(path) for path in backups],
        "newest_backup": {"file": str(newest.path), "made": newest.made.isoformat(), "notes": held} if newest else None,
    }


def _check_lines(report: IntegrityReport, tr: Translator) -> list[str]:
    _ = tr.gettext
    if report.whole:
        words = tr.ngettext(
            "{path} is whole: {count} note, {size} kB.", "{path} is whole: {count} notes, {size} kB.", report.notes
        )
        return [words.format(path=report.path, count=report.notes, size=round(report.size / 1000))]
    lines = [_("{path} is not whole:").format(path=report.path)]
    lines += [f"  {error}" for error in report.errors]
    lines += [f"  {problem.table} {problem.id}: {problem.reason}" for problem in report.problems]
    if report.errors:
        lines.append(_("The next start of the program, or any command with notes, rescues what can be read."))
    return lines


def _backup_lines(newest: Backup | None, held: int, backups: Any, whole: bool, tr: Translator) -> list[str]:
    if newest is None:
        return [tr.gettext("There is no whole backup. “letstalk backup” makes one.")]
    made = newest.made.astimezone().strftime("%Y-%m-%d %H:%M")
    words = tr.ngettext(
        "The newest whole backup is of {time} and holds {count} note: {file}.",
        "The newest whole backup is of {time} and holds {count} notes: {file}.",
        held,
    )
    lines = [words.format(time=made, count=held, file=newest.path)]
    if not whole:
        lines.append(tr.gettext("“letstalk restore” with this file adds what is missing."))
    return lines
