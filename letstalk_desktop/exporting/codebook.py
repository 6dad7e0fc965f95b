"""The codebook for other programs: a table for spreadsheets, and REFI-QDA's exchange format for codebooks (``.qdc``)."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from letstalk_desktop import __version__
from letstalk_desktop.annotations.concepts import Codebook, Entry
from letstalk_desktop.exporting.characters import carried
from letstalk_desktop.exporting.csv_table import safe_cell
from letstalk_desktop.library.model import Resource

CODEBOOK_ENDINGS = (".qdc", ".csv")
NAMESPACE = "urn:QDA-XML:codebook:1.0"


def codebook_file(target: Path, codebook: Codebook, resource: Resource, language: str, counts: Mapping[str, int]) -> bytes:
    """The codebook as the ending of a file wants it: a table where it is .csv, else REFI-QDA."""
    if target.suffix.lower() == ".csv":
        return codebook_csv(codebook, resource.languages, language, counts)
    return codebook_qdc(codebook, resource.id, language, f"Let's Talk Desktop {__version__}")


def codebook_csv(codebook: Codebook, languages: Sequence[str], language: str, counts: Mapping[str, int]) -> bytes:
    """One row per concept; UTF-8 with a byte order mark, commas, CRLF; no cell is ever taken for a formula.

    ``term`` and ``definition`` are in ``language``, further columns hold those of each of ``languages``; ``related`` are
    terms parted by "; "; ``counts``: passages by concept id.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    per_language = [f"{name}_{code}" for code in languages for name in ("term", "definition")]
    writer.writerow(["term", "definition", "related", "own", "passages", *per_language, "sources", "id"])
    for entry in codebook.sorted(language):
        row = [
            entry.term(language),
            entry.definition(language),
            "; ".join(_related(codebook, entry, language)),
            "yes" if entry.own is not None else "no",
            str(counts.get(entry.id, 0)),
        ]
        for code in languages:
            row += [entry.terms.get(code, ""), entry.definitions.get(code, "")]
        writer.writerow([safe_cell(cell) for cell in [*row, "; ".join(entry.sources), entry.id]])
    return text.getvalue().encode("utf-8-sig")


def _related(codebook: Codebook, entry: Entry, language: str) -> list[str]:
    found = (codebook.get(other) for other in codebook.related(entry.id))
    return sorted(other.term(language) for other in found if other is not None)


def codebook_qdc(codebook: Codebook, resource: str, language: str, program: str) -> bytes:
    """REFI-QDA XML 1.0: every concept is a code with its definition as the description, in ``language``.

    The format knows no relations and no second language. A concept of a resource gets a GUID made of its id, always the
    same; one of the reader's own keeps the id that it has.
    """
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<CodeBook xmlns="{NAMESPACE}" origin={_attribute(program)}>',
        "<Codes>",
    ]
    for entry in codebook.sorted(language):
        opening = f'<Code guid="{code_guid(resource, entry)}" name={_attribute(entry.term(language))} isCodable="true"'
        definition = entry.definition(language)
        if definition:
            lines.append(f"{opening}><Description>{escape(carried(definition))}</Description></Code>")
        else:
            lines.append(f"{opening}/>")
    return "\n".join([*lines, "</Codes>", "</CodeBook>", ""]).encode("utf-8")


def code_guid(resource: str, entry: Entry) -> str:
    """The GUID of a concept, upper case."""
    if entry.own is not None:
        try:
            return str(uuid.UUID(entry.id)).upper()
        except ValueError:
            resource = ""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:letstalk:{resource}:concept:{entry.id}")).upper()


def _attribute(text: str) -> str:
    return quoteattr(carried(text), {"\n": "&#10;", "\t": "&#9;"})
