"""Codebooks of others: tables (CSV) and REFI-QDA (``.qdc``, ``.qde``), read as far as they can be understood.

Nothing that the reader wrote is overwritten: what differs from hers is a conflict and hers stays.
"""

from __future__ import annotations

import csv
import io
import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from xml.parsers import expat

from letstalk_desktop.annotations.concepts import LONGEST_TERM, Codebook, Entry
from letstalk_desktop.annotations.model import Operation, OwnConcept
from letstalk_desktop.errors import LetsTalkError, WorldError
from letstalk_desktop.language import N_
from letstalk_desktop.library.manifest import folded

LARGEST = 20_000_000  # bytes
_FORMULA_MARK = re.compile(r"'(?=\s*[=+\-@\t\r\n＝＋－＠])")

# The words that columns are called by, folded.
_NAMES = {"term", "terme", "name", "nom", "code", "concept", "label", "libelle", "code name", "nom du code", "titre", "title"}
_DEFINITIONS = {"definition", "description", "memo", "comment", "commentaire", "note", "sens", "meaning"}
_IDS = {"id", "guid", "uuid", "code id"}
_RELATED = {
    "related",
    "related concepts",
    "see also",
    "voir aussi",
    "lies",
    "concepts lies",
    "parent",
    "parent code",
    "code parent",
}


class CodebookError(WorldError):
    """A file is not a codebook that can be read."""


@dataclass(frozen=True, slots=True)
class ReadConcept:
    """One concept of a file. ``related``: names or ids, as they stand there. ``place``: row or line, from 1."""

    name: str
    definition: str = ""
    id: str = ""
    related: tuple[str, ...] = ()
    place: int = 0


@dataclass(frozen=True, slots=True)
class CodebookFile:
    """What a file holds. ``rejected``: what could not be taken, as errors that name the place."""

    concepts: tuple[ReadConcept, ...] = ()
    rejected: tuple[LetsTalkError, ...] = ()


class Outcome(StrEnum):
    """What becomes of a concept that comes in."""

    NEW = "new"
    UPDATED = "updated"  # it had no definition here, or gains relations
    IDENTICAL = "identical"
    CONFLICT = "conflict"  # its definition or name differs from the one here, which stays


@dataclass(frozen=True, slots=True)
class CodebookImport:
    """What an import does. ``outcomes``: (name, outcome) in the order of the file; ``operation`` is None for nothing."""

    outcomes: tuple[tuple[str, Outcome], ...] = ()
    rejected: tuple[LetsTalkError, ...] = ()
    operation: Operation | None = field(default=None)

    def count(self, outcome: Outcome) -> int:
        """How many concepts have this outcome."""
        return sum(1 for _name, found in self.outcomes if found is outcome)


def read_codebook_file(path: Path) -> CodebookFile:
    """Read the codebook of a file. Raises CodebookError, or WorldError where the file cannot be read."""
    try:
        with path.open("rb") as file:
            return read_codebook(file.read(LARGEST + 1))
    except OSError as error:
        template = N_("{file} cannot be read ({reason}).")
        raise WorldError(template, file=path.name, reason=error.strerror or error) from error


def read_codebook(data: bytes) -> CodebookFile:
    """Read a table or REFI-QDA XML, whichever it is. Raises CodebookError where there is no codebook in it."""
    if len(data) > LARGEST:
        raise CodebookError(N_("This file is too large for a codebook."))
    if data[:2] == b"PK":
        raise CodebookError(N_("This is a whole project or a workbook. Export the codebook alone, as .qdc or CSV."))
    looks_like_xml = data[:200].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")
    found = _read_xml(data) if looks_like_xml else _read_table(data)
    if not found.concepts and not found.rejected:
        raise CodebookError(
            N_("There is no concept in this file. It should be a table with a column of names, or a .qdc file.")
        )
    return found


# --- tables -----------------------------------------------------------------------------------------------------------


def _read_table(data: bytes) -> CodebookFile:
    text = _decoded(data)
    first, _, rest = text.partition("\n")
    delimiter = _delimiter(first)
    if re.fullmatch(r"sep=.", first.strip()):
        delimiter, text = first.strip()[4], rest
    rows = _rows(text, delimiter)
    columns: dict[str, list[int]] | None = None
    concepts: list[ReadConcept] = []
    rejected: list[LetsTalkError] = []
    try:
        for number, cells in rows:
            if columns is None:
                columns = _columns(cells)
                if columns["header"]:
                    continue
            name, definition = _first(cells, columns["name"]), _first(cells, columns["definition"])
            if name:
                related = tuple(part for index in columns["related"] for part in _parts(cells, index))
                concepts.append(_concept(name, definition, _first(cells, columns["id"]), related, number))
            elif any(cells):
                rejected.append(CodebookError(N_("Row {row} has no name."), row=number))
    except csv.Error as error:
        rejected.append(CodebookError(N_("The table cannot be read further ({reason})."), reason=error))
    return CodebookFile(tuple(concepts), tuple(rejected))


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")  # what older spreadsheets write


