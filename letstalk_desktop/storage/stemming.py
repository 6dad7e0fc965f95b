"""English and French words brought to their stems, so that one form finds the others. The only importer of ``Stemmer``."""

from __future__ import annotations

import re
import threading
import zlib

import Stemmer  # PyStemmer: the Snowball stemmers in C

from letstalk_desktop.storage.folding import fold

STEMMED = ("en", "fr")
PLAIN = ""  # the language of a text in neither: its words are their own stems
SIGNS = {"en": "", "fr": "_", PLAIN: "__"}  # before a stem in the index: it is compared within its language only

_NAMES = {"en": "english", "fr": "french"}
_STEMMERS = {language: Stemmer.Stemmer(name, 0) for language, name in _NAMES.items()}
_LOCK = threading.Lock()  # a stemmer has one buffer for its answer
_ACCENTS = (  # endings as typed without accents, and with them
    (re.compile(r"ee(s?)$"), r"ée\1"),
    (re.compile(r"e(s?)$"), r"é\1"),
    (re.compile(r"ere(s?)$"), r"ère\1"),
    (re.compile(r"es$"), "ès"),
)
_SAMPLE = "organizing communities’ evaluation organisées égalité chevaux œuvres première équités travaillaient"


def base(language: str) -> str:
    """The language by whose rules a text in ``language`` is stemmed: "fr" for "fr-CA", PLAIN for one without a stemmer."""
    short = language.partition("-")[0]
    return short if short in _NAMES else PLAIN


def stem(spelled: str, language: str) -> str:
    """The stem of a word (lower case, with its accents), itself without accents. ``language`` as ``base`` gives it.

    Accents are taken off afterwards, because the rules for French endings need them.
    """
    stemmer = _STEMMERS.get(language)
    if stemmer is None:
        return letters(spelled) or spelled
    with _LOCK:
        found: str = stemmer.stemWord(spelled.replace("’", "'"))
    return found if found.isascii() and found.isalnum() else letters(found) or letters(spelled) or spelled


def stems_without_accents(spelled: str, language: str) -> set[str]:
    """The stems of a word as a hurried reader types it: in French also those of the words it may stand for (organisees)."""
    found = {stem(spelled, language)}
    if language == "fr" and spelled.isascii():
        found.update(stem(ending.sub(accented, spelled), language) for ending, accented in _ACCENTS if ending.search(spelled))
    return found


def letters(word: str) -> str:
    """A word folded to the letters, digits and inner apostrophes (’) that two spellings of it have in common."""
    if word.isascii() and word.isalnum():
        return word.lower()
    folded = fold(word).replace("'", "’")
    return folded if folded.isalnum() else "".join(one for one in folded if one.isalnum() or one == "’")


def fingerprint() -> str:
    """Differs where another release of the stemmers (or of Unicode) would give other stems."""
    stems = [stem(word, language) for word in _SAMPLE.split() for language in STEMMED]
    return f"{Stemmer.version()}-{zlib.crc32(' '.join(stems).encode()):08x}"
