"""References for other programs: CSL-JSON, RIS and BibTeX. Every function takes CSL items by key and returns a file's text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from letstalk_desktop.library.csl_items import Item, prepared

_RIS_TYPES = {
    "article-journal": "JOUR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "book": "BOOK",
    "chapter": "CHAP",
    "paper-conference": "CPAPER",
    "report": "RPRT",
    "speech": "CPAPER",
    "thesis": "THES",
    "webpage": "ELEC",
}
_RIS_FIELDS = (
    ("T2", "container-title"),
    ("T2", "event"),
    ("VL", "volume"),
    ("IS", "issue"),
    ("ET", "edition"),
    ("PB", "publisher"),
    ("CY", "publisher-place"),
    ("T3", "collection-title"),
    ("SN", "ISBN"),
    ("LA", "language"),
    ("DO", "DOI"),
    ("UR", "URL"),
)
_BIBTEX_TYPES = {
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "book": "book",
    "chapter": "incollection",
    "paper-conference": "inproceedings",
    "report": "techreport",
    "thesis": "phdthesis",
}
_BIBTEX_FIELDS = (
    ("volume", "volume"),
    ("number", "issue"),
    ("edition", "edition"),
    ("publisher", "publisher"),
    ("address", "publisher-place"),
    ("series", "collection-title"),
    ("isbn", "ISBN"),
    ("doi", "DOI"),
    ("url", "URL"),
)
_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{character: f"\\{character}" for character in "$&%#_"},
    }
)


def csl_json(items: Mapping[str, Item]) -> str:
    """The items as they are, as a CSL-JSON array."""
    return json.dumps([{**item, "id": key} for key, item in items.items()], ensure_ascii=False, indent=2) + "\n"


def ris(items: Mapping[str, Item]) -> str:
    """RIS, as reference managers import it (line ends CR LF)."""
    lines: list[str] = []
    for key, item in items.items():
        ready = prepared(item, "", "en")
        lines += [f"TY  - {_RIS_TYPES.get(ready['type'], 'GEN')}", f"ID  - {key}"]
        lines += [f"AU  - {_name(name)}" for name in ready.get("author", [])]
        lines += [f"ED  - {_name(name)}" for name in ready.get("editor", [])]
        lines.append(f"TI  - {ready['title']}")
        date = ready.get("issued", {}).get("date-parts", [[]])[0]
        if date:
            lines += [f"PY  - {date[0]}", f"DA  - {'/'.join(f'{part:02}' for part in date)}"]
        lines += [f"{tag}  - {ready[field]}" for tag, field in _RIS_FIELDS if field in ready]
        first, _, last = ready.get("page", "").replace("–", "-").partition("-")
        lines += [f"{tag}  - {page.strip()}" for tag, page in (("SP", first), ("EP", last)) if page]
        lines += ["ER  - ", ""]
    return "".join(f"{line}\r\n" for line in lines)


def bibtex(items: Mapping[str, Item]) -> str:
    """BibTeX in UTF-8; titles keep their capitals."""
    entries = []
    for key, item in items.items():
        ready = prepared(item, "", "en")
        kind = _BIBTEX_TYPES.get(ready["type"], "misc")
        names = {role: " and ".join(_tex_name(name) for name in ready.get(role, [])) for role in ("author", "editor")}
        container = {"article": "journal", "misc": "howpublished"}.get(kind, "booktitle")
        date = ready.get("issued", {}).get("date-parts", [[]])[0]
        fields = {
            **names,
            "title": f"{{{_tex(ready['title'])}}}",
            container: _tex(ready.get("container-title", "")),
            "year": str(date[0]) if date else "",
            "pages": _tex(re.sub("[-–]+", "--", ready.get("page", ""))),
            # The packages that print addresses take them as they are.
            **{
                field: ready[source] if field in ("doi", "url") else _tex(ready[source])
                for field, source in _BIBTEX_FIELDS
                if source in ready
            },
        }
        for field in ("doi", "url"):
            fields[field] = fields.get(field, "").replace("{", "%7B").replace("}", "%7D")
        lines = [f"  {field} = {{{value}}}," for field, value in fields.items() if value]
        entries.append("\n".join([f"@{kind}{{{re.sub('[^A-Za-z0-9_:.+/-]', '-', key)},", *lines, "}"]))
    return "\n\n".join(entries) + "\n" if entries else ""


def _name(name: Mapping[str, str]) -> str:
    return name.get("literal") or f"{name['family']}, {name['given']}"


def _tex(words: str) -> str:
    return words.translate(_TEX)


def _tex_name(name: Mapping[str, str]) -> str:
    return f"{{{_tex(name['literal'])}}}" if "literal" in name else _tex(_name(name))