def _delimiter(line: str) -> str:
    """The sign that parts most cells of a line; in quotation marks it does not count."""
    bare = re.sub(r'"[^"]*"', "", line)
    return max(",;\t", key=bare.count)


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for number, cells in enumerate(reader, 1):
        stripped = [_FORMULA_MARK.sub("", cell, count=1).strip() if cell[:1] == "'" else cell.strip() for cell in cells]
        if any(stripped):
            yield number, stripped


def _columns(cells: Sequence[str]) -> dict[str, list[int]]:
    """Where things stand; without a line of headings the first column is the name, the second the definition."""
    keys = [" ".join(folded(cell).replace("_", " ").replace("-", " ").split()) for cell in cells]
    plain = [re.sub(r" (en|fr|[a-z]{2} ca)$", "", key) for key in keys]

    def among(words: set[str]) -> list[int]:
        exact = [index for index, key in enumerate(keys) if key in words]
        return exact + [index for index, key in enumerate(plain) if key in words and index not in exact]

    names = among(_NAMES)
    if {"locator", "quote"} <= set(keys):
        raise CodebookError(N_("This is a table of notes, not of concepts."))
    if not names:
        return {"header": [], "name": [0], "definition": [1], "id": [], "related": []}
    found = {"name": names, "definition": among(_DEFINITIONS), "id": among(_IDS), "related": among(_RELATED)}
    return {"header": [1], **found}


def _first(cells: Sequence[str], columns: Sequence[int]) -> str:
    return next((cells[index] for index in columns if index < len(cells) and cells[index]), "")


def _parts(cells: Sequence[str], index: int) -> list[str]:
    return [part.strip() for part in re.split(r"[;|\n]", cells[index]) if part.strip()] if index < len(cells) else []


# --- REFI-QDA ---------------------------------------------------------------------------------------------------------


class _XmlReader:
    """Collects codes wherever they stand, whatever the namespace; a code inside another is related to it."""

    def __init__(self) -> None:
        self.concepts: list[ReadConcept] = []
        self.rejected: list[LetsTalkError] = []
        self._open: list[tuple[int, dict[str, str], str]] = []  # index of the concept or -1, attributes, parent's guid
        self._description: list[str] | None = None
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.EntityDeclHandler = self._entity

    def _entity(self, *_declaration: object) -> None:
        raise CodebookError(N_("This file declares entities, which a codebook has no need of. It is not read."))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rsplit(" ", 1)[-1].lower()
        if local == "code":
            given = {key.rsplit(" ", 1)[-1].lower(): value for key, value in attributes.items()}
            parent = self._open[-1][1].get("guid", "") or self._open[-1][1].get("name", "") if self._open else ""
            index = -1
            if given.get("name", "").strip():
                index = len(self.concepts)
                related = (parent,) if parent else ()
                line = self.parser.CurrentLineNumber
                self.concepts.append(_concept(given["name"], "", given.get("guid", ""), related, line))
            else:
                line = self.parser.CurrentLineNumber
                self.rejected.append(CodebookError(N_("The code in line {line} has no name."), line=line))
            self._open.append((index, given, parent))
        elif local == "description" and self._open:
            self._description = []

    def _end(self, name: str) -> None:
        local = name.rsplit(" ", 1)[-1].lower()
        if local == "code" and self._open:
            self._open.pop()
        elif local == "description" and self._description is not None:
            index = self._open[-1][0] if self._open else -1
            if index >= 0:
                one = self.concepts[index]
                words = "\n\n".join(filter(None, (one.definition, "".join(self._description).strip())))
                self.concepts[index] = ReadConcept(one.name, words, one.id, one.related, one.place)
            self._description = None

    def _characters(self, text: str) -> None:
        if self._description is not None:
            self._description.append(text)


def _read_xml(data: bytes) -> CodebookFile:
    """As the file declares its encoding; where that is wrong, as its bytes look."""
    found, line = _parsed(data)
    if line and not found.concepts:
        found, line = _parsed(_decoded(data))
    if line and not found.concepts:
        raise CodebookError(N_("This is not a codebook: line {line} cannot be read."), line=line)
    return found


def _parsed(source: bytes | str) -> tuple[CodebookFile, int]:
    """What could be read, and the line in which reading stopped, or 0."""
    reader, line = _XmlReader(), 0
    try:
        reader.parser.Parse(source, True)
    except expat.ExpatError as error:
        line = error.lineno
        reader.rejected.append(CodebookError(N_("The file is damaged from line {line} on."), line=line))
    return CodebookFile(tuple(reader.concepts), tuple(reader.rejected)), line


