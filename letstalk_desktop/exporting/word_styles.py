"""The Word file without its text: paper, language, styles and lists. Only ``word.py`` uses it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from letstalk_desktop.exporting.characters import carried
from letstalk_desktop.exporting.model import Paper, Summary

# On every machine with Word, and with metric twins (Carlito, Caladea) wherever LibreOffice is.
TEXT_FONT, LABEL_FONT, CODE_FONT = "Cambria", "Calibri", "Consolas"
INK, MUTED, ACCENT, PANEL = "1F2529", "5C6668", "0B6165", "F1EEE8"
BULLETS, NUMBERS = 101, 102  # abstract lists

# Line and band of each kind; borders as Word names them, widths in eighths of a point.
KIND_COLOURS: Mapping[str, tuple[str, str]] = {
    "key": ("8A5A00", "FDEAA5"),
    "evidence": ("2C6C2F", "CDEBCB"),
    "question": ("25589C", "CFE1FA"),
    "action": ("9B3D12", "FBD9B8"),
    "tension": ("A3245E", "FBD5E3"),
    "story": ("5F3A9C", "E4D9F7"),
}
BORDERS: Mapping[str, tuple[str, int]] = {
    "solid": ("single", 20),
    "dashed": ("dashed", 20),
    "dotted": ("dotted", 24),
    "double": ("double", 12),
    "heavy": ("single", 40),
    "dash-dot": ("dotDash", 20),
}


UNDERLINES: Mapping[str, str] = {
    "solid": "single",
    "dashed": "dash",
    "dotted": "dotted",
    "double": "double",
    "heavy": "thick",
    "dash-dot": "dotDash",
}


def empty_document(summary: Summary) -> WordDocument:
    """A document with paper, properties, language, styles and lists, and no text."""
    document = Document()
    _clear(document)
    section = document.sections[0]
    width, height = (Mm(210), Mm(297)) if summary.paper is Paper.A4 else (Mm(215.9), Mm(279.4))
    section.page_width, section.page_height = width, height
    section.left_margin = section.right_margin = Mm(24)
    section.top_margin, section.bottom_margin = Mm(22), Mm(24)
    _properties(document, summary)
    _styles(document, summary)
    _lists(document)
    return document


def style_of_kind(kind: str) -> str:
    """The id of the paragraph style in which a kind's passages stand."""
    return f"Passage{kind.capitalize()}"


