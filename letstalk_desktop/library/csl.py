"""The CSL processor: prepared items and a style in, marked text out. The only file that imports citeproc and lxml.

The styles are the CSL project's own files (``resources/csl``, see its README), read unchanged. citeproc-py follows the CSL
specification with some gaps; each gap that shows in a reference is closed here, in the style's tree before it is used or in
the text that comes back, marked WORKAROUND.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

ITALIC, UPRIGHT = "\ue000", "\ue001"  # stand around italics in what the processor returns
STYLES = {
    ("apa", "en"): ("apa.csl", "en-US"),
    ("apa", "fr"): ("universite-de-montreal-apa.csl", "fr-CA"),
    ("vancouver", "en"): ("nlm-citation-sequence.csl", "en-US"),
    ("vancouver", "fr"): ("nlm-citation-sequence.csl", "fr-CA"),
    ("chicago", "en"): ("chicago-author-date.csl", "en-US"),
    ("chicago", "fr"): ("chicago-author-date-fr.csl", "fr-CA"),
}
AUTHOR_DATE = ("apa", "chicago")
_NAMESPACE = "http://purl.org/net/xbiblio/csl"
_CS = {"cs": _NAMESPACE}
_TWICE = re.compile(
    r"^(?P<title>.+?)(?P<stop>\.? )(?P<date>(?:\([^()]*\)|\d{4}[a-z]?|n\.d\.|s\.\u00a0d\.)\.?) "
    r"(?P=title)(?P<more> \([^()]*\))?(?:\.(?= |$))?"
)
_MARKS = f"[{ITALIC}{UPRIGHT}]"
_PLAIN_LETTERS = str.maketrans({"ᵉ": "e", "ʳ": "r", "ᵒ": "o", "\u2011": "-"})  # ordinals and ranges, so that search finds them


def style_folder() -> Path:
    """Where the style files are: beside the package in a checkout and a frozen build, inside it in a wheel.

    A reference must read the same whoever asks for it, so the place is not left to each caller.
    """
    package = Path(__file__).resolve().parents[1]
    installed = package / "_data"
    return (installed if installed.is_dir() else package.parent) / "resources" / "csl"


class Processor:
    """Formats prepared items (see ``csl_items.prepared``) in one style and language.

    Making one raises whatever a missing package, a missing file or a broken file raises.
    """

    def __init__(self, style: str, language: str, folder: Path | None = None) -> None:
        # Imported here: lxml and citeproc take 0.1 s, and most starts of the program format nothing.
        from citeproc import CitationStylesStyle  # type: ignore[import-untyped]
        from lxml import etree  # type: ignore[import-untyped]

        file, locale = STYLES[style, language]
        parser = etree.XMLParser(remove_comments=True, no_network=True, resolve_entities=False)
        root = etree.parse(str((folder or style_folder()) / file), parser).getroot()
        _repair(root, style, language)
        self._style = CitationStylesStyle(BytesIO(etree.tostring(root)), locale=locale, validate=False)
        self._macros = _remember(self._style.root)
        element = self._style.root.find("cs:citation", _CS)
        self._et_al = {name: element.get(name, default) for name, default in (("et-al-use-first", "1"), ("et-al-min", "0"))}
        self.style, self.language = style, language

    def reference(self, item: Mapping[str, Any]) -> str:
        """The item as in a reference list, without a number; italics between ITALIC and UPRIGHT."""
        bibliography = self._bibliography([item])
        text = self._polished("".join(str(part) for part in bibliography.bibliography()))
        # WORKAROUND: a title in the author’s place is not printed again; citeproc-py keeps it.
        return _TWICE.sub(lambda found: found["title"] + (found["more"] or "") + found["stop"] + found["date"], text)

    def citation(self, items: Sequence[Mapping[str, Any]], cites: Sequence[tuple[int, str, str]], names: int = 1) -> str:
        """The mark in the text, as ``(Heller et al., 2023, p. 2)``; for each cite the item's index, locator and its label.

        ``names`` is how many names stand before “et al.”. A locator with an empty label is printed as it is.
        """
        from citeproc import Citation, CitationItem, Locator

        bibliography = self._bibliography(items)
        self._style.root.find("cs:citation", _CS).attrib.update(
            self._et_al if names == 1 else {"et-al-use-first": str(names), "et-al-min": str(max(names + 1, 3))}
        )
        made = []
        for index, locator, label in cites:
            more = {"locator": Locator(label, locator)} if label else {"suffix": f", {locator}"} if locator else {}
            made.append(CitationItem(f"r{index}", **more))
        citation = Citation(made)
        bibliography.register(citation)
        return self._polished(str(bibliography.cite(citation, lambda missing: "")))

    def _bibliography(self, items: Sequence[Mapping[str, Any]]) -> Any:
        from citeproc import Citation, CitationItem, CitationStylesBibliography
        from citeproc.source.json import CiteProcJSON  # type: ignore[import-untyped]

        source = CiteProcJSON([{**_names_held(item), "id": f"r{index}"} for index, item in enumerate(items)])
        for reference in source.values():
            # WORKAROUND: citeproc-py warns of CSL 1.0.2's newer variables, though it prints what it is given.
            if "event" in reference:
                reference["event_title"] = reference["event"]
        bibliography = CitationStylesBibliography(self._style, source, _Marks)
        bibliography.register(Citation([CitationItem(f"r{index}") for index in range(len(items))]))
        return bibliography

    def _polished(self, text: str) -> str:
        # WORKAROUND: citeproc-py sees “?” and “.” as different marks, and does not look through the end of italics.
        text = re.sub(rf"([?!])({_MARKS}?)\.(?=[\s{UPRIGHT}]|$)", r"\1\2", text)
        text = re.sub(rf"([.?!…])([{UPRIGHT}”]+)\.", r"\1\2", text).replace(". ,", ",").replace(". . ", ". ")
        # What stands in brackets instead of a title describes the work: neither italics nor quotation marks.
        text = re.sub(rf"{ITALIC}(\[[^\[\]]*\]){UPRIGHT}|“(\[[^\[\]]*\])”|«\s(\[[^\[\]]*\])\s»", _first_group, text)
        if self.language == "fr":
            text = re.sub("[ \u202f]([:;?!»])", "\u00a0\\1", text).replace("« ", "«\u00a0").replace("s. d.", "s.\u00a0d.")
            text = re.sub(r"\b(p|paragr|chap|vol|n[oᵒ])\.? (?=\d)", lambda found: found[0][:-1] + "\u00a0", text)
        elif self.style in AUTHOR_DATE:
            text = _american_quotation(text)
        return re.sub(" {2,}", " ", text.translate(_PLAIN_LETTERS)).strip(" ")


def _first_group(found: re.Match[str]) -> str:
    return next(group for group in found.groups() if group is not None)


def _names_held(item: Mapping[str, Any]) -> dict[str, Any]:
    """The item with what keeps its capitals where a style sets headlines: names of periodicals and sites, descriptions."""
    held = {"container-title"} if item["type"] != "chapter" else set()
    if item["title"].startswith("["):
        held.add("title")
    return {key: f'<span class="nocase">{value}</span>' if key in held else value for key, value in item.items()}


class _Marks:
    """What citeproc-py calls to set type: italics between two private characters, every other letter as it is."""

    @staticmethod
    def preformat(text: object) -> str:
        return str(text)

    @staticmethod
    def Italic(text: object) -> str:
        return f"{ITALIC}{text}{UPRIGHT}"

    Oblique = Italic
    Bold = Light = Underline = Superscript = Subscript = SmallCaps = str


def _american_quotation(text: str) -> str:
    """WORKAROUND: citeproc-py does neither the locale's punctuation-in-quote nor the alternation of inner quotation marks."""
    result, depth = [], 0
    for character in text:
        if character == "“":
            result.append("“" if depth % 2 == 0 else "‘")
            depth += 1
        elif character == "”" and depth:
            depth -= 1
            result.append("”" if depth % 2 == 0 else "’")
        else:
            result.append(character)
    text = re.sub(r"(’?”)([.,])", r"\2\1", "".join(result))
    return re.sub(r"([.?!])\.(’?”)", r"\1\2", text)


