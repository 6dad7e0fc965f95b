"""What the authors' checker has found."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from letstalk_desktop.language import N_, Translator


class Severity(StrEnum):
    """``error``: readers would meet a fault. ``warning``: mend it or have a reason. ``note``: for the author's judgement."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Term(str):
    """A field of a message that is a word of ours: it is translated when the message is shown (mark it with ``N_``)."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. ``file`` is relative to the resource, ``line`` counts from 1 (0: the file as a whole).

    ``template`` and ``remedy`` are untranslated literals with named fields; ``rule`` is a stable name for programs.
    """

    severity: Severity
    rule: str
    file: str
    line: int
    template: str
    remedy: str = ""
    fields: dict[str, object] = field(default_factory=dict)

    def message(self, translator: Translator) -> str:
        """What is wrong and what to do, in the translator's language."""
        fields = {name: translator.gettext(value) if isinstance(value, Term) else value for name, value in self.fields.items()}
        parts = [translator.gettext(part) for part in (self.template, self.remedy) if part]
        return " ".join(part.format(**fields) if fields else part for part in parts)

    def text(self, translator: Translator) -> str:
        """``file:line: message``; a warning or note says so first."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        kind = {Severity.WARNING: N_("warning"), Severity.NOTE: N_("note")}.get(self.severity)
        label = f"{translator.gettext(kind)}: " if kind else ""
        return f"{where}: {label}{self.message(translator)}"


@dataclass(frozen=True, slots=True)
class Measures:
    """Figures about one chapter in one language. ``grade`` is Flesch-Kincaid's, for English only; lengths in words."""

    chapter: str
    file: str
    language: str
    words: int
    blocks: int
    sections: int
    longest_section: int
    words_per_sentence: float
    grade: float | None


@dataclass(slots=True)
class Report:
    """Everything found in one resource folder, sorted by file and line."""

    folder: Path
    resource: str = ""
    edition: str = ""
    findings: list[Finding] = field(default_factory=list)
    measures: list[Measures] = field(default_factory=list)

    def of(self, severity: Severity) -> list[Finding]:
        """The findings of one severity."""
        return [finding for finding in self.findings if finding.severity is severity]

    @property
    def clean(self) -> bool:
        """True where readers would meet no fault."""
        return not self.of(Severity.ERROR)

    def as_json(self, translator: Translator) -> dict[str, object]:
        """The document of ``letstalk check-content --json``."""
        return {
            "folder": str(self.folder),
            "resource": self.resource,
            "edition": self.edition,
            "errors": len(self.of(Severity.ERROR)),
            "warnings": len(self.of(Severity.WARNING)),
            "notes": len(self.of(Severity.NOTE)),
            "findings": [
                {
                    "severity": finding.severity.value,
                    "rule": finding.rule,
                    "file": finding.file,
                    "line": finding.line,
                    "message": finding.message(translator),
                }
                for finding in self.findings
            ],
            "chapters": [
                {
                    "chapter": one.chapter,
                    "file": one.file,
                    "language": one.language,
                    "words": one.words,
                    "blocks": one.blocks,
                    "sections": one.sections,
                    "longest_section": one.longest_section,
                    "words_per_sentence": round(one.words_per_sentence, 1),
                    "grade": None if one.grade is None else round(one.grade, 1),
                }
                for one in self.measures
            ],
        }
