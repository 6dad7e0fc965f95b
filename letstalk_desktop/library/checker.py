"""The authors' checker: what is wrong with a resource folder, and the ids that its blocks still lack."""

from __future__ import annotations

from pathlib import Path

from letstalk_desktop.errors import ContentError
from letstalk_desktop.library.checking.codebook import check_codebook
from letstalk_desktop.library.checking.discussion import check_discussion
from letstalk_desktop.library.checking.figures import check_figures
from letstalk_desktop.library.checking.ids import write_ids
from letstalk_desktop.library.checking.material import HEAD, Material, of_error, read_material
from letstalk_desktop.library.checking.measures import check_measures, measure
from letstalk_desktop.library.checking.report import Finding, Measures, Report, Severity
from letstalk_desktop.library.checking.structure import check_structure
from letstalk_desktop.library.checking.wording import check_wording
from letstalk_desktop.library.manifest import read_resource

__all__ = ["Finding", "Measures", "Report", "Severity", "check", "write_ids"]

_RULES = (check_structure, check_codebook, check_discussion, check_figures, check_measures, check_wording)


def check(folder: Path, locale: Path | None = None) -> Report:
    """Look at every file of a resource. Faults of the content are findings, never exceptions.

    ``locale``: the folder of the catalogues, against which names of menus and buttons are checked.
    """
    report = Report(folder)
    try:
        material = read_material(folder, locale)
    except ContentError as error:
        report.findings.append(of_error(error, "unreadable", HEAD))
        return report
    report.resource, report.edition = str(material.head.get("id", "")), str(material.head.get("edition", ""))
    report.measures = [figures for text in material.texts if (figures := measure(text))]
    report.findings = [*material.unreadable, *(finding for rule in _RULES for finding in rule(material))]
    report.findings += _refused(folder, report.findings)
    order = _order_of_files(material)
    report.findings.sort(key=lambda one: (order.get(one.file, len(order)), one.file, one.line))
    return report


def _refused(folder: Path, findings: list[Finding]) -> list[Finding]:
    """What makes the program refuse the resource, unless a rule has already said what is wrong with that file."""
    try:
        read_resource(folder)
    except ContentError as error:
        finding = of_error(error, "refused", HEAD)
        known = any(one.severity is Severity.ERROR and one.file == finding.file for one in findings)
        return [] if known else [finding]
    return []


def _order_of_files(material: Material) -> dict[str, int]:
    """The files in the order in which an author thinks of them: resource.toml, the chapters, then the rest by name."""
    names = [HEAD, *(text.file for text in sorted(material.texts, key=lambda text: text.language))]
    return {name: place for place, name in enumerate(names)}