def _repair(root: Any, style: str, language: str) -> None:
    for condition in root.iterfind(".//*[@is-numeric='locator']"):
        # WORKAROUND: citeproc-py looks for the locator among the item's own numbers. Ours has a label only if it is a number.
        condition.set("variable", "locator")
        del condition.attrib["is-numeric"]
    for label in root.iterfind(".//cs:label[@text-case='title']", _CS):
        # WORKAROUND: citeproc-py knows no language for a label and leaves “(eds.)” in lower case.
        label.set("text-case", "capitalize-first")
    for label in root.findall(".//cs:label[@variable]", _CS):
        # WORKAROUND: a label without its variable is not printed; citeproc-py prints “Edition” alone.
        if label.get("variable") != "locator":
            choose, condition = _element("choose"), _element("if", variable=label.get("variable"))
            label.getparent().replace(label, choose)
            condition.append(label)
            choose.append(condition)
    for term in root.findall(".//cs:text[@term='advance-online-publication']", _CS):
        term.getparent().remove(term)  # Chicago's style takes a journal without volumes for an article ahead of print
    _complete_substitutes(root)
    _name_editors_once(root)
    _keep_given_names(root)
    _retrieve_with_a_date(root)
    if style == "vancouver":
        _fit_vancouver(root, language)
    for entry in root.findall("cs:bibliography[@et-al-use-last='true'][@et-al-use-first='20']", _CS):
        entry.set("et-al-use-first", "19")  # the manual: the first 19 of 21 or more names, an ellipsis and the last
    if (style, language) == ("chicago", "fr"):
        _letter_the_years(root)