def _clear(document: WordDocument) -> None:
    """Take out what the template brings along that is not ours: its thumbnail, its old layout rules."""
    package = document.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del package.rels[key]
    settings = document.settings.element
    compat = settings.find(qn("w:compat"))
    if compat is None:
        compat = parse_xml(f"<w:compat {nsdecls('w')}/>")
        settings.append(compat)
    name, address = "compatibilityMode", "http://schemas.microsoft.com/office/word"
    for setting in compat.findall(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == name:
            compat.remove(setting)
    compat.append(parse_xml(f'<w:compatSetting {nsdecls("w")} w:name="{name}" w:uri="{address}" w:val="15"/>'))


def _properties(document: WordDocument, summary: Summary) -> None:
    properties = document.core_properties
    day = datetime.fromisoformat(summary.date)
    properties.title = carried(summary.title)[:255]
    properties.author = carried(summary.reader or ", ".join(summary.authors))[:255]
    properties.last_modified_by = properties.author
    properties.subject = carried(summary.labels["shape"])[:255]
    properties.keywords = carried(", ".join(concept.term for concept in summary.concepts))[:255]
    properties.language = f"{summary.language}-CA"
    properties.comments = ""
    properties.revision = 1
    properties.created = properties.modified = day


def _styles(document: WordDocument, summary: Summary) -> None:
    styles: Any = document.styles
    size = summary.text_size
    defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    for language in defaults.findall(qn("w:lang")):
        defaults.remove(language)
    defaults.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="{summary.language}-CA" w:eastAsia="en-US" w:bidi="ar-SA"/>'))

    def shape(style: Any, font: str, points: float, colour: str, before: float, after: float, **more: Any) -> Any:
        _font(style, font)
        style.font.size, style.font.color.rgb = Pt(points), RGBColor.from_string(colour)
        style.font.bold, style.font.italic = more.get("bold", False), more.get("italic", False)
        layout = style.paragraph_format
        layout.space_before, layout.space_after, layout.line_spacing = Pt(before), Pt(after), 1.15
        layout.keep_with_next, layout.widow_control = more.get("keep", False), True
        for border in style.element.pPr.findall(qn("w:pBdr")):
            style.element.pPr.remove(border)
        return style

    def added(name: str, base: str = "Normal") -> Any:
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.quick_style = styles[base], True
        return style

    shape(styles["Normal"], TEXT_FONT, size, INK, 0, 4)
    shape(styles["Title"], LABEL_FONT, size * 2.2, "0A0D0F", 0, 2, bold=True)
    shape(styles["Subtitle"], LABEL_FONT, size * 1.05, MUTED, 0, 12)
    shape(styles["Heading 1"], LABEL_FONT, size * 1.47, INK, 16, 4, bold=True, keep=True)
    shape(styles["Heading 2"], LABEL_FONT, size * 1.25, INK, 12, 4, bold=True, keep=True)
    shape(styles["Heading 3"], LABEL_FONT, size * 1.1, INK, 10, 3, bold=True, keep=True)
    shape(styles["Heading 4"], LABEL_FONT, size, INK, 8, 3, bold=True, keep=True)
    shape(styles["Heading 5"], LABEL_FONT, size, MUTED, 8, 3, bold=True, keep=True)
    shape(styles["Heading 6"], LABEL_FONT, size, MUTED, 8, 3, italic=True, keep=True)
    shape(styles["Caption"], LABEL_FONT, size * 0.9, MUTED, 2, 8)
    shape(styles["Quote"], TEXT_FONT, size, INK, 2, 4).paragraph_format.left_indent = Pt(18)
    shape(added("Label"), LABEL_FONT, size * 0.9, ACCENT, 0, 2, bold=True)
    shape(added("Small"), LABEL_FONT, size * 0.85, MUTED, 0, 6)
    shape(added("In Short"), LABEL_FONT, size * 0.95, MUTED, 0, 6)
    shape(added("Question"), LABEL_FONT, size, INK, 8, 2, bold=True, keep=True)
    shape(added("Source"), TEXT_FONT, size * 0.92, INK, 0, 5)
    styles["Source"].paragraph_format.left_indent = Pt(14)
    styles["Source"].paragraph_format.first_line_indent = Pt(-14)
    shape(added("Code Lines"), CODE_FONT, size * 0.9, INK, 2, 4)
    shape(added("Items"), TEXT_FONT, size, INK, 0, 2)
    shape(added("Cell"), TEXT_FONT, size * 0.92, INK, 1, 1)
    box = shape(added("Box"), TEXT_FONT, size, INK, 0, 0)
    box.paragraph_format.left_indent = box.paragraph_format.right_indent = Pt(9)
    _fill(box)
    shape(added("Box Title", "Box"), LABEL_FONT, size, ACCENT, 6, 0, bold=True, keep=True)
    for kind in KIND_COLOURS:
        style = shape(added(f"Passage {kind}"), TEXT_FONT, size, INK, 0, 2)
        style.element.set(qn("w:styleId"), style_of_kind(kind))
        style.paragraph_format.left_indent = Pt(12)
    if "Hyperlink" not in [style.name for style in styles]:
        link = styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
        link.font.color.rgb, link.font.underline = RGBColor.from_string(ACCENT), True


def _fill(style: Any) -> None:
    """A panel behind the paragraphs of a style."""
    properties = style.element.get_or_add_pPr()
    before = properties.find(qn("w:spacing"))
    before.addprevious(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{PANEL}"/>'))


def _font(style: Any, name: str) -> None:
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    for inherited in ("w:spacing", "w:kern", "w:caps"):
        for element in style.element.rPr.findall(qn(inherited)):
            style.element.rPr.remove(element)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), name)


def _lists(document: WordDocument) -> None:
    """One bulleted and one numbered list of nine levels; each list of a note is an instance of one of them."""
    numbering = document.part.numbering_part.element
    for place, (identity, format_, text) in enumerate(((BULLETS, "bullet", "•"), (NUMBERS, "decimal", "%{level}."))):
        levels = "".join(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{format_}"/>'
            f'<w:lvlText w:val="{text.replace("{level}", str(level + 1))}"/><w:lvlJc w:val="left"/>'
            f'<w:pPr><w:ind w:left="{480 + 360 * level}" w:hanging="320"/></w:pPr></w:lvl>'
            for level in range(9)
        )
        numbering.insert(
            place,
            parse_xml(
                f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{identity}"><w:multiLevelType w:val="multilevel"/>{levels}'
                "</w:abstractNum>"
            ),
        )
