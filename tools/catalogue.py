"""The message catalogue: extract what the code says, update the translations, compile them.

`python3 dev.py catalogue` runs this; with `--check` it changes nothing and says what is out of step.
"""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "resources" / "locale"
LANGUAGES = ("fr",)
# What a message is handed to. `pgettext` takes its context first.
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "_offer": (1, 2),  # the notes panel's own: says how many, and offers Undo
}
_HEADER = "# {language} texts of Let's Talk Desktop. `python3 dev.py catalogue` keeps this file in step with the code."


def extracted() -> Catalog:
    """Every message of the package, with the files it stands in and the comments that begin with ``Translators:``."""
    catalogue = Catalog(project="Let's Talk Desktop", version="", charset="utf-8")
    package = ROOT / "letstalk_desktop"
    found = extract_from_dir(str(package), [("**.py", "python")], keywords=KEYWORDS, comment_tags=("Translators:",))
    for file, _line, message, comments, context in sorted(found, key=lambda one: (one[0], one[1])):
        catalogue.add(message, locations=[(f"letstalk_desktop/{file}", 0)], auto_comments=comments, context=context)
    return catalogue


def po_path(language: str) -> Path:
    """Where the translations into ``language`` stand."""
    return LOCALE / language / "LC_MESSAGES" / "letstalk.po"


def read(language: str) -> Catalog:
    """The translations into ``language`` as they stand; an empty catalogue where there is no file."""
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str) -> tuple[bytes, bytes]:
    """The .po and .mo files as they should be: every message of the code, its translation kept, nothing else."""
    catalogue = read(language)
    catalogue.update(extracted(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    # WORKAROUND: Babel puts the hour of the run into the header, and every run would be a change.
    header = _HEADER.format(language=str(catalogue.locale.english_name if catalogue.locale else language))
    plural = f"nplurals={catalogue.num_plurals}; plural={catalogue.plural_expr};"
    fields = f'"Language: {language}\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: {plural}\\n"\n'
    body = io.BytesIO()
    write_po(body, catalogue, width=120, omit_header=True, sort_by_file=True, include_lineno=False)
    po = f'{header}\nmsgid ""\nmsgstr ""\n{fields}\n'.encode() + body.getvalue()
    return po, compiled(read_po(io.BytesIO(po), locale=language))


def compiled(catalogue: Catalog) -> bytes:
    """The .mo file of a catalogue; the same bytes whenever it is made."""
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    mo = io.BytesIO()
    write_mo(mo, catalogue)
    return mo.getvalue()


def out_of_step(language: str) -> list[str]:
    """What `dev.py catalogue` would change: messages that are new or gone, and a .mo file that is not made from the .po."""
    present, wanted = _keys(read(language)), _keys(extracted())
    path = po_path(language)
    stale = not path.with_suffix(".mo").exists() or path.with_suffix(".mo").read_bytes() != compiled(read(language))
    return [
        *(f"new: {text}" for _context, text in sorted(wanted - present)),
        *(f"gone: {text}" for _context, text in sorted(present - wanted)),
        *(["letstalk.mo is not made from letstalk.po"] if stale else []),
    ]


def _keys(catalogue: Catalog) -> set[tuple[str, str]]:
    return {(message.context or "", _texts(message.id)[0]) for message in catalogue if message.id}


def main(words: list[str]) -> int:
    """Write the files, or with ``--check`` only compare; then say what is untranslated."""
    status = 0
    for language in LANGUAGES:
        path = po_path(language)
        if "--check" in words:
            for difference in out_of_step(language):
                status = 1
                print(f"{language}: {difference} (run `python3 dev.py catalogue`, then translate)")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            for file, content in zip((path, path.with_suffix(".mo")), updated(language), strict=True):
                file.write_bytes(content)
        messages = [message for message in read(language) if message.id]
        empty = [message for message in messages if not all(_texts(message.string))]
        print(f"{language}: {len(messages)} messages, {len(empty)} without a translation")
        for message in empty:
            print(f"  {message.locations[0][0]}: {_texts(message.id)[0]}")
            status = 1
    return status


def _texts(value: object) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, (tuple, list)) else (str(value),)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
