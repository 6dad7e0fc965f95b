"""Word lists of the checker: Canadian spellings, and words that plain language avoids. Data, and how a word is looked up."""

from __future__ import annotations

import re

_IZE = (
    "apologi|authori|capitali|categori|centrali|characteri|coloni|criminali|critici|decentrali|dramati|emphasi|energi|equali|"
    "finali|formali|generali|hospitali|immuni|institutionali|legali|legitimi|locali|marginali|maximi|medicali|minimi|mobili|"
    "moderni|neutrali|normali|optimi|organi|penali|personali|politici|prioriti|privati|publici|raciali|reali|recogni|reorgani|"
    "revitali|scrutini|seculari|speciali|stabili|standardi|stigmati|strategi|summari|symboli|sympathi|synthesi|theori|"
    "traumati|unioni|urbani|utili|victimi|visuali"
)
_OUR = "behavi|col|endeav|fav|flav|harb|hon|hum|lab|neighb|parl|rum|sav|vap|vig"
_DOUBLE = "cancel|channel|counsel|fuel|label|level|marvel|model|signal|total|travel"

_ENGLISH: list[tuple[re.Pattern[str], str]] = [
    (re.compile(rf"({_IZE})s(e|ed|es|er|ers|ing|ation|ations|able)$"), r"\1z\2"),
    (re.compile(r"(anal|paral|catal)ys(e|ed|er|ers|ing)$"), r"\1yz\2"),
    (
        re.compile(rf"({_OUR})or(s|ed|ing|ful|ite|ites|able|ably|er|ers|hood|hoods|ly|al|less)?$"),
        r"\1our\2",
    ),
    (re.compile(r"(met|lit|kilomet|theat|fib|lust|sabot|spect)er(s)?$"), r"\1re\2"),
    (re.compile(r"center(s|ed|piece)?$"), r"centre\1"),
    (re.compile(r"centering$"), "centring"),
    (re.compile(rf"({_DOUBLE})(ed|ing|er|ers|or|ors)$"), r"\1l\2"),
    (re.compile(r"(def|off|pret)ense(s)?$"), r"\1ence\2"),
    (re.compile(r"programme(s)?$"), r"program\1"),
    (re.compile(r"gray(s|er|ish)?$"), r"grey\1"),
    (re.compile(r"(cata|dia|ana)log(s)?$"), r"\1logue\2"),
]
_ENGLISH_RIGHT = frozenset(("honorary", "humorous", "laborious", "vigorous", "vaporize"))

_FRENCH: list[tuple[re.Pattern[str], str]] = [
    (re.compile(r"(c|ch|s|v|rancc)oeur(s)?$"), r"\1œur\2"),
    (re.compile(r"(man)?oeuvr(e|es|er|é|ée|és|ées|ent|ant|ier|iers|ière|ières)?$"), r"\1œuvr\2"),
    (re.compile(r"(n|v)oeu(d|ds|x)?$"), r"\1œu\2"),
    (re.compile(r"oeil(s|lères?)?$"), r"œil\1"),
    (
        re.compile(r"(E)(tat|tats|cole|coles|glise|glises|galité|quité|valuation|tude|tudes|conomie|ducation|quipe|quipes)$"),
        r"É\2",
    ),
    (re.compile(r"évènement(s)?$"), r"événement\1"),
]

SPELLINGS = {"en": _ENGLISH, "fr": _FRENCH}


def spelling(language: str, word: str) -> str:
    """The Canadian spelling of a word that is written in another way; empty where nothing is wrong.

    English words with a capital are left alone: they may be names.
    """
    if language == "en" and (word[0].isupper() or word in _ENGLISH_RIGHT):
        return ""
    for pattern, better in SPELLINGS.get(language, []):
        if pattern.match(word) and (changed := pattern.sub(better, word)) != word:
            return changed
    return ""


def _phrases(pairs: dict[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE), instead) for words, instead in pairs.items())


AVOIDED = {
    "en": _phrases(
        {
            "utili[sz](?:e|es|ed|ing|ation)": "use",
            "leverag(?:ed|es|ing)|to leverage": "use",
            "in order to": "to",
            "prior to": "before",
            "subsequent(?:ly)? to": "after",
            "commenc(?:e|es|ed|ing)": "begin",
            "ascertain(?:s|ed|ing)?": "find out",
            "with (?:regard|respect) to|in relation to|pertaining to": "about",
            "in the event (?:that|of)": "if",
            "at this point in time": "now",
            "due to the fact that": "because",
            "in spite of the fact that": "although",
            "the majority of": "most",
            "facilitat(?:e|es) the \\w+ of": "help",
            "methodolog(?:y|ies)": "method",
            "going forward|moving forward": "from now on",
            "paradigms?": "way of seeing",
            "synerg(?:y|ies|istic)": "working together",
            "holistic(?:ally)?": "whole",
            "impactful": "that works",
            "stakeholders?": "the people concerned",
            "(?:vulnerable|target) (?:groups?|populations?|communities)": "people facing …",
            "best practices?": "what has worked",
            "capacity[- ]building": "learning, staff or money",
            "delv(?:e|es|ed|ing)": "look into",
            "it is important to note that": "nothing at all",
        }
    ),
    "fr": _phrases(
        {
            "au niveau d(?:e|es|u)": "dans, pour",
            "suite à(?! l’)": "à la suite de, après",
            "en termes de": "pour ce qui est de",
            "impact(?:er|é|ée|és|ées|e|ent)": "toucher",
            "adresser (?:un|le|ce|des|les|ces) (?:problèmes?|enjeux?|questions?)": "traiter, aborder",
            "mettre l’emphase": "insister",
            "opportunités?": "occasion",
            "parties? prenantes?": "les personnes concernées",
            "(?:populations?|clientèles?|groupes?|personnes) (?:vulnérables?|marginalisé[e]?s?)": "personnes en situation de …",
            "autonomis(?:er|ation)": "renforcer le pouvoir d’agir",
            "afin de pouvoir": "pour",
            "dans le but de": "pour",
            "prendre pour acquis": "tenir pour acquis",
            "à ce stade-ci|à ce point-ci": "maintenant",
            "meilleures pratiques": "pratiques éprouvées",
            "finaliser": "terminer",
            "initier (?:un|une|le|la|des|les)": "lancer, commencer",
        }
    ),
}