def _remember(root: Any) -> list[Any]:
    """WORKAROUND: citeproc-py searches a macro by XPath, and walks it for variables, at every use: two thirds of its time.

    lxml keeps what is set on an element for as long as the element itself is kept, so the answers are set on the elements.
    """
    search, found = root.xpath_search, {}

    def remembered(expression: str) -> Any:
        if expression not in found:
            found[expression] = search(expression)
        return found[expression]

    macros = root.findall("cs:macro", _CS)
    for macro in macros:
        macro.calls_variable = partial(bool, macro.calls_variable())
    root.xpath_search = remembered
    return list(macros)


def _element(tag: str, **attributes: str) -> Any:
    from lxml import etree

    named = {name.replace("_", "-"): value for name, value in attributes.items()}
    return etree.Element(f"{{{_NAMESPACE}}}{tag}", named, nsmap={None: _NAMESPACE})


def _complete_substitutes(root: Any) -> None:
    """WORKAROUND: short names in cs:substitute take their form from their parent; citeproc-py forgets it inside cs:choose."""
    for substitute in root.iterfind(".//cs:substitute", _CS):
        form = [part for part in substitute.getparent() if part is not substitute]
        for names in substitute.iterfind(".//cs:choose//cs:names", _CS):
            if names.find("cs:name", _CS) is None:
                for place, part in enumerate(form):
                    names.insert(place, deepcopy(part))


def _name_editors_once(root: Any) -> None:
    """WORKAROUND: editors who stand in the author's place are not named again; citeproc-py keeps them."""
    for names in root.findall(".//cs:names", _CS):
        above = {element.tag.rpartition("}")[2] for element in names.iterancestors()}
        if "editor" not in names.get("variable").split() or "substitute" in above:
            continue
        choose = _element("choose")
        names.getparent().replace(names, choose)
        for condition in (
            _element("if", variable="author"),
            _element("else-if", type="entry entry-dictionary entry-encyclopedia", match="any"),
        ):
            condition.append(deepcopy(names))
            choose.append(condition)


def _keep_given_names(root: Any) -> None:
    """WORKAROUND: citeproc-py does not know initialize="false" and shortens every given name."""
    if root.find(".//cs:name[@initialize='false']", _CS) is None:
        return
    mark = root.attrib.pop("initialize-with", None)
    for name in root.iterfind(".//cs:name", _CS):
        if name.get("initialize") != "false" and mark is not None:
            name.set("initialize-with", mark)


def _retrieve_with_a_date(root: Any) -> None:
    """WORKAROUND: “Retrieved … from” without a date of retrieval; citeproc-py prints the words of an empty inner group."""
    for term in root.findall(".//cs:if[@variable='issued status']/cs:text[@term='retrieved']", _CS):
        holder, choose, condition = term.getparent(), _element("choose"), _element("if", variable="accessed")
        condition.extend(list(holder))
        choose.append(condition)
        holder.append(choose)


def _fit_vancouver(root: Any, language: str) -> None:
    """The list brings its own numbers; a mark in the text may carry a page or paragraph, as in (3, p. 12)."""
    for number in root.findall("cs:bibliography/cs:layout/cs:text[@variable='citation-number']", _CS):
        number.getparent().remove(number)
    for date in root.iterfind(".//cs:macro//cs:date[@form='text']", _CS):
        # WORKAROUND: citeproc-py joins the parts of a date without the delimiter of the style's own locale: “2022Jun13”.
        date.set("delimiter", " ")
    layout = root.find("cs:citation/cs:layout", _CS)
    place, both = _element("group", delimiter=" "), _element("group", delimiter=", ")
    place.extend([_element("label", variable="locator", form="short"), _element("text", variable="locator")])
    both.extend([*layout, place])
    layout.append(both)
    layout.set("delimiter", "; ")
    if language == "fr":
        for element in root.iter():
            for name in ("prefix", "suffix", "delimiter"):
                if element.get(name, "").startswith(": "):
                    element.set(name, "\u00a0" + element.get(name))


def _letter_the_years(root: Any) -> None:
    """The French Chicago style leaves 2020a and 2020b to the processor; citeproc-py prints only what the style asks for."""
    for name in ("date", "date-in-text"):
        macro = root.find(f"cs:macro[@name='{name}']", _CS)
        for date in macro.findall(".//cs:date[@variable='issued']", _CS):
            group = _element("group")
            date.getparent().replace(date, group)
            group.extend([date, _element("text", variable="year-suffix")])
        for term in macro.findall(".//cs:text[@term='no date']", _CS):
            term.addnext(_element("text", variable="year-suffix", prefix="-"))