# --- what becomes of it -----------------------------------------------------------------------------------------------


def _concept(name: str, definition: str, given_id: str, related: tuple[str, ...], place: int) -> ReadConcept:
    """A concept with its name on one line; a name that is too long is shortened and stands whole in the definition."""
    name = " ".join(name.split())
    definition = definition.strip()
    if len(name) > LONGEST_TERM:
        definition = "\n\n".join(filter(None, (name, definition)))
        name = name[: LONGEST_TERM - 1].rstrip() + "…"
    return ReadConcept(name, definition, given_id.strip().strip("{}"), related, place)


def plan_import(file: CodebookFile, codebook: Codebook, *, resource: str = "", who: str = "") -> CodebookImport:
    """What becomes of each concept of a file next to the codebook at hand, and the one operation that brings it in."""
    return _Planner(codebook, resource, who).plan(file)


class _Planner:
    def __init__(self, codebook: Codebook, resource: str, who: str) -> None:
        self._codebook, self._who = codebook, who
        self._known = {identity: entry.id for entry in codebook if (identity := _identity(entry.id))}
        self._known |= {
            str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:letstalk:{resource}:concept:{entry.id}")): entry.id for entry in codebook
        }
        self._changed: dict[str, OwnConcept] = {}
        self._named: dict[str, str] = {}

    def plan(self, file: CodebookFile) -> CodebookImport:
        outcomes: list[tuple[str, Outcome]] = []
        ids: list[str] = []
        for one in file.concepts:
            concept_id, outcome = self._place(one)
            ids.append(concept_id)
            outcomes.append((one.name, outcome))
        for number, one in enumerate(file.concepts):
            if self._relate(ids[number], one) and outcomes[number][1] is Outcome.IDENTICAL:
                outcomes[number] = (one.name, Outcome.UPDATED)
        operation = None
        if self._changed:
            changed = tuple(self._changed.values())
            operation = Operation(str(uuid.uuid4()), str(uuid.uuid4()), N_("Import codebook"), self._who, concepts=changed)
        return CodebookImport(tuple(outcomes), file.rejected, operation)

    def _place(self, one: ReadConcept) -> tuple[str, Outcome]:
        """The id under which the concept is or will be here, and what becomes of it."""
        known = self._known.get(_identity(one.id), one.id)
        entry = self._codebook.get(known) or self._codebook.named(one.name)
        if entry is not None and entry.own is None:
            return entry.id, Outcome.IDENTICAL  # the resource's own words stand
        new_id = self._known.get(_identity(one.id), "") or self._named.get(folded(one.name), "")
        mine = self._changed.get(entry.id if entry else new_id) or (entry.own if entry else None)
        if mine is None:
            concept_id = _identity(one.id) or str(uuid.uuid4())
            self._changed[concept_id] = OwnConcept(concept_id, one.name, one.definition, author=self._who)
            self._known[concept_id] = concept_id
            self._named[folded(one.name)] = concept_id
            return concept_id, Outcome.NEW
        if folded(mine.term) != folded(one.name):
            return mine.id, Outcome.CONFLICT
        if one.definition and not mine.definition:
            self._changed[mine.id] = mine._replace(definition=one.definition)
            return mine.id, Outcome.UPDATED
        return mine.id, Outcome.CONFLICT if one.definition and one.definition != mine.definition else Outcome.IDENTICAL

    def _relate(self, concept_id: str, one: ReadConcept) -> bool:
        """Add the relations that are not there yet, to the reader's own concepts only; True where any was added."""
        entry = self._codebook.get(concept_id)
        mine = self._changed.get(concept_id) or (entry.own if entry is not None else None)
        if mine is None:
            return False
        wanted = [self._resolved(words) for words in one.related]
        present = {*mine.related, *self._codebook.related(concept_id), concept_id, ""}
        added = [other for other in dict.fromkeys(wanted) if other not in present]
        # A relation holds both ways: what the other concept of the file already says need not be said again.
        added = [other for other in added if other not in self._changed or concept_id not in self._changed[other].related]
        if added:
            self._changed[concept_id] = mine._replace(related=(*mine.related, *added))
        return bool(added)

    def _resolved(self, words: str) -> str:
        """The id of a concept named by its id or its name; '' where there is none."""
        identity = _identity(words.strip("{}"))
        if identity in self._known:
            return self._known[identity]
        entry: Entry | None = self._codebook.get(words) or self._codebook.named(words)
        return entry.id if entry is not None else self._named.get(folded(" ".join(words.split())), "")


def _identity(given: str) -> str:
    """A GUID in the one form in which ids are compared; '' for anything else."""
    try:
        return str(uuid.UUID(given))
    except ValueError:
        return ""
