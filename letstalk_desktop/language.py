"""The one gettext catalogue: a translator object per language, usable without Qt.

Strings are literals with named fields: ``_("Chapter {title}").format(title=title)``. Tables of strings are marked with
``N_`` and translated when shown.
"""

from __future__ import annotations

import gettext as _gettext
from pathlib import Path
from typing import NamedTuple

INTERFACE_LANGUAGES = ("en", "fr")
DOMAIN = "letstalk"


def N_(text: str) -> str:
    """Mark a literal for the catalogue without translating it now."""
    return text


class Translator(NamedTuple):
    """Translates into one language. ``language`` is an ISO 639-1 code."""

    language: str
    catalogue: _gettext.NullTranslations

    def gettext(self, text: str) -> str:
        """The text in this language; the English text where the catalogue has none."""
        return self.catalogue.gettext(text)

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """The form for ``count`` (0 is singular in French, plural in English)."""
        return self.catalogue.ngettext(singular, plural, count)

    def pgettext(self, context: str, text: str) -> str:
        """The text in this language where English has one word for two things."""
        return self.catalogue.pgettext(context, text)


def translator(language: str, locale_folder: Path | None) -> Translator:
    """The translator for ``language``; English (the source text) for a language without a catalogue."""
    if language == "en" or locale_folder is None:
        return Translator("en" if language not in INTERFACE_LANGUAGES else language, _gettext.NullTranslations())
    try:
        catalogue = _gettext.translation(DOMAIN, localedir=str(locale_folder), languages=[language])
    except OSError:
        return Translator("en", _gettext.NullTranslations())
    return Translator(language, catalogue)
