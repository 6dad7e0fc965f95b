"""Names of menus and buttons in a text: ``{{ui:Export summary…}}`` becomes what the interface says in the text's language.

Only the marks are replaced, within their line; line numbers stay. The catalogues of the program are the only source.
"""

from __future__ import annotations

import gettext as _gettext
import re
from pathlib import Path
from typing import TYPE_CHECKING

from letstalk_desktop.errors import ContentError
from letstalk_desktop.language import DOMAIN, INTERFACE_LANGUAGES, N_

if TYPE_CHECKING:
    from hashlib import _Hash

OPENING = "{{ui:"
_MARK = re.compile(r"\{\{ui:([^{}\n]*)\}\}")
_LEFT = re.compile(r"\{\{ui:")


class _Missing(Exception):
    """The catalogue has no such message."""


class _NoMessage(_gettext.NullTranslations):
    """Stands behind a catalogue and says what it lacks."""

    def gettext(self, message: str) -> str:
        raise _Missing(message)


def with_names(source: str, language: str, *, path: str, locale: Path | None) -> str:
    """The source with every ``{{ui:…}}`` replaced by the name in ``language``, without mnemonics.

    ``locale`` is the folder of the catalogues; without it names stay in English, unchecked. ``path`` is named in errors.
    Raises ContentError with file and line for a name that no catalogue has.
    """
    if "{{" not in source:
        return source
    catalogues = _catalogues(locale)

    def replaced(line: str, number: int) -> str:
        def name(found: re.Match[str]) -> str:
            message = found.group(1).strip()
            try:
                return _plain(_translated(message, language, catalogues))
            except _Missing:
                raise ContentError(
                    N_("the program has no menu or button “{name}”; write its English name as it stands in the program"),
                    file=path,
                    line=number,
                    name=message,
                ) from None

        changed = _MARK.sub(name, line)
        if _LEFT.search(changed):
            raise ContentError(N_("this is not a name of the form {form}"), file=path, line=number, form="{{ui:Name}}")
        return changed

    return "\n".join(replaced(line, number) for number, line in enumerate(source.split("\n"), 1))


def add_catalogues(digest: _Hash, locale: Path | None) -> None:
    """Add every catalogue to a hash, so that what was compiled with other names is compiled again."""
    digest.update(b"\0names\0")
    for file in catalogue_files(locale) if locale is not None else ():
        try:
            digest.update(file.read_bytes())
        except OSError:
            continue


def catalogue_files(locale: Path) -> list[Path]:
    """Where the catalogues are, or would be."""
    return [_file(locale, language) for language in INTERFACE_LANGUAGES]


def _file(locale: Path, language: str) -> Path:
    return locale / language / "LC_MESSAGES" / f"{DOMAIN}.mo"


def _catalogues(locale: Path | None) -> dict[str, _gettext.NullTranslations]:
    """The catalogues that there are, by language."""
    found: dict[str, _gettext.NullTranslations] = {}
    if locale is None:
        return found
    for language in INTERFACE_LANGUAGES:
        try:
            with _file(locale, language).open("rb") as file:
                found[language] = _gettext.GNUTranslations(file)
        except (OSError, ValueError):
            continue
        found[language].add_fallback(_NoMessage())
    return found


def _translated(message: str, language: str, catalogues: dict[str, _gettext.NullTranslations]) -> str:
    """The message in ``language``; in English where that has no catalogue. Raises _Missing."""
    if not catalogues:
        return message
    if language in catalogues:
        return _looked_up(message, catalogues[language])
    for catalogue in catalogues.values():
        _looked_up(message, catalogue)  # English needs none, but a name that does not exist must be seen
    return message


def _looked_up(message: str, catalogue: _gettext.NullTranslations) -> str:
    """The translation of a message that may have a mnemonic somewhere. Raises _Missing."""
    spellings = [message, *(f"{message[:at]}&{message[at:]}" for at in range(len(message)))]
    for spelling in spellings if message else ():
        try:
            return catalogue.gettext(spelling)
        except _Missing:
            continue
    raise _Missing(message)


def _plain(words: str) -> str:
    """The words without the mark of a mnemonic."""
    return re.sub(r"&(.)", r"\1", words)
